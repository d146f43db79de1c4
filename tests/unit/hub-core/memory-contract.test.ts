/* Purpose: the same inbox contract in memory, and what projecting tells the pages. */

import { readBatch } from '@hailong/shared/edge/batch.ts';
import { readEvent } from '@hailong/shared/edge/event.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import { expect, test } from 'vitest';
import { judgeAgain } from '../../../hub-server/src/application/inbox/judge-again.ts';
import { standingOfDevice } from '../../../hub-server/src/application/inbox/judge-standing.ts';
import { listLost } from '../../../hub-server/src/application/inbox/list-gap.ts';
import {
  projectEvents,
  rebuildProjections,
} from '../../../hub-server/src/application/inbox/project-events.ts';
import { greetDevice, haveOf, recordBatch } from '../../../hub-server/src/application/inbox/record-batch.ts';
import { appendOwn } from '../../../hub-server/src/application/own-chain/append-own.ts';
import type { ReviewItem } from '../../../hub-server/src/application/ports/inbox.ts';
import { monthOf, monthUncertain } from '../../../hub-server/src/domain/ratings/transaction-fold.ts';
import { counterFactsContract } from '../../contract/counter-facts-contract.ts';
import { type ContractHub, inboxContract } from '../../contract/inbox-contract.ts';
import { type StandingHub, standingContract } from '../../contract/standing-contract.ts';
import { MemoryInbox, memoryRules } from '../../support/memory-inbox.ts';
import { newPlace, TestDevice, toHex } from '../../support/test-device.ts';

function contractHub(memory: MemoryInbox): ContractHub {
  const aside = () => memory.events.filter((each) => each.status !== 'stored');
  const project = () => {
    while (projectEvents(memory, readEvent).more);
  };
  const record = (input: Parameters<ContractHub['inbox']['recordBatch']>[0]) => {
    const batch = readBatch(input.frame);
    if (!batch.ok) return { kind: 'damaged' as const, detail: batch.detail };
    return recordBatch(memory, memoryRules, { ...input, header: batch.header, events: batch.events });
  };
  return {
    inbox: {
      deviceKey: async () => null,
      hello: async (input) => greetDevice(memory, memoryRules, input),
      lost: async ({ device, lost, at }) => {
        listLost(memory, memoryRules, device, lost, at);
        return null;
      },
      have: async ({ device, epochs }) => haveOf(memory, memoryRules, device, epochs),
      recordBatch: async (input) => record(input),
      project: async () => {
        project();
        return null;
      },
      standing: async (device) => ({
        ...{ standing: standingOfDevice(memory, device), handover: null },
      }),
      judgeAgain: async ({ event: only }) => {
        const done = judgeAgain(memory, memory, memoryRules, { device: null, after: 0, only });
        return { judged: done.judged, released: done.released.length, more: false };
      },
      review: async () => {
        project();
        return [...memory.transactions.values()].flatMap((state): ReviewItem[] => {
          const kinds: ReviewItem['kind'][] = [];
          if (state.finished?.provisional) kinds.push('provisional');
          if (monthUncertain(state)) kinds.push('month_edge');
          if (state.twin) kinds.push('same_dossier');
          if (memory.effective.get(state.id)?.review) kinds.push('both_routes');
          if (new Set(state.votes.flatMap(({ phone }) => phone ?? [])).size > 1) kinds.push('two_phones');
          const shared = memory.slipsOf(state.id).filter((slip) => memory.slipVotes(slip).length > 0);
          const elsewhere = ({ transaction, event }: { transaction: string; event: number }) =>
            transaction !== state.id || memory.event(event)?.branch !== 0;
          if (shared.some((slip) => memory.slipClaims(slip).some(elsewhere))) kinds.push('same_code');
          return kinds.map((kind) => ({ kind, transaction: state.id, month: monthOf(state) }));
        });
      },
      aside: async ({ limit }) =>
        aside()
          .reverse()
          .slice(0, limit)
          .map((each) => {
            const { device, epoch } = memory.chain(each.epochId);
            const { id, seq, code, detail, receivedAt } = each;
            const status = each.status as 'forked' | 'quarantined';
            return { id, device, epoch, seq, status, code, detail, receivedAt };
          }),
      asideEvent: async () => null,
      asideCount: async () => aside().length,
      rebuild: async () => rebuildProjections(memory, readEvent),
    },
    enrol: async ({ device }, counter) => {
      memory.enrol(device, counter);
      judgeAgain(memory, memory, memoryRules, { device, after: 0 });
    },
    revoke: async ({ device }) => memory.revoke(device),
    effective: async (transaction) => {
      project();
      return memory.effective.get(transaction) ?? null;
    },
    votes: async (transaction) => {
      project();
      return memory.transactions.get(transaction)?.votes.length ?? 0;
    },
    ask: async ({ id, kind, counter, transaction }) => {
      memory.intents.set(id, {
        ...{ counterId: counter, kind, transactionId: transaction, state: 'pending', code: null },
      });
    },
    intent: async (id) => memory.intent(id),
    projections: async () => ({
      ...{ duties: new Map(memory.duties), strays: new Map(memory.strays), anchors: new Map(memory.anchors) },
      ...{ transactions: new Map(memory.transactions), effective: new Map(memory.effective) },
      ...{ forms: new Map(memory.forms), walkups: new Map(memory.walkups) },
      answers: new Map([...memory.answers].filter(([, n]) => n !== 0)),
      rollups: new Map([...memory.rollups].filter(([, { counts }]) => counts.some((count) => count !== 0))),
    }),
    close: async () => undefined,
  };
}

