/*
 * Purpose: bugs that are planted on purpose, to know that the simulator would see them. Each takes hold at a seam
 * (seams.ts) of the simulator; product code knows nothing of it. A bug that no history finds within 5,000 seeds means
 * that the simulator is blind there.
 * Refuses nothing.
 */

import { type IncomingBatch, recordBatch } from '../../hub-server/src/application/inbox/record-batch.ts';
import type { EpochRow, InboxState } from '../../hub-server/src/application/ports/inbox-state.ts';
import type { ProjectionState } from '../../hub-server/src/application/ports/projection-state.ts';
import type { HeldVote, TransactionState } from '../../hub-server/src/domain/ratings/transaction-fold.ts';
import type { CounterState, CounterStep } from '../../shared/src/counter/counter-state.ts';
import { readEvent, toHex } from '../../shared/src/edge/event.ts';
import type { EpochId, TransactionId, VoteId } from '../../shared/src/ids.ts';
import type { EventBody } from '../../shared/src/model/event.ts';
import type { HubToDevice } from '../../shared/src/protocol/edge.ts';
import type { MemoryInbox } from '../support/memory-inbox.ts';
import { type Seams, trueSeams } from './seams.ts';

/** The same thing with some of its methods replaced. */
function but<T extends object>(thing: T, changes: Partial<T>): T {
  return new Proxy(thing, {
    get(target, name) {
      if (name in changes) return changes[name as keyof T];
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const plant =
  (change: Partial<Seams>): (() => Seams) =>
  () => ({ ...trueSeams, ...change });
const inbox = (change: (state: InboxState) => Partial<InboxState>) =>
  plant({ inbox: (state) => but(state, change(state)) });
const projection = (change: (state: ProjectionState) => Partial<ProjectionState>) =>
  plant({ projection: (state) => but(state, change(state)) });
const record = (change: (batch: IncomingBatch, state: InboxState) => IncomingBatch | 'damaged') =>
  plant({
    record: (state, rules, batch) => {
      const changed = change(batch, state);
      return changed === 'damaged' ? { kind: 'damaged', detail: '' } : recordBatch(state, rules, changed);
    },
  });

type Welcome = Extract<HubToDevice, { type: 'welcome' }>;

/** The overall answer that comes first in this order is effective, whatever the fold says. */
const overallOf = (order: (a: HeldVote, b: HeldVote) => number) =>
  projection((state) => {
    const held = new Map<string, TransactionState>();
    return {
      saveTransaction: (before, now) => {
        held.set(now.id, now);
        state.saveTransaction(before, now);
      },
      saveEffective: (transaction, effective) => {
        const answers = held.get(transaction)?.votes.filter(({ question }) => question === 'overall') ?? [];
        const [vote] = answers.sort(order);
        state.saveEffective(
          transaction,
          effective && vote
            ? { ...effective, overall: vote.level, votes: { ...effective.votes, overall: vote.id } }
            : effective,
        );
      },
    };
  });

export const PLANTED: Readonly<Record<string, () => Seams>> = {
  'hub: acknowledges before its commit is on disk': plant({ hubSyncEveryMs: 3_000 }),
  'hub: forgets what was set aside': inbox((state) => ({
    insertEvent: (row) => (row.status === 'quarantined' ? 0 : state.insertEvent(row)),
  })),
  'hub: a poison event blocks its line': record((batch) =>
    batch.events.every((bytes) => readEvent(bytes).ok) ? batch : 'damaged',
  ),
  'hub: knows events by their number only': plant({
    record: (state, rules, batch) => {
      const first = batch.header.firstSeq;
      let prev = Buffer.from(batch.header.prevHash, 'hex') as Uint8Array;
      const hashes = batch.events.map((bytes) => {
        prev = rules.sha256(prev, bytes);
        return prev;
      });
      const hashAt = (epochId: number, seq: number) => hashes[seq - first] ?? state.hashAt(epochId, seq);
      return recordBatch(but(state, { hashAt }), rules, batch);
    },
  }),
  'hub: a fork overwrites what it held': inbox((state) => ({
    insertEvent: (row) => {
      const held = state as MemoryInbox;
      const line = row.branch > 0 ? held.line(row.epochId, row.seq)[0] : undefined;
      if (line) held.change(line.id, { ...row, branch: 0, status: 'stored' });
      return line ? line.id : state.insertEvent(row);
    },
  })),
  'hub: throws a fork away': inbox((state) => ({
    insertEvent: (row) => (row.branch > 0 ? 0 : state.insertEvent(row)),
  })),
  'hub: its head is the highest number of all rows': inbox((state) => {
    const highest = (row: EpochRow | null): EpochRow | null => {
      if (!row) return null;
      let { headSeq, headHash } = row;
      for (let more = state.branchesAt(row.id, headSeq + 1)[0]; more; ) {
        headSeq += 1;
        headHash = more.hash;
        more = state.branchesAt(row.id, headSeq + 1)[0];
      }
      return { ...row, headSeq, headHash };
    };
    return {
      epoch: (device, epoch) => highest(state.epoch(device, epoch)),
      place: (device, epoch) => {
        const place = state.place(device, epoch);
        return place && { ...place, epoch: highest(place.epoch) };
      },
    };
  }),
  'hub: an older line may still write': plant({
    record: (state, rules, batch) => {
      const fence = state.place(batch.device, batch.header.epoch)?.fence ?? batch.fence;
      return recordBatch(state, rules, { ...batch, fence });
    },
  }),
  'hub: does not notice that it was set back': plant({ noticesSetBack: false }),
  'hub: does not admit again a kiosk it has forgotten': plant({ readmits: false }),
  'hub: counts chains that wait for a decision': projection((state) => ({
    chain: (id) => ({ ...state.chain(id), counted: true }),
  })),
  'hub: counts nothing of what two people let in': inbox((state) => ({
    decisionsOf: (device) => new Map([...state.decisionsOf(device)].map(([epoch]) => [epoch, false])),
  })),
  'hub: the last vote to arrive is effective': overallOf((a, b) => b.event - a.event),
  'hub: the first answer stands, corrections do not count': overallOf((a, b) => a.attempt - b.attempt),
  'hub: the month is that of arrival': plant({
    projection: (state, now) =>
      but(state, {
        saveTransaction: (before, after) =>
          state.saveTransaction(
            before,
            after.finished && !before.finished
              ? { ...after, finished: { ...after.finished, at: now(), bound: 0 } }
              : after,
          ),
      }),
  }),
  'hub: takes an anchor of another boot': projection((state) => ({
    anchorsAround: (device, boot, mono) => {
      const own = state.anchorsAround(device, boot, mono);
      if (own.before) return own;
      const held = state as MemoryInbox;
      const other = [...held.anchors].find(([name]) => name.startsWith(`${device} `))?.[1][0] ?? null;
      return { before: other, after: own.after };
    },
  })),
  'hub: a later anchor moves nothing': projection(() => ({ queue: () => undefined })),
  'hub: sums only grow': projection((state) => ({
    addToRollup: (key, counts) =>
      state.addToRollup(key, counts.map((count) => Math.max(0, count)) as unknown as typeof counts),
  })),
  'kiosk: thanks before its commit is on disk': plant({
    disk: (disk) => {
      disk.inMemory = 2;
    },
  }),
  'kiosk: commits without fsync': plant({
    disk: (disk) => {
      disk.syncEvery = 12;
    },
  }),
  'kiosk: goes on in the epoch of its last life': plant({
    ids: (ids, device) => ({ ...ids, epoch: () => device.slice(0, 32) as EpochId }),
  }),
  'kiosk: resends from what was acknowledged, not from what the hub has': plant({
    link: (link, outbox) => ({
      ...link,
      open: (listener) =>
        link.open({
          ...listener,
          message: (message) =>
            listener.message(message.type === 'welcome' ? believing(message, outbox()) : message),
        }),
    }),
  }),
  'kiosk: deletes what is acknowledged, safe or not': plant({
    outbox: (outbox) =>
      but(outbox, {
        acknowledge: (epoch, seq) => {
          outbox.acknowledge(epoch, seq);
          outbox.markSafe([{ epoch, seq }]);
          while (outbox.prune(Number.MAX_SAFE_INTEGER, 1_000) > 0);
        },
      }),
  }),
  'kiosk: forgets older epochs when it starts': plant({
    outbox: (outbox) => but(outbox, { epochs: () => outbox.epochs().slice(-1) }),
  }),
  'kiosk: never writes the high-water file': plant({
    highWater: (file) => ({ read: () => file.read(), write: (_mark, done) => done(true) }),
  }),
  'kiosk: closes as soon as the vote goes to the phone': plant({
    store: (store) =>
      but(store, {
        commit: (stamp, decide) => store.commit(stamp, (held) => closingEarly(decide(held))),
      }),
  }),
  'kiosk: chips stay with an answer that was corrected': plant({
    store: (store) => {
      const first = new Map<string, VoteId>();
      const of = (event: EventBody): EventBody => {
        if (event.type === 'rating.voted' && event.question === 'overall' && !first.has(event.rating))
          first.set(event.rating, event.vote);
        return event.type === 'chips.chosen'
          ? { ...event, overallVote: first.get(event.rating) ?? event.overallVote }
          : event;
      };
      return but(store, {
        commit: (stamp, decide) =>
          store.commit(stamp, (held) => {
            const step = decide(held);
            return { ...step, events: step.events.map(of) };
          }),
      });
    },
  }),
  'kiosk: takes a passer-by for the citizen served last': plant({
    store: (store) => {
      let last: TransactionId | null = null;
      return but(store, {
        commit: (stamp, decide) =>
          store.commit(stamp, (held) => {
            last = held.state.serving?.transaction ?? last;
            return takingForServed(decide(held), last);
          }),
      });
    },
  }),
  'kiosk: goes on with an interrupted prompt': plant({
    store: (store) =>
      but(store, {
        begin: (start, stamp, decide) =>
          store.begin(start, stamp, (held) => resuming(decide(held), held.state)),
      }),
  }),
  'kiosk: an intent that comes again is new again': plant({
    store: (store) => {
      const deaf = (known: object) => but(known as never, { intent: () => null } as never);
      return but(store, {
        commit: (stamp, decide) =>
          store.commit(stamp, (held) => decide({ ...held, known: deaf(held.known) })),
      });
    },
  }),
};

/** The step of a machine that takes a passer-by for the citizen served last. */
function takingForServed(step: CounterStep, last: TransactionId | null): CounterStep {
  const events = step.events.map((event): EventBody => {
    if (event.type !== 'walkup.voted' || last === null) return event;
    const { type: _, ...said } = event;
    return { type: 'rating.voted', transaction: last, ...said };
  });
  return { ...step, events };
}

/** The step of a machine that goes on with a prompt whose time nobody knows any more. */
function resuming(step: CounterStep, { rating, form }: CounterState): CounterStep {
  const events = step.events.filter(({ type }) => type !== 'rating.closed');
  return events.length === step.events.length
    ? step
    : { ...step, events, state: { ...step.state, rating, form } };
}

/** The step of a machine that ends the prompt as soon as the vote is the phone's. */
function closingEarly(step: CounterStep): CounterStep {
  const went = step.events.find((event) => event.type === 'rating.went_private');
  if (!went) return step;
  const { rating, transaction, drained } = went;
  const closed = { type: 'rating.closed', rating, transaction, reason: 'private', drained } as const;
  return { ...step, events: [...step.events, closed], state: { ...step.state, rating: null, form: null } };
}

/** The hub's `have`, replaced by what this kiosk was once told. */
function believing(
  welcome: Welcome,
  outbox: import('../../kiosk-app/agent/application/ports.ts').Outbox,
): Welcome {
  return {
    ...welcome,
    have: outbox.epochs().map(({ epoch, acknowledged }) => ({
      ...{ epoch, seq: acknowledged },
      hash: outbox.hashAt(epoch, acknowledged) ?? (toHex(new Uint8Array(32)) as never),
    })),
  };
}
