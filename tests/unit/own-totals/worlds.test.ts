/*
 * Purpose: what an officer can conclude from all answers together. Every small world (who tapped what in which week) is tried;
 * worlds that give the same answers are what the officer cannot tell apart. Where in all of them a group of fewer than the
 * minimum has the same levels, that group was given away. Two rules that are easily thought enough are shown not to be.
 */
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import { expect, test } from 'vitest';
import {
  countLevels,
  type Weighed,
  type Weight,
  weigh,
} from '../../../hub-server/src/domain/figures/own-totals.ts';

type Rule = (ratings: readonly Weighed[], minimum: number, served: number) => Weight;
/** The levels of each week's ratings. */
type World = readonly (readonly LevelKey[])[];

/** What the station shows in the end; every earlier answer is a beginning of it. */
function answersOf(world: World, rule: Rule, minimum: number, served: readonly number[]): string {
  let pending: Weighed[] = [];
  const blocks: string[] = [];
  for (const [week, levels] of world.entries()) {
    pending.push(...levels.map((level) => ({ level, held: false })));
    const weight = rule(pending, minimum, served[week]!);
    if (weight === 'wait') continue;
    const shown = weight === 'all' ? pending : pending.filter(({ held }) => !held);
    if (weight === 'hold') pending = pending.map(({ level }) => ({ level, held: true }));
    else {
      blocks.push(`${week} ${JSON.stringify(countLevels(shown))}`);
      pending = [];
    }
  }
  return blocks.join('\n');
}

function allWeeks(most: number, levels: readonly LevelKey[]): LevelKey[][] {
  const weeks: LevelKey[][] = [[]];
  for (let from = 0, length = 0; length < most; length++) {
    const to = weeks.length;
    for (; from < to; from++) for (const level of levels) weeks.push([...weeks[from]!, level]);
  }
  return weeks;
}

/** All that may have happened where so many were served in each week, each of whom rated or did not. */
function allWorlds(served: readonly number[], levels: readonly LevelKey[]): World[] {
  return served.reduce<World[]>(
    (worlds, most) => worlds.flatMap((world) => allWeeks(most, levels).map((week) => [...world, week])),
    [[]],
  );
}

function* groupsUnder(size: number, places: readonly string[], from = 0): Generator<string[]> {
  for (let i = from; i < places.length; i++) {
    yield [places[i]!];
    if (size > 1) for (const more of groupsUnder(size - 1, places, i + 1)) yield [places[i]!, ...more];
  }
}

const levelAt = (world: World, place: string): LevelKey | undefined => {
  const [week, nth] = place.split('/').map(Number) as [number, number];
  return world[week]?.[nth];
};

/** Answers by which the levels of fewer than `minimum` ratings are known to who knows how many were served. */
function givenAway(
  rule: Rule,
  minimum: number,
  served: readonly number[],
  levels: readonly LevelKey[] = [1, 5],
): string[] {
  const alike = new Map<string, World[]>();
  for (const world of allWorlds(served, levels)) {
    const answers = answersOf(world, rule, minimum, served);
    const held = alike.get(answers);
    if (held) held.push(world);
    else alike.set(answers, [world]);
  }
  const found: string[] = [];
  for (const [answers, same] of alike) {
    const places = same[0]!
      .flatMap((week, w) => week.map((_, nth) => `${w}/${nth}`))
      .filter((place) => same.every((world) => levelAt(world, place) !== undefined));
    for (const group of groupsUnder(minimum - 1, places)) {
      const fell = (world: World) =>
        group
          .map((place) => levelAt(world, place))
          .sort()
          .join();
      if (same.every((world) => fell(world) === fell(same[0]!))) {
        found.push(`${answers} → ${group}`);
        break;
      }
    }
  }
  return found;
}

test.each([
  { minimum: 2, served: [3, 3, 3] },
  { minimum: 2, served: [3, 2, 4] },
  { minimum: 2, served: [2, 5, 2] },
  { minimum: 2, served: [2, 2, 2, 2] },
  { minimum: 3, served: [4, 5] },
  { minimum: 3, served: [3, 3, 3] },
])('who knows that $served were served learns of no group under $minimum', ({ minimum, served }) => {
  expect(givenAway(weigh, minimum, served)).toEqual([]);
});
test('nor with three levels', () => {
  expect(givenAway(weigh, 2, [3, 4], [1, 3, 5])).toEqual([]);
});

test('rules that are easily thought enough are found out', () => {
  const anyCount: Rule = (ratings) => (ratings.length > 0 ? 'all' : 'wait');
  const alsoUniform: Rule = (ratings, minimum) => (ratings.length >= minimum ? 'all' : 'wait');
  const mergesAlways: Rule = (ratings, minimum) =>
    weigh(
      ratings.map(({ level }) => ({ level, held: false })),
      minimum,
      0,
    );
  for (const rule of [anyCount, alsoUniform, mergesAlways])
    expect(givenAway(rule, 2, [3, 3])).not.toEqual([]);
});

test('beside what was held back, new ones wait until they are enough, and a merger must be explained', () => {
  const held = Array.from({ length: 10 }, (): Weighed => ({ level: 5, held: true }));
  const fresh = (n: number, level: LevelKey = 1) =>
    Array.from({ length: n }, (): Weighed => ({ level, held: false }));
  expect([0, 1, 4].map((n) => weigh([...held, ...fresh(n)], 5, 100))).toEqual(['wait', 'wait', 'wait']);
  expect(weigh([...held, ...fresh(5)], 5, 11)).toBe('all');
  expect(weigh([...held, ...fresh(5)], 5, 10)).toBe('hold');
  expect(weigh([...held, ...fresh(5), ...fresh(1, 2)], 5, 10)).toBe('fresh');
  expect(weigh(fresh(5), 5, 5)).toBe('hold');
  expect(weigh([...fresh(4), ...fresh(1, 2)], 5, 5)).toBe('all');
});