inboxContract(async () => contractHub(new MemoryInbox()));
const standingHub = async (): Promise<StandingHub> => {
  const memory = new MemoryInbox();
  const hub = contractHub(memory);
  const own = new TestDevice();
  const epoch = 'ab'.repeat(16);
  const project = () => hub.inbox.project();
  return {
    ...hub,
    async own(at, bodies) {
      appendOwn(memory, memoryRules, { device: own.device, epoch, at, mono: 1, bodies });
    },
    async transaction(id) {
      await project();
      const finished = memory.transactions.get(id)?.finished;
      if (!finished) return null;
      const { at: finishedAt, bound, provisional } = finished;
      return { finishedAt, bound, provisional, month: vietnamMonth(finishedAt) };
    },
    async sums() {
      await project();
      const sum = (i: number) =>
        [...memory.rollups.values()].reduce((all, { counts }) => all + counts[i]!, 0);
      return { served: sum(0), prompted: sum(1), rated: sum(2), marked: sum(8) };
    },
    async answers() {
      await project();
      return Object.fromEntries(
        [...memory.answers]
          .filter(([, n]) => n !== 0)
          .map(([id, n]) => {
            const [kind, , , , , question, answer] = id.split('\n');
            return [`${kind} ${question} ${answer}`, n];
          }),
      );
    },
    async hold(form) {
      const before = memory.instrument;
      memory.instrument = (ref) => (ref.id === form.id && ref.version === form.version ? form : before(ref));
    },
    gaps: async () => memory.gaps.map(({ from, to }) => ({ from, to })),
    judgeAgain: async () => (await hub.inbox.judgeAgain({ event: null })).released,
  };
};
standingContract(standingHub);
counterFactsContract(standingHub);

function hubWithKiosk() {
  const memory = new MemoryInbox();
  const [device, place] = [new TestDevice(), newPlace()];
  memory.enrol(device.device, place.counter);
  const { fence } = greetDevice(memory, memoryRules, {
    ...{ device: device.device, epochs: [], checkpoint: null, at: device.at },
  })!;
  const send = (target: MemoryInbox, frame: Uint8Array) => {
    const batch = readBatch(frame);
    if (!batch.ok) throw new Error(batch.detail);
    return recordBatch(target, memoryRules, {
      ...{ device: device.device, fence, receivedAt: device.at },
      ...{ header: batch.header, events: batch.events },
    });
  };
  return { memory, device, place, send };
}

