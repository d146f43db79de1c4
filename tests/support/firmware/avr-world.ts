/*
 * The real driver and the emulated panel in one virtual time: the chip runs in slices of half a millisecond, bytes go
 * over as they come, timers fire when due, promises settle in between. The cable can be cut, and bytes damaged.
 */
import type { PanelClock, SerialListener, SerialTransport } from '@hailong/device-drivers/panel/ports.ts';
import { AvrMachine, type Chance, CYCLES_PER_MS } from './avr-machine.ts';

const SLICE_MS = 0.5;

export class AvrWorld {
  readonly machine: AvrMachine;
  plugged = true;
  /** The port has just been opened, as DTR would tell the board. */
  onOpen: () => void = () => undefined;
  /** A byte as it arrives, null = lost. Both directions. */
  damage: (byte: number) => number | null = (byte) => byte;
  /** Type of the last host frame that reached the panel, and when. */
  lastRequest = { type: 0, atMs: 0 };
  #timers: Array<{ atMs: number; fire: () => void }> = [];
  #listener: SerialListener | null = null;
  #sent: number[] = [];
  #request: number[] = [];

  constructor(program: Uint16Array, chance: Chance) {
    this.machine = new AvrMachine(program, chance);
    this.machine.onByte = (byte) => this.#sent.push(byte);
  }

  get nowMs(): number {
    return this.machine.nowMs;
  }

  readonly clock: PanelClock = {
    nowMs: () => this.nowMs,
    setTimer: (delayMs, fire) => this.at(delayMs, fire),
  };

  at(delayMs: number, fire: () => void): () => void {
    const timer = { atMs: this.nowMs + delayMs, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  async run(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    while (this.nowMs < until) {
      this.machine.runTo(this.machine.cycles + SLICE_MS * CYCLES_PER_MS);
      this.#deliver();
      const due = this.#timers.filter(({ atMs }) => atMs <= this.nowMs);
      if (due.length > 0) this.#timers = this.#timers.filter(({ atMs }) => atMs > this.nowMs);
      for (const { fire } of due.toSorted((a, b) => a.atMs - b.atMs)) fire();
      // A promise of the driver's settles within a few turns.
      for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
    }
  }

  async until(holds: () => boolean, limitMs: number, what: string): Promise<void> {
    const limit = this.nowMs + limitMs;
    while (!holds()) {
      if (this.nowMs >= limit) throw new Error(`${what}: not within ${limitMs} ms`);
      await this.run(1);
    }
  }

  unplug(): void {
    this.plugged = false;
    const listener = this.#listener;
    this.#listener = null;
    if (listener !== null) this.at(2, () => listener.ended({ reason: 'hung-up', detail: '' }));
  }

  /** Host bytes straight onto the line, without a driver. */
  give(bytes: Uint8Array): void {
    const arrived = [...bytes].map((byte) => this.damage(byte)).filter((byte) => byte !== null);
    for (const byte of arrived) {
      if (byte !== 0) this.#request.push(byte);
      // Version 1 and address 0 make the fourth byte of the COBS form the type.
      else if (this.#request.length > 0) {
        this.lastRequest = { type: this.#request[3] ?? 0, atMs: this.nowMs };
        this.#request = [];
      }
    }
    this.machine.receive(Uint8Array.from(arrived));
  }

  /** What the panel has sent since the last call, for tests without a driver. */
  takeSent(): Uint8Array {
    const sent = Uint8Array.from(this.#sent);
    this.#sent = [];
    return sent;
  }

  /** A port like the operating system's: one opener at a time. */
  readonly transport: SerialTransport = {
    path: '/virtual',
    watch: () => () => undefined,
    connect: (listener) => {
      let asked = false;
      this.at(1, () => {
        if (!this.plugged || this.#listener !== null)
          listener.ended({ reason: 'refused', detail: this.plugged ? 'locked' : 'absent' });
        else if (asked) listener.ended({ reason: 'asked', detail: '' });
        else {
          this.#listener = listener;
          this.onOpen();
          listener.opened();
        }
      });
      return {
        write: (bytes) => {
          if (this.#listener !== listener) return false;
          this.give(bytes);
          return true;
        },
        close: () => {
          asked = true;
          if (this.#listener !== listener) return;
          this.#listener = null;
          this.at(1, () => listener.ended({ reason: 'asked', detail: '' }));
        },
      };
    },
  };

  #deliver(): void {
    if (this.#listener === null && !this.plugged) this.#sent = [];
    const listener = this.#listener;
    if (listener === null || this.#sent.length === 0) return;
    const arrived = this.#sent.map((byte) => this.damage(byte)).filter((byte) => byte !== null);
    this.#sent = [];
    listener.received(Uint8Array.from(arrived));
  }
}
