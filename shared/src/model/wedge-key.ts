/**
 * A key that a panel typed into the window, as a button: the whole rule, pure, so that it can be tested without a browser.
 * Refuses: a repeated key (a button held down), a key with a modifier, and everything while somebody types into a field.
 * Document: firmware-notes/families.md, "hid-wedge".
 */
import { z } from 'zod';

/** `KeyboardEvent.code`: the key's place, whatever the keyboard's language. */
export const keyCode = z.string().regex(/^[A-Z][A-Za-z0-9]{1,29}$/);

/** Which key is which button, in the order of the levels, and what the box types beside them. */
export interface WedgeKeys {
  readonly keys: readonly string[];
  readonly ignore: readonly string[];
}

export interface TypedKey {
  readonly code: string;
  readonly repeat: boolean;
  /** Ctrl, Alt or Meta is held: a shortcut, not a panel. */
  readonly modified: boolean;
  /** The focus is in a field that takes text. */
  readonly inField: boolean;
}

/**
 * `button` 1-based. `swallow`: the panel's, and nothing else may come of it. `other`: not the panel's. Outside a question a
 * panel's key presses nothing, and it must not press the screen's own keys either.
 */
export type WedgeAct =
  | { readonly kind: 'button'; readonly button: number }
  | { readonly kind: 'swallow' }
  | { readonly kind: 'other' };

export function wedgeKey(
  { keys, ignore }: WedgeKeys,
  { code, repeat, modified, inField }: TypedKey,
  asking: boolean,
): WedgeAct {
  if (modified || inField) return { kind: 'other' };
  const at = keys.indexOf(code);
  if (at < 0) return asking && ignore.includes(code) ? { kind: 'swallow' } : { kind: 'other' };
  if (!asking || repeat) return { kind: 'swallow' };
  return { kind: 'button', button: at + 1 };
}
