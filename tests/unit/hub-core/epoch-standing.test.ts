/* The standing of many epochs: a long line of starts is judged in one pass, whichever end is named first. */
import { expect, test } from 'vitest';
import { type EpochFacts, standingOf } from '../../../hub-server/src/domain/transactions/epoch-standing.ts';

const LENGTH = 30_000;
const epoch = (n: number): EpochFacts => ({
  ...{
    epoch: `e${n}`,
    parent: n === 0 ? null : { epoch: `e${n - 1}`, seq: 1 },
    started: true,
    at: n,
    headSeq: 1,
  },
  ...{ otherParent: false, lost: n === 1, forked: false },
});

test('a line of thirty thousand starts inherits its standing, newest first, and a circle ends', () => {
  const line = Array.from({ length: LENGTH }, (_, n) => epoch(n));
  const began = process.cpuUsage();
  const standings = standingOf(line.toReversed(), new Map());
  // Each step looked through all before it once: 450 million comparisons. Work alone counts, not waiting for a core.
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1_000).toBeLessThan(2_000);
  expect(standings.get('e0')?.state).toBe('counted');
  expect(standings.get(`e${LENGTH - 1}`)).toEqual({ state: 'suspended', cause: null, branches: 'suspended' });
  const circle = [epoch(2), { ...epoch(1), lost: false, parent: { epoch: 'e2', seq: 1 } }];
  expect([...standingOf(circle, new Map()).values()].map(({ state }) => state)).toEqual([
    'counted',
    'counted',
  ]);
});
