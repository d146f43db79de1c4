/**
 * What projecting reads and writes: synchronous, inside one storage transaction. The cursor is the number of the last
 * event that was projected and is committed together with the rows it made, so a crash between storing and projecting
 * changes nothing. SQLite implements it, and memory in tests. See hub-server/DESIGN.md, "Projections".
 */
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { RollupCounts, RollupKey } from '../../domain/ratings/rollup.ts';
import type { FactRef, TransactionState } from '../../domain/ratings/transaction-fold.ts';

export interface StoredEvent {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly bytes: Uint8Array;
}

export interface ProjectionState {
  cursor(): number;
  moveCursor(event: number): void;
  /** The newest event's number, 0 when there is none. */
  newest(): number;
  /** Stored events of the chains behind `cursor`, in order of arrival. */
  after(cursor: number, limit: number): readonly StoredEvent[];
  /** The place of a fact that is projected already. */
  refOf(event: number): FactRef;
  transaction(id: string): TransactionState | null;
  saveTransaction(before: TransactionState, now: TransactionState): void;
  saveEffective(transaction: string, effective: EffectiveRating | null): void;
  addToRollup(key: RollupKey, counts: RollupCounts): void;
  startDuty(body: BodyOf<'duty.started'>, ref: FactRef, device: string): void;
  /** Answers the duty's counter; null: unknown. */
  endDuty(body: BodyOf<'duty.ended'>, ref: FactRef): string | null;
  keepStray(body: BodyOf<'press.stray'>, ref: FactRef, device: string): void;
  setAside(event: number, code: string, detail: string): void;
  /** Runs it so that what it wrote is undone when it throws; a failure of the disk itself is thrown on. */
  alone(run: () => void): { readonly ok: true } | { readonly ok: false; readonly error: unknown };
  /** Forgets everything that was projected, and the cursor. */
  clear(): void;
}
