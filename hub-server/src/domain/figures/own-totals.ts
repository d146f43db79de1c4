/**
 * Purpose: when an officer may read how the own ratings fell: in blocks that do not overlap, each of enough ratings and of more
 *   than one level, so that no answers together say what fewer citizens than that tapped. The officer is taken to know how
 *   many were served in each week.
 * Refuses: fewer than the minimum; all at one level; a merger that could only be explained by what came before having been at
 *   one level. See hub-server/DESIGN.md, "Own totals".
 */
import type { LevelKey } from '@hailong/shared/model/instrument.ts';

/** New ratings a block must have. Written into each block, so that what was released says by which rule. */
export const OWN_TOTALS_MINIMUM = 5;
/** The cut: Monday 06:00 in Vietnam, before the counters open. */
export const OWN_TOTALS_CUT = { day: 0, hour: 6 } as const;

export interface Weighed {
  readonly level: LevelKey;
  /** It was held back at an earlier cut. */
  readonly held: boolean;
}
/**
 * wait: too few new ones, nothing is noted · hold: enough, and no block can be made; from now on they count as held ·
 * all: a block of all · fresh: a block of the new ones, and what was held is never shown. Nobody is told which of the first
 * two it was.
 */
export type Weight = 'wait' | 'hold' | 'all' | 'fresh';

/** `served`: citizens served in the week that ends with this cut, rated or not. */
export function weigh(ratings: readonly Weighed[], minimum: number, served: number): Weight {
  const fresh = ratings.filter(({ held }) => !held);
  if (fresh.length < minimum) return 'wait';
  // All of this week and too few before it to make a block then: nothing has to have been held back.
  const explained = fresh.length === ratings.length || ratings.length <= served + minimum - 1;
  if (explained && isMixed(ratings)) return 'all';
  return !explained && isMixed(fresh) ? 'fresh' : 'hold';
}

function isMixed(ratings: readonly Weighed[]): boolean {
  return ratings.some(({ level }) => level !== ratings[0]?.level);
}

export type LevelCounts = Readonly<Record<LevelKey, number>>;

export function countLevels(ratings: readonly Pick<Weighed, 'level'>[]): LevelCounts {
  const counts = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 };
  for (const { level } of ratings) counts[level] += 1;
  return counts;
}
