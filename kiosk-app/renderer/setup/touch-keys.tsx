/**
 * Keys on the glass for the field that has the focus: a kiosk has no keyboard. Pages of characters, and the escapes by which
 * bytes are written. What they type goes into the field as if it had been typed. Refuses to take the focus from it.
 */
import { type ReactNode, useEffect, useState } from 'react';

const DIGITS = [...'1234567890'];
const PAGES: readonly (readonly string[])[] = [
  [...DIGITS, '\\x', '\\r', '\\n', '*', '?', '#', ';', ':', '/', '-', '_', '.'],
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [...'abcdefghijklmnopqrstuvwxyz'],
];
const NAMES = ['123', 'ABC', 'abc'];

function type(field: HTMLInputElement, text: string): void {
  const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
  // Without a text it takes back what is chosen, or the character before.
  if (text !== '') field.setRangeText(text, from, to, 'end');
  else field.setRangeText('', from === to ? Math.max(0, from - 1) : from, to, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

interface TouchKeysProps {
  readonly erase: string;
  readonly done: string;
}

export function TouchKeys({ erase, done }: TouchKeysProps): ReactNode {
  const [field, setField] = useState<HTMLInputElement | null>(null);
  const [page, setPage] = useState(0);
  useEffect(() => {
    const look = (): void => {
      const { activeElement } = document;
      setField(activeElement instanceof HTMLInputElement ? activeElement : null);
    };
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', look);
    return () => {
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', look);
    };
  }, []);
  useEffect(() => {
    field?.scrollIntoView({ block: 'center' });
  }, [field]);
  if (field === null) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it keeps the focus where the text goes
    <div className="touch-keys" onMouseDown={(event) => event.preventDefault()}>
      {(PAGES[page] ?? DIGITS).map((text) => (
        <button key={text} type="button" tabIndex={-1} onClick={() => type(field, text)}>
          {text}
        </button>
      ))}
      {NAMES.map((name, at) => (
        <button
          key={name}
          type="button"
          tabIndex={-1}
          className="touch-wide"
          aria-pressed={at === page}
          onClick={() => setPage(at)}
        >
          {name}
        </button>
      ))}
      <button type="button" tabIndex={-1} className="touch-wide" onClick={() => type(field, '')}>
        {erase}
      </button>
      <button type="button" tabIndex={-1} className="touch-wide" onClick={() => field.blur()}>
        {done}
      </button>
    </div>
  );
}
