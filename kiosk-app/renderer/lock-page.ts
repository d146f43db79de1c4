/**
 * Purpose: what a browser offers and a kiosk must not: menus, chords, dragging, dropping, selecting, zoom, other addresses.
 * Refuses: every key that no screen uses, so that a chord never becomes a command of the browser (in the shell's windows
 *   the page is asked before the browser); every navigation but a reload of this page.
 * Document: kiosk-app/LOCK.md, "The page".
 */

import { mayPress, type PressedKey } from '@hailong/shared/lock/may-press.ts';

const REFUSED = [
  ...['contextmenu', 'auxclick', 'selectstart', 'gesturestart', 'gesturechange'],
  // A file that is dropped would be opened in place of the page.
  ...['dragstart', 'dragenter', 'dragover', 'drop'],
  ...['copy', 'cut', 'paste'],
];
/** Left. The others paste, scroll, open links in new windows, and go back and forward. */
const MAIN_BUTTON = 0;

/** What lib.dom knows of the Navigation API is newer than the code needs. */
interface NavigateEvent extends Event {
  readonly navigationType: string;
  readonly destination: { readonly url: string };
}
/** Fields open dialogs of the browser (files, colours, dates): no screen has any, so none is opened. */
const FIELDS: ReadonlySet<string> = new Set(['INPUT', 'SELECT', 'TEXTAREA']);
/** What no screen calls, taken from the window and from fields: they open, move and size windows. */
const TAKEN = ['EyeDropper', 'moveTo', 'moveBy', 'resizeTo', 'resizeBy', 'open', 'print', 'showPicker'];

interface Page extends Pick<EventTarget, 'addEventListener'> {
  readonly location: { readonly origin: string; readonly pathname: string };
  readonly navigation?: Pick<EventTarget, 'addEventListener'>;
  readonly HTMLInputElement?: { readonly prototype: object };
  readonly HTMLSelectElement?: { readonly prototype: object };
}

/** Only this page again: a reload, or the same address without the token in its fragment. */
export function mayGo(to: string, { origin, pathname }: Page['location']): boolean {
  return to.replace(/[?#].*$/, '') === `${origin}${pathname}`;
}

export function lockPage(page: Page): void {
  // Before any listener of the screens, and not passive: what is refused here is refused.
  const options = { capture: true, passive: false };
  const refuse = (event: Event): void => event.preventDefault();
  for (const kind of REFUSED) page.addEventListener(kind, refuse, options);
  page.addEventListener('wheel', refuse, options);
  const buttons = (event: Event): void => {
    if ((event as { readonly button?: number }).button !== MAIN_BUTTON) event.preventDefault();
  };
  for (const kind of ['mousedown', 'mouseup', 'pointerdown', 'pointerup'])
    page.addEventListener(kind, buttons, options);
  const keys = (event: Event): void => {
    if (!mayPress(event as unknown as PressedKey)) event.preventDefault();
  };
  for (const kind of ['keydown', 'keyup', 'keypress']) page.addEventListener(kind, keys, options);
  const fields = (event: Event): void => {
    if (FIELDS.has((event.target as { readonly tagName?: string } | null)?.tagName ?? ''))
      event.preventDefault();
  };
  page.addEventListener('click', fields, options);
  for (const from of [page, page.HTMLInputElement?.prototype, page.HTMLSelectElement?.prototype])
    for (const name of TAKEN) if (from && name in from) Reflect.set(from, name, undefined);
  page.navigation?.addEventListener('navigate', (event) => {
    if (!mayGo((event as NavigateEvent).destination.url, page.location)) event.preventDefault();
  });
}
