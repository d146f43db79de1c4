/**
 * Purpose: the CPP/1 panel as a PanelDriver: runs the link machine on a serial line with real time.
 * Refuses: decisions of its own — every one is the machine's; here bytes go in and effects go out.
 * Document: firmware-notes/panel-protocol.md, "The driver".
 */
import { randomBytes } from 'node:crypto';
import { Emitter } from '../emitter.ts';
import { encodeFrame } from '../frame.ts';
import { isByte, isU32, LineShell } from '../line-shell.ts';
import { initialLink, linkStateName, nextWakeMs, stepLink } from '../link-machine.ts';
import type { CommandReply, LinkEffect, LinkInput, LinkState } from '../link-state.ts';
import { decodePanelMessage, encodeHostMessage } from '../message-codec.ts';
import { CONFIG_KEY, type HostMessage } from '../messages.ts';
import { systemPanelClock } from '../panel-clock.ts';
import type {
  PanelArm,
  PanelCapabilities,
  PanelCommandResult,
  PanelDriver,
  PanelEvents,
  PanelIdentity,
  PanelLed,
  PanelLinkState,
  PanelSelfTest,
} from '../panel-driver.ts';
import { FrameParser, type ParserOutput } from '../parser.ts';
import type { PanelClock, SerialTransport } from '../ports.ts';
import { serialportTransport } from '../serialport-transport.ts';

/** Times of the panel's keys, milliseconds unless the name says otherwise; pushed after every handshake. */
export type Cpp1Keys = {
  readonly pressDebounceMs: number;
  readonly releaseDebounceMs: number;
  readonly lockoutMs: number;
  readonly stuckAfterS: number;
};

export type Cpp1Options = {
  readonly transport: SerialTransport;
  readonly clock?: PanelClock;
  /** Only this panel may serve (16 hexadecimal digits); absent = the first one that answers. */
  readonly expectedHwid?: string | null;
  readonly keys?: Partial<Cpp1Keys>;
};

const DEFAULT_KEYS: Cpp1Keys = {
  pressDebounceMs: 20,
  releaseDebounceMs: 30,
  lockoutMs: 250,
  stuckAfterS: 15,
};
const RANGE = { ok: false, code: 'range' } as const;

/** A CPP/1 panel behind a serial port, e.g. `/dev/serial/by-id/usb-…`. */
export function openCpp1Panel(path: string, options: Omit<Cpp1Options, 'transport'> = {}): PanelDriver {
  return createCpp1Panel({ ...options, transport: serialportTransport(path) });
}

export function createCpp1Panel(options: Cpp1Options): PanelDriver {
  return new Cpp1Panel(options);
}

class Cpp1Panel implements PanelDriver {
  readonly #shell: LineShell<PanelLinkState>;
  readonly #clock: PanelClock;
  readonly #events = new Emitter<PanelEvents>();
  readonly #parser = new FrameParser('panel-to-host');
  readonly #replies = new Map<number, (reply: CommandReply) => void>();
  #link: LinkState;
  #wrote = false;

  constructor(options: Cpp1Options) {
    this.#clock = options.clock ?? systemPanelClock;
    this.#shell = new LineShell<PanelLinkState>({
      ...{ transport: options.transport, clock: this.#clock, state: 'stopped' },
      dispatch: (input) => this.#dispatch(input),
      received: (conn, bytes) => {
        for (const output of this.#parser.push(bytes)) this.#parsed(conn, output);
      },
      told: (state) => this.#events.emit('state', { state, identity: this.identity }),
    });
    const keys = { ...DEFAULT_KEYS, ...options.keys };
    const seed = randomBytes(8);
    const config = {
      expectedHwid: options.expectedHwid ?? null,
      session: seed.readUInt32LE(0),
      panelConfig: [
        [CONFIG_KEY.pressDebounceMs, keys.pressDebounceMs],
        [CONFIG_KEY.releaseDebounceMs, keys.releaseDebounceMs],
        [CONFIG_KEY.lockoutMs, keys.lockoutMs],
        [CONFIG_KEY.stuckAfterS, keys.stuckAfterS],
      ] as const,
    };
    this.#link = initialLink(config, seed.readUInt32LE(4));
  }

  get capabilities(): PanelCapabilities {
    const { phase } = this.#link;
    const caps = phase.name === 'ready' ? phase.info.caps : 0;
    return {
      delivery: 'exactly-once',
      arm: 'device',
      led: (caps & 1) !== 0,
      prompt: (caps & 4) !== 0,
      selfTest: true,
      stuckKey: 'device',
      presence: 'heartbeat',
    };
  }

