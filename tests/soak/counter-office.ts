/*
 * Purpose: one counter of a soak: two panels of which one is plugged, the host process, a citizen who presses when the
 *   panel is armed, and mischief: pulled cables, killed hosts, power cuts, swapped panels.
 * Refuses: to look at what the host does; it sees the lamp and moves contacts, switches and cables.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../support/firmware/avr-machine.ts';
import type { Firmware } from '../support/firmware/build.ts';
import { chanceOf } from '../support/firmware/chance.ts';
import { inRepo } from '../support/paths.ts';
import { EmulatedPanel } from './emulator.ts';

/** Of presses, the host dies between commit and ACK. */
const CRASH = 0.01;
/** Of presses, power goes within the next 180 ms: around the journal's write. */
const CUT_AFTER_PRESS = 0.03;
const CUT_WITHIN_MS = 180;
/** The panel's queue is 32; the citizen leaves before it is full. */
const PRESSES_MAX = 20;
/** A deadline alone: chips in emulation fall behind where a machine has much else to do. */
const DRAIN_MS = 180_000;
const SETTLE_MS = 400;
const REST_MS = 500;

const BETWEEN = {
  presses: [130, 300],
  mischief: [1_200, 4_500],
  cableAway: [100, 2_500],
  hostAway: [50, 800],
  powerAway: [200, 1_200],
} as const;

export type MischiefCounts = { pulls: number; kills: number; crashes: number; cuts: number; swaps: number };

export class CounterOffice {
  readonly panels: readonly EmulatedPanel[];
  readonly database: string;
  readonly mischief: MischiefCounts = { pulls: 0, kills: 0, crashes: 0, cuts: 0, swaps: 0 };
  readonly #chance: Chance;
  /** A row of its own: the n-th life of the host is the same, whatever citizens did until then. */
  readonly #hostSeeds: Chance;
  readonly #port: string;
  #active: EmulatedPanel;
  #host: ChildProcess | null = null;
  #work: 'ask' | 'drain' = 'ask';
  #stopping = false;
  #busy = false;
  /** Hardware ids of panels whose queue the draining host has seen empty. */
  readonly #drained = new Set<string>();
  #lives: Promise<void>[] = [];

  constructor(folder: string, index: number, emulator: string, firmware: Firmware, chance: Chance) {
    this.#chance = chance;
    this.#port = join(folder, `counter-${index}-tty`);
    this.database = join(folder, `counter-${index}.sqlite`);
    this.panels = ['a', 'b'].map((name) => {
      const eeprom = join(folder, `counter-${index}-${name}.eeprom`);
      return new EmulatedPanel(emulator, firmware, eeprom, Math.floor(chance() * 2 ** 31));
    });
    this.#active = this.panels[0]!;
    this.#hostSeeds = chanceOf(Math.floor(chance() * 2 ** 32));
  }

  get likely(): number {
    return this.panels.reduce((sum, { likely }) => sum + likely, 0);
  }

  start(): void {
    this.#connect();
    this.#startHost();
    this.#lives = [this.#citizen(), this.#mischiefMaker()];
  }

  /** No more presses; then every panel is plugged until its queue is empty. */
  async finish(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#lives);
    while (this.#busy) await wait(50);
    // The last contact has opened, its release is debounced.
    await wait(SETTLE_MS);
    this.#work = 'drain';
    this.#drained.clear();
    await this.#killHost();
    const limit = Date.now() + DRAIN_MS;
    for (let done = 1; done <= this.panels.length; done += 1) {
      while (this.#drained.size < done) {
        if (Date.now() > limit)
          throw new Error(`the panels of ${this.#port} were not empty in ${DRAIN_MS} ms`);
        await wait(50);
      }
      if (done === this.panels.length) break;
      await this.#active.leave();
      this.#active = this.panels.find((panel) => panel !== this.#active)!;
      this.#connect();
    }
    const host = this.#host;
    this.#host = null;
    host?.kill('SIGKILL');
    await Promise.all(this.panels.map((panel) => panel.quit()));
  }

  #between([least, most]: readonly [number, number]): number {
    return least + this.#chance() * (most - least);
  }

