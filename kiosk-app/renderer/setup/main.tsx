/** The set-up page in a browser of its own. Document: firmware-notes/families.md, "Set-up". */
import '../style/fonts.css';
import '@hailong/shared/look/tokens.css';
import './setup.css';
import './browser.css';
import { type ReactNode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { openSetupLine } from './setup-line.ts';
import { SetupPage } from './setup-page.tsx';
import type { SetupLine } from './setup-seen.ts';
import { type Language, setupWords } from './setup-words.ts';

function BrowserPage({ line }: { line: SetupLine }): ReactNode {
  const [language, setLanguage] = useState<Language>('vi');
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = setupWords[language].title;
  }, [language]);
  return (
    <div className="setup">
      <SetupPage line={line} language={language} onLanguage={setLanguage} />
    </div>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(<BrowserPage line={openSetupLine(window)} />);
