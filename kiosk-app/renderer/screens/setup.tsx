/**
 * The panel's set-up inside the kiosk's window, behind a PIN and with the counter at rest. What is touched or typed says that
 * somebody is there; the page goes by its own key, or by the agent after two minutes of silence.
 */
import { type ReactNode, useEffect, useState } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { SetupPage } from '../setup/setup-page.tsx';
import { type Language, setupWords } from '../setup/setup-words.ts';
import { TouchKeys } from '../setup/touch-keys.tsx';
import type { WindowLine } from '../setup/window-line.ts';

export function SetupScreen({ line }: { line: WindowLine }): ReactNode {
  const { language: chosen } = useKiosk();
  const [language, setLanguage] = useState<Language>(chosen === 'en' ? 'en' : 'vi');
  const words = setupWords[language];
  useEffect(() => {
    window.addEventListener('pointerdown', line.stir);
    window.addEventListener('keydown', line.stir);
    return () => {
      window.removeEventListener('pointerdown', line.stir);
      window.removeEventListener('keydown', line.stir);
      line.forget();
    };
  }, [line]);
  return (
    <div className="setup setup-kiosk" lang={language}>
      <div className="setup-scroll">
        <SetupPage line={line} language={language} onLanguage={setLanguage} atCounter />
      </div>
      <TouchKeys erase={words.erase} done={words.typed} />
      <footer className="setup-foot">
        <button type="button" onClick={line.leave}>
          {words.leave}
        </button>
      </footer>
    </div>
  );
}
