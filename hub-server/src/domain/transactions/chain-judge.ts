/**
 * Does a batch extend what the hub holds of an epoch? Pure: head and hashes in, verdict out.
 * Since each hash covers all before it, one comparison at the end of the overlap proves the whole overlap equal.
 * Refuses: to take anything after a hole; to overwrite (other bytes under a held number are a fork, kept apart).
 * See hub-server/DESIGN.md, "Inbox"; shared/PROTOCOL.md.
 */
export interface EpochHead {
  /** 0: nothing yet; then `hash` is the epoch's genesis. */
  readonly seq: number;
  readonly hash: Uint8Array;
}

export type ChainVerdict =
  /** The first `duplicates` events are held already, the others extend the head. */
  | { readonly kind: 'extends'; readonly duplicates: number }
  /** From index `duplicates` on these are other bytes than those held. */
  | { readonly kind: 'forks'; readonly duplicates: number }
  /** The batch starts behind a hole: nothing is taken, the sender goes back to the head. */
  | { readonly kind: 'hole' };

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false;
  for (let i = 0; i < a.byteLength; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** `hashes[i]` is the chain hash of event `firstSeq + i`, computed from `prevHash`; `heldHash` reads the hub's chain. */
export function judgeChain(
  head: EpochHead,
  batch: { readonly firstSeq: number; readonly prevHash: Uint8Array; readonly hashes: readonly Uint8Array[] },
  heldHash: (seq: number) => Uint8Array | null,
): ChainVerdict {
  const { firstSeq, prevHash, hashes } = batch;
  if (firstSeq > head.seq + 1) return { kind: 'hole' };
  const overlap = Math.min(head.seq - firstSeq + 1, hashes.length);
  const equal = (index: number): boolean => {
    const held = heldHash(firstSeq + index);
    return held !== null && sameBytes(held, hashes[index]!);
  };
  if (overlap === 0) return { kind: sameBytes(prevHash, head.hash) ? 'extends' : 'forks', duplicates: 0 };
  if (equal(overlap - 1)) return { kind: 'extends', duplicates: overlap };
  let same = 0;
  while (same < overlap - 1 && equal(same)) same++;
  return { kind: 'forks', duplicates: same };
}
