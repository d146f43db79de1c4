/*
 * Purpose: a shell before a real agent on a display: the one that ships, as a user without rights, with its managed policy
 * in a mount namespace of its own (so that no other browser of this machine reads it); or a bare browser, the control.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inRepo, kioskBin } from '../../support/paths.ts';
import { type Display, ENDS_WITH_US, HEIGHT, WIDTH } from './display.ts';

export const BROWSER = '/usr/bin/chromium';
/** `nobody` of every Debian. */
const NOBODY = 65_534;

export interface ShellLine {
  readonly event: string;
  readonly why?: string;
  /** Of `shown`. */
  readonly screen?: string;
  readonly focused?: boolean;
  /** When it was said, UTC ms. */
  readonly at: number;
}

export interface Shell extends AsyncDisposable {
  /** Of the shell itself, or of the browser without one. */
  readonly pid: number;
  readonly lines: readonly ShellLine[];
  /** Where the browser listens for scripts; null: nowhere. */
  readonly scriptPort: number | null;
}

/** Runs words as a user without rights, in namespaces of its own where `/etc/chromium` is `etc`. */
function confined(etc: string, words: readonly string[]): readonly string[] {
  const bind = 'mount --bind "$1" /etc/chromium && shift && exec "$@"';
  const inside = ['sh', '-c', bind, 'confined', etc];
  if (process.getuid?.() === 0) {
    const drop = ['setpriv', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', '--'];
    return ['unshare', '--mount', ...inside, ...drop, ...words];
  }
  const [uid, gid] = [process.getuid?.() ?? NOBODY, process.getgid?.() ?? NOBODY];
  const back = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  return ['unshare', '--map-root-user', '--mount', ...inside, ...back, ...words];
}

/** Why no locked shell can be started here as it ships; null: it can. */
export function whyNotConfined(): string | null {
  if (!existsSync('/etc/chromium')) return 'no /etc/chromium';
  const [program = '', ...args] = confined('/etc/chromium', [process.execPath, '-e', '0']);
  try {
    execFileSync(program, args, { stdio: 'ignore', cwd: inRepo() });
    return null;
  } catch {
    return 'namespaces are refused here, or this folder is closed to other users';
  }
}

/** One that the user without rights may enter; a test's own folder is closed. */
function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hailong-shell-'));
  chmodSync(folder, 0o755);
  return folder;
}

function collect(child: ChildProcess): ShellLine[] {
  const lines: ShellLine[] = [];
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (text.startsWith('{')) lines.push(JSON.parse(text) as ShellLine);
    });
  return lines;
}

async function ends(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

/** What the shell says an administrator should set for a browser of that agent. */
export function policyOf(address: string): Readonly<Record<string, unknown>> {
  const words = [kioskBin, 'shell', '--print-policy', '--agent-url', address];
  const env = { ...process.env, HAILONG_PARENT_PIPE: undefined };
  return JSON.parse(String(execFileSync(process.execPath, words, { env })));
}

export interface OpenOptions {
  readonly display: Display;
  readonly address: string;
  /** A port for scripts. Then, and only then, the policy leaves developer tools out: with it nobody may attach. */
  readonly scriptPort: number | null;
}

export interface LockedOptions extends OpenOptions {
  /** It is told the display's size; otherwise it finds it out, and each start takes twice as long. */
  readonly isSizeTold: boolean;
  readonly policy: Readonly<Record<string, unknown>>;
}

/** The shell as it ships. */
export async function startLocked(options: LockedOptions): Promise<Shell> {
  const { display, address, scriptPort, policy, isSizeTold } = options;
  const folder = openFolder();
  const etc = join(folder, 'etc');
  const home = join(folder, 'home');
  cpSync('/etc/chromium', etc, { recursive: true });
  mkdirSync(join(etc, 'policies/managed'), { recursive: true });
  mkdirSync(home, { recursive: true });
  if (process.getuid?.() === 0) chownSync(home, NOBODY, NOBODY);
  const inForce = { ...policy };
  if (scriptPort !== null) delete inForce['DeveloperToolsAvailability'];
  writeFileSync(join(etc, 'policies/managed/hailong.json'), JSON.stringify(inForce));
  const browser = join(folder, 'browser');
  const port = scriptPort === null ? '' : `--remote-debugging-port=${scriptPort} `;
  writeFileSync(browser, `#!/bin/sh\nexec ${BROWSER} ${port}"$@" 2>/dev/null\n`, { mode: 0o755 });
  const words = [process.execPath, kioskBin, 'shell', '--agent-url', address, '--json'];
  words.push('--chromium', scriptPort === null ? BROWSER : browser);
  if (isSizeTold) words.push('--display', `${WIDTH}x${HEIGHT}`);
  if (scriptPort !== null) words.push('--unmanaged');
  const [program = '', ...args] = confined(etc, words);
  const child = spawn(program, args, {
    cwd: inRepo(),
    env: { ...display.env, HOME: home, XDG_RUNTIME_DIR: home, HAILONG_PARENT_PIPE: '3' },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  return {
    pid: child.pid ?? 0,
    lines: collect(child),
    scriptPort,
    async [Symbol.asyncDispose]() {
      await ends(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A browser as somebody at a desk starts it: a window with its bar, no policy, no shell; started again when it ends. */
export async function startOpen({ display, address, scriptPort }: OpenOptions): Promise<Shell> {
  const profile = openFolder();
  if (process.getuid?.() === 0) chownSync(profile, NOBODY, NOBODY);
  const flags = [`--user-data-dir=${profile}`, '--no-first-run', '--no-default-browser-check'];
  if (scriptPort !== null) flags.push(`--remote-debugging-port=${scriptPort}`);
  const words = [...ENDS_WITH_US, 'env', `HOME=${profile}`, BROWSER, ...flags, address];
  const [program = '', ...args] = confined('/etc/chromium', words);
  const child = spawn(program, args, { env: display.env, stdio: 'ignore', detached: true });
  return {
    pid: child.pid ?? 0,
    lines: [],
    scriptPort,
    async [Symbol.asyncDispose]() {
      const gone = child.exitCode !== null || child.signalCode !== null;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The whole group is gone.
      }
      if (!gone) await once(child, 'exit');
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
