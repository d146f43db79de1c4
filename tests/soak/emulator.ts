/*
 * Purpose: builds the real-time emulator (simavr, emulator/*.c) and runs one as a panel: commands in, pin events out.
 * Refuses: to outlive this process: the end of its input ends it.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Firmware } from '../support/firmware/build.ts';
import type { PinEvent } from '../support/firmware/judge.ts';
import { inRepo } from '../support/paths.ts';

const sources = inRepo('tests/soak/emulator');
export const withoutSimavr =
  'no simavr here (Debian: apt-get install gcc libc6-dev libsimavr-dev libelf-dev)';

/** Path of the emulator, or undefined where it cannot be built. */
export function buildEmulator(): string | undefined {
  if (!existsSync('/usr/include/simavr/sim_avr.h') || spawnSync('gcc', ['--version']).status !== 0)
    return undefined;
  const files = readdirSync(sources).toSorted();
  const digest = createHash('sha256');
  for (const name of files) digest.update(readFileSync(join(sources, name)));
  const cache = inRepo('tests/.cache/firmware');
  const path = join(cache, `emulator-${digest.digest('hex').slice(0, 16)}`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const making = `${path}.${process.pid}`;
  const code = files.filter((name) => name.endsWith('.c')).map((name) => join(sources, name));
  const made = spawnSync(
    'gcc',
    [
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-I/usr/include/simavr',
      '-o',
      making,
      ...code,
      '-lsimavr',
      '-lelf',
      '-lutil',
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`gcc could not build the emulator:\n${made.stderr}`);
  renameSync(making, path);
  return path;
}

export type WallPress = PinEvent & { kind: 'press'; readonly wallMs: number };
type Line =
  | PinEvent
  | { readonly event: 'boot'; readonly start: number; readonly boot: number }
  | { readonly event: 'ready' };

export class EmulatedPanel {
  readonly events: PinEvent[] = [];
  readonly startOfBoot = new Map<number, number>();
  powered = false;
  armed = false;
  pressesSinceArmed = 0;
  /** Presses while the lamp was lit; the judge has the last word. */
  likely = 0;
  #hasLeft: () => void = () => undefined;
  readonly #eeprom: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<number | null>;

  constructor(program: string, firmware: Firmware, eeprom: string, seed: number) {
    this.#eeprom = eeprom;
    const boot = String(firmware.address('boot_id'));
    this.#child = spawn(program, [firmware.elf, eeprom, boot, String(seed)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(JSON.parse(line)));
    this.#ended = new Promise((resolve) => this.#child.on('close', (code) => resolve(code)));
    void this.#ended.then(() => this.#hasLeft());
  }

  on(): void {
    this.powered = true;
    this.#tell('on');
  }
  cut(): void {
    this.powered = false;
    this.#tell('cut');
  }
  plug(path: string): void {
    this.#tell(`plug ${path}`);
  }
  unplug(): void {
    this.#tell('unplug');
  }
  /** Pulled out with its supply; resolves when it has let go of its name, which another panel may take from then on. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      this.#hasLeft = resolve;
      this.unplug();
      this.cut();
    });
  }
  press(button: number, delayMs: number, holdMs: number, bounceMs: number): void {
    this.pressesSinceArmed += 1;
    this.#tell(`press ${button} ${delayMs.toFixed(3)} ${holdMs.toFixed(3)} ${bounceMs.toFixed(3)}`);
  }

  /** Stops it; the EEPROM is saved. */
  async quit(): Promise<void> {
    this.#tell('quit');
    const code = await this.#ended;
    if (code !== 0) throw new Error(`the emulator ended with ${code}`);
  }

  /** When it started by itself, which is the watchdog's work. */
  restarts(): number[] {
    const power = this.events.filter((event) => event.kind === 'start' || event.kind === 'cut');
    return power.flatMap((event, index) => {
      const before = power[index - 1];
      return event.kind === 'start' && before?.kind === 'cut' && before.atMs === event.atMs
        ? [event.atMs]
        : [];
    });
  }

  /** The hardware id its firmware made at the first start. */
  hwid(): string {
    return readFileSync(this.#eeprom).subarray(32, 40).toString('hex');
  }

  #tell(command: string): void {
    this.#child.stdin.write(`${command}\n`);
  }

  #take(line: Line & { event: string }): void {
    if (line.event === 'boot' && 'boot' in line) this.startOfBoot.set(line.boot, line.start);
    if (line.event === 'ready' || line.event === 'boot') return;
    const event = { ...line, kind: line.event } as unknown as PinEvent;
    this.events.push(event);
    if (event.kind === 'cut') this.#hasLeft();
    if (event.kind === 'armed') {
      this.armed = event.on;
      if (event.on) this.pressesSinceArmed = 0;
    }
    if (event.kind === 'press' && this.armed) this.likely += 1;
  }
}
