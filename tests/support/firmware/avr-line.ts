/* The emulated panel with a line of its own and no driver: messages in, messages out, for tests of the firmware alone. */
import { encodeFrame } from '@hailong/device-drivers/panel/frame.ts';
import { decodePanelMessage, encodeHostMessage } from '@hailong/device-drivers/panel/message-codec.ts';
import type { HostMessage, PanelMessage } from '@hailong/device-drivers/panel/messages.ts';
import { FrameParser } from '@hailong/device-drivers/panel/parser.ts';
import { AvrMachine, type Chance } from './avr-machine.ts';

export type Heard = {
  readonly atMs: number;
  readonly tag: number;
  readonly retransmission: boolean;
  readonly message: PanelMessage;
  readonly wire: string;
};

export class AvrLine {
  readonly machine: AvrMachine;
  readonly heard: Heard[] = [];
  /** Frames that did not parse; the firmware never sends one. */
  damaged = 0;
  readonly #parser = new FrameParser('panel-to-host');
  #wire: number[] = [];
  #tag = 0;

  constructor(program: Uint16Array, chance: Chance) {
    this.machine = new AvrMachine(program, chance);
    this.machine.onByte = (byte) => this.#take(byte);
  }

  /** A half sent frame of before means nothing after a start. */
  restart(cut: () => void): void {
    cut();
    this.#parser.reset();
    this.#wire = [];
  }

  write(bytes: Uint8Array): void {
    this.machine.receive(bytes);
  }

  tell(message: HostMessage, tag = 0): void {
    this.write(
      encodeFrame({
        direction: 'host-to-panel',
        retransmission: false,
        address: 0,
        tag,
        ...encodeHostMessage(message),
      }),
    );
  }

  /** Sends and runs until the answer with its tag, at most 100 ms. */
  ask(message: HostMessage): PanelMessage {
    this.#tag = (this.#tag % 255) + 1;
    const tag = this.#tag;
    const from = this.heard.length;
    this.tell(message, tag);
    for (let waited = 0; waited < 100; waited += 1) {
      this.machine.runMs(1);
      const answer = this.heard.slice(from).find((one) => one.tag === tag);
      if (answer !== undefined) return answer.message;
    }
    throw new Error(`no answer to ${message.name} within 100 ms`);
  }

  hello(): PanelMessage & { name: 'info' } {
    const info = this.ask({ name: 'hello', minMajor: 1, maxMajor: 1, session: 7 });
    if (info.name !== 'info') throw new Error(`HELLO was answered by ${info.name}`);
    return info;
  }

  status(): PanelMessage & { name: 'status' } {
    const status = this.ask({ name: 'ping' });
    if (status.name !== 'status') throw new Error(`PING was answered by ${status.name}`);
    return status;
  }

  arm(
    ticket: number,
    options: { mask?: number; singleShot?: boolean; timeoutS?: number } = {},
  ): PanelMessage {
    const { mask = 31, singleShot = false, timeoutS = 60 } = options;
    return this.ask({ name: 'arm', ticket, mask, singleShot, timeoutS });
  }

  /** Runs with a heartbeat each second, so that the session lasts. */
  runMs(ms: number): void {
    for (let left = ms; left > 0; left -= 1_000) {
      this.machine.runMs(Math.min(left, 1_000));
      if (left > 1_000) this.tell({ name: 'ping' }, 255);
    }
  }

  of<N extends PanelMessage['name']>(name: N): Array<Heard & { message: PanelMessage & { name: N } }> {
    return this.heard.filter(
      (one): one is Heard & { message: PanelMessage & { name: N } } => one.message.name === name,
    );
  }

  /** Distinct presses, in the order in which they were first sent. */
  presses(): Array<PanelMessage & { name: 'button' }> {
    const seen = new Map(this.of('button').map(({ message }) => [`${message.boot}/${message.seq}`, message]));
    return [...seen.values()];
  }

  #take(byte: number): void {
    this.#wire.push(byte);
    for (const output of this.#parser.push(Uint8Array.of(byte))) {
      const decoded =
        output.kind === 'frame' ? decodePanelMessage(output.frame.type, output.frame.payload) : null;
      if (output.kind !== 'frame' || decoded === null || !decoded.ok) {
        this.damaged += 1;
        continue;
      }
      const { tag, retransmission } = output.frame;
      const wire = this.#wire.map((one) => one.toString(16).padStart(2, '0')).join(' ');
      this.heard.push({ atMs: this.machine.nowMs, tag, retransmission, message: decoded.message, wire });
    }
    if (byte === 0 && this.#wire.length > 1) this.#wire = [];
  }
}
