/*
 * Purpose: a display of its own (Xvfb), a pair of hands at it (xdotool), and eyes: which windows are mapped, and what is on
 * the glass. A window manager only when asked: the locked kiosk runs on bare X, as its recipe says.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { poll } from '../../support/poll.ts';

const run = promisify(execFile);
export const WIDTH = 1280;
export const HEIGHT = 800;
/** What is seen of the glass, grey, for comparing. */
const SEEN_WIDTH = 320;
const SEEN_HEIGHT = 200;
/** Smaller ones carry a clipboard or a cursor. */
const WINDOW_PX_MIN = 20;

export class Display implements AsyncDisposable {
  readonly name: string;
  readonly #programs: ChildProcess[];
  #root = '';

  private constructor(name: string, programs: ChildProcess[]) {
    this.name = name;
    this.#programs = programs;
  }

  static async open(withManager: boolean): Promise<Display> {
    const server = spawn(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', `${WIDTH}x${HEIGHT}x24`, '-nolisten', 'tcp', '-ac'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const [number] = (await once(server.stdio[3] as Readable, 'data')) as [Buffer];
    const display = new Display(`:${String(number).trim()}`, [server]);
    const info = await poll(() => display.#ask('xwininfo', ['-root']), { what: 'the display' });
    display.#root = String(Number(/Window id: (0x\w+)/.exec(info)?.[1]));
    if (withManager) await display.#manage();
    return display;
  }

  /** A manager that did not come up on a busy machine is started once more. */
  async #manage(): Promise<void> {
    const start = () => spawn('openbox', [], { env: this.env, stdio: 'ignore' });
    let manager = start();
    this.#programs.push(manager);
    const there = async () => {
      if (manager.exitCode !== null) {
        manager = start();
        this.#programs.push(manager);
      }
      return (await this.#ask('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'])).includes('0x');
    };
    await poll(there, { what: 'the window manager', timeoutMs: 60_000 });
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, DISPLAY: this.name };
  }

  async #ask(program: string, args: readonly string[]): Promise<string> {
    const { stdout } = await run(program, args, { env: this.env });
    return stdout;
  }

  /** One call of xdotool; what it could not do (a key this keyboard lacks) is an error. */
  async hands(...words: readonly string[]): Promise<void> {
    await this.#ask('xdotool', words);
  }

  /** Mapped windows that a person could see. */
  async windows(): Promise<readonly string[]> {
    const found = await run('xdotool', ['search', '--onlyvisible', '--maxdepth', '1', '--name', ''], {
      env: this.env,
    }).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
    const ids = found.stdout
      .trim()
      .split('\n')
      .filter((id) => id !== '' && id !== this.#root);
    const seen: string[] = [];
    for (const id of ids) {
      const text = await this.#ask('xdotool', ['getwindowgeometry', '--shell', id]).catch(() => '');
      const size = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(text)?.[1] ?? 0);
      if (size('WIDTH') >= WINDOW_PX_MIN && size('HEIGHT') >= WINDOW_PX_MIN) seen.push(id);
    }
    return seen;
  }

  /** The glass, as grey values. */
  async picture(): Promise<Uint8Array> {
    const args = [
      '-loglevel',
      'error',
      '-f',
      'x11grab',
      '-video_size',
      `${WIDTH}x${HEIGHT}`,
      '-i',
      this.name,
    ];
    args.push(
      '-frames:v',
      '1',
      '-vf',
      `scale=${SEEN_WIDTH}:${SEEN_HEIGHT},format=gray`,
      '-f',
      'rawvideo',
      '-',
    );
    const { stdout } = await run('ffmpeg', args, { env: this.env, encoding: 'buffer' });
    return stdout;
  }

  async screenshot(path: string): Promise<void> {
    const args = ['-loglevel', 'error', '-y', '-f', 'x11grab', '-video_size', `${WIDTH}x${HEIGHT}`];
    await run('ffmpeg', [...args, '-i', this.name, '-frames:v', '1', path], { env: this.env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs.reverse()) {
      program.kill('SIGKILL');
      if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
    }
  }
}

/** Part of the glass that differs between two pictures, 0 to 1. */
export function difference(one: Uint8Array, other: Uint8Array): number {
  let changed = 0;
  for (let at = 0; at < one.length; at += 1)
    if (Math.abs((one[at] ?? 0) - (other[at] ?? 0)) > 24) changed += 1;
  return changed / one.length;
}
