/** The hub's clock, to be filmed by a camera: large digits for people, a code for machines. No login, nothing but the time. */
import '@hailong/shared/look/tokens.css';
import '../common/fonts.css';
import '../common/base.css';
import './clock.css';
import { createRoot } from 'react-dom/client';
import { ClockPage } from './clock-page.tsx';

const root = document.getElementById('root');
if (root) createRoot(root).render(<ClockPage />);
