/**
 * The inbox: what a batch of events is, decided against the rows it meets, as synchronous code over `InboxState`. The
 * caller wraps one call in one storage transaction; what is answered is what its COMMIT makes true. Only what extends
 * the head enters the chain; everything else is kept aside with its bytes; projecting comes afterwards (project-events).
 * Refuses: a connection older than the newest hello, hashes that do not hold together. hub-server/DESIGN.md, "Inbox".
 */
import type { BatchHeader } from '@hailong/shared/edge/batch.ts';
import { fromHex, toHex } from '@hailong/shared/edge/event.ts';
import { BRANCHES_MAX } from '@hailong/shared/protocol/edge.ts';
import { branchHeads } from '../../domain/transactions/branch-heads.ts';
import {
  type ChainVerdict,
  type EpochHead,
  judgeChain,
  sameBytes,
} from '../../domain/transactions/chain-judge.ts';
import type { BatchException, BatchOutcome, HelloAnswer, HelloInput } from '../ports/inbox.ts';
import type { Alarm, EpochRow, InboxState } from '../ports/inbox-state.ts';
import { acceptEvent, judgeBytes } from './accept-event.ts';
import { type FoundEvent, fillGaps, type HashedLine } from './fill-gap.ts';
import { genesisOf, type InboxRules } from './inbox-rules.ts';
import { judgeStanding, standingOfDevice } from './judge-standing.ts';
import { closeBehind, listLost } from './list-gap.ts';

export interface IncomingBatch {
  readonly device: string;
  readonly fence: number;
  /** Its signature is verified already. */
  readonly header: BatchHeader;
  readonly events: readonly Uint8Array[];
  readonly receivedAt: number;
}
/** Events beside one chain that a hello may cost; who has more may have to send some of them again. */
const ASIDE_READ_MAX = 20_000;

type Recorded = Extract<BatchOutcome, { kind: 'recorded' }>;

/** The newest hello owns the fence; `have` is the hub's own row of each epoch. */
export function greetDevice(state: InboxState, rules: InboxRules, input: HelloInput): HelloAnswer | null {
  const { device, epochs, lost = [], checkpoint, at } = input;
  const greeted = state.greet(device, epochs[0] ?? null, checkpoint, at);
  if (!greeted) return null;
  listLost(state, rules, device, lost, at);
  return {
    ...greeted,
    lineage: state.lineage(),
    standing: standingOfDevice(state, device),
    handover: state.openHandover(greeted.counterId),
    have: haveOf(state, rules, device, epochs),
  };
}

export function haveOf(
  state: Pick<InboxState, 'epoch' | 'hashAt' | 'asideOf'>,
  rules: InboxRules,
  device: string,
  epochs: readonly string[],
): HelloAnswer['have'] {
  return epochs.map((epoch) => {
    const head = state.epoch(device, epoch);
    const genesis = () => genesisOf(rules, device, epoch);
    const have = { epoch, seq: head?.headSeq ?? 0, hash: toHex(head?.headHash ?? genesis()) };
    if (!head?.forked) return have;
    const held = (seq: number) => (seq === 0 ? genesis() : state.hashAt(head.id, seq));
    const heads = branchHeads(state.asideOf(head.id, ASIDE_READ_MAX), held).slice(0, BRANCHES_MAX);
    return { ...have, beside: heads.map(({ seq, hash }) => ({ seq, hash: toHex(hash) })) };
  });
}

export function recordBatch(state: InboxState, rules: InboxRules, input: IncomingBatch): BatchOutcome {
  const { header, events, receivedAt } = input;
  const place = state.place(input.device, header.epoch);
  if (!place) return { kind: 'refused', code: 'device.unknown' };
  if (place.revoked) return { kind: 'refused', code: 'device.revoked' };
  if (place.fence !== input.fence) return { kind: 'fenced' };
  const { device, epoch, firstSeq } = header;
  const row = place.epoch;
  if (row && !row.gapped && holdsHead(state, row, header)) {
    const held = { seq: row.headSeq, hash: row.headHash };
    return { ...recorded({ epoch }, held, { duplicates: events.length }), batch: header.batch };
  }
  const line = chainOf(rules, {
    ...{ device, epoch, firstSeq, events, receivedAt, prevHash: fromHex(header.prevHash), own: false },
  });
  if (toHex(line.hashes.at(-1)!) !== header.head.hash)
    return { kind: 'damaged', detail: 'hashes do not lead to the signed head' };
  const { filled: _, ...taken } = takeLine(state, rules, line, row, header.afterFloor === true, (epochId) =>
    state.keepSignedHead(epochId, {
      ...{ seq: header.head.seq, hash: line.hashes.at(-1)!, sig: header.sig },
      checkpoint: header.checkpoint ? JSON.stringify(header.checkpoint) : null,
    }),
  );
  return { ...taken, batch: header.batch };
}

