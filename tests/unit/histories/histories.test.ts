/* The simulator on a few seeds: the promise holds, the same seed tells the same history, once-failing seeds stay mended. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runHistory } from '../../histories/history.ts';
import { inRepo } from '../../support/paths.ts';

const corpus = JSON.parse(readFileSync(inRepo('tests/histories/corpus.json'), 'utf8')) as {
  readonly seed: number;
  readonly was: string;
}[];

describe('histories', () => {
  it('keep the promise', { timeout: 120_000 }, async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { breaches, agents, ratings, faults } = await runHistory(seed);
      expect({ seed, breaches }).toEqual({ seed, breaches: [] });
      expect(agents).toBeGreaterThanOrEqual(3);
      expect(ratings).toBeGreaterThanOrEqual(60);
      expect([...faults.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThanOrEqual(15);
    }
  });

  it('is the same again from the same seed', { timeout: 60_000 }, async () => {
    const [one, other] = [await runHistory(7, { traced: true }), await runHistory(7, { traced: true })];
    expect(one.trace.length).toBeGreaterThan(500);
    expect(other.trace).toEqual(one.trace);
  });

  it('signs one history of a thousand with real keys', { timeout: 60_000 }, async () => {
    const { breaches, thanked } = await runHistory(999);
    expect(breaches).toEqual([]);
    expect(thanked).toBeGreaterThan(60);
  });

  it.each(corpus)('$seed: $was', { timeout: 60_000 }, async ({ seed }) => {
    expect((await runHistory(seed)).breaches).toEqual([]);
  });
});
