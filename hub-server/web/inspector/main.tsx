/** Inspector's page: search, case, one timeline with the footage of that transaction. */
import '@hailong/shared/look/tokens.css';
import '../common/fonts.css';
import '../common/base.css';
import '../common/shell.css';
import './inspector.css';
import './timeline.css';
import { createRoot } from 'react-dom/client';
import { useText } from '../common/lang.ts';
import { SessionGate } from '../common/session.tsx';
import { InspectorPage } from './inspector-page.tsx';
import { inspectorText } from './text.ts';

function Page() {
  const text = useText(inspectorText);
  return (
    <SessionGate title={text.title} needs="inspector">
      {(signed) => <InspectorPage {...signed} />}
    </SessionGate>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Page />);
