/*
 * Purpose: a display of its own (Xvfb), a pair of hands at it (xdotool), and eyes: which windows are mapped, and what is on
 * the glass (read from the server's own memory, kept in a file: a picture costs milliseconds, no process). A window manager
 * only when asked: the locked kiosk runs on bare X, as its recipe says. All of it ends with this process, however that ends.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { poll } from '../../support/poll.ts';

const run = promisify(execFile);
export const WIDTH = 1280;
export const HEIGHT = 800;
/** Of what is compared, one value stands for so many pixels each way. */
const GRAIN = 4;
/** Smaller ones carry a clipboard or a cursor. */
const WINDOW_PX_MIN = 20;

/** A program that the system ends when this process ends. */
export const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

export class Display implements AsyncDisposable {
  readonly name: string;
  readonly #programs: ChildProcess[];
  /** Where the server keeps the glass. */
  readonly #memory: string;
  #root = '';

  private constructor(name: string, programs: ChildProcess[], memory: string) {
    this.name = name;
    this.#programs = programs;
    this.#memory = memory;
  }

  static async open(withManager: boolean): Promise<Display> {
    const memory = mkdtempSync(join(tmpdir(), 'hailong-glass-'));
    const [program, ...own] = ENDS_WITH_US;
    const screen = ['-screen', '0', `${WIDTH}x${HEIGHT}x24`, '-fbdir', memory];
    const server = spawn(program, [...own, 'Xvfb', '-displayfd', '3', ...screen, '-nolisten', 'tcp', '-ac'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [number] = (await once(server.stdio[3] as Readable, 'data')) as [Buffer];
    const display = new Display(`:${String(number).trim()}`, [server], memory);
    const info = await poll(() => display.#ask('xwininfo', ['-root']), { what: 'the display' });
    display.#root = String(Number(/Window id: (0x\w+)/.exec(info)?.[1]));
    if (withManager) await display.#manage();
    return display;
  }

  /** A manager that did not come up on a busy machine is started once more. */
  async #manage(): Promise<void> {
    const [program, ...own] = ENDS_WITH_US;
    const start = () => spawn(program, [...own, 'openbox'], { env: this.env, stdio: 'ignore' });
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

  /** Without our starter's pipe: its number means something else in every other program. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, HAILONG_PARENT_PIPE: undefined, DISPLAY: this.name };
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
    // Without any it fails, and nothing is printed.
    const search = ['search', '--onlyvisible', '--maxdepth', '1', '--name', ''];
    const text = await this.#ask('xdotool', [...search, 'getwindowgeometry', '--shell', '%@']).catch(
      () => '',
    );
    const found = text.matchAll(/^WINDOW=(\d+)\nX=.*\nY=.*\nWIDTH=(\d+)\nHEIGHT=(\d+)$/gm);
    return [...found].flatMap(([, id = '', width, height]) =>
      id !== this.#root && Number(width) >= WINDOW_PX_MIN && Number(height) >= WINDOW_PX_MIN ? [id] : [],
    );
  }

  /** The glass, as grey values. */
  picture(): Uint8Array {
    const file = readFileSync(join(this.#memory, 'Xvfb_screen0'));
    return greyOf(file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs.reverse()) {
      program.kill('SIGKILL');
      if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
    }
    rmSync(this.#memory, { recursive: true, force: true });
  }
}

/** Of a window dump (XWD 7, 4 bytes a pixel): the mean of each square of pixels. */
function greyOf(dump: Buffer): Uint8Array {
  const field = (index: number): number => dump.readUInt32BE(index * 4);
  const [header, width, height, line, colours] = [field(0), field(4), field(5), field(12), field(19)];
  const pixels = header + colours * 12;
  const [across, down] = [Math.floor(width / GRAIN), Math.floor(height / GRAIN)];
  const grey = new Uint8Array(across * down);
  for (let y = 0; y < down; y += 1)
    for (let x = 0; x < across; x += 1) {
      let sum = 0;
      for (let row = 0; row < GRAIN; row += 1) {
        const from = pixels + (y * GRAIN + row) * line + x * GRAIN * 4;
        for (let at = from; at < from + GRAIN * 4; at += 4)
          sum += (dump[at] ?? 0) + (dump[at + 1] ?? 0) + (dump[at + 2] ?? 0);
      }
      grey[y * across + x] = sum / (3 * GRAIN * GRAIN);
    }
  return grey;
}

/** Part of the glass that differs between two pictures, 0 to 1. */
export function difference(one: Uint8Array, other: Uint8Array): number {
  let changed = 0;
  for (let at = 0; at < one.length; at += 1)
    if (Math.abs((one[at] ?? 0) - (other[at] ?? 0)) > 24) changed += 1;
  return changed / one.length;
}
