/* Purpose: of random trees of events beside a chain, the whole branches are named and nothing else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AsideLink, branchHeads } from '../../../hub-server/src/domain/transactions/branch-heads.ts';

/** The chain has the hashes [0, n] under n; an event beside it has its own number, from 1 on. */
const onChain = (seq: number) => Uint8Array.of(0, seq);
const CHAIN_HEAD = 6;
const held = (seq: number) => (seq <= CHAIN_HEAD ? onChain(seq) : null);

test('names the ends of whole branches, highest first, and nothing that hangs in the air', () => {
  // Each event goes on from one before it in the list, or from the chain (negative: the number on the chain).
  const tree = fc.array(fc.tuple(fc.integer({ min: -CHAIN_HEAD - 1, max: 30 }), fc.boolean()), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(tree, (drawn) => {
      const all: (AsideLink & { readonly lost: boolean; readonly whole: boolean })[] = [];
      for (const [from, lost] of drawn) {
        const parent = from >= 0 ? all[from % Math.max(1, all.length)] : undefined;
        const chainSeq = from < 0 ? -from - 1 : 0;
        const isLost = lost && all.length % 3 === 0;
        all.push({
          seq: (parent?.seq ?? chainSeq) + 1,
          hash: Uint8Array.of(1, all.length),
          prev: parent?.hash ?? onChain(chainSeq),
          lost: isLost,
          whole: !isLost && (parent?.whole ?? true),
        });
      }
      const kept = all.filter((each) => !each.lost).sort((a, b) => a.seq - b.seq);
      const ends = kept.filter((each) => each.whole && !kept.some((next) => next.prev === each.hash));
      const named = branchHeads(kept, held);
      const numbers = (links: readonly AsideLink[]) => links.map(({ hash }) => hash[1]).sort();
      expect(numbers(named)).toEqual(numbers(ends));
      expect(named.map(({ seq }) => seq)).toEqual(named.map(({ seq }) => seq).sort((a, b) => b - a));
    }),
    { numRuns: 2_000 },
  );
});
