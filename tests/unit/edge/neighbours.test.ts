/*
 * The neighbours of boots without anchors: the same as by walking from each epoch alone, at one look an epoch however
 * long the line of starts is.
 */
import { type Chains, type EpochLink, neighboursOf } from '@hailong/shared/edge/effective-time.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** Epoch i goes on from `parents[i]` (null: none); an anchored one starts at its number and 10 later is gone on from. */
function world(parents: readonly (number | null)[], anchored: readonly boolean[]) {
  const links = parents.map(
    (parent, i): EpochLink => ({
      ...{ epoch: String(i).padStart(5, '0'), boot: `boot ${i}`, startedMono: 0 },
      parent: parent === null ? null : { epoch: String(parent).padStart(5, '0'), seq: 10 },
    }),
  );
  const byEpoch = new Map(links.map((link) => [link.epoch, link]));
  const children = new Map<string, EpochLink[]>();
  for (const link of links)
    if (link.parent) children.set(link.parent.epoch, [...(children.get(link.parent.epoch) ?? []), link]);
  let looks = 0;
  const looked = <T>(value: T): T => {
    looks++;
    return value;
  };
  const chains: Chains = {
    epoch: (id) => looked(byEpoch.get(id) ?? null),
    childrenOf: (epoch) => looked(children.get(epoch) ?? []),
    monoOf: (_, seq) => looked(seq),
    anchor: (boot) => {
      const i = Number(boot.slice(5));
      return looked(anchored[i] ? { mono: 0, hubAt: i * 100, rttMs: 0 } : null);
    },
  };
  return { links, chains, children, looks: () => looks };
}

it('is what walking from each epoch alone finds', () => {
  const forest = fc.array(fc.record({ back: fc.integer({ min: 1, max: 4 }), anchored: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(forest, (nodes) => {
      const parents = nodes.map(({ back }, i) => (i - back >= 0 ? i - back : null));
      const anchored = nodes.map((each) => each.anchored);
      const { links, chains, children } = world(parents, anchored);
      const found = neighboursOf(
        links.filter((_, i) => !anchored[i]),
        chains,
      );
      const lower = (i: number): number | null => {
        const parent = parents[i] ?? null;
        if (parent === null) return null;
        return anchored[parent] ? parent * 100 + 10 : lower(parent);
      };
      const upper = (i: number): number | null => {
        const all = (children.get(links[i]!.epoch) ?? []).map(({ epoch }) =>
          anchored[Number(epoch)] ? Number(epoch) * 100 : upper(Number(epoch)),
        );
        const known = all.filter((each) => each !== null);
        return known.length === 0 ? null : Math.min(...known);
      };
      for (const [i, link] of links.entries())
        if (!anchored[i]) expect(found.get(link.epoch)).toEqual({ lower: lower(i), upper: upper(i) });
    }),
  );
});

it('looks at each of ten thousand starts a few times, not at each from each', () => {
  const count = 10_000;
  const parents = Array.from({ length: count }, (_, i) => (i === 0 ? null : i - 1));
  const { links, chains, looks } = world(
    parents,
    parents.map((_, i) => i === 0 || i === count - 1),
  );
  const found = neighboursOf(links.slice(1, -1), chains);
  expect(new Set([...found.values()].map(({ lower, upper }) => `${lower} ${upper}`))).toEqual(
    new Set([`10 ${(count - 1) * 100}`]),
  );
  expect(looks()).toBeLessThan(6 * count);
});

it('ends at a circle of forged parents', () => {
  const { links, chains } = world([2, 0, 1], [false, false, false]);
  expect([...neighboursOf(links, chains).values()]).toEqual(
    Array.from({ length: 3 }, () => ({ lower: null, upper: null })),
  );
});
