/*
 * Purpose: the hub's inbox and projections in memory, for the simulator and the contract: the same decisions
 * (application/inbox/record-batch.ts, project-events.ts) over maps of immutable rows. A copy is shallow and cheap, so a
 * snapshot is an old backup and a copy thrown away is a transaction that never committed.
 */
import { hash } from 'node:crypto';
import type { Event } from '@hailong/shared/edge/event.ts';
import type { HandoverId } from '@hailong/shared/ids.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import { type InboxRules, inboxRules } from '../../hub-server/src/application/inbox/inbox-rules.ts';
import type {
  Alarm,
  AsideEvent,
  Decision,
  EpochRow,
  EpochStart,
  HeldIntent,
  InboxState,
  NewEvent,
  SignedHead,
} from '../../hub-server/src/application/ports/inbox-state.ts';
import { sameBytes } from '../../hub-server/src/domain/transactions/chain-judge.ts';
import type { EpochFacts, EpochState } from '../../hub-server/src/domain/transactions/epoch-standing.ts';
import { MemoryProjection } from './memory-projection.ts';

export const memoryRules: InboxRules = inboxRules((...parts) =>
  hash('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer'),
);

export interface MemoryDevice {
  readonly counterId: string;
  readonly fence: number;
  readonly revoked: boolean;
  readonly alarm: Alarm | 'pin_locked' | null;
  /** Grows with every enrolment. */
  readonly serial: number;
  readonly newest: string | null;
}
export type MemoryIntent = HeldIntent & { readonly code: string | null };

export class MemoryInbox extends MemoryProjection implements InboxState {
  devices = new Map<string, MemoryDevice>();
  serial = 0;
  heads = new Map<string, SignedHead>();
  intents = new Map<string, MemoryIntent>();
  alarms: {
    readonly device: string;
    readonly alarm: Alarm;
    readonly detail: unknown;
    readonly at: number;
  }[] = [];
  gaps: { readonly epochId: number; readonly from: number; readonly to: number }[] = [];
  decisions: Decision[] = [];
  handovers = new Map<
    string,
    { readonly counterId: string | null; readonly at: number; readonly accepted: boolean }
  >();
  label = 'l-memory';

  copy(): MemoryInbox {
    const copy = new MemoryInbox();
    const from = this as unknown as Record<string, unknown>;
    const to = copy as unknown as Record<string, unknown>;
    for (const [name, value] of Object.entries(from))
      if (value instanceof Map) to[name] = new Map(value);
      else if (value instanceof Set) to[name] = new Set(value);
      else to[name] = Array.isArray(value) ? value.slice() : value;
    return copy;
  }

  // ---------------------------------------------------------------- what a test puts in place

  enrol(device: string, counterId: string): void {
    const held = this.devices.get(device);
    this.serial++;
    this.enrolments.add(`${device} ${counterId}`);
    this.devices.set(device, {
      ...{ fence: 0, revoked: false, alarm: null, newest: null },
      ...held,
      ...{ counterId, serial: this.serial },
    });
  }
  revoke(device: string): void {
    const held = this.devices.get(device);
    if (held) this.devices.set(device, { ...held, revoked: true });
  }

  // ---------------------------------------------------------------- InboxState

