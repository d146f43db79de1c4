/**
 * The keyboard alone: arrows walk the keys on show, Enter presses (the browser's own), digits press the level or chip
 * at that position, levels counted like the panel's buttons. A key held down presses once. Where the panel types keys, its
 * keys come first and are the panel's alone (shared/src/model/wedge-key.ts).
 */

import { wedgeKey } from '@hailong/shared/model/wedge-key.ts';
import type { ShownPanel } from '@hailong/shared/protocol/ui.ts';
import { useEffect } from 'react';
import { DIRECTIONS, nextFocus } from './focus-path.ts';

const TEXT_FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

export interface PanelKeys {
  readonly keys: ShownPanel['wedge'];
  /** A question is open. */
  readonly asking: boolean;
  readonly press: (button: number) => void;
}

const isInField = (): boolean => document.activeElement?.matches(TEXT_FIELDS) === true;

function isPanelKey(event: KeyboardEvent, { keys, asking, press }: PanelKeys): boolean {
  if (keys === undefined) return false;
  const inField = isInField();
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const act = wedgeKey(keys, { code: event.code, repeat: event.repeat, modified, inField }, asking);
  if (act.kind === 'other') return false;
  // The browser would press the key that has the focus.
  event.preventDefault();
  if (act.kind === 'button') press(act.button);
  return true;
}

export function useKeyboard(pressPosition: (position: number) => void, panel: PanelKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isPanelKey(event, panel) || isInField()) return;
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
  }, [pressPosition, panel]);
}
