/**
 * Purpose: a simulated line-ASCII box on a real pseudo-terminal, for tests, the demo and work without hardware: says what
 *          its profile says when a button goes down or up, answers polls and presence checks, shows what lit its lamps.
 * Refuses: to behave when asked not to — see `LineMisbehaviour`; leaves no handle, process or file after stop().
 * Document: firmware-notes/families.md, "The simulated box".
 */
import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LineAsciiConfig } from '@hailong/shared/model/panel-config.ts';
import { parseWireText } from '@hailong/shared/model/wire-text.ts';
import { openPty, type Pty } from './pty.ts';

/** Counts go down as they happen, everything else stays until changed. */
export type LineMisbehaviour = {
  /** Further messages of the same contact, a few ms apart, that each press makes. */
  bounces: number;
  /** While a button is held its press message comes again this often, ms; 0: never. */
  repeatEveryMs: number;
  /** Messages to the host that are lost. */
  dropMessages: number;
  /** It neither hears nor says anything; the port stays. */
  silent: boolean;
  /** It says presses and answers no presence check or poll. */
  deaf: boolean;
};

export type LineSimulatorOptions = {
  readonly config: Omit<LineAsciiConfig, 'path'>;
  /** Where the port appears; absent = a new folder under the system's temp. */
  readonly path?: string;
};

export type LineSimulator = {
  readonly path: string;
  /** Everything the host has written since the start, as Latin-1. */
  readonly heard: () => string;
  readonly lit: () => boolean;
  press(button: number, holdMs?: number): Promise<void>;
  contact(button: number, down: boolean): void;
  /** Any bytes onto the line to the host. */
  say(bytes: Uint8Array): void;
  unplug(): Promise<void>;
  replug(): void;
  misbehave(faults: Partial<LineMisbehaviour>): void;
  stop(): Promise<void>;
};

const BOUNCE_GAP_MS = 4;
const HEARD_MAX = 65_536;
const bytesOf = (text: string | undefined) =>
  text === undefined ? null : Buffer.from(parseWireText(text) ?? []);

export function startLineSimulator(options: LineSimulatorOptions): LineSimulator {
  return new SimulatedLine(options);
}

class SimulatedLine implements LineSimulator {
  readonly path: string;
  readonly #ownFolder: string | null;
  readonly #config: Omit<LineAsciiConfig, 'path'>;
  readonly #faults: LineMisbehaviour = {
    bounces: 0,
    repeatEveryMs: 0,
    dropMessages: 0,
    silent: false,
    deaf: false,
  };
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #held = new Map<number, NodeJS.Timeout | null>();
  #pty: Pty | null = null;
  #text = '';
  #unread = '';
  #lit = false;

  constructor({ config, path }: LineSimulatorOptions) {
    this.#config = config;
    this.#ownFolder = path === undefined ? mkdtempSync(join(tmpdir(), 'hailong-line-')) : null;
    this.path = path ?? join(this.#ownFolder ?? '', 'line-tty');
    this.#plug();
  }

  heard = (): string => this.#text;
  lit = (): boolean => this.#lit;

  press(button: number, holdMs = 60): Promise<void> {
    this.contact(button, true);
    return new Promise((resolve) =>
      this.#later(holdMs, () => {
        this.contact(button, false);
        resolve();
      }),
    );
  }

  contact(button: number, down: boolean): void {
    const repeat = this.#held.get(button);
    if (repeat) clearInterval(repeat);
    if (!down) {
      this.#held.delete(button);
      this.#message(this.#config.buttons[button]?.release[0]);
      return;
    }
    const text = this.#config.buttons[button]?.press[0];
    this.#message(text);
    for (let bounce = 1; bounce <= this.#faults.bounces; bounce += 1)
      this.#later(bounce * BOUNCE_GAP_MS, () => this.#message(text));
    const { repeatEveryMs } = this.#faults;
    this.#held.set(button, repeatEveryMs > 0 ? setInterval(() => this.#message(text), repeatEveryMs) : null);
  }

  say(bytes: Uint8Array): void {
    if (!this.#faults.silent) this.#pty?.write(bytes);
  }

  async unplug(): Promise<void> {
    const pty = this.#pty;
    this.#pty = null;
    rmSync(this.path, { force: true });
    await pty?.close();
  }

  replug(): void {
    if (this.#pty === null) this.#plug();
  }

  misbehave(faults: Partial<LineMisbehaviour>): void {
    Object.assign(this.#faults, faults);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const repeat of this.#held.values()) if (repeat) clearInterval(repeat);
    await this.unplug();
    if (this.#ownFolder !== null) rmSync(this.#ownFolder, { recursive: true, force: true });
  }

  #message(text: string | undefined): void {
    const bytes = bytesOf(text);
    if (bytes === null) return;
    if (this.#faults.dropMessages > 0) {
      this.#faults.dropMessages -= 1;
      return;
    }
    const { framing } = this.#config;
    const end = framing.kind === 'line' ? bytesOf(framing.terminator) : null;
    this.say(end ? Buffer.concat([bytes, end]) : bytes);
  }

  #received(bytes: Uint8Array): void {
    if (this.#faults.silent) return;
    const text = Buffer.from(bytes).toString('latin1');
    this.#text = `${this.#text}${text}`.slice(-HEARD_MAX);
    this.#unread += text;
    const { keepAlive, poll, led } = this.#config;
    const answered = (asked: string | undefined): boolean => {
      const wanted = bytesOf(asked)?.toString('latin1');
      if (wanted === undefined || !this.#unread.includes(wanted)) return false;
      this.#unread = this.#unread.replace(wanted, '');
      return true;
    };
    if (answered(led?.on)) this.#lit = true;
    if (answered(led?.off)) this.#lit = false;
    while (answered(keepAlive?.send))
      if (!this.#faults.deaf) this.say(bytesOf(keepAlive?.expect) ?? Buffer.of());
    while (answered(poll?.send)) if (!this.#faults.deaf && poll?.idle) this.#message(poll.idle);
    this.#unread = this.#unread.slice(-256);
  }

  #plug(): void {
    const pty = openPty((bytes) => {
      if (this.#pty === pty) this.#received(bytes);
    });
    this.#pty = pty;
    // Appears whole, as a device name does: made aside, then renamed.
    const aside = join(dirname(this.path), `.line-${process.pid}`);
    rmSync(aside, { force: true });
    symlinkSync(pty.path, aside);
    renameSync(aside, this.path);
  }

  #later(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
  }
}