  greet(device: string, newest: string | null): { fence: number; counterId: string } | null {
    const held = this.devices.get(device);
    if (!held || held.revoked) return null;
    const now = { ...held, fence: held.fence + 1, newest };
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
  epoch(device: string, epoch: string): EpochRow | null {
    const held = this.chainByName(device, epoch);
    return (
      held && {
        ...{ id: held.id, headSeq: held.headSeq, headHash: held.headHash, state: held.state },
        continued: this.childrenOf(device, epoch).length > 0,
        gapped: this.gaps.some((each) => each.epochId === held.id),
        forked: held.forked,
      }
    );
  }
  hashAt(epochId: number, seq: number): Uint8Array | null {
    return this.eventAt(epochId, seq)?.hash ?? null;
  }
  branchesAt(epochId: number, seq: number) {
    return this.line(epochId, seq).filter((each) => each.branch > 0);
  }
  asideOf(epochId: number, limit: number) {
    return this.events
      .filter((each) => each.epochId === epochId && each.branch > 0)
      .sort((a, b) => a.seq - b.seq || a.branch - b.branch)
      .slice(0, limit);
  }
  newEpoch(device: string, epoch: string, head: { seq: number; hash: Uint8Array }, own: boolean): void {
    this.setChain({
      ...{ id: this.chains.length + 1, device, epoch, own, headSeq: head.seq, headHash: head.hash },
      ...{ boot: `epoch:${epoch}`, startedMono: 0, startedAt: null, parent: null, parentHash: null },
      ...{ lost: false, forked: false, state: 'counted', branches: 'suspended' },
      ...{ counted: true, branchesCounted: false, anchored: false, lower: null, upper: null },
    });
  }
  moveHead(epochId: number, headSeq: number, headHash: Uint8Array): void {
    this.changeChain(epochId, { headSeq, headHash });
  }
  keepSignedHead(epochId: number, head: SignedHead): void {
    const id = `${epochId} ${head.seq} ${Buffer.from(head.hash).toString('latin1')}`;
    if (!this.heads.has(id)) this.heads.set(id, head);
  }
  insertEvent(row: NewEvent): number {
    return this.keep(row);
  }
  quarantined(device: string | null, after: number, limit: number) {
    const out: AsideEvent[] = [];
    for (let i = after; i < this.events.length && out.length < limit; i++) {
      const { id, epochId, seq, bytes, status, code, receivedAt } = this.events[i]!;
      const chain = this.chain(epochId);
      if (status !== 'quarantined' || (device !== null && chain.device !== device)) continue;
      const { epoch, own } = chain;
      out.push({ id, epochId, device: chain.device, epoch, own, seq, bytes, code: code ?? '', receivedAt });
    }
    return out;
  }
  release(event: number, read: Event): void {
    this.change(event, { status: 'stored', event: read, code: null, detail: null });
  }
  keepAside(event: number, code: string, detail: string): void {
    this.change(event, { code, detail });
  }
  addGap(epochId: number, from: number, to: number): void {
    this.gaps.push({ epochId, from, to });
  }

  gapsOf(epochId: number) {
    return this.gaps.filter((each) => each.epochId === epochId).sort((a, b) => a.from - b.from);
  }
  shrinkGap(epochId: number, from: number, to: number): void {
    this.gaps = this.gaps.flatMap((each) => {
      if (each.epochId !== epochId || each.from !== from) return [each];
      return to < from ? [] : [{ ...each, to }];
    });
  }
  prevAt(epochId: number, seq: number): Uint8Array | null {
    return this.eventAt(epochId, seq)?.prev ?? null;
  }
  asideAt(epochId: number, seq: number, hash: Uint8Array) {
    return this.branchesAt(epochId, seq).find((each) => Buffer.compare(each.hash, hash) === 0) ?? null;
  }
  takeOver(branch: number, { epochId, seq, ...row }: Omit<NewEvent, 'branch'>): void {
    const { id } = this.line(epochId, seq).find((each) => each.branch === branch)!;
    const { event, status, code, detail } = row;
    this.change(id, { branch: 0, event, status, code, detail });
    this.first(epochId, seq, id);
    this.changeChain(epochId, {
      forked: this.events.some((each) => each.epochId === epochId && each.status === 'forked'),
    });
  }
  projectAgain(epochId: number): void {
    this.queue(epochId);
  }

  startEpoch(epochId: number, { boot, mono, at, parent }: EpochStart): void {
    const held = this.chain(epochId);
    this.moveAnchors(held, boot);
    this.changeChain(epochId, {
      ...{ boot, startedMono: mono, startedAt: at, parentHash: parent?.hash ?? null },
      parent: parent && { epoch: parent.epoch, seq: parent.seq },
      anchored: this.anchorsOf(held.device, boot).length > 0,
    });
  }
  hasOtherEpoch(device: string, epoch: string): boolean {
    return this.chains.some((each) => each.device === device && each.epoch !== epoch);
  }
  markLost(epochId: number): void {
    this.changeChain(epochId, { lost: true });
  }
  markForked(epochId: number): void {
    this.changeChain(epochId, { forked: true });
  }
  keepDecision(decision: Decision): void {
    this.decisions.push(decision);
  }
  keepHandover({ handover, counter }: BodyOf<'counter.handed_over'>, at: number): void {
    const accepted = this.handovers.get(handover)?.accepted ?? false;
    this.handovers.set(handover, { counterId: counter, at, accepted });
  }
  acceptHandover(handover: string): void {
    const held = this.handovers.get(handover) ?? { counterId: null, at: 0 };
    this.handovers.set(handover, { ...held, accepted: true });
  }
  openHandover(counterId: string): HandoverId | null {
    if (this.handovers.size === 0) return null;
    const open = [...this.handovers]
      .filter(([, each]) => each.counterId === counterId && !each.accepted)
      .sort(([a, { at }], [b, other]) => at - other.at || (a < b ? -1 : 1));
    return (open.at(-1)?.[0] ?? null) as HandoverId | null;
  }
  epochsOf(device: string): (EpochFacts & { id: number; state: EpochState; branches: EpochState })[] {
    return this.chains
      .filter((each) => each.device === device)
      .map((each) => {
        const parent = each.parent && this.chainByName(device, each.parent.epoch);
        const held = parent && each.parent ? this.hashAt(parent.id, each.parent.seq) : null;
        return {
          ...{ id: each.id, epoch: each.epoch, parent: each.parent, headSeq: each.headSeq },
          ...{ started: each.startedAt !== null, at: each.startedAt ?? 0 },
          ...{ lost: each.lost, forked: each.forked, state: each.state, branches: each.branches },
          otherParent: held !== null && each.parentHash !== null && !sameBytes(held, each.parentHash),
        };
      });
  }
  decisionsOf(device: string): Map<string, boolean> {
    const place = ({ at, by }: Decision): string =>
      `${String(at).padStart(16, '0')} ${by.epoch} ${String(by.seq).padStart(16, '0')}`;
    return new Map(
      this.decisions
        .filter((each) => each.device === device)
        .sort((a, b) => (place(a) < place(b) ? -1 : 1))
        .map(({ epoch, counted }) => [epoch, counted]),
    );
  }
  setStanding(epochId: number, state: EpochState, branches: EpochState): void {
    this.changeChain(epochId, {
      ...{ state, branches, counted: state === 'counted', branchesCounted: branches === 'counted' },
    });
    this.queue(epochId);
  }
  enrolment(device: string): { superseded: boolean; newest: string | null } {
    const held = this.devices.get(device);
    const superseded = [...this.devices.values()].some(
      (other) =>
        held !== undefined &&
        other.counterId === held.counterId &&
        other.serial > held.serial &&
        !other.revoked,
    );
    return { superseded, newest: held?.newest ?? null };
  }
  raiseAlarm(device: string, alarm: Alarm, detail: unknown, at: number): void {
    const held = this.devices.get(device);
    if (held) this.devices.set(device, { ...held, alarm });
    this.alarms.push({ device, alarm, detail, at });
  }
  tellLocked(device: string): void {
    const held = this.devices.get(device);
    if (held) this.devices.set(device, { ...held, alarm: held.alarm ?? 'pin_locked' });
  }
  intent(id: string): MemoryIntent | null {
    return this.intents.get(id) ?? null;
  }
  pendingFinishes(transactionId: string): string[] {
    const pending: string[] = [];
    for (const [id, each] of this.intents)
      if (
        each.transactionId === transactionId &&
        each.kind === 'transaction.finish' &&
        each.state === 'pending'
      )
        pending.push(id);
    return pending;
  }
  setIntent(id: string, state: HeldIntent['state'], code: string | null): void {
    this.intents.set(id, { ...this.intents.get(id)!, state, code });
  }
}
