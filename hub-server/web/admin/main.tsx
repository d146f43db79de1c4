/** Administration: people, places, cameras, devices and keys of the office; reaches neither ratings nor footage. */
import '@hailong/shared/look/tokens.css';
import '../common/fonts.css';
import '../common/base.css';
import '../common/shell.css';
import './admin.css';
import './instruments/instruments.css';
import './cameras/cameras.css';
import { createRoot } from 'react-dom/client';
import { useText } from '../common/lang.ts';
import { SessionGate } from '../common/session.tsx';
import { AdminPage } from './admin-page.tsx';
import { Setup } from './setup.tsx';
import { adminText } from './text.ts';

function Page() {
  const text = useText(adminText);
  return (
    <SessionGate title={text.title} needs="admin" setup={(done) => <Setup onDone={done} />}>
      {(signed) => <AdminPage {...signed} />}
    </SessionGate>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Page />);
