/**
 * Denies what Chromium offers and a kiosk must not: permissions, devices, downloads, new windows, other addresses, chords.
 * Document: kiosk-app/LOCK.md, "Electron".
 */
import type { Input, Session, WebContents } from 'electron';
import { mayLoad, mayNavigate } from './window-policy.ts';

/** `agentOrigin`: where the photos and recordings that main itself fetches lie; null: not known yet. */
export function lockSession(session: Session, agentOrigin: () => string | null): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url, agentOrigin()) }));
}

/** A chord is refused before the page sees it. Plain keys go there: a panel may type them, and the page keeps the rest. */
export function isKept({ control, alt, meta }: Pick<Input, 'control' | 'alt' | 'meta'>): boolean {
  return !control && !alt && !meta;
}

export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const refuse = (event: { preventDefault(): void }): void => event.preventDefault();
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!mayNavigate(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
  contents.on('will-prevent-unload', refuse);
  // Whoever asks which device or certificate to use is answered: none.
  contents.on('select-bluetooth-device', (event, _devices, answer) => {
    event.preventDefault();
    answer('');
  });
  contents.on('login', refuse);
  contents.on('select-client-certificate', refuse);
  contents.setVisualZoomLevelLimits(1, 1).catch(() => {
    // The page went away before the limit was set; the next page sets it again.
  });
}

/** What a desk may do with a window that is not locked, and a counter must not. */
export function lockKeys(contents: WebContents): void {
  contents.on('before-input-event', (event, input) => {
    if (!isKept(input)) event.preventDefault();
  });
  contents.on('devtools-opened', () => contents.closeDevTools());
  contents.on('zoom-changed', () => contents.setZoomFactor(1));
}
