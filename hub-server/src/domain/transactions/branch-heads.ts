/**
 * Which lines beside a chain lie here whole? Pure: events beside it in, the last event of each whole branch out. An event
 * counts only when what it goes on from is held too, back to the chain: a single one that a search asked about does not.
 * Refuses: nothing. See shared/PROTOCOL.md, "The line".
 */
import { sameBytes } from './chain-judge.ts';

export interface AsideLink {
  readonly seq: number;
  readonly hash: Uint8Array;
  /** Hash of the event before it. */
  readonly prev: Uint8Array;
}

/** `aside` ascends by number; `heldHash` reads the chain (0: what its first event follows). Highest first. */
export function branchHeads(
  aside: readonly AsideLink[],
  heldHash: (seq: number) => Uint8Array | null,
): readonly AsideLink[] {
  const heads: AsideLink[] = [];
  let before: readonly AsideLink[] = [];
  let now: AsideLink[] = [];
  let at = 0;
  for (const link of aside) {
    if (link.seq !== at) {
      before = link.seq === at + 1 ? now : [];
      now = [];
      at = link.seq;
    }
    const branch = before.find(({ hash }) => sameBytes(hash, link.prev));
    if (!branch) {
      const chain = heldHash(link.seq - 1);
      if (!chain || !sameBytes(chain, link.prev)) continue;
    }
    now.push(link);
    const place = branch ? heads.indexOf(branch) : -1;
    if (place >= 0) heads[place] = link;
    else heads.push(link);
  }
  return heads.sort((a, b) => b.seq - a.seq);
}