// ---------------------------------------------------------------- consecutive events of one epoch

export interface NewLine extends Omit<HashedLine, 'hashes'> {
  readonly receivedAt: number;
  /** Of the hub's own chain. */
  readonly own: boolean;
}
type Line = NewLine & HashedLine;

function chainOf(rules: InboxRules, line: NewLine): Line {
  const hashes: Uint8Array[] = [];
  let prev = line.prevHash;
  for (const bytes of line.events) {
    prev = rules.sha256(prev, bytes);
    hashes.push(prev);
  }
  return { ...line, hashes };
}

/** Events that come from a second medium of the hub's own, not over a kiosk's line: the same judgement, no fence. */
export function recordLine(
  state: InboxState,
  rules: InboxRules,
  line: NewLine,
  behindHole = false,
): Recorded & { readonly filled: readonly FoundEvent[] } {
  const row = state.epoch(line.device, line.epoch);
  return takeLine(state, rules, chainOf(rules, line), row, behindHole, () => undefined);
}

function takeLine(
  state: InboxState,
  rules: InboxRules,
  line: Line,
  row: EpochRow | null,
  afterFloor: boolean,
  keepHead: (epochId: number) => void,
): Recorded & { readonly filled: readonly FoundEvent[] } {
  const filled = row?.gapped ? fillGaps(state, rules, line, row.id) : [];
  const taken = filled.length === 0 ? null : intoGap(state, rules, line, row!, filled);
  if (taken) keepHead(row!.id);
  const rest = takeRest(state, rules, line, row, afterFloor, keepHead);
  if (!taken) return { ...rest, filled };
  return {
    ...rest,
    ...{
      filled,
      stored: rest.stored + filled.length,
      duplicates: Math.max(0, rest.duplicates - filled.length),
    },
    exceptions: [...taken.exceptions, ...rest.exceptions],
    counters: [...new Set([...taken.counters, ...rest.counters])],
    standing: standingOfDevice(state, line.device),
  };
}

/** Facts that come late: whatever names them is projected again. */
function intoGap(
  state: InboxState,
  rules: InboxRules,
  line: Line,
  row: EpochRow,
  filled: readonly FoundEvent[],
): Kept {
  const kept = keepAll(state, rules, line, row.id, filled);
  state.projectAgain(row.id);
  if (!line.own) judgeStanding(state, line.device, line.receivedAt);
  return kept;
}

function takeRest(
  state: InboxState,
  rules: InboxRules,
  line: Line,
  row: EpochRow | null,
  afterFloor: boolean,
  keepHead: (epochId: number) => void,
): Recorded {
  const { device, epoch, events, firstSeq } = line;
  const head: EpochHead = row
    ? { seq: row.headSeq, hash: row.headHash }
    : { seq: 0, hash: genesisOf(rules, device, epoch) };
  const verdict = judgeLine(state, row?.id ?? null, head, line);
  const gap = verdict.kind === 'hole' && afterFloor;
  if (verdict.kind === 'hole' && !gap) return recorded(line, head, {});
  const duplicates = verdict.kind === 'hole' ? 0 : verdict.duplicates;
  if (duplicates === events.length) return recorded(line, head, { duplicates });

  if (row === null) state.newEpoch(device, epoch, head, line.own);
  const { id: epochId, continued, gapped } = row ?? state.epoch(device, epoch)!;
  keepHead(epochId);
  if (verdict.kind === 'forks') return keepBranch(state, line, epochId, head, duplicates);
  const came = { first: firstSeq + duplicates, last: firstSeq + events.length - 1, at: line.receivedAt };
  const isNew = (gap || gapped) && closeBehind(state, epochId, head.seq, came);
  if (isNew) {
    const lost = { epoch, from: head.seq + 1, to: firstSeq - 1 };
    state.raiseAlarm(device, 'gap', lost, line.receivedAt);
  }
  return extend(state, rules, line, epochId, continued, duplicates, isNew);
}

/**
 * The signed head is the hash of everything up to it: where the main line has it, all of the batch is held already, and
 * nothing of the batch needs to be read to know that. Who ignores `have` and sends everything again costs little.
 */
function holdsHead(state: InboxState, row: EpochRow, { head }: BatchHeader): boolean {
  if (head.seq > row.headSeq) return false;
  const held = head.seq === row.headSeq ? row.headHash : state.hashAt(row.id, head.seq);
  return held !== null && toHex(held) === head.hash;
}

function recorded(line: Pick<NewLine, 'epoch'>, at: EpochHead, rest: Partial<Recorded>): Recorded {
  return {
    kind: 'recorded',
    batch: 0,
    exceptions: [],
    stored: 0,
    duplicates: 0,
    counters: [],
    alarm: null,
    standing: null,
    head: { epoch: line.epoch, seq: at.seq, hash: toHex(at.hash) },
    ...rest,
  };
}

