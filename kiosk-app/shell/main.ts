/**
 * Purpose: the shell: keeps one window of the agent's page on the display, by Chromium or Electron, and starts it again
 *   when it is closed, crashes, hangs, shows something else or is told to. It wires and decides nothing.
 * Refuses: a second shell for the counter, a Chromium without its managed policy, any address off this machine.
 * Document: kiosk-app/LOCK.md.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CodedError, ERRORS } from '@hailong/shared/errors.ts';
import { type AgentAddress, parseAgentAddress } from './agent-address.ts';
import { AgentLine } from './agent-line.ts';
import type { DisplaySize } from './browser-flags.ts';
import { readCommandLine, type ShellCommand, USAGE } from './command-line.ts';
import { displayPower } from './display-power.ts';
import { findBrowser, policyFile } from './find-browser.ts';
import { managedPolicy, policyDiffers } from './managed-policy.ts';
import { watchPages } from './page-watch.ts';
import {
  restartsOf,
  startWatchdog,
  stepWatchdog,
  type WatchdogEffect,
  type WatchdogInput,
} from './watchdog-machine.ts';
import { startWindow, type WindowKind, type WindowProgram } from './window-program.ts';

const TICK_MS = 500;
/** How often the file with the agent's address is read: a restarted agent may have another port. */
const LOOK_MS = 1_000;
/** As protocol/ui.ts takes it. */
const VERSION_MAX = 40;
/** Smaller than the display by more than a rounding: the window does not fill it. */
const SLACK_PX = 2;

process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
const command = readCommandLine(process.argv.slice(2));
if (command.kind === 'shell') {
  try {
    keepWindow(command.shell);
  } catch (error) {
    fail(error);
  }
} else if (command.kind === 'policy') {
  process.stdout.write(`${JSON.stringify(managedPolicy(command.origin), null, 2)}\n`);
} else if (command.kind === 'help') {
  process.stdout.write(USAGE);
} else {
  process.stderr.write(USAGE);
  fail(new CodedError('program.usage', command.detail));
}

function keepWindow(options: ShellCommand): void {
  const window = windowOf(options);
  const now = (): number => performance.now();
  let watchdog = startWatchdog(now());
  let program: WindowProgram | null = null;
  let agent: AgentAddress | null = null;
  let size: DisplaySize | null = options.display;
  /** What the page said last, so that only a change is reported. */
  let shown = '';

  const report = (event: string, more: Readonly<Record<string, unknown>>): void => {
    if (options.json) process.stdout.write(`${JSON.stringify({ event, ...more, at: Date.now() })}\n`);
    else process.stderr.write(`${event} ${Object.values(more).map(String).join(' ')}\n`);
  };
  const step = (input: WatchdogInput): void => {
    const { state, effects } = stepWatchdog(watchdog, input, now());
    watchdog = state;
    for (const effect of effects) carryOut(effect);
  };
  let version: string | null = null;
  const tell = (): void =>
    line.tell({ type: 'shell', shell: window.kind, version, restarts: restartsOf(watchdog) });
  const start = (): void => {
    if (agent === null) return;
    const { origin, token } = agent;
    if (window.kind === 'chromium' && !options.unmanaged) checkPolicy(window.path, origin);
    report('started', {});
    shown = '';
    program = startWindow(window, {
      address: `${origin}/#token=${token}`,
      size,
      listener: watchPages(origin, step, (product) => {
        version = product.slice(0, VERSION_MAX);
        tell();
      }),
      onEnd: () => step({ type: 'ended' }),
    });
  };
  const carryOut = (effect: WatchdogEffect): void => {
    switch (effect.kind) {
      case 'start':
        try {
          start();
        } catch (error) {
          fail(error);
        }
        break;
      case 'stop':
        program?.stop();
        break;
      case 'close':
        program?.close(effect.target);
        break;
      case 'noticed':
        report('noticed', { why: effect.why, counts: watchdog.counts });
        tell();
    }
  };

  let lit = true;
  const light = (now: boolean): void => {
    const words = now === lit ? null : displayPower(now, process.env);
    lit = now;
    // A display that cannot be switched shows black glass.
    if (words) execFile(words[0], words.slice(1), () => undefined);
  };
  const line = new AgentLine({
    role: 'shell',
    open: (url) => new WebSocket(url),
    after: (delayMs, run) => void setTimeout(run, delayMs),
    onConnection(up) {
      tell();
      step({ type: 'agent', up });
    },
    onTaken: () => fail(new CodedError('kiosk.shell_taken')),
    onMessage(message) {
      if (message.type === 'reload') step({ type: 'reload' });
      if (message.type === 'screen') light(message.screen.dark !== true);
      if (message.type !== 'beat') return;
      const { screen, focused, width, height, displayWidth, displayHeight } = message;
      const seen = `${screen} ${focused} ${width} ${height}`;
      if (seen !== shown) report('shown', { screen, focused, width, height });
      shown = seen;
      const fills = width >= displayWidth - SLACK_PX && height >= displayHeight - SLACK_PX;
      step({ type: 'beat', whole: fills && focused });
      if (fills || (size?.width === displayWidth && size.height === displayHeight)) return;
      size = { width: displayWidth, height: displayHeight };
      step({ type: 'size' });
    },
  });
  const joinAt = (address: AgentAddress): void => {
    if (agent?.origin === address.origin && agent.token === address.token) return;
    agent = address;
    line.joinAt(address);
  };
  const place = options.agent;
  if (place.kind === 'address') joinAt(place.address);
  else {
    const look = (): void => {
      const address = addressIn(place.path);
      if (address !== null) joinAt(address);
    };
    look();
    setInterval(look, LOOK_MS);
  }
  setInterval(() => step({ type: 'tick' }), TICK_MS);
  const stop = (): void => {
    program?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
}

/** Null while the agent has not started yet. */
function addressIn(path: string): AgentAddress | null {
  try {
    return parseAgentAddress(readFileSync(path, 'utf8').trim());
  } catch {
    return null;
  }
}

function windowOf({ chromium, electron }: ShellCommand): WindowKind {
  if (electron !== null) {
    return { kind: 'electron', path: electron, app: fileURLToPath(new URL('..', import.meta.url)) };
  }
  const path = chromium ?? findBrowser();
  if (path === null) throw new CodedError('kiosk.no_browser');
  return { kind: 'chromium', path };
}

/** Chromium says nothing of a policy that it did not find: so it is compared here, where there is a file to read. */
function checkPolicy(browser: string, origin: string): void {
  const file = policyFile(browser);
  if (file === null) return;
  let found: unknown = null;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Absent or not JSON: everything differs.
  }
  const differs = policyDiffers(found, managedPolicy(origin));
  if (differs.length > 0)
    throw new CodedError('kiosk.policy_missing', `${file}: ${differs.slice(0, 3).join(', ')}`);
}

function fail(error: unknown): never {
  if (!(error instanceof CodedError)) throw error;
  const { vi, en, remedy } = ERRORS[error.code];
  process.stderr.write(`${vi} ${remedy.vi}\n${en} ${remedy.en}\n${error.message}\n`);
  process.exit(error.code === 'program.usage' ? 2 : error.code === 'kiosk.shell_taken' ? 3 : 1);
}
