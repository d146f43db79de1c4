/**
 * Purpose: the simulated CPP/1 panel on a real pseudo-terminal, for tests, the demo and work without hardware.
 * Refuses: to behave when asked not to — see `Misbehaviour`; leaves no handle, process or file after stop().
 * Document: firmware-notes/panel-protocol.md, "The simulator".
 */
import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodeFrame } from '../panel/frame.ts';
import { decodeHostMessage, encodePanelMessage } from '../panel/message-codec.ts';
import { FrameParser, type ParserOutput } from '../panel/parser.ts';
import { newPanel, panelWakeMs, stepPanel } from './panel-simulator-machine.ts';
import {
  type PanelEffect,
  type PanelInput,
  type PanelState,
  RESET_CAUSE,
  type SimulatedPanelConfig,
} from './panel-simulator-state.ts';
import { openPty, type Pty } from './pty.ts';

/** Faults on request; counts go down as they happen, everything else stays until changed. */
export type Misbehaviour = {
  /** Host frames of type ACK that the panel will not hear. */
  dropAcks: number;
  /** Frames to the host that are lost. */
  dropFrames: number;
  /** Frames to the host with one bit turned over. */
  corruptFrames: number;
  /** Frames to the host that are sent twice. */
  duplicateFrames: number;
  /** Part of all bytes, both ways, that get one bit turned over; 0…1. */
  noise: number;
  /** The line hangs: the panel neither hears nor sends; it still counts presses, and the port stays. */
  frozen: boolean;
};

export type PanelSimulatorOptions = Partial<SimulatedPanelConfig> & {
  /** Where the port appears, as /dev/serial/by-id would name it; absent = a new folder under the system's temp. */
  readonly path?: string;
  /** For boot numbers, jitter and noise; absent = by chance. */
  readonly seed?: number;
};

export type PanelLamp = { readonly on: number; readonly blink: number; readonly inService: boolean };

export type PanelSimulatorStatus = {
  readonly plugged: boolean;
  readonly session: boolean;
  readonly boot: number;
  readonly armedTicket: number;
  /** Buttons that may answer now. */
  readonly armedMask: number;
  readonly queueLength: number;
  readonly overflow: number;
  readonly ignored: number;
  readonly rxErrors: number;
  readonly stuck: number;
};

export type PanelSimulator = {
  /** Stable name of the port; points at nothing while unplugged. */
  readonly path: string;
  readonly hwid: string;
  /** Resolves when the contact was opened again. */
  press(button: number, holdMs?: number): Promise<void>;
  contact(button: number, down: boolean): void;
  unplug(): Promise<void>;
  replug(): void;
  /** Restart of the microcontroller; RAM is lost, the journal (if configured) is not. */
  reboot(cause?: number): void;
  /** Cable with power: gone, then back with a restarted panel. */
  powerLoss(): Promise<void>;
  eraseEeprom(): void;
  /** Bytes that mean nothing, onto the line to the host. */
  garbage(bytes: Uint8Array): void;
  misbehave(faults: Partial<Misbehaviour>): void;
  lamp(): PanelLamp;
  status(): PanelSimulatorStatus;
  /** Called after each change that one could see on the panel; returns the unsubscribe. */
  onChange(listen: () => void): () => void;
  stop(): Promise<void>;
};

const DEFAULT_CONFIG: SimulatedPanelConfig = {
  hwid: '53494d0000000001',
  buttons: 5,
  leds: 5,
  minMajor: 1,
  maxMajor: 1,
  firmware: [1, 0, 0],
  journal: false,
  prompt: false,
  queueCapacity: 32,
};
const ACK_TYPE = 0x02;

export function startPanelSimulator(options: PanelSimulatorOptions = {}): PanelSimulator {
  return new SimulatedPanel(options);
}

