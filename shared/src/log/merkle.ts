/**
 * RFC 6962 Merkle tree over hashes that somebody stored: node (level, index) is the root of the 2^level leaves from
 * index · 2^level on. Appending needs only the compact range (the roots on the right edge), a root or a proof O(log n)
 * stored nodes, so that a log of millions is never read whole. Sizes are integers up to 2^53: no 32-bit arithmetic.
 * Refuses: sizes that are none; verifiers never throw, whatever they are given. See shared/PROTOCOL.md, "Log".
 */
import type { Sha256 } from '../edge/event.ts';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const HASH_BYTES = 32;

export const leafHash = (sha256: Sha256, leaf: Uint8Array): Uint8Array => sha256(LEAF, leaf);
export const nodeHash = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(NODE, left, right);
export const emptyRoot = (sha256: Sha256): Uint8Array => sha256(new Uint8Array(0));

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

// ---------------------------------------------------------------- appending

/** Roots of the complete subtrees that `size` leaves fall into, largest first. */
export interface CompactRange {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}
export const EMPTY_RANGE: CompactRange = { size: 0, hashes: [] };

/** One leaf more. `nodes`: the leaf itself and every subtree that it completes, lowest first. */
export function appendLeaf(
  sha256: Sha256,
  range: CompactRange,
  leaf: Uint8Array,
): { readonly range: CompactRange; readonly nodes: readonly TreeNode[] } {
  const hashes = [...range.hashes];
  const nodes: TreeNode[] = [{ level: 0, index: range.size, hash: leaf }];
  let [hash, index, level] = [leaf, range.size, 0];
  while (index % 2 === 1) {
    hash = nodeHash(sha256, hashes.pop()!, hash);
    index = (index - 1) / 2;
    level++;
    nodes.push({ level, index, hash });
  }
  hashes.push(hash);
  return { range: { size: range.size + 1, hashes }, nodes };
}

export function rootOfRange(sha256: Sha256, range: CompactRange): Uint8Array {
  return range.hashes.length === 0
    ? emptyRoot(sha256)
    : range.hashes.reduceRight((right, left) => nodeHash(sha256, left, right));
}

/** Root of leaf hashes that all lie in memory. */
export function rootOfLeaves(sha256: Sha256, leaves: Iterable<Uint8Array>): Uint8Array {
  let range = EMPTY_RANGE;
  for (const leaf of leaves) range = appendLeaf(sha256, range, leaf).range;
  return rootOfRange(sha256, range);
}

// ---------------------------------------------------------------- reading what is stored

/** The stored hash of a complete subtree. Whoever has lost one throws. */
export type ReadNode = (level: number, index: number) => Uint8Array;

export function rangeOf(read: ReadNode, size: number): CompactRange {
  const hashes: Uint8Array[] = [];
  let from = 0;
  for (let level = 53; level >= 0; level--) {
    const width = 2 ** level;
    if (size - from < width) continue;
    hashes.push(read(level, from / width));
    from += width;
  }
  return { size, hashes };
}

/** Largest power of two below n, n ≥ 2. */
function splitOf(n: number): number {
  let width = 1;
  while (width * 2 < n) width *= 2;
  return width;
}

/** Root of the leaves [from, from + count) as a subtree of the whole; `from` is where RFC 6962 would split. */
function rootBetween(sha256: Sha256, read: ReadNode, from: number, count: number): Uint8Array {
  if (count === 1) return read(0, from);
  const split = splitOf(count);
  if (split * 2 === count) return read(Math.log2(count), from / count);
  return nodeHash(
    sha256,
    rootBetween(sha256, read, from, split),
    rootBetween(sha256, read, from + split, count - split),
  );
}

const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

export function rootAt(sha256: Sha256, read: ReadNode, size: number): Uint8Array {
  if (!isSize(size)) throw new RangeError(`size ${size}`);
  return size === 0 ? emptyRoot(sha256) : rootBetween(sha256, read, 0, size);
}

