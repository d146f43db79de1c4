/**
 * Purpose: ties this machine's boot time to the hub's clock: asked at a welcome and hourly, signed by the hub,
 *   kept as an event of this chain.
 * Refuses: an answer to another question, a foreign signature, an answer that took longer than 10 s.
 * Document: shared/PROTOCOL.md, "Time anchors".
 */
import { ANCHOR_RTT_MAX_MS } from '@hailong/shared/edge/effective-time.ts';
import { signedAnchor } from '@hailong/shared/edge/hello.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { DeviceToHub, HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { Clock, DeviceIdentity, Ids, Reporter, Timers, VerifySignature } from './ports.ts';

const EVERY_MS = 3_600_000;
/**
 * A welcome asks only when the last anchor of this start is older: each is an event, and a line that carries one event
 * before it is cut would never get ahead of its own anchors. 100 ppm of ten minutes are 60 ms.
 */
const FRESH_MS = 600_000;

export interface AnchorParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly report: Reporter;
  readonly identity: DeviceIdentity;
  readonly hubKey: string;
  readonly verify: VerifySignature;
  readonly send: (message: DeviceToHub) => void;
  readonly append: (body: BodyOf<'time.anchor'>) => void;
}

export class TimeAnchors {
  readonly #parts: AnchorParts;
  #asked: { nonce: string; mono: number } | null = null;
  #cancel: () => void = () => {};
  /** When the last anchor was written, by mono; null: none since this start. */
  #anchoredMono: number | null = null;

  constructor(parts: AnchorParts) {
    this.#parts = parts;
  }

  online(online: boolean): void {
    this.#cancel();
    this.#asked = null;
    if (!online) return;
    const { clock, timers } = this.#parts;
    const age = this.#anchoredMono === null ? null : clock.stamp().mono - this.#anchoredMono;
    if (age === null || age >= FRESH_MS) this.#ask();
    else this.#cancel = timers.after(EVERY_MS - age, () => this.#ask());
  }

  answer({ nonce, hubAt, sig }: Extract<HubToDevice, { type: 'time.anchor' }>): void {
    const asked = this.#asked;
    if (asked?.nonce !== nonce) return;
    this.#asked = null;
    const { clock, verify, hubKey, identity, report, append } = this.#parts;
    const rttMs = Math.max(0, clock.stamp().mono - asked.mono);
    if (rttMs > ANCHOR_RTT_MAX_MS) return;
    if (!verify(hubKey, signedAnchor(identity.device, nonce, hubAt), sig)) {
      report.say('Mốc giờ của máy chủ có chữ ký sai.', 'The hub’s time anchor has a wrong signature.');
      return;
    }
    this.#anchoredMono = clock.stamp().mono;
    append({ type: 'time.anchor', hubAt, rttMs, nonce, sig });
  }

  #ask(): void {
    const { ids, clock, timers, send } = this.#parts;
    const nonce = ids.nonce();
    this.#asked = { nonce, mono: clock.stamp().mono };
    send({ type: 'anchor.request', nonce });
    this.#cancel = timers.after(EVERY_MS, () => this.#ask());
  }
}
