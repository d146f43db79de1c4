/*
 * Purpose: the hub's inbox and projections in memory, for the simulator and the contract: the same decisions
 * (application/record-batch.ts, project-events.ts) over maps of immutable rows. A copy is shallow and cheap, so a
 * snapshot is an old backup and a copy thrown away is a transaction that never committed.
 */
import { hash } from 'node:crypto';
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import type {
  Alarm,
  HeldIntent,
  InboxState,
  NewEvent,
} from '../../hub-server/src/application/ports/inbox-state.ts';
import type {
  ProjectionState,
  StoredEvent,
} from '../../hub-server/src/application/ports/projection-state.ts';
import { type InboxRules, inboxRules } from '../../hub-server/src/application/record-batch.ts';
import type { RollupCounts, RollupKey } from '../../hub-server/src/domain/ratings/rollup.ts';
import { rollupId } from '../../hub-server/src/domain/ratings/rollup.ts';
import type { FactRef, TransactionState } from '../../hub-server/src/domain/ratings/transaction-fold.ts';

export const memoryRules: InboxRules = inboxRules((...parts) =>
  hash('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer'),
);

export interface MemoryDevice {
  readonly counterId: string;
  readonly fence: number;
  readonly revoked: boolean;
  readonly alarm: Alarm | null;
}
export interface MemoryEpoch {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly headSeq: number;
  readonly headHash: Uint8Array;
  /** Parent of its agent.started, as `epoch seq`. */
  readonly parent: string | null;
}
export interface MemoryEvent extends NewEvent {
  readonly id: number;
}
export type MemoryIntent = HeldIntent & { readonly code: string | null };
export interface MemoryDuty {
  readonly counterId: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly reason: string | null;
}

const key = (...parts: readonly (string | number)[]): string => parts.join(' ');

export class MemoryInbox implements InboxState, ProjectionState {
  devices = new Map<string, MemoryDevice>();
  epochs = new Map<string, MemoryEpoch>();
  /** Index: id − 1. */
  epochById: MemoryEpoch[] = [];
  /** Index: id − 1. */
  events: MemoryEvent[] = [];
  /** Branches of (epoch id, seq), by branch; the main line is at 0. */
  lines = new Map<string, readonly (MemoryEvent | undefined)[]>();
  heads = new Map<string, { readonly checkpoint: string | null; readonly sig: string }>();
  intents = new Map<string, MemoryIntent>();
  alarms: {
    readonly device: string;
    readonly alarm: Alarm;
    readonly detail: unknown;
    readonly at: number;
  }[] = [];
  label = 'l-memory';
  // What is projected.
  projected = 0;
  transactions = new Map<string, TransactionState>();
  effective = new Map<string, EffectiveRating>();
  rollups = new Map<string, { readonly key: RollupKey; readonly counts: RollupCounts }>();
  duties = new Map<string, MemoryDuty>();
  strays = new Map<number, string>();

  copy(): MemoryInbox {
    const copy = new MemoryInbox();
    const from = this as unknown as Record<string, unknown>;
    const to = copy as unknown as Record<string, unknown>;
    for (const [name, value] of Object.entries(from))
      to[name] = value instanceof Map ? new Map(value) : Array.isArray(value) ? value.slice() : value;
    return copy;
  }

  // ---------------------------------------------------------------- what a test puts in place

  enrol(device: string, counterId: string): void {
    const held = this.devices.get(device);
    this.devices.set(device, { fence: 0, revoked: false, alarm: null, ...held, counterId });
  }
  revoke(device: string): void {
    const held = this.devices.get(device);
    if (held) this.devices.set(device, { ...held, revoked: true });
  }

  // ---------------------------------------------------------------- InboxState

