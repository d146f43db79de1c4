/**
 * The inbox: what a batch of events is, decided against the rows it meets, as synchronous code over `InboxState`. The
 * caller wraps one call in one storage transaction; what is answered is what its COMMIT makes true. Only what extends
 * the head enters the chain; everything else is kept aside with its bytes; projecting comes afterwards (project-events).
 * Refuses: a connection older than the newest hello, hashes that do not hold together. hub-server/DESIGN.md, "Inbox".
 */
import type { BatchHeader } from '@hailong/shared/edge/batch.ts';
import { encodeEvent, fromHex, genesisHash, type Sha256, toHex } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId } from '@hailong/shared/ids.ts';
import type { BodyOf, EventBody } from '@hailong/shared/model/event.ts';
import {
  type ChainVerdict,
  type EpochHead,
  judgeChain,
  sameBytes,
} from '../domain/transactions/chain-judge.ts';
import { resolutionOf } from '../domain/transactions/intent-resolution.ts';
import { type JudgedEvent, judgeEvent } from '../domain/transactions/judge-event.ts';
import type { BatchException, BatchOutcome, HelloAnswer, HelloInput } from './ports/inbox.ts';
import type { Alarm, EpochRow, InboxState } from './ports/inbox-state.ts';
import { resolveIntent } from './resolve-intent.ts';

/** What comes in from outside: hashing, and how bytes are judged (a simulator remembers bytes it has judged). */
export interface InboxRules {
  readonly sha256: Sha256;
  readonly judge: typeof judgeEvent;
}
export const inboxRules = (sha256: Sha256): InboxRules => ({ sha256, judge: judgeEvent });

export interface IncomingBatch {
  readonly device: string;
  readonly fence: number;
  /** Its signature is verified already. */
  readonly header: BatchHeader;
  readonly events: readonly Uint8Array[];
  readonly receivedAt: number;
}
type Recorded = Extract<BatchOutcome, { kind: 'recorded' }>;

/** The newest hello owns the fence; `have` is the hub's own row of each epoch. */
export function greetDevice(state: InboxState, rules: InboxRules, input: HelloInput): HelloAnswer | null {
  const greeted = state.greet(input.device, input.checkpoint, input.at);
  if (!greeted) return null;
  return {
    ...greeted,
    lineage: state.lineage(),
    have: input.epochs.map((epoch) => {
      const head = state.epoch(input.device, epoch);
      const hash = head?.headHash ?? genesisHash(rules.sha256, input.device as DeviceId, epoch as EpochId);
      return { epoch, seq: head?.headSeq ?? 0, hash: toHex(hash) };
    }),
  };
}

