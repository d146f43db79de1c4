/* Boot time runs through a suspend, and never back. */
import { expect, it } from 'vitest';
import { bootTime } from '../../../hub-server/src/adapters/clock.ts';

it('follows the coarse clock where the fine one stood still', () => {
  let [fine, coarse] = [10_000, 10_004];
  const now = bootTime(
    () => fine,
    () => coarse,
  );
  const pass = (fineMs: number, coarseMs: number) => {
    fine += fineMs;
    coarse += coarseMs;
    return now();
  };
  expect(now()).toBe(10_000);
  expect(pass(2_000, 2_006)).toBe(12_000);
  // Suspended for an hour; looked at again once a second.
  expect(pass(500, 3_600_500)).toBe(12_500);
  expect(pass(500, 500)).toBe(3_613_010);
  // A fine clock that a test lets run faster.
  expect(pass(60_000, 1_000)).toBe(3_673_010);
});