  greet(device: string): { fence: number; counterId: string } | null {
    const held = this.devices.get(device);
    if (!held || held.revoked) return null;
    const now = { ...held, fence: held.fence + 1 };
    this.devices.set(device, now);
    return { fence: now.fence, counterId: now.counterId };
  }
  lineage(): string {
    return this.label;
  }
  place(device: string, epoch: string) {
    const held = this.devices.get(device);
    return held ? { fence: held.fence, revoked: held.revoked, epoch: this.epoch(device, epoch) } : null;
  }
  epoch(device: string, epoch: string): MemoryEpoch | null {
    return this.epochs.get(key(device, epoch)) ?? null;
  }
  hashAt(epochId: number, seq: number): Uint8Array | null {
    return this.lines.get(key(epochId, seq))?.[0]?.hash ?? null;
  }
  branchesAt(epochId: number, seq: number) {
    return (this.lines.get(key(epochId, seq)) ?? [])
      .slice(1)
      .filter((each): each is MemoryEvent => each !== undefined);
  }
  newEpoch(device: string, epoch: string, head: { seq: number; hash: Uint8Array }): number {
    const id = this.epochById.length + 1;
    this.#setEpoch({ id, device, epoch, headSeq: head.seq, headHash: head.hash, parent: null });
    return id;
  }
  moveHead(epochId: number, seq: number, headHash: Uint8Array): void {
    this.#setEpoch({ ...this.epochById[epochId - 1]!, headSeq: seq, headHash });
  }
  keepSignedHead(
    epochId: number,
    head: { seq: number; hash: Uint8Array; checkpoint: string | null; sig: string },
  ): void {
    const id = key(epochId, head.seq, Buffer.from(head.hash).toString('hex'));
    if (!this.heads.has(id)) this.heads.set(id, { checkpoint: head.checkpoint, sig: head.sig });
  }
  insertEvent(row: NewEvent): number {
    const event: MemoryEvent = { ...row, id: this.events.length + 1 };
    const at = key(row.epochId, row.seq);
    const line = [...(this.lines.get(at) ?? [])];
    if (line[row.branch]) throw new Error(`event ${at} ${row.branch} is held`);
    line[row.branch] = event;
    this.lines.set(at, line);
    this.events.push(event);
    const body = row.event?.body;
    if (row.branch === 0 && body?.type === 'agent.started' && body.parent)
      this.#setEpoch({
        ...this.epochById[row.epochId - 1]!,
        parent: key(body.parent.epoch, body.parent.seq),
      });
    return event.id;
  }
  hasOtherEpoch(device: string, epoch: string): boolean {
    return this.epochById.some((each) => each.device === device && each.epoch !== epoch);
  }
  hasSibling(device: string, epoch: string, parent: { epoch: string; seq: number }): boolean {
    const from = key(parent.epoch, parent.seq);
    return this.epochById.some(
      (each) => each.device === device && each.epoch !== epoch && each.parent === from,
    );
  }
  raiseAlarm(device: string, alarm: Alarm, detail: unknown, at: number): void {
    const held = this.devices.get(device);
    if (held) this.devices.set(device, { ...held, alarm });
    this.alarms.push({ device, alarm, detail, at });
  }
  intent(id: string): MemoryIntent | null {
    return this.intents.get(id) ?? null;
  }
  pendingFinishes(transactionId: string): string[] {
    return [...this.intents]
      .filter(
        ([, each]) =>
          each.transactionId === transactionId &&
          each.kind === 'transaction.finish' &&
          each.state === 'pending',
      )
      .map(([id]) => id);
  }
  setIntent(id: string, state: HeldIntent['state'], code: string | null): void {
    this.intents.set(id, { ...this.intents.get(id)!, state, code });
  }
  #setEpoch(row: MemoryEpoch): void {
    this.epochById[row.id - 1] = row;
    this.epochs.set(key(row.device, row.epoch), row);
  }

  // ---------------------------------------------------------------- ProjectionState

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
      const { id, epochId, seq, bytes, status } = this.events[i]!;
      const { device, epoch } = this.epochById[epochId - 1]!;
      if (status === 'stored') out.push({ id, device, epoch, seq, bytes });
    }
    return out;
  }
  refOf(id: number): FactRef {
    const { event, epochId, seq } = this.events[id - 1]!;
    return { id, at: event!.at, epoch: this.epochById[epochId - 1]!.epoch, seq };
  }
  transaction(id: string): TransactionState | null {
    return this.transactions.get(id) ?? null;
  }
  saveTransaction(_before: TransactionState, now: TransactionState): void {
    this.transactions.set(now.id, now);
  }
  saveEffective(transaction: string, effective: EffectiveRating | null): void {
    if (effective) this.effective.set(transaction, effective);
    else this.effective.delete(transaction);
  }
  addToRollup(at: RollupKey, counts: RollupCounts): void {
    const id = rollupId(at);
    const held = this.rollups.get(id);
    const sum = held ? held.counts.map((count, i) => count + counts[i]!) : counts;
    this.rollups.set(id, { key: at, counts: sum as readonly number[] as RollupCounts });
  }
  startDuty(body: Parameters<ProjectionState['startDuty']>[0], ref: FactRef): void {
    if (!this.duties.has(body.duty))
      this.duties.set(body.duty, {
        ...{ counterId: body.counter, startedAt: ref.at, endedAt: null, reason: null },
      });
  }
  endDuty(body: Parameters<ProjectionState['endDuty']>[0], ref: FactRef): string | null {
    const held = this.duties.get(body.duty);
    if (held && held.endedAt === null)
      this.duties.set(body.duty, { ...held, endedAt: ref.at, reason: body.reason });
    return held?.counterId ?? null;
  }
  keepStray(body: Parameters<ProjectionState['keepStray']>[0], ref: FactRef): void {
    this.strays.set(ref.id, body.reason);
  }
  setAside(id: number, code: string, detail: string): void {
    const row = this.events[id - 1]!;
    const aside: MemoryEvent = { ...row, status: 'quarantined', code, detail };
    this.events[id - 1] = aside;
    const at = key(row.epochId, row.seq);
    this.lines.set(
      at,
      this.lines.get(at)!.map((each) => (each === row ? aside : each)),
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
    for (const map of [this.transactions, this.effective, this.rollups, this.duties, this.strays])
      map.clear();
    this.projected = 0;
  }
}