export function recordBatch(state: InboxState, rules: InboxRules, input: IncomingBatch): BatchOutcome {
  const { header, events } = input;
  const place = state.place(input.device, header.epoch);
  if (!place) return { kind: 'refused', code: 'device.unknown' };
  if (place.revoked) return { kind: 'refused', code: 'device.revoked' };
  if (place.fence !== input.fence) return { kind: 'fenced' };

  const row = place.epoch;
  if (row && holdsHead(state, row, header))
    return recorded(header, { seq: row.headSeq, hash: row.headHash }, { duplicates: events.length });
  const prevHash = fromHex(header.prevHash);
  const hashes: Uint8Array[] = [];
  let prev = prevHash;
  for (const bytes of events) {
    prev = rules.sha256(prev, bytes);
    hashes.push(prev);
  }
  if (toHex(prev) !== header.head.hash)
    return { kind: 'damaged', detail: 'hashes do not lead to the signed head' };

  const head: EpochHead = row
    ? { seq: row.headSeq, hash: row.headHash }
    : { seq: 0, hash: genesisHash(rules.sha256, header.device, header.epoch) };
  const verdict = judgeLine(state, row?.id ?? null, head, header.firstSeq, prevHash, hashes);
  if (verdict.kind === 'hole') return recorded(header, head, {});
  if (verdict.duplicates === events.length) return recorded(header, head, { duplicates: verdict.duplicates });

  const epochId = row?.id ?? state.newEpoch(input.device, header.epoch, head);
  state.keepSignedHead(epochId, {
    ...{ seq: header.head.seq, hash: prev, sig: header.sig },
    checkpoint: header.checkpoint ? JSON.stringify(header.checkpoint) : null,
  });
  const line: Line = { ...input, device: input.device, epochId, prevHash, hashes, from: verdict.duplicates };
  return verdict.kind === 'forks' ? keepBranch(state, line, head) : extend(state, rules, line);
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

interface Line extends IncomingBatch {
  readonly epochId: number;
  readonly prevHash: Uint8Array;
  readonly hashes: readonly Uint8Array[];
  /** Index of the first event that is not held. */
  readonly from: number;
}

function recorded(header: BatchHeader, at: EpochHead, rest: Partial<Recorded>): Recorded {
  return {
    ...{ kind: 'recorded', batch: header.batch, exceptions: [], stored: 0, duplicates: 0 },
    ...{ counters: [], alarm: null, head: { epoch: header.epoch, seq: at.seq, hash: toHex(at.hash) } },
    ...rest,
  };
}

function judgeLine(
  state: InboxState,
  epochId: number | null,
  head: EpochHead,
  firstSeq: number,
  prevHash: Uint8Array,
  hashes: readonly Uint8Array[],
): ChainVerdict {
  const judged = judgeChain(head, { firstSeq, prevHash, hashes }, (seq) =>
    epochId === null ? null : state.hashAt(epochId, seq),
  );
  if (judged.kind !== 'hole' || epochId === null) return judged;
  // Behind the hub's head, but on a branch that is kept: the branch goes on, and is kept too.
  const follows = state.branchesAt(epochId, firstSeq - 1).some(({ hash }) => sameBytes(hash, prevHash));
  return follows ? { kind: 'forks', duplicates: 0 } : judged;
}

/** Other bytes under numbers of the chain: kept on a branch of their own, once. */
function keepBranch(state: InboxState, line: Line, head: EpochHead): Recorded {
  const { header, events, hashes, epochId, receivedAt } = line;
  const exceptions: BatchException[] = [];
  let kept = 0;
  for (let i = line.from; i < events.length; i++) {
    const seq = header.firstSeq + i;
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
  if (kept > 0)
    state.raiseAlarm(
      line.device,
      'forked',
      { epoch: header.epoch, from: header.firstSeq + line.from, events: kept },
      receivedAt,
    );
  return recorded(header, head, {
    ...{ exceptions, stored: kept, duplicates: events.length - kept, alarm: 'forked' },
  });
}

function extend(state: InboxState, rules: InboxRules, line: Line): Recorded {
  const { header, events, hashes, device, epochId, receivedAt } = line;
  const { epoch, firstSeq } = header;
  const exceptions: BatchException[] = [];
  const counters = new Set<string>();
  let alarm: Alarm | null = null;
  for (let i = line.from; i < events.length; i++) {
    const seq = firstSeq + i;
    const judged = rules.judge(events[i]!, { device, epoch, seq });
    insertJudged(state, judged, {
      ...{ epochId, seq, bytes: events[i]!, hash: hashes[i]!, receivedAt },
      prev: i === 0 ? line.prevHash : hashes[i - 1]!,
    });
    if (judged.status === 'quarantined') exceptions.push({ seq, verdict: 'quarantined', code: judged.code });
    else alarm = accept(state, device, judged.event.body, receivedAt, counters) ?? alarm;
  }
  const last = { seq: firstSeq + events.length - 1, hash: hashes.at(-1)! };
  state.moveHead(epochId, last.seq, last.hash);
  return recorded(header, last, {
    ...{ exceptions, stored: events.length - line.from, duplicates: line.from, alarm },
    counters: [...counters],
  });
}

function insertJudged(
  state: InboxState,
  judged: JudgedEvent,
  row: {
    readonly epochId: number;
    readonly seq: number;
    readonly bytes: Uint8Array;
    readonly hash: Uint8Array;
    readonly prev: Uint8Array;
    readonly receivedAt: number;
  },
): number {
  const good = judged.status === 'stored';
  return state.insertEvent({
    ...row,
    branch: 0,
    event: good ? judged.event : null,
    status: judged.status,
    code: good ? null : judged.code,
    detail: good ? null : judged.detail,
  });
}

/** What a good event changes at once, before it is projected: alarms and the intents it answers. */
function accept(
  state: InboxState,
  device: string,
  body: EventBody,
  at: number,
  counters: Set<string>,
): Alarm | null {
  const said = resolutionOf(body);
  const counter = said && resolveIntent(state, said, at);
  if (counter) counters.add(counter);
  if (body.type !== 'agent.started' || !rewound(state, device, body)) return null;
  state.raiseAlarm(device, 'rewound', { epoch: body.epoch, parent: body.parent }, at);
  return 'rewound';
}

/** The parent a new epoch names must be the last the hub holds of this device; less is loss or a clone. */
function rewound(state: InboxState, device: string, body: BodyOf<'agent.started'>): boolean {
  const { epoch, parent } = body;
  if (parent === null) return state.hasOtherEpoch(device, epoch);
  const held = state.epoch(device, parent.epoch);
  if (held !== null && held.headSeq > parent.seq) return true;
  // One machine goes on from an event once: a second start from the same one is a copy of its disk, or its return.
  return state.hasSibling(device, epoch, parent);
}

// ---------------------------------------------------------------- the hub's own chain

export interface OwnFacts {
  /** SHA-256 of the hub's raw public key, and the epoch of this start. */
  readonly device: string;
  readonly epoch: string;
  readonly at: number;
  readonly mono: number;
  readonly bodies: readonly EventBody[];
}
export interface OwnRecorded {
  readonly epochId: number;
  /** The head after the last one; to be signed and mirrored by the caller. */
  readonly head: { readonly epoch: string; readonly seq: number; readonly hash: string };
  readonly events: readonly {
    readonly id: number;
    readonly seq: number;
    readonly hash: Uint8Array;
    readonly bytes: Uint8Array;
  }[];
  readonly counters: readonly string[];
}

/** Appends facts to the hub's own chain: same form, same judgement, same rows. A fact it may not state throws. */
export function appendOwn(state: InboxState, rules: InboxRules, facts: OwnFacts): OwnRecorded {
  const { device, epoch, at, mono } = facts;
  const held = state.epoch(device, epoch);
  let head: EpochHead = held
    ? { seq: held.headSeq, hash: held.headHash }
    : { seq: 0, hash: genesisHash(rules.sha256, device as DeviceId, epoch as EpochId) };
  const epochId = held?.id ?? state.newEpoch(device, epoch, head);
  const counters = new Set<string>();
  const events = facts.bodies.map((body) => {
    const seq = head.seq + 1;
    const bytes = encodeEvent({ seq, at, mono, body });
    const judged = rules.judge(bytes, { device, epoch, seq });
    if (judged.status === 'quarantined') throw new Error(`own fact ${body.type}: ${judged.detail}`);
    const hash = rules.sha256(head.hash, bytes);
    const id = insertJudged(state, judged, { epochId, seq, bytes, hash, prev: head.hash, receivedAt: at });
    accept(state, device, judged.event.body, at, counters);
    head = { seq, hash };
    return { id, seq, hash, bytes };
  });
  state.moveHead(epochId, head.seq, head.hash);
  return { epochId, head: { epoch, seq: head.seq, hash: toHex(head.hash) }, events, counters: [...counters] };
}
