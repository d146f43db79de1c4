/* Drives the pure link machine with a virtual clock: ticks exactly when the machine asks for them. */
import {
  initialLink,
  linkStateName,
  nextWakeMs,
  stepLink,
} from '@hailong/device-drivers/panel/link-machine.ts';
import type {
  LinkConfig,
  LinkEffect,
  LinkInput,
  LinkState,
} from '@hailong/device-drivers/panel/link-state.ts';
import type {
  PanelButton,
  PanelInfo,
  PanelMessage,
  PanelStatus,
} from '@hailong/device-drivers/panel/messages.ts';

export const INFO: PanelInfo = {
  name: 'info',
  minMajor: 1,
  maxMajor: 1,
  hwid: '53494d0000000001',
  firmware: [1, 0, 0],
  buttons: 5,
  leds: 5,
  caps: 3,
  boot: 0x9c4e0007,
  oldestUnacked: 0,
  queueLength: 0,
  queueCapacity: 32,
  resetCause: 1,
};

export const STATUS: PanelStatus = {
  name: 'status',
  boot: INFO.boot,
  uptimeMs: 100_000,
  armed: false,
  session: true,
  overflowed: false,
  down: 0,
  stuck: 0,
  queueLength: 0,
  overflow: 0,
  ignored: 0,
  rxErrors: 0,
  ticket: 0,
};

export const BUTTON: PanelButton = {
  name: 'button',
  boot: INFO.boot,
  seq: 1,
  button: 4,
  flags: 0,
  uptimeMs: 99_900,
  durationMs: 0xffff,
  ticket: 1001,
};

type Of<T extends LinkEffect['type']> = LinkEffect & { type: T };

export class LinkHarness {
  nowMs = 1_000_000;
  state: LinkState;
  effects: LinkEffect[] = [];

  constructor(config: Partial<LinkConfig> = {}) {
    this.state = initialLink({ expectedHwid: null, session: 7, panelConfig: [[0, 20]], ...config }, 12_345);
  }

  get name(): string {
    return linkStateName(this.state);
  }

  get conn(): number {
    return this.state.connections;
  }

  give(input: LinkInput): readonly LinkEffect[] {
    const step = stepLink(this.state, input, this.nowMs);
    this.state = step.state;
    this.effects.push(...step.effects);
    return step.effects;
  }

  /** Lets time pass; the machine is woken at each of its own deadlines. */
  advance(ms: number): void {
    const until = this.nowMs + ms;
    for (;;) {
      const wake = nextWakeMs(this.state);
      if (wake === null || wake > until) break;
      this.nowMs = Math.max(this.nowMs, wake);
      this.give({ type: 'tick' });
    }
    this.nowMs = until;
  }

  /** Everything since the last call. */
  take(): LinkEffect[] {
    const { effects } = this;
    this.effects = [];
    return effects;
  }

  all<T extends LinkEffect['type']>(type: T): Array<Of<T>> {
    return this.effects.filter((effect): effect is Of<T> => effect.type === type);
  }

  written(name?: string): Array<Of<'write'>> {
    return this.all('write').filter(({ message }) => name === undefined || message.name === name);
  }

  hear(message: PanelMessage, tag = 0, conn = this.conn): readonly LinkEffect[] {
    return this.give({ type: 'message', conn, tag, message });
  }

  lastTag(): number {
    return this.written().at(-1)?.tag ?? -1;
  }

  sync(): void {
    this.give({ type: 'start' });
    this.give({ type: 'opened', conn: this.conn });
  }

  /** Start, open, handshake, first STATUS, configuration; then forgets the effects. */
  ready(info: PanelInfo = INFO): void {
    this.sync();
    this.handshake(info);
  }

  handshake(info: PanelInfo = INFO): void {
    this.hear(info, this.written('hello').at(-1)?.tag);
    this.answerPing({ ...STATUS, boot: info.boot });
    while (this.name === 'syncing') this.answer();
    this.take();
  }

  /** RESULT ok for what is in flight. */
  answer(status = 0, detail = 0): readonly LinkEffect[] {
    const { phase } = this.state;
    if (phase.name !== 'ready' || phase.flight === null) throw new Error('nothing in flight');
    const request = { arm: 3, disarm: 4, led: 5, setConfig: 9 }[phase.flight.command.message.name as 'arm'];
    return this.hear({ name: 'result', request: request ?? 0, status, detail }, phase.flight.tag);
  }

  answerPing(status: PanelStatus = STATUS): readonly LinkEffect[] {
    const { phase } = this.state;
    if (phase.name !== 'ready' || phase.flight?.command.message.name !== 'ping')
      throw new Error('no ping in flight');
    return this.hear(status, phase.flight.tag);
  }

  end(conn = this.conn): readonly LinkEffect[] {
    return this.give({ type: 'ended', conn });
  }
}
