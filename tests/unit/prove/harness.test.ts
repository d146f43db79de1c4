/* The harness of `npm run prove`: sums, resuming, judging; and a judge that sees what it must see. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noProgress, withChunk } from '../../prove/progress.ts';
import { joined, median, noTotals, type ProveRun, whyNot, withStep } from '../../prove/run.ts';
import { type HeldFact, type HubHolding, judgeHub, thankedIn } from '../../prove/thanked-vs-stored.ts';

const run: ProveRun = {
  title: { vi: 'thử', en: 'trial' },
  unit: { vi: 'bước', en: 'step' },
  full: 2,
  quick: 1,
  step: async () => ({}),
};

describe('sums', () => {
  it('add up alike in whatever parts they come', () => {
    const step = fc.record({ thanked: fc.nat(9), lost: fc.nat(2), tallies: fc.constant({ cut: 1 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat(12), (steps, cut) => {
        const all = steps.reduce((sum, one, index) => withStep(sum, index, one), noTotals);
        const first = steps.slice(0, cut).reduce((sum, one, index) => withStep(sum, index, one), noTotals);
        const rest = steps.slice(cut).reduce((sum, one, index) => withStep(sum, index, one), noTotals);
        expect(joined(first, rest)).toEqual(all);
        expect(all.count).toBe(steps.length);
        expect(all.tallies['cut'] ?? 0).toBe(steps.length);
      }),
    );
  });

  it('keep samples for the median', () => {
    const totals = [3, 9, 5].reduce((sum, faults) => withStep(sum, 0, { samples: { faults } }), noTotals);
    expect(median(totals.samples['faults'] ?? {})).toBe(5);
  });
});

describe('progress', () => {
  it('knows every finished chunk in whatever order they finish', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7]);
    fc.assert(
      fc.property(order, (finished) => {
        const progress = finished.reduce((held, chunk) => withChunk(held, chunk, noTotals, 0), noProgress);
        const knows = (chunk: number) => chunk < progress.upTo || progress.beyond.includes(chunk);
        expect([0, 1, 2, 3, 4, 5, 6, 7].filter(knows)).toEqual([...finished].sort());
      }),
    );
  });
});

describe('whether a run holds', () => {
  const two = { ...noTotals, count: 2 };
  it('needs every step and nothing lost, doubled, moved or wrong', () => {
    expect(whyNot(run, two, 2, false)).toBeNull();
    expect(whyNot(run, { ...noTotals, count: 1 }, 2, false)).toContain('1 of 2');
    for (const bad of [{ lost: 1 }, { doubled: 1 }, { moved: 1 }, { problems: ['#1: x'] }])
      expect(whyNot(run, { ...two, ...bad }, 2, false)).not.toBeNull();
  });
  it('asks a run that must lose for its own bar only', () => {
    const control = {
      ...run,
      commonBar: false,
      judge: ({ lost }: { lost: number }) => (lost > 0 ? null : 'lost none'),
    };
    expect(whyNot(control, { ...two, lost: 3 }, 2, false)).toBeNull();
    expect(whyNot(control, two, 2, false)).toBe('lost none');
  });
});

describe('the judge', () => {
  const [vote, transaction, officer] = ['v1', 't1', 'o1'];
  const thanked = thankedIn([
    { event: 'ready' },
    { event: 'thanked', id: vote, transaction, question: 'overall', level: 4 },
    { event: 'thanked', id: vote, transaction, question: 'overall', level: 4 },
  ]);
  const fact = (more: Record<string, unknown> = {}, seq = 5): HeldFact =>
    ({
      ...{ device: 'd', epoch: 'e', seq, at: 0 },
      body: {
        ...{
          type: 'rating.voted',
          vote,
          rating: 'r1',
          transaction,
          question: 'overall',
          attempt: 1,
          askTicket: 7,
        },
        ...{ level: 4, source: { via: 'touch', press: 'p1' }, ...more },
      },
    }) as never;
  const holding: HubHolding = {
    facts: [fact()],
    votes: new Map([[vote, { transaction, question: 'overall', level: 4 }]]),
    transactions: new Map([[transaction, { officer, month: '2026-11' }]]),
    effective: new Map([[transaction, { overall: 4, votes: { overall: vote } }]]),
    rated: new Map([[`${officer} 2026-11`, 1]]),
  };
  const served = new Map([[transaction, { officer, months: ['2026-11'] }]]);
  const judge = (change: Partial<HubHolding>) => judgeHub(thanked, { ...holding, ...change }, served);

  it('is content when everything is where it was thanked', () => {
    expect(judge({})).toMatchObject({ thanked: 1, stored: 1, lost: 0, doubled: 0, moved: 0 });
  });
  it.each([
    ['lost', 'no event', { facts: [] }],
    ['lost', 'an event nobody counts', { votes: new Map() }],
    ['lost', 'sums too small', { rated: new Map() }],
    ['doubled', 'two events of one vote', { facts: [fact(), fact({}, 6)] }],
    ['doubled', 'one touch as two votes', { facts: [fact(), fact({ vote: 'v2' }, 6)] }],
    ['doubled', 'sums too large', { rated: new Map([[`${officer} 2026-11`, 2]]) }],
    ['moved', 'another transaction in the event', { facts: [fact({ transaction: 't2' })] }],
    ['moved', 'another level in the event', { facts: [fact({ level: 5 })] }],
    [
      'moved',
      'another level counted',
      { votes: new Map([[vote, { transaction, question: 'overall', level: 1 }]]) },
    ],
    [
      'moved',
      'another officer',
      { transactions: new Map([[transaction, { officer: 'o2', month: '2026-11' }]]) },
    ],
    ['moved', 'another month', { transactions: new Map([[transaction, { officer, month: '2026-12' }]]) }],
  ] as const)('says %s for %s', (kind, _what, change) => {
    expect(judge(change as Partial<HubHolding>)[kind]).toBeGreaterThan(0);
  });
});