class SimulatedPanel implements PanelSimulator {
  readonly path: string;
  readonly hwid: string;
  readonly #ownFolder: string | null;
  readonly #parser = new FrameParser('host-to-panel');
  readonly #listeners = new Set<() => void>();
  readonly #holds = new Set<() => void>();
  readonly #faults: Misbehaviour = {
    dropAcks: 0,
    dropFrames: 0,
    corruptFrames: 0,
    duplicateFrames: 0,
    noise: 0,
    frozen: false,
  };
  #panel: PanelState;
  #pty: Pty | null = null;
  #timer: NodeJS.Timeout | null = null;
  #random: number;
  #stopped = false;

  constructor(options: PanelSimulatorOptions) {
    const { path, seed = Math.floor(Math.random() * 2 ** 32), ...config } = options;
    this.#ownFolder = path === undefined ? mkdtempSync(join(tmpdir(), 'hailong-panel-')) : null;
    this.path = path ?? join(this.#ownFolder ?? '', 'panel-tty');
    this.#random = (seed ^ 0x5bd1e995) >>> 0 || 1;
    this.#panel = newPanel({ ...DEFAULT_CONFIG, ...config }, seed);
    this.hwid = this.#panel.config.hwid;
    this.#plug();
    this.#step({ type: 'restart', cause: RESET_CAUSE.powerOn });
  }

  press(button: number, holdMs = 80): Promise<void> {
    this.contact(button, true);
    return new Promise((resolve) => {
      const up = (): void => {
        clearTimeout(timer);
        this.#holds.delete(up);
        if (!this.#stopped) this.contact(button, false);
        resolve();
      };
      const timer = setTimeout(up, holdMs);
      this.#holds.add(up);
    });
  }

  contact(button: number, down: boolean): void {
    this.#step({ type: 'contact', button, down });
  }

  async unplug(): Promise<void> {
    const pty = this.#pty;
    this.#pty = null;
    rmSync(this.path, { force: true });
    this.#changed();
    await pty?.close();
  }

  replug(): void {
    if (this.#pty === null && !this.#stopped) this.#plug();
    this.#changed();
  }

  reboot(cause: number = RESET_CAUSE.external): void {
    this.#parser.reset();
    this.#step({ type: 'restart', cause });
  }

  async powerLoss(): Promise<void> {
    await this.unplug();
    this.reboot(RESET_CAUSE.powerOn);
    this.replug();
  }

  eraseEeprom(): void {
    this.#step({ type: 'eraseEeprom' });
  }

  garbage(bytes: Uint8Array): void {
    this.#pty?.write(bytes);
  }

  misbehave(faults: Partial<Misbehaviour>): void {
    Object.assign(this.#faults, faults);
    this.#step({ type: 'tick' });
  }

  lamp(): PanelLamp {
    const { lamp, session } = this.#panel;
    return { on: lamp.on, blink: lamp.blink, inService: session !== null };
  }

  status(): PanelSimulatorStatus {
    const { armed, boot, queue, overflow, ignored, rxErrors, session, keys } = this.#panel;
    return {
      plugged: this.#pty !== null,
      session: session !== null,
      boot,
      armedTicket: armed?.ticket ?? 0,
      armedMask: armed?.mask ?? 0,
      queueLength: queue.length,
      overflow,
      ignored,
      rxErrors,
      stuck: keys.reduce((sum, key, index) => sum | (key.stuck ? 1 << index : 0), 0),
    };
  }

  onChange(listen: () => void): () => void {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const up of [...this.#holds]) up();
    this.#listeners.clear();
    await this.unplug();
    if (this.#ownFolder !== null) rmSync(this.#ownFolder, { recursive: true, force: true });
  }

  #plug(): void {
    this.#parser.reset();
    const pty = openPty((bytes) => {
      if (this.#pty === pty) this.#received(bytes);
    });
    this.#pty = pty;
    // Appears whole, as a device name does: made aside, then renamed.
    const aside = join(dirname(this.path), `.${process.pid}-${this.#panel.config.hwid}`);
    rmSync(aside, { force: true });
    symlinkSync(pty.path, aside);
    renameSync(aside, this.path);
  }

  #received(bytes: Uint8Array): void {
    if (this.#faults.frozen) return;
    for (const output of this.#parser.push(this.#noisy(bytes))) this.#parsed(output);
  }

  #parsed(output: ParserOutput): void {
    if (output.kind === 'discard') {
      this.#step({ type: 'noise' });
      return;
    }
    const { type, tag, payload } = output.frame;
    if (type === ACK_TYPE && this.#faults.dropAcks > 0) {
      this.#faults.dropAcks -= 1;
      return;
    }
    const decoded = decodeHostMessage(type, payload);
    if (decoded.ok) this.#step({ type: 'host', message: decoded.message, tag });
    else this.#step({ type: 'refused', reason: decoded.reason, request: type, tag });
  }

  #step(input: PanelInput): void {
    const { state, effects } = stepPanel(this.#panel, input, performance.now());
    this.#panel = state;
    if (!this.#faults.frozen) for (const effect of effects) this.#send(effect);
    this.#changed();
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#stopped) return;
    const delayMs = Math.max(1, panelWakeMs(state) - performance.now());
    this.#timer = setTimeout(() => this.#step({ type: 'tick' }), delayMs);
  }

  #send(effect: PanelEffect): void {
    const { type, payload } = encodePanelMessage(effect.message);
    const { tag, retransmission } = effect;
    const frame = { direction: 'panel-to-host', retransmission, address: 0, type, tag, payload } as const;
    const wire = this.#noisy(encodeFrame(frame));
    const faults = this.#faults;
    if (faults.dropFrames > 0) {
      faults.dropFrames -= 1;
      return;
    }
    if (faults.corruptFrames > 0) {
      faults.corruptFrames -= 1;
      // Somewhere between the delimiters.
      const at = 1 + this.#below(wire.length - 2);
      wire[at] = wire[at]! ^ (1 << this.#below(8));
    }
    this.#pty?.write(wire);
    if (faults.duplicateFrames > 0) {
      faults.duplicateFrames -= 1;
      this.#pty?.write(wire);
    }
  }

  #noisy(bytes: Uint8Array): Uint8Array {
    if (this.#faults.noise === 0) return bytes;
    return bytes.map((byte) =>
      this.#below(1_000_000) < this.#faults.noise * 1_000_000 ? byte ^ (1 << this.#below(8)) : byte,
    );
  }

  #below(limit: number): number {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x >>> 0;
    return this.#random % limit;
  }

  #changed(): void {
    for (const listen of [...this.#listeners]) listen();
  }
}
