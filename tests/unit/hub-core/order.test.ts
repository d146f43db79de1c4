/*
 * Purpose: effective times, standing and what counts are functions of the chains: whichever epoch arrives first, however
 * the batches are cut and whenever projecting runs in between, the end is the same, and the same as folding all again.
 */
import { hash, randomUUID } from 'node:crypto';
import { readBatch } from '@hailong/shared/edge/batch.ts';
import { readEvent } from '@hailong/shared/edge/event.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  projectEvents,
  rebuildProjections,
} from '../../../hub-server/src/application/inbox/project-events.ts';
import { greetDevice, recordBatch } from '../../../hub-server/src/application/inbox/record-batch.ts';
import { appendOwn } from '../../../hub-server/src/application/own-chain/append-own.ts';
import { MemoryInbox, memoryRules } from '../../support/memory-inbox.ts';
import { type Chain, newPlace, TestDevice, walkup } from '../../support/test-device.ts';

const START = Date.UTC(2026, 10, 30, 16, 50, 0);
const HUB = hash('sha256', 'hub', 'hex');

interface World {
  readonly device: TestDevice;
  readonly counter: string;
  readonly chains: readonly Chain[];
  /** Facts of the hub's chain, in its own order. */
  readonly own: readonly EventBody[];
}

/** One epoch: does a reboot come before it, is it anchored, does its clock jump, does it start from behind. */
const epochPlan = fc.record({
  reboot: fc.boolean(),
  anchorAfter: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
  clock: fc.constantFrom(0, -3_600_000, 90_000_000, -800_000_000_000),
  behind: fc.boolean(),
  services: fc.integer({ min: 0, max: 2 }),
  lost: fc.constantFrom(false, false, false, true),
});

const PLAIN = { reboot: false, anchorAfter: undefined, clock: 0, services: 0, lost: false } as const;

function build(
  plans: readonly (typeof epochPlan extends fc.Arbitrary<infer T> ? T : never)[],
  decided: boolean,
): World {
  const [device, place] = [new TestDevice(), newPlace()];
  device.at = START;
  let now = START;
  const chains: Chain[] = [];
  const own: EventBody[] = [];
  for (const [i, plan] of plans.entries()) {
    const parent = chains.at(-1) ?? null;
    if (plan.reboot) {
      device.bootId = `other-boot-${i}`;
      device.mono = 5_000;
    }
    device.at = now + plan.clock;
    const cut = parent && plan.behind && parent.bytes.length > 1 ? parent.bytes.length - 1 : undefined;
    const from: Chain | null =
      parent && cut !== undefined
        ? { ...parent, bytes: parent.bytes.slice(0, cut), hashes: parent.hashes.slice(0, cut) }
        : parent;
    const chain = device.start(place, from);
    chains.push(chain);
    if (plan.lost)
      device.append(chain, {
        ...{ type: 'loss.detected', epoch: chain.epoch, seq: 9, hash: 'cd'.repeat(32), held: null },
      } as EventBody);
    for (let s = 0; s <= plan.services; s++) {
      if (plan.anchorAfter === s) device.anchor(chain, now, 30);
      if (s < plan.services) {
        const transaction = device.serve(chain, place, {
          level: (((s + i) % 5) + 1) as 1,
          dossier: `D-${i}-${s}`,
        });
        if (s === 0) for (const body of beside(device, chain, place)) device.append(chain, body);
        if (s === 0)
          own.push({
            ...{ type: 'private.voted', vote: randomUUID(), inTime: true },
            answers: [{ question: 'overall', level: 1 }],
            route: { via: 'ticket', device: device.device, rating: randomUUID(), transaction },
            phone: hash('sha256', `${i}`, 'hex'),
          } as EventBody);
      }
    }
    if (decided && plan.behind)
      own.push({
        ...{
          type: 'chain.decided',
          device: device.device,
          epoch: chain.epoch,
          counted: i % 2 === 0,
          reason: 'r',
        },
        by: ['a', 'b'],
      } as EventBody);
    now += 200_000;
  }
  return { device, counter: place.counter, chains, own };
}

