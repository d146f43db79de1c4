/* The other half of the small samples of `npm run prove`; see quick-runs.ts. */
import { testQuickRuns } from './quick-runs.ts';

testQuickRuns(1);
