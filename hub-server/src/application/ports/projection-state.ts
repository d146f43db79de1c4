/**
 * What projecting reads and writes: synchronous, inside one storage transaction. The cursor is the number of the last
 * event that was projected and is committed together with the rows it made, so a crash between storing and projecting
 * changes nothing. SQLite implements it, and memory in tests. See hub-server/DESIGN.md, "Projections".
 */
import type { EffectiveForm } from '@hailong/shared/counter/effective-form.ts';
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import type { Anchor, EpochLink, Neighbours } from '@hailong/shared/edge/effective-time.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { Instrument, InstrumentRef } from '@hailong/shared/model/instrument.ts';
import type { AnswerKey } from '../../domain/ratings/answer-rollup.ts';
import type { DutyState } from '../../domain/ratings/duty-fold.ts';
import type { RollupCounts, RollupKey } from '../../domain/ratings/rollup.ts';
import type { Claim, FactRef, TransactionState } from '../../domain/ratings/transaction-fold.ts';
import type { WalkupState } from '../../domain/ratings/walkup-fold.ts';

export interface StoredEvent {
  readonly id: number;
  readonly epochId: number;
  readonly seq: number;
  /** 0: the chain. */
  readonly branch: number;
  readonly bytes: Uint8Array;
}
/** An epoch as projecting sees it. */
export interface ChainRow extends EpochLink, Neighbours {
  readonly id: number;
  readonly device: string;
  /** Of the hub's own chain: its times are the hub's own. */
  readonly own: boolean;
  /** Whether its facts count, and those of the lines kept beside it. */
  readonly counted: boolean;
  readonly branchesCounted: boolean;
  /** Other bytes are kept beside it. */
  readonly forked: boolean;
}
/** A slip's code by its hash: a rating that carries it, also one that does not count. */
export interface SlipClaim {
  readonly event: number;
  readonly transaction: string;
}

export interface ProjectionState {
  cursor(): number;
  moveCursor(event: number): void;
  /** The newest event's number, 0 when there is none. */
  newest(): number;
  /** Stored events behind `cursor`, and those kept on branches, in order of arrival. */
  after(cursor: number, limit: number): readonly StoredEvent[];
  /** Stored and forked events of an epoch from `seq` on, in order. */
  eventsOf(epochId: number, seq: number, limit: number): readonly StoredEvent[];
  eventAt(epochId: number, seq: number): StoredEvent | null;
  /** The newest of an epoch's main line. */
  lastOf(epochId: number): StoredEvent | null;
  event(id: number): StoredEvent | null;
  claimOf(event: number): Claim;

  /** Every counter this device was ever enrolled at. */
  countersOf(device: string): readonly string[];
  chain(epochId: number): ChainRow;
  chainOf(device: string, epoch: string): ChainRow | null;
  childrenOf(device: string, epoch: string): readonly ChainRow[];
  chainsOfBoot(device: string, boot: string): readonly ChainRow[];
  /** Epochs of a device whose boot has no anchor. */
  unanchored(device: string): readonly ChainRow[];
  setNeighbours(epochId: number, neighbours: Neighbours): void;
  /** In order of mono, epoch, seq: the last at or before `mono`, and the first after it. */
  anchorsAround(
    device: string,
    boot: string,
    mono: number,
  ): { readonly before: Anchor | null; readonly after: Anchor | null };
  /** Whether this hub's key told this device the time; true where the data names no key yet. */
  toldTime(device: string, anchor: BodyOf<'time.anchor'>): boolean;
  addAnchor(chain: ChainRow, seq: number, anchor: Anchor): void;

  /** Epochs whose facts must be projected again: their standing or their times changed. */
  queue(epochId: number): void;
  queued(): { readonly epochId: number; readonly seq: number } | null;
  /** Done up to before `seq`; null: whole. */
  moveQueued(epochId: number, seq: number | null): void;

  transaction(id: string): TransactionState | null;
  /** Replaces what is held of it. */
  saveTransaction(before: TransactionState, now: TransactionState): void;
  saveEffective(transaction: string, effective: EffectiveRating | null): void;
  saveForm(transaction: string, form: EffectiveForm | null): void;
  addToRollup(key: RollupKey, counts: RollupCounts): void;
  addToAnswers(key: AnswerKey, n: number): void;
  /** A version of a form as this hub holds it; it never changes. */
  instrument(ref: InstrumentRef): Instrument | null;
  walkup(id: string): WalkupState | null;
  saveWalkup(now: WalkupState): void;
  /** Transactions at a counter that name one of these dossiers and were opened within [from, to]. */
  sameDossier(counterId: string, codes: readonly string[], from: number, to: number): readonly string[];
  duty(id: string): DutyState | null;
  saveDuty(now: DutyState): void;
  putStray(body: BodyOf<'press.stray'>, ref: FactRef, device: string): void;
  dropStray(event: number): void;
  slipClaims(slip: string): readonly SlipClaim[];
  /** Slips that ratings of this transaction carry. */
  slipsOf(transaction: string): readonly string[];
  putSlipClaim(slip: string, claim: SlipClaim): void;
  slipVotes(slip: string): readonly number[];
  putSlipVote(slip: string, event: number): void;

  setAside(event: number, code: string, detail: string): void;
  /** Runs it so that what it wrote is undone when it throws; a failure of the disk itself is thrown on. */
  alone(run: () => void): { readonly ok: true } | { readonly ok: false; readonly error: unknown };
  /** Forgets everything that was projected, and the cursor. */
  clear(): void;
}
