/** Station page: a 360 px strip beside the provincial system, keyboard first. It knows nothing about levels. */
import '@hailong/shared/look/tokens.css';
import '../common/fonts.css';
import '../common/base.css';
import './station.css';
import { createRoot } from 'react-dom/client';
import { StationPage } from './station-page.tsx';

const root = document.getElementById('root');
if (root) createRoot(root).render(<StationPage />);
