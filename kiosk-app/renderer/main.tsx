/**
 * The kiosk window's start: bridge, machine, screens, and what a citizen must not be able to do to a page (select,
 * zoom, drag, open a menu). It shows and reports touches; it decides nothing. See DESIGN.md beside this file.
 */
import './style/fonts.css';
import '@hailong/shared/look/tokens.css';
import './style/frame.css';
import './style/keys.css';
import './style/screens.css';
import './style/question.css';
import './style/chips.css';
import './style/phone.css';
import './style/rest.css';
import './style/officer.css';
import './setup/setup.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { keepBeating } from './beat.ts';
import { chooseBridge } from './bridge/choose-bridge.ts';
import { isPreview } from './bridge/preview-bridge.ts';
import { browserClock, openKiosk } from './kiosk-store.ts';
import { lockPage } from './lock-page.ts';
import { openWindowLine } from './setup/window-line.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
lockPage(window);
const bridge = chooseBridge(window);
const reload = (): void => window.location.reload();
if (!isPreview(window)) keepBeating(window, bridge.send);
const setup = openWindowLine(bridge, browserClock.now);
const kiosk = openKiosk(bridge, browserClock, { reload, setup: setup.take });
createRoot(root).render(<App kiosk={kiosk} blobs={bridge} setup={setup} />);
