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

const ntp = (state: 'synchronised' | 'waiting' | 'unknown', askedMonoMs = 0) => ({ state, askedMonoMs });
const HOUR = 3_600 * SECOND;

it('goes on in the same boot with what was believed, and begins anew in another', () => {
  const saved = { boot: 'a', offsetMs: WALL - 5 * SECOND, sure: true, confirmed: true };
  const witness = { ntp: ntp('unknown'), notBefore: 0 };
  const same = steadyFrom(WALL + HOUR, 5 * SECOND, witness, 'a', saved);
  expect([same.offsetMs, same.unsureSinceMonoMs, same.confirmed]).toEqual([WALL - 5 * SECOND, null, true]);
  expect(watchWall(same, WALL + HOUR, 5 * SECOND, witness)).toMatchObject({ event: 'stepped', movedMs: 0 });
  const other = steadyFrom(WALL + HOUR, 5 * SECOND, witness, 'b', saved);
  expect([other.offsetMs, other.confirmed]).toEqual([WALL + HOUR - 5 * SECOND, false]);
});

it('is not sure before footage that is there, nor while NTP waits; right by a step, by NTP, or by standing', () => {
  const behind = { ntp: ntp('unknown'), notBefore: WALL };
  let steady = steadyFrom(WALL - HOUR, 0, behind);
  expect(steady.unsureSinceMonoMs).toBe(0);
  expect(watchWall(steady, WALL - HOUR + BELIEVED_AFTER_MS, BELIEVED_AFTER_MS, behind).event).toBeNull();
  const right = watchWall(steady, WALL + 9 * SECOND, 9 * SECOND, behind);
  expect(right).toMatchObject({ event: 'believed', movedMs: HOUR, steady: { unsureSinceMonoMs: null } });
  // Set, and still before: moved, not sure.
  const still = watchWall(steady, WALL - HOUR / 2, 0, behind);
  expect(still).toMatchObject({ event: 'believed', movedMs: HOUR / 2, steady: { unsureSinceMonoMs: 0 } });

  const waits = { ntp: ntp('waiting'), notBefore: 0 };
  steady = steadyFrom(WALL, 0, waits);
  expect(watchWall(steady, WALL + SECOND, SECOND, waits).event).toBeNull();
  const told = { ...waits, ntp: ntp('synchronised', SECOND) };
  expect(watchWall(steady, WALL + SECOND, SECOND, told)).toMatchObject({ event: 'sure', movedMs: 0 });
  expect(watchWall(steady, WALL + BELIEVED_AFTER_MS, BELIEVED_AFTER_MS, waits).event).toBe('sure');
});

it('believes NTP at once when it was asked after the step, and nobody else once NTP has confirmed', () => {
  const confirmed = steadyFrom(WALL, 0, { ntp: ntp('synchronised'), notBefore: 0 });
  const wrong = { ntp: ntp('unknown', 1), notBefore: 0 };
  let steady = confirmed;
  for (let at = SECOND; at < 3 * BELIEVED_AFTER_MS; at += 60 * SECOND) {
    const step = watchWall(steady, WALL + at + HOUR, at, wrong);
    expect([step.movedMs, step.steady.offsetMs]).toEqual([0, WALL]);
    steady = step.steady;
  }
  const at = 4 * BELIEVED_AFTER_MS;
  const early = { ntp: ntp('synchronised', 0), notBefore: 0 };
  expect(watchWall(steady, WALL + at + HOUR, at, early).movedMs).toBe(0);
  const late = { ntp: ntp('synchronised', at), notBefore: 0 };
  expect(watchWall(steady, WALL + at + HOUR, at, late)).toMatchObject({ event: 'believed', movedMs: HOUR });
});

it('whatever the clock does, footage of a sure clock moves only by what is told', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          off: fc.constantFrom(0, 0, 0, HOUR, -HOUR),
          forMs: fc.constantFrom(SECOND, 60_000, 700_000),
        }),
        { maxLength: 12 },
      ),
      (spells) => {
        let steady = steadyFrom(WALL, 0);
        let [monoMs, moved] = [0, 0];
        for (const { off, forMs } of spells)
          for (const until = monoMs + forMs; monoMs < until; ) {
            monoMs += Math.min(30 * SECOND, until - monoMs);
            const step = watchWall(steady, WALL + monoMs + off, monoMs);
            moved += step.movedMs;
            steady = step.steady;
            expect(Math.abs(steady.offsetMs - WALL - moved)).toBeLessThan(1);
          }
      },
    ),
  ));