test('neither a vote nor a close moves a station; what it shows otherwise does', () => {
  const { memory, device, place, send } = hubWithKiosk();
  const chain = device.start(place);
  const transaction = device.serve(chain, place, { level: 1 });
  const shown: (readonly string[])[] = [];
  for (let seq = 1; seq <= 7; seq++) {
    send(memory, device.batch(chain, seq, seq));
    shown.push(projectEvents(memory, readEvent).counters);
  }
  const moved = [place.counter];
  // agent.started, opened, finished, rating.opened, question.asked, rating.voted, rating.closed
  expect(shown).toEqual([[], moved, moved, moved, [], [], []]);
  expect(memory.effective.get(transaction)?.overall).toBe(1);
});

test('chips and a vote taken to the phone move no page at all', () => {
  const { memory, device, place, send } = hubWithKiosk();
  const chain = device.start(place);
  const bodies = device.bodiesOf(place, { level: 1 });
  const { rating, transaction, vote } = bodies.find((body) => body.type === 'rating.voted')!;
  const chosen = { type: 'chips.chosen', rating, transaction, overallVote: vote, askTicket: 8 };
  for (const body of bodies.slice(0, -1)) device.append(chain, body);
  send(memory, device.batch(chain));
  projectEvents(memory, readEvent);
  const press = '0190a000-0000-7000-8000-000000000001';
  for (const body of [
    { ...chosen, n: 1, chips: ['cho001'], press },
    { ...chosen, n: 2, chips: [], press },
    { type: 'rating.went_private', rating, transaction, drained: true },
  ]) {
    const seq = device.append(chain, body as never);
    send(memory, device.batch(chain, seq, seq));
    expect(projectEvents(memory, readEvent)).toMatchObject({ events: 1, counters: [], hints: [] });
  }
  // Remembered all the same, so that whoever folds it again meets them.
  const { others, chips } = memory.transactions.get(transaction)!;
  expect([others.length, chips.length]).toEqual([1, 2]);
});

test('a slice is bounded, and a copy is an old backup that goes on by itself', () => {
  const { memory, device, place, send } = hubWithKiosk();
  const chain = device.start(place);
  const transaction = device.serve(chain, place, { level: 2 });
  send(memory, device.batch(chain, 1, 4));
  const backup = memory.copy();
  send(memory, device.batch(chain, 5));
  expect(projectEvents(memory, readEvent, 5)).toMatchObject({ events: 5, more: true });
  expect(projectEvents(memory, readEvent, 5)).toMatchObject({ events: 2, more: false });
  expect(memory.effective.get(transaction)?.overall).toBe(2);
  expect([backup.events.length, backup.transactions.size]).toEqual([4, 0]);
  expect(send(backup, device.batch(chain, 5))).toMatchObject({ stored: 3, head: { seq: 7 } });
});

test('the hub’s own facts chain, are judged and answer intents as a kiosk’s do', () => {
  const memory = new MemoryInbox();
  const [own, place] = [new TestDevice(), newPlace()];
  const chain = own.start(place);
  own.serve(chain, place, { level: 4 });
  const started = { device: own.device, epoch: chain.epoch, parent: null, build: 'test', lineage: 'l-1' };
  const bodies = chain.bytes.map((bytes) => JSON.parse(Buffer.from(bytes).toString()).body);
  bodies[0] = { type: 'hub.started', ...started };
  bodies.splice(4, 1);
  const facts = { device: own.device, epoch: chain.epoch, at: own.at, mono: 1 };
  const first = appendOwn(memory, memoryRules, { ...facts, bodies: bodies.slice(0, 3) });
  const last = appendOwn(memory, memoryRules, { ...facts, bodies: bodies.slice(3) });
  expect([first.head.seq, last.head.seq, last.firstSeq]).toEqual([3, 6, 4]);
  expect(toHex(memory.hashAt(1, 6)!)).toBe(last.head.hash);
  expect(() => appendOwn(memory, memoryRules, { ...facts, bodies: [started as never] })).toThrow();
  expect(projectEvents(memory, readEvent)).toMatchObject({ events: 6, setAside: [] });
  expect([...memory.effective.values()][0]?.overall).toBe(4);
});
