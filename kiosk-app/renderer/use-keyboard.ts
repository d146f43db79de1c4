/**
 * The keyboard alone: arrows walk the keys on show, Enter presses (the browser's own), digits press the level or chip
 * at that position, levels counted like the panel's buttons. A key held down presses once.
 */
import { useEffect } from 'react';
import { DIRECTIONS, nextFocus } from './focus-path.ts';

export function useKeyboard(pressPosition: (position: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const direction = DIRECTIONS[event.key];
      if (direction !== undefined) {
        event.preventDefault();
        const keys: Element[] = [...document.querySelectorAll('button')];
        const current = document.activeElement === null ? -1 : keys.indexOf(document.activeElement);
        const boxes = keys.map((key) => key.getBoundingClientRect());
        const next = keys[nextFocus(boxes, current, direction)];
        if (next instanceof HTMLElement) next.focus({ preventScroll: true });
        return;
      }
      if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
      if (/^[1-8]$/.test(event.key) && !event.repeat) pressPosition(Number(event.key));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [pressPosition]);
}