/** Chips of the service just made, and somebody who passes by. */
function beside(device: TestDevice, chain: Chain, place: ReturnType<typeof newPlace>): EventBody[] {
  const read = readEvent(chain.bytes.at(-2)!);
  const vote = read.ok && read.event.body.type === 'rating.voted' ? read.event.body : null;
  if (!vote) throw new Error(`${device.device}: no vote before the close`);
  const { rating, transaction } = vote;
  const chosen = (n: number, chips: readonly string[]) => ({
    ...{ type: 'chips.chosen', rating, transaction, overallVote: vote.vote, askTicket: 8, n, chips },
    press: randomUUID(),
  });
  return [chosen(1, ['cho001']), ...walkup(place.counter, 3), chosen(2, ['cho001', 'tre002'])] as EventBody[];
}

/** `picks` chooses, step by step, whose next piece comes and how long it is, and whether projecting runs. */
function run(world: World, picks: readonly number[]): MemoryInbox {
  const memory = new MemoryInbox();
  const { device } = world;
  memory.enrol(device.device, world.counter);
  const { fence } = greetDevice(memory, memoryRules, {
    ...{ device: device.device, epochs: [], checkpoint: null, at: START },
  })!;
  const at = world.chains.map(() => 0);
  let ownAt = 0;
  for (let step = 0; ; step++) {
    const open = world.chains.map((_, i) => i).filter((i) => at[i]! < world.chains[i]!.bytes.length);
    if (open.length === 0 && ownAt === world.own.length) break;
    const pick = picks[step % picks.length]!;
    const choice = pick % (open.length + (ownAt < world.own.length ? 1 : 0));
    if (choice === open.length) {
      appendOwn(memory, memoryRules, {
        ...{ device: HUB, epoch: 'ef'.repeat(16), at: START + ownAt, mono: 1, bodies: [world.own[ownAt]!] },
      });
      ownAt++;
    } else {
      const i = open[choice]!;
      const chain = world.chains[i]!;
      const last = Math.min(chain.bytes.length, at[i]! + 1 + (pick % 7));
      const batch = readBatch(device.batch(chain, at[i]! + 1, last));
      if (!batch.ok) throw new Error(batch.detail);
      const { header, events } = batch;
      recordBatch(memory, memoryRules, { device: device.device, fence, header, events, receivedAt: step });
      at[i] = last;
    }
    if (pick % 3 === 0) projectEvents(memory, readEvent, 1 + (pick % 5));
  }
  while (projectEvents(memory, readEvent, 3).more);
  return memory;
}

/** What the hub shows, without the numbers of arrival. */
function shown(memory: MemoryInbox): unknown {
  const bare = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (name, held) => (['event', 'others'].includes(name) ? undefined : held)),
    );
  const sorted = (map: ReadonlyMap<string, unknown>): unknown =>
    [...map].map(([id, each]) => [id, bare(each)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const votes = new Map(
    [...memory.transactions].map(([id, { votes: held, ...rest }]) => [
      id,
      {
        ...{ ...rest, chips: [...rest.chips].sort((a, b) => a.n - b.n) },
        votes: [...held].sort((a, b) => (a.id < b.id ? -1 : 1)),
      },
    ]),
  );
  const counts = [...memory.rollups].filter(([, each]) => each.counts.some((count) => count !== 0));
  const answers = [...memory.answers].filter(([, n]) => n !== 0);
  return {
    ...{ walkups: sorted(memory.walkups), answers: sorted(new Map(answers)) },
    ...{ transactions: sorted(votes), effective: sorted(memory.effective), counts: sorted(new Map(counts)) },
    standing: memory.chains.map(({ epoch, state }) => `${epoch} ${state}`).sort(),
  };
}

test('arrival, cuts and the moments of projecting change nothing', () => {
  fc.assert(
    fc.property(
      fc.array(epochPlan, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      fc.array(fc.nat({ max: 1_000 }), { minLength: 5, maxLength: 40 }),
      (plans, decided, picks) => {
        const world = build(plans, decided);
        const straight = run(world, [0]);
        const mixed = run(world, picks);
        expect(shown(mixed)).toEqual(shown(straight));
        const before = shown(mixed);
        rebuildProjections(mixed, readEvent);
        expect(shown(mixed)).toEqual(before);
      },
    ),
    {
      numRuns: 300,
      examples: [
        // The decision about an epoch is back before the epoch itself.
        [
          [
            { ...PLAIN, behind: false },
            { ...PLAIN, behind: true },
          ],
          true,
          [0, 3, 0, 0, 0],
        ],
      ],
    },
  );
}, 60_000);
