import { freshClockWatch, watchClock } from '@hailong/device-drivers/media/clock-watch.ts';
import { createRunClock, pictureInterval } from '@hailong/device-drivers/media/time-mapping.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const WALL = 1_795_000_000_000;
const MONO = 500_000;

/** A run whose media time 0 is wall time WALL: segment i ends at 4 s × (i+1), its line comes `late` ms after that. */
const arrive = (i: number, late: number, ppm = 0) => {
  const trueMs = (i + 1) * 4_000;
  const mediaEndMs = Math.round(trueMs * (1 + ppm / 1_000_000));
  return { mediaEndMs, arrivalAt: WALL + trueMs + late, arrivalMonoMs: MONO + trueMs + late };
};

describe('offset of a run', () => {
  it('is the smallest delay seen, whatever single lines do', () => {
    const clock = createRunClock();
    const delays = [4_100, 152, 7_700, 160, 190, 152, 4_000, 170];
    const seen = delays.map((late, i) => clock.observe(arrive(i, late)));
    expect(seen[0]?.offsetMs).toBe(WALL + 4_100);
    expect(seen[0]?.boundMs).toBeGreaterThanOrEqual(4_000);
    expect(seen.slice(1).map((one) => one.offsetMs)).toEqual(Array(7).fill(WALL + 152));
    expect(seen.at(-1)?.boundMs).toBeLessThanOrEqual(500);
  });

  it('truth stays inside the bound for any delays in which one line in five is prompt', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 8_000 }), { minLength: 20, maxLength: 120 }),
        (delays) => {
          const clock = createRunClock();
          delays.forEach((late, i) => {
            const { offsetMs, boundMs } = clock.observe(arrive(i, i % 5 === 0 ? late % 200 : late));
            expect(offsetMs).toBeGreaterThanOrEqual(WALL);
            expect(offsetMs - boundMs).toBeLessThanOrEqual(WALL);
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('follows a crystal 100 ppm off for a day, and creeps at most 500 ppm', () => {
    const clock = createRunClock();
    let before: number | null = null;
    for (let i = 0; i < 21_600; i += 1) {
      const { offsetMs } = clock.observe(arrive(i, 150, -100));
      if (before !== null) expect(Math.abs(offsetMs - before)).toBeLessThanOrEqual(2);
      before = offsetMs;
      const trueNow = WALL + (i + 1) * 4_000 * 0.000_1;
      if (i > 100) expect(Math.abs(offsetMs - 150 - trueNow)).toBeLessThan(60);
    }
  });

  it('continues in the next run without starting anew', () => {
    const clock = createRunClock();
    for (let i = 0; i < 20; i += 1) clock.observe(arrive(i, 150));
    const next = clock.continued(80_000);
    const late = arrive(20, 5_000);
    const { offsetMs, boundMs } = next.observe({ ...late, mediaEndMs: late.mediaEndMs - 80_000 });
    expect(offsetMs).toBe(WALL + 80_000 + 150);
    expect(boundMs).toBeLessThanOrEqual(300);
  });

  it('places the whole run by the newest wall time: a clock that was wrong was wrong all the time', () => {
    const clock = createRunClock();
    for (let i = 0; i < 30; i += 1) clock.observe(arrive(i, 150));
    const set = arrive(30, 150);
    expect(clock.observe({ ...set, arrivalAt: set.arrivalAt + 90_000 }).offsetMs).toBe(WALL + 150 + 90_000);
  });

  it('a picture was true between latency and bound before, and bound after', () => {
    expect(pictureInterval({ offsetMs: 1_000, boundMs: 300, latencyMs: 2_000 }, 500)).toEqual({
      from: -800,
      to: 1_800,
    });
  });
});

describe('watching the clock', () => {
  const watch = (residuals: readonly number[]) => {
    let state = freshClockWatch(null);
    return residuals.map((residual, i) => {
      const step = watchClock(state, { arrivalMonoMs: i * 4_000 + residual, mediaEndMs: i * 4_000 });
      state = step.watch;
      return step.verdict;
    });
  };

  it('takes lateness as lateness and a lifted floor as a jump', () => {
    expect(watch([4_000, 150, 160, 7_000, 150, 3_000, 3_000, 150])).not.toContain('jumped');
    expect(watch([150, 150, 150, 4_100, 8_100, 12_100]).at(-1)).toBe('jumped');
  });

  it('sees a camera that runs fast', () => {
    expect(watch([9_000, 150, 150, -4_000, -8_000, -12_000]).at(-1)).toBe('jumped');
  });

  it('ends a run that drifts by more than 500 ppm, not one of 100', () => {
    const drift = (ppm: number) =>
      watch(Array.from({ length: 600 }, (_, i) => 150 + (i * 4_000 * ppm) / 1_000_000));
    expect(drift(100)).not.toContain('drifting');
    expect(drift(700)).toContain('drifting');
  });
});