  /** The cable carries the power. */
  #connect(): void {
    this.#active.on();
    this.#active.plug(this.#port);
  }

  #startHost(): void {
    const watch = inRepo('scripts/watch-parent.js');
    const counter = inRepo('tests/soak/counter.ts');
    const crash = this.#work === 'ask' ? CRASH : 0;
    const host = spawn(
      process.execPath,
      [
        '--max-old-space-size=64',
        '--import',
        watch,
        counter,
        this.#port,
        this.database,
        String(crash),
        this.#work,
        String(Math.floor(this.#hostSeeds() * 2 ** 32)),
      ],
      { stdio: ['ignore', 'pipe', 'inherit', 'pipe'], env: { ...process.env, HAILONG_PARENT_PIPE: '3' } },
    );
    this.#host = host;
    if (host.stdout !== null)
      createInterface({ input: host.stdout }).on('line', (line) => this.#drained.add(JSON.parse(line).hwid));
    host.on('exit', () => {
      if (this.#host !== host) return;
      // By itself: between commit and ACK.
      this.mischief.crashes += 1;
      this.#startHost();
    });
  }

  async #killHost(): Promise<void> {
    const host = this.#host;
    this.#host = null;
    if (host !== null && host.exitCode === null && host.signalCode === null) {
      const gone = new Promise((resolve) => host.once('exit', resolve));
      host.kill('SIGKILL');
      await gone;
    }
    if (this.#work === 'ask') await wait(this.#between(BETWEEN.hostAway));
    this.#startHost();
  }

  async #citizen(): Promise<void> {
    const pressedAtMs = [0, 0, 0, 0, 0];
    while (!this.#stopping) {
      await wait(this.#between(BETWEEN.presses));
      const panel = this.#active;
      if (!panel.powered || !panel.armed || panel.pressesSinceArmed >= PRESSES_MAX) continue;
      // Any button that has rested: the panel locks one for 250 ms after its press.
      const rested = pressedAtMs.flatMap((atMs, button) => (Date.now() - atMs > REST_MS ? [button] : []));
      const button = rested[Math.floor(this.#chance() * rested.length)];
      if (button === undefined) continue;
      pressedAtMs[button] = Date.now();
      panel.press(button, this.#chance() * 20, 45 + this.#chance() * 70, this.#chance() * 5);
      if (this.#chance() < CUT_AFTER_PRESS) void this.#cutPower(this.#chance() * CUT_WITHIN_MS);
    }
  }

  async #mischiefMaker(): Promise<void> {
    while (!this.#stopping) {
      await wait(this.#between(BETWEEN.mischief));
      const dice = this.#chance();
      if (this.#stopping) return;
      if (dice < 0.35) await this.#pullCable();
      else if (dice < 0.6) {
        this.mischief.kills += 1;
        await this.#killHost();
      } else if (dice < 0.8) await this.#cutPower(0);
      else await this.#swap();
    }
  }

  async #pullCable(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.mischief.pulls += 1;
    this.#active.unplug();
    await wait(this.#between(BETWEEN.cableAway));
    this.#active.plug(this.#port);
    this.#busy = false;
  }

  /** With or without the cable: some panels have a supply of their own. */
  async #cutPower(afterMs: number): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.mischief.cuts += 1;
    const cable = this.#chance() < 0.6;
    // Pulled a moment before, so that the press is nowhere but in the panel.
    if (cable) this.#active.unplug();
    await wait(afterMs);
    this.#active.cut();
    await wait(this.#between(BETWEEN.powerAway));
    this.#active.on();
    if (cable) this.#active.plug(this.#port);
    this.#busy = false;
  }

  async #swap(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.mischief.swaps += 1;
    await this.#active.leave();
    await wait(this.#between(BETWEEN.powerAway));
    this.#active = this.panels.find((panel) => panel !== this.#active)!;
    this.#connect();
    this.#busy = false;
  }
}
