/**
 * Purpose: this device as a witness of the hub's log: it holds the last checkpoint that follows, provably, from the one
 *   before, and every batch it signs names it.
 * Refuses: a checkpoint that is smaller, does not follow, is not signed by the pinned hub key, or is of another log
 *   without the recovery key's statement. A refusal is an event (once per distinct offer) and an alarm; upload goes on.
 * Document: kiosk-app/DESIGN.md, "Witness"; shared/PROTOCOL.md, "Log".
 */
import type { Sha256 } from '@hailong/shared/edge/event.ts';
import {
  acceptCheckpoint,
  type Checkpoint,
  type Offer,
  type PinnedKeys,
} from '@hailong/shared/log/advance.ts';
import { fingerprint } from '@hailong/shared/log/checkpoint.ts';
import type { DeviceHealth } from '@hailong/shared/model/device-health.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { checkpoint as checkpointForm, type HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { Clock, Reporter, Settings, VerifySignature } from './ports.ts';
import { raiseAlarm } from './raise-alarm.ts';

/** Distinct offers remembered as refused; past it the oldest may be told again. */
const REFUSED_MAX = 100;

export interface CheckpointParts {
  readonly settings: Settings;
  readonly keys: PinnedKeys;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
  readonly report: Reporter;
  readonly clock: Clock;
  readonly append: (body: EventBody) => void;
}

export class CheckpointKeeper {
  readonly #parts: CheckpointParts;
  #held: Checkpoint | null;
  /** By the boot's clock, when one was last accepted, the same again too. */
  #heardMono: number | null = null;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    const held = checkpointForm.safeParse(parts.settings.read('checkpoint'));
    this.#held = held.success ? held.data : null;
  }

  get held(): Checkpoint | null {
    return this.#held;
  }

  health(): DeviceHealth['witness'] {
    const { clock, settings } = this.#parts;
    const refused = settings.read('checkpoints-refused');
    return {
      size: this.#held?.size ?? null,
      heardAgoMs:
        this.#heardMono === null ? null : Math.max(0, Math.round(clock.stamp().mono - this.#heardMono)),
      refusals: Array.isArray(refused) ? refused.length : 0,
    };
  }

  /** The one handed over at the enrolment: the operator compares it with the last printed one. */
  enrolled(checkpoint: Checkpoint | null | undefined): void {
    if (!checkpoint || this.#held !== null) return;
    this.#offer({ checkpoint });
    const { sha256, report } = this.#parts;
    const digits = this.#held && fingerprint(sha256, this.#held);
    if (digits !== null)
      report.say(
        `Nhật ký của máy chủ khi ghi danh: ${digits}. So với bản in gần nhất.`,
        `The hub’s log at the enrolment: ${digits}. Compare it with the last print.`,
      );
  }

  welcomed(welcome: Extract<HubToDevice, { type: 'welcome' }>): void {
    const { checkpoint, consistency, successions } = welcome;
    if (checkpoint) this.#offer({ checkpoint, consistency, successions });
  }

  /** A proof from another size than the one held proves nothing here; the next welcome brings one that does. */
  grown({ checkpoint, from, consistency }: Extract<HubToDevice, { type: 'log.checkpoint' }>): void {
    const held = this.#held;
    if (held && held.origin === checkpoint.origin && held.size !== from) return;
    this.#offer({ checkpoint, consistency });
  }

  #offer(offer: Offer): void {
    const { settings, keys, verify, sha256, report } = this.#parts;
    const advance = acceptCheckpoint(this.#held, offer, keys, verify, sha256);
    if (advance.kind === 'refused') {
      this.#refuse(offer.checkpoint, advance.reason);
      return;
    }
    this.#heardMono = this.#parts.clock.stamp().mono;
    const { origin, size } = advance.checkpoint;
    if (this.#held?.origin === origin && this.#held.size === size) return;
    // Not kept, not witnessed: after a restart it would be forgotten.
    if (settings.write('checkpoint', advance.checkpoint)) this.#held = advance.checkpoint;
    for (const { by } of advance.successions)
      report.say(
        `Nhật ký mới của máy chủ theo quyết định của ${by.join(', ')}.`,
        `A new log of the hub, by decision of ${by.join(', ')}.`,
      );
  }

  #refuse(offered: Checkpoint, reason: 'smaller' | 'inconsistent' | 'bad-signature' | 'other-origin'): void {
    const { settings, append } = this.#parts;
    const head = ({ origin, size, root }: Checkpoint) => ({ origin, size, root });
    const key = `${reason} ${offered.origin} ${offered.size} ${offered.root}`;
    const kept = settings.read('checkpoints-refused');
    const told: readonly unknown[] = Array.isArray(kept) ? kept : [];
    if (told.includes(key)) return;
    const held = this.#held ? head(this.#held) : null;
    append({ type: 'checkpoint.refused', offered: head(offered), held, reason });
    // On a full disk neither is kept, and the next offer says it again.
    settings.write('checkpoints-refused', [...told, key].slice(-REFUSED_MAX));
    raiseAlarm(this.#parts, 'kiosk.checkpoint_refused', key);
  }
}
