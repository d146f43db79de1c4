/**
 * A keypad of our own for codes and PINs: three rows of five keys, so that every key is large, and letters on pages of
 * their own. What is typed belongs to whoever shows the pad; nothing of it is kept here.
 */
import { type ReactNode, useState } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { useTyping } from '../use-typing.ts';
import { Key } from './key.tsx';
import { LanguageKey } from './language-key.tsx';

const DIGITS = [...'1234567890'];
/** Pages of the pad for codes: digits and signs, then the letters. */
const CODE_PAGES = [[...DIGITS, ...'-._'], [...'ABCDEFGHIJKLMNO'], [...'PQRSTUVWXYZ']];

interface PadProps {
  readonly kind: 'code' | 'pin';
  readonly value: string;
  readonly lengthMax: number;
  readonly onValue: (value: string) => void;
  readonly enter: string;
  /** Called only when what is typed is complete. */
  readonly onEnter: () => void;
  readonly complete: boolean;
  readonly onBack: () => void;
}

export function Pad(props: PadProps): ReactNode {
  const { kind, value, lengthMax, onValue, enter, onEnter, complete, onBack } = props;
  const { text } = useKiosk();
  const [page, setPage] = useState(0);
  const keys = kind === 'pin' ? DIGITS : (CODE_PAGES[page] ?? DIGITS);
  const next = (page + 1) % CODE_PAGES.length;
  const nextKeys = CODE_PAGES[next] ?? DIGITS;
  const onCharacter = (character: string): void => {
    if (kind === 'pin' && !DIGITS.includes(character)) return;
    if (value.length < lengthMax) onValue(value + character);
  };
  const onErase = (): void => onValue(value.slice(0, -1));
  const submit = (): void => {
    if (complete) onEnter();
  };
  useTyping({ onCharacter, onErase, onEnter: submit, onBack });
  return (
    <div className="pad">
      <div className="pad-side">
        <Key onPress={onBack}>{text.officer.back}</Key>
        <LanguageKey />
      </div>
      <div className="pad-keys">
        {keys.map((character) => (
          <button key={character} type="button" className="pad-key" onClick={() => onCharacter(character)}>
            {character}
          </button>
        ))}
      </div>
      <div className="pad-side">
        {kind === 'code' && (
          <Key onPress={() => setPage(next)}>
            {next === 0 ? text.officer.numbers : `${nextKeys[0]}–${nextKeys.at(-1)}`}
          </Key>
        )}
        <Key onPress={onErase}>{text.officer.erase}</Key>
        {complete && (
          <Key kind="main" onPress={submit}>
            {enter}
          </Key>
        )}
      </div>
    </div>
  );
}
