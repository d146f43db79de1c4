/* Purpose: the measure of the silent station finds what it is there to find, and nothing where there is nothing. */
import { expect, test } from 'vitest';
import { difference, median, type Sample, seeded } from '../../support/same-times.ts';

const KINDS = ['tap', 'whole', 'corrected', 'left', 'phone', 'nobody'];
/** Noise with far outliers, as a busy machine has it. */
function run(each: number, random: () => number, late: (kind: string) => number): Sample[] {
  return Array.from({ length: each }, () => KINDS)
    .flat()
    .map((group) => {
      const noise = 4 * random() + 3 * random() + (random() < 0.1 ? 60 * random() : 0);
      return { group, value: 8_000 + noise + late(group) };
    });
}
const found = (p: number): boolean => p <= 0.001;

test('finds one kind that comes a little later, or too early as the private route once did', () => {
  const random = seeded(7);
  for (const by of [25, -25, -5_000]) {
    const { p, group, largest } = difference(run(20, random, (kind) => (kind === 'phone' ? by : 0)));
    expect([found(p), group]).toEqual([true, 'phone']);
    expect(largest).toBeGreaterThan(20);
  }
  // In the small sample of every test run what is gross shows by its size.
  const { group, largest, noise } = difference(run(5, random, (kind) => (kind === 'phone' ? -5_000 : 0)));
  expect([group, largest > Math.max(20, 10 * noise)]).toEqual(['phone', true]);
});

test('finds nothing where only noise is', () => {
  const random = seeded(11);
  const ps = Array.from({ length: 40 }, () => difference(run(5, random, () => 0)).p);
  expect(ps.filter(found)).toEqual([]);
  // Chance is spread evenly: neither always sure nor never.
  expect(median(ps)).toBeGreaterThan(0.25);
  expect(median(ps)).toBeLessThan(0.75);
});
