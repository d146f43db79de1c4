/*
 * Purpose: `ProjectionState` in memory, over the events and chains that memory-inbox.ts keeps. Rows are immutable and
 * replaced, never changed in place, so that a shallow copy of the maps is a snapshot.
 */
import type { EffectiveForm } from '@hailong/shared/counter/effective-form.ts';
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import type { Anchor, Neighbours } from '@hailong/shared/edge/effective-time.ts';
import { readEvent } from '@hailong/shared/edge/event.ts';
import type { NewEvent } from '../../hub-server/src/application/ports/inbox-state.ts';
import type {
  ChainRow,
  ProjectionState,
  SlipClaim,
  StoredEvent,
} from '../../hub-server/src/application/ports/projection-state.ts';
import { type AnswerKey, answerId } from '../../hub-server/src/domain/ratings/answer-rollup.ts';
import { type DutyState, eventsOfDuty } from '../../hub-server/src/domain/ratings/duty-fold.ts';
import { type RollupCounts, type RollupKey, rollupId } from '../../hub-server/src/domain/ratings/rollup.ts';
import {
  type Claim,
  eventsOf,
  type TransactionState,
} from '../../hub-server/src/domain/ratings/transaction-fold.ts';
import { eventsOfWalkup, type WalkupState } from '../../hub-server/src/domain/ratings/walkup-fold.ts';
import type { EpochState } from '../../hub-server/src/domain/transactions/epoch-standing.ts';

export interface MemoryEvent extends NewEvent {
  readonly id: number;
}
export interface MemoryChain extends ChainRow {
  readonly headSeq: number;
  readonly headHash: Uint8Array;
  readonly startedAt: number | null;
  readonly parentHash: Uint8Array | null;
  readonly lost: boolean;
  readonly forked: boolean;
  readonly state: EpochState;
  readonly branches: EpochState;
  readonly anchored: boolean;
}
interface MemoryAnchor extends Anchor {
  readonly epoch: string;
  readonly seq: number;
}
/** Of one boot: by boot time, and by place in the chain where that is the same. */
const inOrder = (a: MemoryAnchor, b: MemoryAnchor): number =>
  a.mono - b.mono || (a.epoch === b.epoch ? a.seq - b.seq : a.epoch < b.epoch ? -1 : 1);

/** A million events in an epoch is more than any history has. */
const PLACES = 1_048_576;
type Put<K extends keyof ProjectionState> = Parameters<ProjectionState[K]>;

export class MemoryProjection implements ProjectionState {
  /** Index: id − 1. */
  chains: MemoryChain[] = [];
  /** Index in `chains`, by `device epoch`. */
  named = new Map<string, number>();
  /** Index: id − 1. */
  events: MemoryEvent[] = [];
  /** Every enrolment there ever was, as `device counter`. */
  enrolments = new Set<string>();
  /** Ids of the events under (epoch id, seq), by branch. */
  lines = new Map<number, readonly number[]>();
  anchors = new Map<string, readonly MemoryAnchor[]>();
  waiting = new Map<number, number>();
  projected = 0;
  transactions = new Map<string, TransactionState>();
  effective = new Map<string, EffectiveRating>();
  rollups = new Map<string, { readonly key: RollupKey; readonly counts: RollupCounts }>();
  forms = new Map<string, EffectiveForm>();
  answers = new Map<string, number>();
  walkups = new Map<string, WalkupState>();
  dossiers = new Map<string, readonly string[]>();
  duties = new Map<string, DutyState>();
  strays = new Map<number, { readonly reason: string; readonly at: number }>();
  claims = new Map<string, readonly SlipClaim[]>();
  slipsByTransaction = new Map<string, readonly string[]>();
  votesBySlip = new Map<string, readonly number[]>();

  // ---------------------------------------------------------------- chains

