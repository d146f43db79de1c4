/** The set-up page's start. Document: firmware-notes/families.md, "Set-up". */
import '../style/fonts.css';
import '@hailong/shared/look/tokens.css';
import './setup.css';
import { createRoot } from 'react-dom/client';
import { openSetupLine } from './setup-line.ts';
import { SetupPage } from './setup-page.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(<SetupPage line={openSetupLine(window)} />);
