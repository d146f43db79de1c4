/** Function keys of the page, taken before the browser's own meaning (help, address bar, caret browsing). */
import { useEffect, useRef } from 'react';

export function useFunctionKeys(keys: Readonly<Record<string, () => unknown>>): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const run = current.current[event.key];
      if (run === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      if (event.repeat || document.querySelector('dialog[open]') !== null) return;
      run();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
