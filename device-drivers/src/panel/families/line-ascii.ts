/**
 * Purpose: a line-ASCII box as a PanelDriver: runs the line machine on a serial line with real time. The host does what the
 *          box cannot: gates by ticket, drops bounce, notices stuck buttons.
 * Refuses: to promise what it cannot keep: delivery is at most once, since the box forgets what it said.
 * Document: firmware-notes/families.md, "line-ascii".
 */
import { createHash, randomBytes } from 'node:crypto';
import type { LineAsciiConfig } from '@hailong/shared/model/panel-config.ts';
import { Emitter } from '../emitter.ts';
import type { LinePress } from '../line/line-keys.ts';
import { initialLine, lineSetup, lineStateName, lineWakeMs, stepLine } from '../line/line-machine.ts';
import { LineParser } from '../line/line-parser.ts';
import type { LineEffect, LineInput, LineState } from '../line/line-state.ts';
import { isByte, isU32, LineShell } from '../line-shell.ts';
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
  PanelPress,
  PanelSelfTest,
} from '../panel-driver.ts';
import type { PanelClock, SerialTransport } from '../ports.ts';

export type LineAsciiOptions = { readonly transport: SerialTransport; readonly clock?: PanelClock };

const AWAY = { ok: false, code: 'away' } as const;
const RANGE = { ok: false, code: 'range' } as const;
const UNSUPPORTED = { ok: false, code: 'unsupported' } as const;
const DONE = { ok: true, detail: 0 } as const;

export function openLineAsciiPanel(config: LineAsciiConfig, options: LineAsciiOptions): PanelDriver {
  return new LineAsciiPanel(config, options);
}

class LineAsciiPanel implements PanelDriver {
  readonly capabilities: PanelCapabilities;
  readonly identity: PanelIdentity;
  readonly #shell: LineShell<PanelLinkState>;
  readonly #clock: PanelClock;
  readonly #events = new Emitter<PanelEvents>();
  readonly #parser: LineParser;
  readonly #startedMs: number;
  readonly #toldOnce = new Set<number>();
  #line: LineState;