/** Audit path of leaf `index` in the tree of `size`, nearest first. */
export function inclusionProof(sha256: Sha256, read: ReadNode, index: number, size: number): Uint8Array[] {
  if (!isSize(index) || !isSize(size) || index >= size) throw new RangeError(`leaf ${index} of ${size}`);
  const path: Uint8Array[] = [];
  let [from, count] = [0, size];
  while (count > 1) {
    const split = splitOf(count);
    if (index < from + split) {
      path.push(rootBetween(sha256, read, from + split, count - split));
      count = split;
    } else {
      path.push(rootBetween(sha256, read, from, split));
      from += split;
      count -= split;
    }
  }
  return path.reverse();
}

/** That the tree of `second` begins with the tree of `first`. Empty when they are equal or `first` is 0. */
export function consistencyProof(
  sha256: Sha256,
  read: ReadNode,
  first: number,
  second: number,
): Uint8Array[] {
  if (!isSize(first) || !isSize(second) || first > second) throw new RangeError(`${first} to ${second}`);
  const path: Uint8Array[] = [];
  if (first === 0) return path;
  let [from, count, whole] = [0, second, true];
  while (first - from !== count) {
    const split = splitOf(count);
    if (first - from <= split) {
      path.push(rootBetween(sha256, read, from + split, count - split));
      count = split;
    } else {
      path.push(rootBetween(sha256, read, from, split));
      from += split;
      count -= split;
      whole = false;
    }
  }
  // The subtree of `first` itself is known to the verifier only when it is all of the first tree.
  if (!whole) path.push(rootBetween(sha256, read, from, count));
  return path.reverse();
}

// ---------------------------------------------------------------- verifying

const half = (n: number): number => Math.floor(n / 2);
const wellFormed = (hashes: readonly Uint8Array[]): boolean =>
  hashes.length <= 130 && hashes.every((each) => each.length === HASH_BYTES);

/** RFC 9162, 2.1.3.2. */
export function verifyInclusion(
  sha256: Sha256,
  it: {
    readonly index: number;
    readonly size: number;
    readonly leaf: Uint8Array;
    readonly proof: readonly Uint8Array[];
    readonly root: Uint8Array;
  },
): boolean {
  if (!isSize(it.index) || !isSize(it.size) || it.index >= it.size) return false;
  if (!wellFormed([...it.proof, it.leaf, it.root])) return false;
  let [fn, sn, hash] = [it.index, it.size - 1, it.leaf];
  for (const each of it.proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sha256, each, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else hash = nodeHash(sha256, hash, each);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameBytes(hash, it.root);
}

/** RFC 9162, 2.1.4.2; from the empty tree everything follows. */
export function verifyConsistency(
  sha256: Sha256,
  it: {
    readonly first: number;
    readonly firstRoot: Uint8Array;
    readonly second: number;
    readonly secondRoot: Uint8Array;
    readonly proof: readonly Uint8Array[];
  },
): boolean {
  const { first, second, proof } = it;
  if (!isSize(first) || !isSize(second) || first > second) return false;
  if (!wellFormed([...proof, it.firstRoot, it.secondRoot])) return false;
  if (first === second) return proof.length === 0 && sameBytes(it.firstRoot, it.secondRoot);
  if (first === 0) return proof.length === 0 && sameBytes(it.firstRoot, emptyRoot(sha256));
  const path = 2 ** Math.floor(Math.log2(first)) === first ? [it.firstRoot, ...proof] : [...proof];
  let [fn, sn] = [first - 1, second - 1];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  const start = path.shift();
  if (!start) return false;
  let [firstHash, secondHash] = [start, start];
  for (const each of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      firstHash = nodeHash(sha256, each, firstHash);
      secondHash = nodeHash(sha256, each, secondHash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else secondHash = nodeHash(sha256, secondHash, each);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameBytes(firstHash, it.firstRoot) && sameBytes(secondHash, it.secondRoot);
}
