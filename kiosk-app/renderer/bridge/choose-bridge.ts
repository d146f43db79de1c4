/**
 * In Electron the preload offers `window.hailong`; framed by the hub's administration under `?preview` the page speaks to its
 * parent; in any other Chromium to its own origin.
 */
import type { Bridge } from '@hailong/shared/protocol/ui.ts';
import { openLoopbackBridge } from './loopback-bridge.ts';
import { isPreview, openPreviewBridge } from './preview-bridge.ts';
import { takeToken } from './token.ts';

declare global {
  interface Window {
    readonly hailong?: Bridge;
  }
}

export function chooseBridge(page: Window): Bridge {
  if (page.hailong !== undefined) return page.hailong;
  if (isPreview(page)) return openPreviewBridge(page);
  return openLoopbackBridge({
    origin: page.location.origin,
    token: takeToken({ location: page.location, history: page.history, storage: page.sessionStorage }),
    open: (url) => new WebSocket(url),
    after: (delayMs, run) => {
      page.setTimeout(run, delayMs);
    },
  });
}
