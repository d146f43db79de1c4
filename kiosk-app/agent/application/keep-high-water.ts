/**
 * Purpose: keeps the high-water file behind the chain: after the thanks, at most 1 s or 16 events later, and always
 *   before events are uploaded. At the start it tells what the file knew and the database does not hold any more.
 * Refuses: to hold up a thanks or the upload when the file cannot be written; it only reports.
 * Document: kiosk-app/DESIGN.md, "High-water file".
 */
import { toHex } from '@hailong/shared/edge/event.ts';
import type { EpochId } from '@hailong/shared/ids.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { Clock, Committed, HighWater, HighWaterMark, Outbox, Reporter, Timers } from './ports.ts';
import { raiseAlarm } from './raise-alarm.ts';

const BEHIND_MS = 1_000;
const BEHIND_EVENTS = 16;

export interface HighWaterParts {
  readonly file: HighWater;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly report: Reporter;
}

export class HighWaterKeeper {
  readonly #parts: HighWaterParts;
  #latest: HighWaterMark | null = null;
  #written: HighWaterMark | null = null;
  #behind = 0;
  #writing = false;
  #failed = false;
  #cancel: (() => void) | null = null;
  #waiting: { epoch: EpochId; seq: number; then: () => void }[] = [];

  constructor(parts: HighWaterParts) {
    this.#parts = parts;
  }

  /** Called after what followed from the commit was told. */
  committed({ appended }: Committed): void {
    const last = appended.at(-1);
    if (!last) return;
    this.#latest = { epoch: last.epoch, seq: last.seq, hash: last.hash };
    this.#behind += appended.length;
    if (this.#behind >= BEHIND_EVENTS) this.#write();
    else this.#cancel ??= this.#parts.timers.after(BEHIND_MS, () => this.#write());
  }

  /**
   * Runs `then` when the file knows of the epoch's event `seq`. An older epoch is covered by any mark of the present
   * one, whose first event names its parent.
   */
  before(epoch: EpochId, seq: number, then: () => void): void {
    if (this.#covers(epoch, seq)) {
      then();
      return;
    }
    this.#waiting.push({ epoch, seq, then });
    this.#write();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#waiting = [];
  }

  #covers(epoch: EpochId, seq: number): boolean {
    const { epoch: present } = this.#latest ?? {};
    if (!present) return true;
    if (this.#written?.epoch !== present) return false;
    return epoch !== present || this.#written.seq >= seq;
  }

  #write(): void {
    this.#cancel?.();
    this.#cancel = null;
    const mark = this.#latest;
    if (this.#writing || !mark) return;
    this.#writing = true;
    this.#behind = 0;
    this.#parts.file.write(mark, (ok) => {
      this.#writing = false;
      if (ok) this.#written = mark;
      else this.#fail();
      const due = this.#waiting.filter((one) => !ok || this.#covers(one.epoch, one.seq));
      this.#waiting = this.#waiting.filter((one) => !due.includes(one));
      for (const one of due) one.then();
      if (this.#waiting.length > 0 || this.#behind >= BEHIND_EVENTS) this.#write();
    });
  }

  #fail(): void {
    if (this.#failed) return;
    this.#failed = true;
    raiseAlarm(this.#parts, 'kiosk.high_water_unwritable', '');
  }
}

/** What the file knew and the database does not hold; null: nothing is missing. */
export function lossBehind(
  mark: HighWaterMark | null,
  outbox: Pick<Outbox, 'hashAt' | 'headOf'>,
): BodyOf<'loss.detected'> | null {
  if (!mark) return null;
  const { epoch, seq } = mark;
  const hash = toHex(mark.hash);
  const ours = outbox.hashAt(epoch, seq);
  if (ours === hash) return null;
  const held = ours === null ? outbox.headOf(epoch) : { seq, hash: ours };
  return { type: 'loss.detected', epoch, seq, hash, held };
}
