/**
 * Which keys mean anything on a kiosk's screens: characters, and those by which screens are walked. Everything else would be
 * a command of the browser or of the system, which the page refuses (it may still hear it: a panel that types keys has some).
 * Document: kiosk-app/LOCK.md, "The page".
 */

/** As renderer/use-keyboard.ts and use-typing.ts use them. */
const KEYS: ReadonlySet<string> = new Set([
  ...['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
  ...['Enter', 'Tab', 'Escape', 'Backspace'],
]);

/** As a KeyboardEvent has it. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** Shift writes capitals and walks back; Control, Alt and Meta mean nothing here. */
export function mayPress({ key, ctrlKey, altKey, metaKey, shiftKey }: PressedKey): boolean {
  if (ctrlKey || altKey || metaKey) return false;
  const isCharacter = [...key].length === 1;
  return isCharacter || (KEYS.has(key) && (!shiftKey || key === 'Tab'));
}