  constructor(config: LineAsciiConfig, options: LineAsciiOptions) {
    const setup = lineSetup(config);
    this.#clock = options.clock ?? systemPanelClock;
    this.#startedMs = this.#clock.nowMs();
    this.#parser = new LineParser(setup.terminator);
    this.#shell = new LineShell<PanelLinkState>({
      ...{ transport: options.transport, clock: this.#clock, state: 'stopped' },
      dispatch: (input) => this.#dispatch(input),
      opened: () => this.#parser.reset(this.#clock.nowMs()),
      received: (conn, bytes) => this.#received(conn, bytes),
      told: (state) => this.#events.emit('state', { state, identity: this.identity }),
    });
    const seed = randomBytes(8);
    this.#line = initialLine(setup, seed.readUInt32LE(0));
    this.capabilities = {
      ...{ delivery: 'at-most-once', arm: 'host', led: setup.led !== null, prompt: false, selfTest: false },
      stuckKey: 'host',
      presence: setup.keepAlive ? 'heartbeat' : setup.poll?.idle ? 'poll' : 'none',
    };
    // The box says nothing about itself: it is known by the name of its port, and this run by a random boot number.
    this.identity = {
      hwid: createHash('sha256').update(`line-ascii\n${config.path}`).digest('hex').slice(0, 16),
      boot: seed.readUInt32LE(4),
      firmware: '',
      buttons: config.buttons.length,
      leds: setup.led === null ? 0 : config.buttons.length,
      journal: false,
    };
  }

  get state(): PanelLinkState {
    return lineStateName(this.#line);
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
    if (!isU32(arm.askTicket) || arm.askTicket === 0 || !isByte(arm.mask)) return RANGE;
    if (!(arm.timeoutMs >= 1 && arm.timeoutMs <= 65_535_000)) return RANGE;
    if (this.state !== 'ready') return AWAY;
    this.#dispatch({ type: 'arm', arm });
    return DONE;
  }

  async disarm(askTicket: number): Promise<PanelCommandResult> {
    if (!isU32(askTicket)) return RANGE;
    const { armed } = this.#line.keys;
    this.#dispatch({ type: 'disarm', askTicket });
    if (askTicket !== 0 && armed !== null && armed.askTicket !== askTicket)
      return { ok: false, code: 'state' };
    // The gate is on this side of the line: it is shut whether the box is there or not.
    return DONE;
  }

  async led(led: PanelLed): Promise<PanelCommandResult> {
    if (!isByte(led.on) || !isByte(led.blink)) return RANGE;
    const strings = this.#line.setup.led;
    if (strings === null) return UNSUPPORTED;
    if (this.state !== 'ready') return AWAY;
    const sent = this.#shell.write(led.on === 0 && led.blink === 0 ? strings.off : strings.on);
    return sent ? DONE : AWAY;
  }

  async prompt(): Promise<PanelCommandResult> {
    return UNSUPPORTED;
  }

  async selfTest(): Promise<PanelSelfTest> {
    return UNSUPPORTED;
  }

  acknowledge({ boot, seq }: { readonly boot: number; readonly seq: number }): boolean {
    if (boot !== this.identity.boot) return false;
    const waits = this.#line.keys.queue.some((press) => press.seq === seq);
    this.#toldOnce.delete(seq);
    this.#dispatch({ type: 'acknowledge', seq });
    return waits;
  }

  async drain(): Promise<{ readonly drained: boolean }> {
    if (this.state === 'stopped') return { drained: false };
    const id = this.#shell.nextId();
    const drained = this.#shell.untilDrained(id);
    this.#dispatch({ type: 'drain', id });
    return drained;
  }

  /** The state is set before effects run, so a listener may call back into the driver. */
  #dispatch(input: LineInput): void {
    const step = stepLine(this.#line, input, this.#clock.nowMs());
    this.#line = step.state;
    for (const effect of step.effects) this.#perform(effect);
    this.#shell.tell(this.state);
    this.#shell.schedule(lineWakeMs(this.#line), this.#line.phase.name === 'backoff');
  }

  #perform(effect: LineEffect): void {
    switch (effect.type) {
      case 'connect':
        this.#shell.connect(effect.conn);
        return;
      case 'close':
        this.#shell.close(effect.conn);
        return;
      case 'write':
        this.#shell.write(effect.bytes, effect.conn);
        return;
      case 'ready':
        this.#shell.tell(this.state);
        this.#events.emit('ready', this.identity);
        return;
      case 'tell':
        this.#events.emit('press', this.#pressOf(effect.press));
        return;
      case 'fault':
        this.#events.emit('fault', effect.fault);
        return;
      case 'unknown':
        this.#events.emit('discard', { reason: 'unknown-type', bytes: effect.bytes });
        return;
      case 'drainDone':
        this.#shell.drained(effect.id, effect.drained);
        return;
      case 'stopped':
        this.#shell.stopped();
        return;
    }
  }

  #pressOf({ seq, askTicket, button, atMs, chord, overflowBefore, toldMs }: LinePress): PanelPress {
    const { hwid, boot } = this.identity;
    const repeat = this.#toldOnce.has(seq);
    this.#toldOnce.add(seq);
    return {
      ...{ hwid, boot, seq, askTicket, button, repeat, durationMs: null, flags: { overflowBefore, chord } },
      uptimeMs: Math.floor(atMs - this.#startedMs) >>> 0,
      ...{ pressedAtMonoMs: atMs, receivedAtMonoMs: toldMs ?? atMs },
    };
  }

  #received(conn: number, bytes: Uint8Array): void {
    this.#dispatch({ type: 'heard', conn, bytes });
    for (const message of this.#parser.push(bytes, this.#clock.nowMs())) {
      if (message.kind === 'message') this.#dispatch({ type: 'message', conn, bytes: message.bytes });
      else this.#events.emit('discard', { reason: message.reason, bytes: message.bytes });
    }
  }
}
