/**
 * Purpose: watches how much the data folder takes of its budget, warns at 70 and 90 %, and has the ballast reserved
 *   again when there is room.
 * Refuses: to delete anything because of a budget; only what is safe and old is ever deleted (prune-chain.ts).
 * Document: kiosk-app/DESIGN.md, "Full disk".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { DeviceStatus } from '@hailong/shared/protocol/edge.ts';
import type { Ballast, Clock, Reporter, StorageGauge, Timers } from './ports.ts';
import { raiseAlarm } from './raise-alarm.ts';

const EVERY_MS = 30_000;
/** A warning is given again only after the share fell this far below its mark. */
const HYSTERESIS = 0.05;
const MARKS: readonly (readonly [share: number, code: ErrorCode])[] = [
  [0.7, 'kiosk.storage_filling'],
  [0.9, 'kiosk.storage_nearly_full'],
];

export interface StorageParts {
  readonly gauge: StorageGauge;
  readonly ballast: Ballast;
  readonly budgetBytes: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly report: Reporter;
}

export class StorageWatch {
  readonly #parts: StorageParts;
  /** Marks that were passed and told. */
  #passed = 0;
  #usedBytes = 0;
  #cancel: () => void = () => {};

  constructor(parts: StorageParts) {
    this.#parts = parts;
  }

  start(): void {
    const { gauge, ballast, timers } = this.#parts;
    this.#usedBytes = gauge.usedBytes();
    this.#warn();
    ballast.grow();
    this.#cancel = timers.after(EVERY_MS, () => this.start());
  }

  stop(): void {
    this.#cancel();
  }

  status(): NonNullable<DeviceStatus['storage']> {
    const { budgetBytes, ballast } = this.#parts;
    return { usedBytes: this.#usedBytes, budgetBytes, ballastBytes: ballast.bytes };
  }

  #warn(): void {
    const { budgetBytes } = this.#parts;
    const share = this.#usedBytes / budgetBytes;
    while (this.#passed > 0 && share < MARKS[this.#passed - 1]![0] - HYSTERESIS) this.#passed -= 1;
    const passed = MARKS.filter(([mark]) => share >= mark).length;
    if (passed <= this.#passed) return;
    this.#passed = passed;
    const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);
    const detail = `${megabytes(this.#usedBytes)} / ${megabytes(budgetBytes)} MiB`;
    raiseAlarm(this.#parts, MARKS[passed - 1]![1], detail);
  }
}
