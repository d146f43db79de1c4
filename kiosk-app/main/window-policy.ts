/**
 * What the window is and may do, as pure decisions: one page of ours, no other address, no new window, no permission,
 * no download, and messages only from that page's own frame. On Linux a kiosk window is only full screen: the rest of
 * the lock lies in the operating system's session. See kiosk-app/DESIGN.md, "The window's door".
 */
import { NO_FEATURES, PAGE_SANDBOX } from '@hailong/shared/protocol/ui.ts';
import type { BrowserWindowConstructorOptions } from 'electron';

export const PAGE_SCHEME = 'kiosk';
export const PAGE_ORIGIN = 'kiosk://window';
export const PAGE_ADDRESS = `${PAGE_ORIGIN}/index.html`;

/** The page talks to nobody: its messages go through the preload, its files, photos and recordings through our own scheme. */
export const PAGE_CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "media-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  PAGE_SANDBOX,
].join('; ');

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_CONTENT_POLICY,
  'permissions-policy': NO_FEATURES,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Said to Chromium before it starts. */
export const SWITCHES: readonly (readonly [string, string?])[] = [
  ['disable-pinch'],
  ['overscroll-history-navigation', '0'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-print-preview'],
  ['no-pings'],
];

export function windowOptions(preload: string, windowed: boolean): BrowserWindowConstructorOptions {
  return {
    kiosk: !windowed,
    fullscreen: !windowed,
    alwaysOnTop: !windowed,
    frame: windowed,
    closable: windowed,
    resizable: windowed,
    movable: windowed,
    minimizable: windowed,
    width: 1280,
    height: 800,
    useContentSize: true,
    autoHideMenuBar: true,
    backgroundColor: '#faf6ec',
    show: false,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      plugins: false,
      disableDialogs: true,
      devTools: windowed,
      spellcheck: false,
      enableWebSQL: false,
      navigateOnDragDrop: false,
      backgroundThrottling: false,
    },
  };
}

/** Only reloading our own page is a navigation that may happen. */
export function mayNavigate(address: string): boolean {
  return address === PAGE_ADDRESS;
}

/** What may be loaded at all: our own scheme, and photos and recordings of the agent on this machine. */
export function mayLoad(address: string, agentOrigin: string | null): boolean {
  if (address.startsWith(`${PAGE_ORIGIN}/`)) return true;
  if (agentOrigin === null) return false;
  return ['photos', 'voices'].some((folder) => address.startsWith(`${agentOrigin}/${folder}/`));
}

export interface Sender {
  readonly address: string | undefined;
  readonly isMainFrame: boolean;
  readonly isOurWindow: boolean;
}

/** A message counts only when it comes from the main frame of our window, and that frame shows our page. */
export function maySend(sender: Sender): boolean {
  return sender.isOurWindow && sender.isMainFrame && sender.address === PAGE_ADDRESS;
}
