/** The page for a citizen's phone: one rating, no login, no cookie, nothing from anywhere else. */
import '@hailong/shared/look/tokens.css';
import '../common/fonts.css';
import '../common/base.css';
import './vote.css';
import { createRoot } from 'react-dom/client';
import { VotePage } from './vote-page.tsx';

const root = document.getElementById('root');
if (root) createRoot(root).render(<VotePage />);
