/**
 * Purpose: Electron's one window, kept by the watchdog that both shells have: opened again when it was closed, its page
 *   crashed or hangs, or a reload is asked for.
 * Refuses: to be closed by anybody but the watchdog and the program's own end.
 * Document: kiosk-app/LOCK.md, "Who watches".
 */
import { app, BrowserWindow } from 'electron';
import { restartsOf, startWatchdog, stepWatchdog, type WatchdogInput } from '../shell/watchdog-machine.ts';
import { lockKeys } from './lock-session.ts';
import { PAGE_ADDRESS, windowOptions } from './window-policy.ts';

const TICK_MS = 500;

export interface KeptWindow {
  readonly current: () => BrowserWindow | null;
  step(input: WatchdogInput): void;
  /** How often something was wrong with the page. */
  readonly restarts: () => number;
  /** The program ends: nothing is opened any more. */
  letGo(): void;
}

/** `noticed`: something was wrong, and is being put right. */
export function keepWindow(preload: string, windowed: boolean, noticed: () => void): KeptWindow {
  const now = (): number => performance.now();
  let watchdog = startWatchdog(now());
  let window: BrowserWindow | null = null;
  let ending = false;

  const open = (): void => {
    const own = new BrowserWindow(windowOptions(preload, windowed));
    window = own;
    own.removeMenu();
    own.once('ready-to-show', () => own.show());
    if (!windowed) {
      lockKeys(own.webContents);
      own.on('close', (event) => {
        if (!ending) event.preventDefault();
      });
    }
    // A program without a page that can load has nothing to show; whoever supervises it starts it again.
    own.webContents.on('render-process-gone', () => step({ type: 'crashed' }));
    own.on('unresponsive', () => step({ type: 'hung' }));
    own.on('closed', () => {
      if (window === own) window = null;
      step({ type: 'ended' });
    });
    own.loadURL(PAGE_ADDRESS).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      app.exit(1);
    });
  };
  const step = (input: WatchdogInput): void => {
    // At a desk whoever closes the window ends the program.
    if (ending || (windowed && input.type === 'ended')) return;
    const { state, effects } = stepWatchdog(watchdog, input, now());
    watchdog = state;
    for (const effect of effects) {
      if (effect.kind === 'start') open();
      else if (effect.kind === 'stop') window?.destroy();
      else if (effect.kind === 'noticed') {
        process.stderr.write(`${effect.why} ${JSON.stringify(watchdog.counts)}\n`);
        noticed();
      }
    }
  };
  const timer = setInterval(() => step({ type: 'tick' }), TICK_MS);
  return {
    current: () => window,
    step,
    restarts: () => restartsOf(watchdog),
    letGo() {
      ending = true;
      clearInterval(timer);
    },
  };
}
