/*
 * Purpose: the bad bytes of the fuzz, a piece at a time.
 * Refuses: a whole BUTTON frame with the open ticket; that would be a press, and only the bench makes presses.
 */
import { encodeFrame } from '@hailong/device-drivers/panel/frame.ts';
import { encodeHostMessage } from '@hailong/device-drivers/panel/message-codec.ts';
import type { Chance } from '../support/firmware/avr-machine.ts';
import {
  buttonFrame,
  infoFrame,
  panelFrame,
  resultFrame,
  type SentPress,
  statusFrame,
} from './panel-frames.ts';

/** What the panel on the line is like now. */
export type PanelPast = { readonly boot: number; uptimeMs: number; ticket: number; oldTicket: number };

/** Bytes in which nothing ends. */
const ENDLESS_MAX = 5_000;
const NOISE_MAX = 80;

export class MakeTrouble {
  readonly #chance: Chance;
  readonly #past: PanelPast;
  readonly #sent: (frame: Uint8Array) => Uint8Array;

  /** `sent` learns each frame that goes out whole. */
  constructor(chance: Chance, past: PanelPast, sent: (frame: Uint8Array) => Uint8Array) {
    this.#chance = chance;
    this.#past = past;
    this.#sent = sent;
  }

  next(): Uint8Array {
    const dice = this.#chance();
    if (dice < 0.2) return this.#bytes(this.#below(NOISE_MAX), 0);
    if (dice < 0.5) return this.#damaged();
    if (dice < 0.6) return this.#echo();
    if (dice < 0.7) return this.#sent(this.#foreignAddress());
    if (dice < 0.8) return this.#sent(this.#foreignPress());
    if (dice < 0.985) return this.#sent(this.#unasked());
    if (dice < 0.997) return this.#sent(this.#otherBoot());
    return this.#bytes(this.#below(ENDLESS_MAX), 1);
  }

  #below(limit: number): number {
    return Math.floor(this.#chance() * limit);
  }

  #bytes(length: number, least: number): Uint8Array {
    return Uint8Array.from({ length }, () => least + this.#below(256 - least));
  }

  /** Any frame a panel might send, the present press among them. */
  #anyFrame(): Uint8Array {
    const { boot, uptimeMs, ticket } = this.#past;
    const any = { boot, seq: 1 + this.#below(0xffff), button: this.#below(5), uptimeMs, ticket };
    const frames = [
      () => buttonFrame(any, this.#chance() < 0.5),
      () => infoFrame(boot, this.#below(256)),
      () => statusFrame(boot, this.#below(256), uptimeMs, this.#below(2), ticket),
      () => resultFrame(this.#below(16), this.#below(256), this.#below(33)),
    ];
    return frames[this.#below(frames.length)]!();
  }

  /** Flipped bits, bytes lost, doubled or put in, an end missing, two halves of two frames. */
  #damaged(): Uint8Array {
    const frame = this.#anyFrame();
    const at = 1 + this.#below(frame.length - 2);
    switch (this.#below(6)) {
      case 0:
      case 1: {
        const hurt = frame.slice();
        for (let flips = 1 + this.#below(8); flips > 0; flips -= 1) {
          const where = 1 + this.#below(frame.length - 2);
          hurt[where]! ^= 1 << this.#below(8);
        }
        // Two flips may have met on one bit; what is whole again is not damage.
        if (hurt.every((byte, index) => byte === frame[index])) hurt[at]! ^= 1;
        return hurt;
      }
      case 2:
        return Uint8Array.from([...frame.slice(0, at), ...frame.slice(at + 1)]);
      case 3: {
        // Behind the first byte: a zero at either end would leave the frame whole.
        const inside = 2 + this.#below(frame.length - 3);
        return Uint8Array.from([...frame.slice(0, inside), this.#below(256), ...frame.slice(inside)]);
      }
      case 4:
        return frame.slice(0, at);
      default: {
        const other = this.#anyFrame();
        const both = Uint8Array.from([
          ...frame.slice(0, at),
          ...other.slice(1 + this.#below(other.length - 2)),
        ]);
        // Two of a kind may fit together again.
        return [frame, other].some((whole) => whole.join() === both.join()) ? both.slice(0, -2) : both;
      }
    }
  }

  /** The host's own frames come back, as on a bus. */
  #echo(): Uint8Array {
    const { boot, ticket } = this.#past;
    const message = (
      [
        { name: 'ack', boot, seq: this.#below(0x10000) },
        { name: 'ping' },
        { name: 'arm', ticket, mask: 31, singleShot: true, timeoutS: 60 },
      ] as const
    )[this.#below(3)]!;
    return encodeFrame({
      direction: 'host-to-panel',
      retransmission: false,
      address: 0,
      tag: this.#below(256),
      ...encodeHostMessage(message),
    });
  }

  #foreignAddress(): Uint8Array {
    const { boot, uptimeMs, ticket } = this.#past;
    const type = 0x82;
    const whole = encodePress({
      boot,
      seq: 1 + this.#below(0xffff),
      button: this.#below(5),
      uptimeMs,
      ticket,
    });
    return encodeFrame({
      direction: 'panel-to-host',
      retransmission: false,
      address: 1 + this.#below(247),
      type,
      tag: 0,
      payload: whole,
    });
  }

  /** Whole, but of another boot, of an old ticket, or of none. */
  #foreignPress(): Uint8Array {
    const { boot, uptimeMs, ticket, oldTicket } = this.#past;
    const strange = 1 + this.#below(0xffff_ffff);
    const press = {
      boot: this.#chance() < 0.5 ? boot : this.#below(2 ** 32),
      seq: 1 + this.#below(0xffff),
      button: this.#below(8),
      uptimeMs: this.#chance() < 0.5 ? uptimeMs : this.#below(2 ** 32),
      ticket: [0, oldTicket, strange][this.#below(3)]!,
    };
    return buttonFrame({ ...press, ticket: press.ticket === ticket ? 0 : press.ticket });
  }

  /** Answers nobody asked for, with any tag; messages that are best effort. */
  #unasked(): Uint8Array {
    const { boot, uptimeMs, ticket } = this.#past;
    const tag = this.#below(256);
    const frames = [
      () => resultFrame(this.#below(20), tag, this.#below(0x10000)),
      () => statusFrame(boot, tag, uptimeMs, this.#below(33), ticket),
      () => infoFrame(boot, tag),
      () => panelFrame({ name: 'test', result: 0, buttonsDown: 0, stuck: 0, freeRam: 600 }, tag),
      () => panelFrame({ name: 'fault', boot, uptimeMs, code: this.#below(256), button: 0, detail: 0 }, tag),
      () =>
        panelFrame({ name: 'release', boot, seq: 1 + this.#below(0xffff), button: 0, durationMs: 90 }, tag),
    ];
    return frames[this.#below(frames.length)]!();
  }

  /** As if the panel had restarted: the host begins again. */
  #otherBoot(): Uint8Array {
    const boot = this.#below(2 ** 32);
    return this.#chance() < 0.5 ? infoFrame(boot, 0) : statusFrame(boot, 0, 0, 0, 0);
  }
}

function encodePress(press: SentPress): Uint8Array {
  const payload = new Uint8Array(18);
  const view = new DataView(payload.buffer);
  view.setUint32(0, press.boot, true);
  view.setUint16(4, press.seq, true);
  view.setUint8(6, press.button);
  view.setUint32(8, press.uptimeMs, true);
  view.setUint16(12, 0xffff, true);
  view.setUint32(14, press.ticket, true);
  return payload;
}
