/**
 * Purpose: how Chromium is started as a kiosk's window: one window of the agent's page that fills the display, an empty
 *   profile of its own, nothing in the background, and no way to ask anything. The managed policy says the same again
 *   where both can; a flag alone is not trusted.
 * Refuses: `--no-sandbox` and any port for developer tools: the shell talks to it by an inherited pipe.
 * Document: kiosk-app/LOCK.md, "The browser".
 */

export interface DisplaySize {
  readonly width: number;
  readonly height: number;
}

/** Without a window manager nothing makes a window full screen; and Chromium takes a window of just that size for a mistake. */
const BEYOND_EDGE = 1;

const FLAGS = [
  '--kiosk',
  '--no-first-run',
  '--no-default-browser-check',
  '--remote-debugging-pipe',
  '--noerrdialogs',
  '--deny-permission-prompts',
  '--block-new-web-contents',
  '--disable-session-crashed-bubble',
  '--hide-crash-restore-bubble',
  '--disable-infobars',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-component-extensions-with-background-pages',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-notifications',
  '--disable-print-preview',
  '--disable-pinch',
  '--disable-smooth-scrolling',
  '--overscroll-history-navigation=0',
  '--no-pings',
  '--password-store=basic',
  '--use-mock-keychain',
  // The page lives on when nobody looks: a timer that sleeps would be taken for a page that hangs.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-features=Translate,MediaRouter,GlobalMediaControls,DialMediaRouteProvider,TouchpadOverscrollHistoryNavigation',
  // Wayland where there is one (cage), else X.
  '--ozone-platform-hint=auto',
];

export function browserFlags(address: string, profile: string, size: DisplaySize | null): readonly string[] {
  const bounds =
    size === null ? [] : [`--window-size=${size.width + BEYOND_EDGE},${size.height + BEYOND_EDGE}`];
  return [...FLAGS, '--window-position=0,0', ...bounds, `--user-data-dir=${profile}`, `--app=${address}`];
}
