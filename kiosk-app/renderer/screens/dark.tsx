/** Outside office hours: nothing to see; a touch or a key lights it, and does nothing else. */
import { type ReactNode, useEffect } from 'react';
import { useKiosk } from '../kiosk-context.ts';

export function DarkScreen(): ReactNode {
  const { text, press } = useKiosk();
  useEffect(() => {
    const light = (): void => void press({ type: 'light' });
    for (const kind of ['pointerdown', 'keydown']) window.addEventListener(kind, light);
    return () => {
      for (const kind of ['pointerdown', 'keydown']) window.removeEventListener(kind, light);
    };
  }, [press]);
  return (
    <main className="dark">
      <p className="dark-words">{text.darkWords}</p>
    </main>
  );
}