  get state(): PanelLinkState {
    return linkStateName(this.#link);
  }

  get identity(): PanelIdentity | null {
    return this.#link.identity;
  }

  on<K extends keyof PanelEvents>(event: K, listen: (value: PanelEvents[K]) => void): () => void {
    return this.#events.on(event, listen);
  }

  start(): void {
    this.#dispatch({ type: 'start' });
  }

  stop(): Promise<void> {
    const stopped = this.#shell.untilStopped();
    this.#dispatch({ type: 'stop' });
    return stopped;
  }

  async arm(arm: PanelArm): Promise<PanelCommandResult> {
    const timeoutS = Math.ceil(arm.timeoutMs / 1000);
    if (!isU32(arm.askTicket) || arm.askTicket === 0 || !isByte(arm.mask)) return RANGE;
    if (!(timeoutS >= 1 && timeoutS <= 0xffff)) return RANGE;
    const { askTicket: ticket, mask, singleShot } = arm;
    return plain(await this.#command({ name: 'arm', ticket, mask, singleShot, timeoutS }));
  }

  async disarm(askTicket: number): Promise<PanelCommandResult> {
    if (!isU32(askTicket)) return RANGE;
    return plain(await this.#command({ name: 'disarm', ticket: askTicket }));
  }

  async led(led: PanelLed): Promise<PanelCommandResult> {
    const ttlTenths = Math.ceil(led.ttlMs / 100);
    if (!isByte(led.on) || !isByte(led.blink) || !isByte(ttlTenths)) return RANGE;
    return plain(await this.#command({ name: 'led', on: led.on, blink: led.blink, ttlTenths }));
  }

  async prompt(prompt: { readonly sound: number; readonly volume: number }): Promise<PanelCommandResult> {
    if (!isByte(prompt.sound) || !isByte(prompt.volume)) return RANGE;
    return plain(await this.#command({ name: 'prompt', sound: prompt.sound, volume: prompt.volume }));
  }

  async selfTest(): Promise<PanelSelfTest> {
    const reply = await this.#command({ name: 'selfTest', mask: null });
    if (!reply.ok)
      return { ok: false, code: reply.code === 'range' || reply.code === 'state' ? 'rejected' : reply.code };
    if (!('test' in reply)) return { ok: false, code: 'rejected' };
    const { result, buttonsDown, stuck } = reply.test;
    return { ok: true, result, buttonsDown, stuck };
  }

  acknowledge(press: { readonly boot: number; readonly seq: number }): boolean {
    this.#wrote = false;
    this.#dispatch({ type: 'acknowledge', boot: press.boot, seq: press.seq });
    return this.#wrote;
  }

  drain(): Promise<{ readonly drained: boolean }> {
    const id = this.#shell.nextId();
    const drained = this.#shell.untilDrained(id);
    this.#dispatch({ type: 'drain', id });
    return drained;
  }

  #command(message: HostMessage): Promise<CommandReply> {
    return new Promise((resolve) => {
      const id = this.#shell.nextId();
      this.#replies.set(id, resolve);
      this.#dispatch({ type: 'command', id, message });
    });
  }

  /** The state is set before effects run, so a listener may call back into the driver. */
  #dispatch(input: LinkInput): void {
    const step = stepLink(this.#link, input, this.#clock.nowMs());
    this.#link = step.state;
    for (const effect of step.effects) this.#perform(effect);
    this.#shell.tell(this.state);
    const { name } = this.#link.phase;
    this.#shell.schedule(nextWakeMs(this.#link), name === 'backoff' || name === 'refused');
  }

  #perform(effect: LinkEffect): void {
    switch (effect.type) {
      case 'connect':
        this.#parser.reset();
        this.#shell.connect(effect.conn);
        return;
      case 'close':
        this.#shell.close(effect.conn);
        return;
      case 'write':
        this.#write(effect);
        return;
      case 'ready':
        this.#shell.tell(this.state);
        this.#events.emit('ready', effect.identity);
        return;
      case 'press':
        this.#events.emit('press', effect.press);
        return;
      case 'release':
        this.#events.emit('release', effect.release);
        return;
      case 'fault':
        this.#events.emit('fault', effect.fault);
        return;
      case 'discard':
        this.#events.emit('discard', effect.discard);
        return;
      case 'commandDone': {
        const resolve = this.#replies.get(effect.id);
        this.#replies.delete(effect.id);
        resolve?.(effect.reply);
        return;
      }
      case 'drainDone':
        this.#shell.drained(effect.id, effect.drained);
        return;
      case 'stopped':
        this.#shell.stopped();
        return;
    }
  }

  #write(effect: LinkEffect & { type: 'write' }): void {
    const { tag, retransmission } = effect;
    const { type, payload } = encodeHostMessage(effect.message);
    const frame = { direction: 'host-to-panel', retransmission, address: 0, type, tag, payload } as const;
    const wrote = this.#shell.write(encodeFrame(frame), effect.conn);
    if (effect.message.name === 'ack') this.#wrote = wrote;
  }

  #parsed(conn: number, output: ParserOutput): void {
    if (output.kind === 'discard') {
      this.#events.emit('discard', { reason: output.reason, bytes: output.bytes });
      return;
    }
    const { frame } = output;
    const decoded = decodePanelMessage(frame.type, frame.payload);
    if (decoded.ok) this.#dispatch({ type: 'message', conn, tag: frame.tag, message: decoded.message });
    else this.#events.emit('discard', { reason: decoded.reason, bytes: frame.payload.length });
  }
}

function plain(reply: CommandReply): PanelCommandResult {
  return 'test' in reply ? { ok: false, code: 'rejected' } : reply;
}
