/** Dashboard of the office head: satisfaction never without participation, counters now, and the events under it. */
import '@hailong/shared/look/tokens.css';
import '../common/fonts.css';
import '../common/base.css';
import '../common/shell.css';
import './dashboard.css';
import './never-asked.css';
import './print.css';
import { createRoot } from 'react-dom/client';
import { useText } from '../common/lang.ts';
import { SessionGate } from '../common/session.tsx';
import { DashboardPage } from './dashboard-page.tsx';
import { dashboardText } from './text.ts';

function Page() {
  const text = useText(dashboardText);
  return (
    <SessionGate title={text.title} needs="head">
      {(signed) => <DashboardPage {...signed} />}
    </SessionGate>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Page />);
