/** Space, ← → and N of the case page; not while a field, a choice or a dialog has the keyboard. */
import { useEffect, useRef } from 'react';

export function useCaseKeys(acts: {
  toggle: () => void;
  step: (by: number) => void;
  next: () => void;
}): void {
  const current = useRef(acts);
  current.current = acts;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.closest('input, select, textarea, dialog')) return;
      const { toggle, step, next } = current.current;
      // A focused key keeps its own Space.
      if (event.key === ' ' && !target?.closest('button, a')) toggle();
      else if (event.key === 'ArrowLeft') step(-1);
      else if (event.key === 'ArrowRight') step(1);
      else if (event.key === 'n' || event.key === 'N') next();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
