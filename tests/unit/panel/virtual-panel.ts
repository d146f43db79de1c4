/*
 * The real driver and the simulated panel joined in virtual time: bytes travel with the line's delay, and the line
 * can be damaged, cut and joined again. Nothing sleeps; a minute of line passes in milliseconds.
 */
import { encodeFrame } from '@hailong/device-drivers/panel/frame.ts';
import { decodeHostMessage, encodePanelMessage } from '@hailong/device-drivers/panel/message-codec.ts';
import { FrameParser } from '@hailong/device-drivers/panel/parser.ts';
import type { PanelClock, SerialListener, SerialTransport } from '@hailong/device-drivers/panel/ports.ts';
import {
  newPanel,
  panelWakeMs,
  stepPanel,
} from '@hailong/device-drivers/simulators/panel-simulator-machine.ts';
import type { PanelInput, PanelState } from '@hailong/device-drivers/simulators/panel-simulator-state.ts';

/** 38400 baud: 0.26 ms a byte; a frame of 24 bytes takes about 6 ms. */
const LINE_DELAY_MS = 6;

export class VirtualWorld {
  nowMs = 0;
  #order = 0;
  #events: Array<{ atMs: number; order: number; fire: () => void }> = [];

  readonly clock: PanelClock = {
    nowMs: () => this.nowMs,
    setTimer: (delayMs, fire) => this.at(delayMs, fire),
  };

  at(delayMs: number, fire: () => void): () => void {
    const event = { atMs: this.nowMs + delayMs, order: this.#order++, fire };
    this.#events.push(event);
    return () => {
      this.#events = this.#events.filter((one) => one !== event);
    };
  }

  /** Runs what is due; lets promises settle in between, as the event loop would. */
  async run(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    for (;;) {
      await Promise.resolve();
      const next = this.#events.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (next === undefined || next.atMs > until) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.#events = this.#events.filter((one) => one !== next);
      next.fire();
    }
    this.nowMs = until;
  }
}

export class VirtualPanel {
  readonly #world: VirtualWorld;
  readonly #parser = new FrameParser('host-to-panel');
  #state: PanelState;
  #listener: SerialListener | null = null;
  #cancel: () => void = () => undefined;
  plugged = true;
  opens = 0;
  /** Returns the bytes as they arrive, null = lost. Both directions. */
  damage: (bytes: Uint8Array) => Uint8Array | null = (bytes) => bytes;

  constructor(world: VirtualWorld, journal: boolean, seed: number) {
    this.#world = world;
    const config = {
      hwid: '53494d0000000001',
      buttons: 5,
      leds: 5,
      minMajor: 1,
      maxMajor: 1,
      journal,
      prompt: false,
      firmware: [1, 0, 0] as const,
      queueCapacity: 32,
    };
    this.#state = newPanel(config, seed);
    this.give({ type: 'restart', cause: 1 });
  }

  get state(): PanelState {
    return this.#state;
  }

  give(input: PanelInput): void {
    const { state, effects } = stepPanel(this.#state, input, this.#world.nowMs);
    this.#state = state;
    for (const { message, tag, retransmission } of effects) {
      const { type, payload } = encodePanelMessage(message);
      const frame = { direction: 'panel-to-host', retransmission, address: 0, type, tag, payload } as const;
      this.#carry(encodeFrame(frame), (bytes, listener) => listener.received(bytes));
    }
    this.#cancel();
    const delayMs = Math.max(1, panelWakeMs(state) - this.#world.nowMs);
    this.#cancel = this.#world.at(delayMs, () => this.give({ type: 'tick' }));
  }

  press(button: number, holdMs = 60): void {
    this.give({ type: 'contact', button, down: true });
    this.#world.at(holdMs, () => this.give({ type: 'contact', button, down: false }));
  }

  unplug(): void {
    this.plugged = false;
    const listener = this.#listener;
    this.#listener = null;
    if (listener !== null) this.#world.at(2, () => listener.ended({ reason: 'hung-up', detail: '' }));
  }

  /** A port like the operating system's: one opener at a time. */
  readonly transport: SerialTransport = {
    path: '/virtual',
    watch: () => () => undefined,
    connect: (listener) => {
      let asked = false;
      this.#world.at(1, () => {
        if (!this.plugged || this.#listener !== null) {
          listener.ended({ reason: 'refused', detail: this.plugged ? 'locked' : 'absent' });
          return;
        }
        if (asked) {
          listener.ended({ reason: 'asked', detail: '' });
          return;
        }
        this.opens += 1;
        this.#listener = listener;
        listener.opened();
      });
      return {
        write: (bytes) => {
          if (this.#listener !== listener) return false;
          this.#carry(bytes, (arrived) => this.#received(arrived));
          return true;
        },
        close: () => {
          asked = true;
          if (this.#listener !== listener) return;
          this.#listener = null;
          this.#world.at(1, () => listener.ended({ reason: 'asked', detail: '' }));
        },
      };
    },
  };

  #carry(bytes: Uint8Array, arrive: (bytes: Uint8Array, listener: SerialListener) => void): void {
    const listener = this.#listener;
    const damaged = this.damage(bytes);
    if (listener === null || damaged === null) return;
    this.#world.at(LINE_DELAY_MS, () => {
      if (this.#listener === listener) arrive(damaged, listener);
    });
  }

  #received(bytes: Uint8Array): void {
    for (const output of this.#parser.push(bytes)) {
      if (output.kind === 'discard') {
        this.give({ type: 'noise' });
        continue;
      }
      const { type, tag, payload } = output.frame;
      const decoded = decodeHostMessage(type, payload);
      if (decoded.ok) this.give({ type: 'host', message: decoded.message, tag });
      else this.give({ type: 'refused', reason: decoded.reason, request: type, tag });
    }
  }
}
