/**
 * A scanner is a keyboard: it types a code in a burst and ends with Enter or Tab, whatever has the focus. The burst is taken
 * whole and its last key swallowed, so that it presses nothing. A sign typed by hand outside a field goes into the code
 * field; a digit by itself, while something waits for one, chooses. Refuses to look at what is typed into a PIN field or any
 * other field of the page.
 */
import { type RefObject, useEffect, useRef } from 'react';

const SIGNS_MIN = 6;
const GAP_MS = 35;
/** A digit that nothing follows for so long was pressed by a finger. */
const ALONE_MS = 80;

export interface Scanned {
  /** Typed by hand outside a field, one sign. */
  onType(sign: string): void;
  onScan(code: string): void;
  /** While something waits for a digit; null: nothing does. */
  readonly onDigit: ((digit: number) => void) | null;
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
const isDialogOpen = (): boolean => document.querySelector('dialog[open]') !== null;

export function useScanner(field: RefObject<HTMLInputElement | null>, scanned: Scanned): void {
  const current = useRef(scanned);
  current.current = scanned;
  useEffect(() => {
    let burst = '';
    let last = Number.NEGATIVE_INFINITY;
    let alone: number | undefined;
    /** A list jumps by what is typed; after a burst it stands as before. */
    let list: { readonly element: HTMLSelectElement; readonly value: string } | null = null;

    const forget = (): void => {
      burst = '';
      list = null;
    };
    const sign = (event: KeyboardEvent): void => {
      const { key, target } = event;
      if (burst === '' && target instanceof HTMLSelectElement)
        list = { element: target, value: target.value };
      burst += key;
      const { onDigit, onType } = current.current;
      // A press of the space bar is a press of the key that has the focus.
      if (key === ' ' && burst === ' ') return;
      if (onDigit) {
        event.preventDefault();
        if (burst.length === 1 && /[1-9]/.test(key))
          alone = window.setTimeout(() => onDigit(Number(key)), ALONE_MS);
        return;
      }
      if (target === field.current || target instanceof HTMLSelectElement) return;
      event.preventDefault();
      if (!isDialogOpen()) onType(key);
    };
    const press = (event: KeyboardEvent): void => {
      const { key, target, timeStamp } = event;
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (isField(target) && target !== field.current) return;
      // Shift of a capital letter, and signs under composition.
      if (key.length > 1 && key !== 'Enter' && key !== 'Tab') {
        if (key !== 'Shift' && key !== 'CapsLock') forget();
        return;
      }
      const together = timeStamp - last <= GAP_MS;
      if (!together) forget();
      last = timeStamp;
      window.clearTimeout(alone);
      if (key.length === 1) {
        sign(event);
        return;
      }
      if (burst.length >= SIGNS_MIN) {
        event.preventDefault();
        event.stopPropagation();
        if (list && list.element.value !== list.value) {
          list.element.value = list.value;
          list.element.dispatchEvent(new Event('change', { bubbles: true }));
        }
        current.current.onScan(burst);
      }
      forget();
    };
    window.addEventListener('keydown', press, true);
    return () => {
      window.clearTimeout(alone);
      window.removeEventListener('keydown', press, true);
    };
  }, [field]);
}