function judgeLine(state: InboxState, epochId: number | null, head: EpochHead, line: Line): ChainVerdict {
  const judged = judgeChain(head, line, (seq) => (epochId === null ? null : state.hashAt(epochId, seq)));
  if (judged.kind !== 'hole' || epochId === null) return judged;
  // Behind the hub's head, but on a branch that is kept: the branch goes on, and is kept too.
  const before = state.branchesAt(epochId, line.firstSeq - 1);
  return before.some(({ hash }) => sameBytes(hash, line.prevHash))
    ? { kind: 'forks', duplicates: 0 }
    : judged;
}

/** Other bytes under numbers of the chain: kept on a branch of their own, once. */
function keepBranch(state: InboxState, line: Line, epochId: number, head: EpochHead, from: number): Recorded {
  const { device, epoch, events, hashes, firstSeq, receivedAt } = line;
  const exceptions: BatchException[] = [];
  let kept = 0;
  for (let i = from; i < events.length; i++) {
    const seq = firstSeq + i;
    exceptions.push({ seq, verdict: 'forked', code: 'event.chain_broken' });
    const held = state.branchesAt(epochId, seq);
    if (held.some(({ hash }) => sameBytes(hash, hashes[i]!))) continue;
    state.insertEvent({
      ...{ epochId, seq, branch: (held.at(-1)?.branch ?? 0) + 1, bytes: events[i]!, event: null },
      ...{ hash: hashes[i]!, prev: i === 0 ? line.prevHash : hashes[i - 1]! },
      ...{ status: 'forked', code: 'event.chain_broken', detail: null, receivedAt },
    });
    kept++;
  }
  if (kept > 0) {
    state.markForked(epochId);
    state.raiseAlarm(device, 'forked', { epoch, from: firstSeq + from, events: kept }, receivedAt);
    if (!line.own) judgeStanding(state, device, receivedAt);
  }
  return recorded(line, head, {
    ...{ exceptions, stored: kept, duplicates: events.length - kept, alarm: 'forked' },
    standing: standingOfDevice(state, device),
  });
}

function extend(
  state: InboxState,
  rules: InboxRules,
  line: Line,
  epochId: number,
  continued: boolean,
  from: number,
  gap: boolean,
): Recorded {
  const { device, events, hashes, firstSeq, receivedAt } = line;
  // An epoch that others went on from must not grow: whether it did is judged when it does.
  const last = { seq: firstSeq + events.length - 1, hash: hashes.at(-1)! };
  state.moveHead(epochId, last.seq, last.hash);
  const fresh = events.slice(from).map((bytes, i): FoundEvent => {
    const at = from + i;
    const prev = at === 0 ? line.prevHash : hashes[at - 1]!;
    return { seq: firstSeq + at, bytes, hash: hashes[at]!, prev, branch: null };
  });
  const { exceptions, counters, judges } = keepAll(state, rules, line, epochId, fresh);
  // The hub's own chain that was set back is found by its second medium, and recovers; nobody decides about it.
  const rejudge = !line.own && (continued || judges);
  let alarm: Alarm | null = gap ? 'gap' : null;
  if (rejudge) alarm = judgeStanding(state, device, receivedAt) ?? alarm;
  return recorded(line, last, {
    ...{ exceptions, stored: fresh.length, duplicates: from, counters: [...counters], alarm },
    standing: rejudge ? standingOfDevice(state, device) : null,
  });
}

interface Kept {
  readonly exceptions: BatchException[];
  readonly counters: ReadonlySet<string>;
  /** Something of it may change how epochs stand. */
  readonly judges: boolean;
}

/** Events of the main line: each judged, then kept with its bytes whatever it is. */
function keepAll(
  state: InboxState,
  rules: InboxRules,
  { device, epoch, own, receivedAt }: Line,
  epochId: number,
  events: readonly FoundEvent[],
): Kept {
  const exceptions: BatchException[] = [];
  const counters = new Set<string>();
  const enrolled = own ? null : state.countersOf(device);
  let judges = false;
  for (const { seq, bytes, hash, prev, branch } of events) {
    const judged = judgeBytes(rules, bytes, { device, epoch, seq, counters: enrolled });
    const good = judged.status === 'stored';
    const row = {
      epochId,
      seq,
      branch: 0,
      bytes,
      hash,
      prev,
      receivedAt,
      status: judged.status,
      event: judged.event,
      code: good ? null : judged.code,
      detail: good ? null : judged.detail,
    };
    if (branch === null) state.insertEvent(row);
    else state.takeOver(branch, row);
    if (!good) exceptions.push({ seq, verdict: 'quarantined', code: judged.code });
    else if (acceptEvent(state, judged.event, { device, epoch, epochId, receivedAt }, counters))
      judges = true;
  }
  return { exceptions, counters, judges };
}
