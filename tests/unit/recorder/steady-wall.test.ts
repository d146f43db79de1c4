/* One wall time for footage, whatever somebody does to the machine's clock. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  BELIEVED_AFTER_MS,
  STEP_MS,
  steadyFrom,
  watchWall,
} from '../../../hub-server/src/recorder/domain/steady-wall.ts';

const WALL = 1_795_000_000_000;
const SECOND = 1_000;

/** Looks once a second; `off` is how far the machine's clock is from the first reading. */
function watch(off: readonly number[]) {
  let steady = steadyFrom(WALL, 0);
  return off.map((ms, i) => {
    const monoMs = (i + 1) * SECOND;
    const step = watchWall(steady, WALL + monoMs + ms, monoMs);
    steady = step.steady;
    return { event: step.event, off: steady.offsetMs - WALL };
  });
}
const lasting = (ms: number, forMs: number) => Array<number>(Math.ceil(forMs / SECOND)).fill(ms);

it('keeps its place when the clock is set and set back', () => {
  for (const step of [90 * SECOND, -90 * SECOND, 366 * 86_400_000]) {
    const seen = watch([0, ...lasting(step, BELIEVED_AFTER_MS - 2 * SECOND), 0, 0]);
    expect(seen.every(({ off }) => off === 0)).toBe(true);
    expect(seen.flatMap(({ event }) => event ?? [])).toEqual(['stepped', 'back']);
  }
});

it('believes a step that stands', () => {
  const seen = watch([0, ...lasting(-3_600_000, BELIEVED_AFTER_MS + 2 * SECOND)]);
  expect(seen.at(-1)?.off).toBe(-3_600_000);
  expect(seen.filter(({ event }) => event === 'believed')).toHaveLength(1);
});

it('follows slewing, never faster than 500 ppm', () => {
  const slewed = watch(Array.from({ length: 3_600 }, (_none, i) => i * 0.4));
  expect(Math.abs((slewed.at(-1)?.off ?? 0) - 3_599 * 0.4)).toBeLessThan(1);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -STEP_MS, max: STEP_MS }), { maxLength: 300 }), (off) => {
      let before = 0;
      for (const step of watch(off.map((ms) => ms / 2))) {
        expect(Math.abs(step.off - before)).toBeLessThanOrEqual(0.501);
        before = step.off;
      }
    }),
    { numRuns: 50 },
  );
});
