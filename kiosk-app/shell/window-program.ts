/**
 * Purpose: starts and ends the program of the window: a Chromium by flags, with an empty profile, or an Electron that
 *   joins the agent by itself. Everything of one start (processes, profile) is gone before the next.
 * Refuses: to end a window gently: there is nothing in it to save, and a browser that is asked may ask back.
 * Document: kiosk-app/LOCK.md.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { browserFlags, type DisplaySize } from './browser-flags.ts';
import { type BrowserListener, BrowserPipe } from './browser-pipe.ts';

export type WindowKind =
  | { readonly kind: 'chromium'; readonly path: string }
  | { readonly kind: 'electron'; readonly path: string; readonly app: string };

export interface WindowParts {
  readonly address: string;
  readonly size: DisplaySize | null;
  readonly listener: BrowserListener;
  readonly onEnd: () => void;
}

export interface WindowProgram {
  /** Its end is told by `onEnd`. */
  stop(): void;
  close(target: string): void;
}

/** In memory where the session has such a folder: an empty profile costs 10 MB, and a public screen leaves nothing on a disk. */
const profileRoot = (): string => process.env['XDG_RUNTIME_DIR'] ?? tmpdir();

function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    execFile('taskkill', ['/pid', String(child.pid), '/t', '/f'], () => undefined);
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
}

/** The pipe the browser speaks over stands at 3 (to it) and 4 (from it). */
const PIPES = ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] as const;

export function startWindow(window: WindowKind, parts: WindowParts): WindowProgram {
  const profile = mkdtempSync(join(profileRoot(), 'hailong-window-'));
  const isBrowser = window.kind === 'chromium';
  const flags = isBrowser
    ? browserFlags(parts.address, profile, parts.size)
    : [window.app, `--user-data-dir=${profile}`, '--agent-url', parts.address];
  const child = spawn(window.path, flags, {
    stdio: isBrowser ? [...PIPES] : ['ignore', 'ignore', 'inherit'],
    // Its helpers end with it.
    detached: process.platform !== 'win32',
  });
  const [, , , to, from] = child.stdio;
  const pipe = isBrowser ? new BrowserPipe(to as Writable, from as Readable, parts.listener) : null;
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    killAll(child);
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    parts.onEnd();
  };
  child.once('error', (error) => {
    process.stderr.write(`${String(error)}\n`);
    end();
  });
  child.once('exit', end);
  return { stop: () => killAll(child), close: (target) => pipe?.close(target) };
}
