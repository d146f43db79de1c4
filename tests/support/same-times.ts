/*
 * Purpose: could somebody tell groups apart by when something came? A permutation test on ranks (Kruskal and Wallis): do the
 * groups' mean ranks lie further apart than when the groups' names are dealt out at random? It assumes nothing about the
 * noise, which on a busy machine is of no known shape and has far outliers.
 */

export interface Sample {
  readonly group: string;
  readonly value: number;
}
export interface Difference {
  /** How often dealt-out names lie at least as far apart: small means that the groups can be told apart. */
  readonly p: number;
  /** The largest difference of a group's median from that of the others, and whose it is. */
  readonly largest: number;
  readonly group: string;
  /** The run's own noise: the median distance from the median. */
  readonly noise: number;
}

const DEALS = 5_000;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Random numbers that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const dealt = [...items];
  for (let i = dealt.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [dealt[i], dealt[j]] = [dealt[j]!, dealt[i]!];
  }
  return dealt;
}

function largest(groups: readonly string[], values: readonly number[]): { by: number; group: string } {
  let found = { by: 0, group: '' };
  for (const group of new Set(groups)) {
    const [mine, others]: [number[], number[]] = [[], []];
    for (const [i, value] of values.entries()) (groups[i] === group ? mine : others).push(value);
    if (others.length === 0) continue;
    const by = Math.abs(median(mine) - median(others));
    if (by > found.by) found = { by, group };
  }
  return found;
}

/** Equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length + 1) / 2;
  });
}

/** How far the groups' mean ranks lie from the mean of all. */
function spread(groups: readonly string[], ranks: readonly number[]): number {
  const sums = new Map<string, { sum: number; n: number }>();
  for (const [i, rank] of ranks.entries()) {
    const held = sums.get(groups[i]!) ?? { sum: 0, n: 0 };
    sums.set(groups[i]!, { sum: held.sum + rank, n: held.n + 1 });
  }
  const middle = (ranks.length + 1) / 2;
  return [...sums.values()].reduce((all, { sum, n }) => all + n * (sum / n - middle) ** 2, 0);
}

export function difference(samples: readonly Sample[], random = seeded(1)): Difference {
  const values = samples.map(({ value }) => value);
  const groups = samples.map(({ group }) => group);
  const seen = largest(groups, values);
  const ranks = ranksOf(values);
  const apart = spread(groups, ranks);
  let asMuch = 0;
  for (let deal = 0; deal < DEALS; deal++)
    if (spread(shuffled(groups, random), ranks) >= apart - 1e-9) asMuch += 1;
  const middle = median(values);
  return {
    p: (asMuch + 1) / (DEALS + 1),
    largest: seen.by,
    group: seen.group,
    noise: median(values.map((value) => Math.abs(value - middle))),
  };
}