  chain(epochId: number): MemoryChain {
    return this.chains[epochId - 1]!;
  }
  chainByName(device: string, epoch: string): MemoryChain | null {
    const index = this.named.get(`${device} ${epoch}`);
    return index === undefined ? null : this.chains[index]!;
  }
  setChain(row: MemoryChain): void {
    this.chains[row.id - 1] = row;
    this.named.set(`${row.device} ${row.epoch}`, row.id - 1);
  }
  changeChain(epochId: number, change: Partial<MemoryChain>): void {
    this.setChain({ ...this.chain(epochId), ...change });
  }
  line(epochId: number, seq: number): MemoryEvent[] {
    return (this.lines.get(epochId * PLACES + seq) ?? []).map((id) => this.events[id - 1]!);
  }
  keep(row: NewEvent): number {
    const id = this.events.length + 1;
    const place = row.epochId * PLACES + row.seq;
    const held = this.lines.get(place) ?? [];
    if (held.length > 0 && this.line(row.epochId, row.seq).some((each) => each.branch === row.branch))
      throw new Error(`event ${row.seq} of epoch ${row.epochId} is held`);
    this.lines.set(place, row.branch === 0 ? [id, ...held] : [...held, id]);
    this.events.push({ ...row, id });
    return id;
  }
  /** It is the chain's event under that number now. */
  first(epochId: number, seq: number, id: number): void {
    const place = epochId * PLACES + seq;
    this.lines.set(place, [id, ...this.lines.get(place)!.filter((each) => each !== id)]);
  }
  change(id: number, change: Partial<MemoryEvent>): void {
    this.events[id - 1] = { ...this.events[id - 1]!, ...change };
  }
  chainOf(device: string, epoch: string): MemoryChain | null {
    return this.chainByName(device, epoch);
  }
  childrenOf(device: string, epoch: string): MemoryChain[] {
    return this.chains.filter((each) => each.device === device && each.parent?.epoch === epoch);
  }
  chainsOfBoot(device: string, boot: string): MemoryChain[] {
    return this.chains.filter((each) => each.device === device && each.boot === boot);
  }
  unanchored(device: string): MemoryChain[] {
    return this.chains.filter((each) => each.device === device && !each.anchored && !each.own);
  }
  setNeighbours(epochId: number, { lower, upper }: Neighbours): void {
    this.changeChain(epochId, { lower, upper });
  }

  countersOf(device: string): string[] {
    return [...this.enrolments]
      .filter((each) => each.startsWith(`${device} `))
      .map((each) => each.slice(device.length + 1));
  }

  // ---------------------------------------------------------------- events

  cursor(): number {
    return this.projected;
  }
  moveCursor(event: number): void {
    this.projected = event;
  }
  newest(): number {
    return this.events.length;
  }
  after(cursor: number, limit: number): StoredEvent[] {
    const out: StoredEvent[] = [];
    for (let i = cursor; i < this.events.length && out.length < limit; i++) {
      const event = this.events[i]!;
      if (event.status !== 'quarantined') out.push(event);
    }
    return out;
  }
  eventsOf(epochId: number, seq: number, limit: number): StoredEvent[] {
    const out: StoredEvent[] = [];
    for (let at = seq; at <= this.chain(epochId).headSeq || this.lines.has(epochId * PLACES + at); at++) {
      for (const each of this.line(epochId, at))
        if (each.status !== 'quarantined' && out.length < limit) out.push(each);
      if (out.length >= limit) break;
    }
    return out;
  }
  eventAt(epochId: number, seq: number): MemoryEvent | null {
    const id = this.lines.get(epochId * PLACES + seq)?.[0];
    const first = id === undefined ? undefined : this.events[id - 1];
    return first?.branch === 0 ? first : null;
  }
  lastOf(epochId: number): StoredEvent | null {
    return this.eventAt(epochId, this.chain(epochId).headSeq);
  }
  event(id: number): StoredEvent | null {
    const held = this.events[id - 1];
    return held && held.status !== 'quarantined' ? held : null;
  }
  claimOf(id: number): Claim {
    const { event, bytes, epochId, seq } = this.events[id - 1]!;
    const read = event ? null : readEvent(bytes);
    const claimed = event?.at ?? (read?.ok ? read.event.at : 0);
    return { claimed, epoch: this.chain(epochId).epoch, seq };
  }
  setAside(id: number, code: string, detail: string): void {
    this.change(id, { status: 'quarantined', code, detail });
  }

  // ---------------------------------------------------------------- anchors and what is due again

  anchorsOf(device: string, boot: string): readonly MemoryAnchor[] {
    return this.anchors.get(`${device} ${boot}`) ?? [];
  }
  anchorsAround(device: string, boot: string, mono: number) {
    const all = this.anchorsOf(device, boot);
    return {
      before: all.findLast((each) => each.mono <= mono) ?? null,
      after: all.find((each) => each.mono > mono) ?? null,
    };
  }
  /** Whoever wants to see forged ones puts the hub's own check here. */
  toldTime: ProjectionState['toldTime'] = () => true;
  addAnchor({ device, boot, epoch }: ChainRow, seq: number, anchor: Anchor): void {
    const mine = { ...anchor, epoch, seq };
    const others = this.anchorsOf(device, boot).filter((each) => inOrder(each, mine) !== 0);
    this.anchors.set(`${device} ${boot}`, [...others, mine].sort(inOrder));
    for (const each of this.chainsOfBoot(device, boot))
      if (!each.anchored) this.changeChain(each.id, { anchored: true, lower: null, upper: null });
  }
  moveAnchors({ id, device, boot: from }: ChainRow, boot: string): void {
    const held = this.anchors.get(`${device} ${from}`);
    if (!held || from === boot) return;
    this.anchors.delete(`${device} ${from}`);
    for (const each of held) this.addAnchor({ ...this.chain(id), boot, epoch: each.epoch }, each.seq, each);
    this.queue(id);
  }
  queue(epochId: number): void {
    this.waiting.set(epochId, 1);
  }
  queued(): { epochId: number; seq: number } | null {
    const [epochId] = [...this.waiting.keys()].sort((a, b) => a - b);
    return epochId === undefined ? null : { epochId, seq: this.waiting.get(epochId)! };
  }
  moveQueued(epochId: number, seq: number | null): void {
    if (seq === null) this.waiting.delete(epochId);
    else this.waiting.set(epochId, seq);
  }

