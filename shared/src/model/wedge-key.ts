/**
 * A key that a panel typed into the window, as a button: the whole rule, pure, so that it can be tested without a browser.
 * Refuses: a repeated key (a button held down), a key with a modifier, and everything while somebody types into a field.
 * Document: firmware-notes/families.md, "hid-wedge".
 */
import type { HidWedgeConfig } from './panel-config.ts';

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
  { keys, ignore }: Pick<HidWedgeConfig, 'keys' | 'ignore'>,
  { code, repeat, modified, inField }: TypedKey,
  asking: boolean,
): WedgeAct {
  if (modified || inField) return { kind: 'other' };
  const at = keys.indexOf(code);
  if (at < 0) return asking && ignore.includes(code) ? { kind: 'swallow' } : { kind: 'other' };
  if (!asking || repeat) return { kind: 'swallow' };
  return { kind: 'button', button: at + 1 };
}