  // ---------------------------------------------------------------- what is projected

  transaction(id: string): TransactionState | null {
    return this.transactions.get(id) ?? null;
  }
  saveTransaction(_before: TransactionState, now: TransactionState): void {
    if (eventsOf(now).size === 0) this.transactions.delete(now.id);
    else this.transactions.set(now.id, now);
    for (const code of now.service?.dossierCodes ?? []) {
      const held = this.dossiers.get(code) ?? [];
      if (!held.includes(now.id)) this.dossiers.set(code, [...held, now.id]);
    }
  }
  saveEffective(transaction: string, effective: EffectiveRating | null): void {
    if (effective) this.effective.set(transaction, effective);
    else this.effective.delete(transaction);
  }
  saveForm(transaction: string, form: EffectiveForm | null): void {
    if (form) this.forms.set(transaction, form);
    else this.forms.delete(transaction);
  }
  addToAnswers(key: AnswerKey, n: number): void {
    const id = answerId(key);
    this.answers.set(id, (this.answers.get(id) ?? 0) + n);
  }
  /** Whoever wants forms of criteria puts them here. */
  instrument: ProjectionState['instrument'] = () => null;
  walkup(id: string): WalkupState | null {
    return this.walkups.get(id) ?? null;
  }
  saveWalkup(now: WalkupState): void {
    if (eventsOfWalkup(now).size === 0) this.walkups.delete(now.id);
    else this.walkups.set(now.id, now);
  }
  addToRollup(at: RollupKey, counts: RollupCounts): void {
    const id = rollupId(at);
    const held = this.rollups.get(id);
    const sum = held ? held.counts.map((count, i) => count + counts[i]!) : counts;
    this.rollups.set(id, { key: at, counts: sum as readonly number[] as RollupCounts });
  }
  sameDossier(counterId: string, codes: readonly string[], from: number, to: number): string[] {
    return codes
      .flatMap((code) => this.dossiers.get(code) ?? [])
      .filter((id) => {
        const { service, opened } = this.transactions.get(id) ?? {};
        const at = opened?.at ?? 0;
        return service?.counterId === counterId && at >= from && at <= to;
      });
  }
  duty(id: string): DutyState | null {
    return this.duties.get(id) ?? null;
  }
  saveDuty(now: DutyState): void {
    if (eventsOfDuty(now).size === 0) this.duties.delete(now.id);
    else this.duties.set(now.id, now);
  }
  putStray(...[body, ref]: Put<'putStray'>): void {
    this.strays.set(ref.id, { reason: body.reason, at: ref.at });
  }
  dropStray(event: number): void {
    this.strays.delete(event);
  }
  slipClaims(slip: string): readonly SlipClaim[] {
    return this.claims.get(slip) ?? [];
  }
  slipsOf(transaction: string): readonly string[] {
    return this.slipsByTransaction.get(transaction) ?? [];
  }
  putSlipClaim(slip: string, claim: SlipClaim): void {
    const others = this.slipClaims(slip).filter((each) => each.event !== claim.event);
    this.claims.set(
      slip,
      [...others, claim].sort((a, b) => a.event - b.event),
    );
    const held = this.slipsByTransaction.get(claim.transaction) ?? [];
    if (!held.includes(slip)) this.slipsByTransaction.set(claim.transaction, [...held, slip]);
  }
  slipVotes(slip: string): readonly number[] {
    return this.votesBySlip.get(slip) ?? [];
  }
  putSlipVote(slip: string, event: number): void {
    const held = this.slipVotes(slip);
    if (!held.includes(event))
      this.votesBySlip.set(
        slip,
        [...held, event].sort((a, b) => a - b),
      );
  }
  /** The domain computes before it writes, so a refusal of its leaves nothing half written. */
  alone(run: () => void): ReturnType<ProjectionState['alone']> {
    try {
      run();
      return { ok: true };
    } catch (error) {
      return { ok: false, error };
    }
  }
  clear(): void {
    for (const map of [
      ...[this.transactions, this.effective, this.rollups, this.dossiers, this.duties, this.strays],
      ...[this.forms, this.answers, this.walkups],
      ...[this.claims, this.slipsByTransaction, this.votesBySlip, this.anchors, this.waiting],
    ])
      map.clear();
    for (const each of this.chains) this.changeChain(each.id, { anchored: false, lower: null, upper: null });
    this.projected = 0;
  }
}
