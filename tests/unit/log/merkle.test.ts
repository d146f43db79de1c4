/* The tree against RFC 6962's own definition written down naively, and against its published vectors. */
import { fromHex, toHex } from '@hailong/shared/edge/event.ts';
import {
  appendLeaf,
  type CompactRange,
  consistencyProof,
  EMPTY_RANGE,
  emptyRoot,
  inclusionProof,
  leafHash,
  type ReadNode,
  rangeOf,
  rootAt,
  rootOfLeaves,
  rootOfRange,
  verifyConsistency,
  verifyInclusion,
} from '@hailong/shared/log/merkle.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from './keys.ts';

/** RFC 6962, 2.1, word for word. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** A stored log: every complete subtree, as appending hands it out. */
function stored(leaves: readonly Uint8Array[]): { range: CompactRange; read: ReadNode; nodes: number } {
  const nodes = new Map<string, Uint8Array>();
  let range = EMPTY_RANGE;
  for (const leaf of leaves) {
    const grown = appendLeaf(sha256, range, leafHash(sha256, leaf));
    range = grown.range;
    for (const { level, index, hash } of grown.nodes) nodes.set(`${level}/${index}`, hash);
  }
  const read: ReadNode = (level, index) => {
    const hash = nodes.get(`${level}/${index}`);
    if (!hash) throw new Error(`no node ${level}/${index}`);
    return hash;
  };
  return { range, read, nodes: nodes.size };
}

const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => new TextEncoder().encode(`leaf ${i}`));
const log = stored(leavesOf(300));
const roots = Array.from({ length: 301 }, (_, n) => naiveRoot(leavesOf(n)));
const sizes = fc.integer({ min: 0, max: 300 });
const pair = fc.tuple(sizes, sizes).map(([a, b]) => (a <= b ? [a, b] : [b, a]) as [number, number]);

/** One byte of one hash changed, one hash dropped, doubled, or added. */
function mutate(proof: readonly Uint8Array[], pick: number, bit: number): Uint8Array[][] {
  const at = proof.length === 0 ? 0 : pick % proof.length;
  const flipped = proof.map((hash, i) =>
    i === at ? hash.map((byte, j) => (j === bit % 32 ? byte ^ (1 << (bit % 8)) : byte)) : hash,
  );
  const short = proof.map((hash, i) => (i === at ? hash.slice(0, 31) : hash));
  const all = [flipped, short, proof.toSpliced(at, 1), [...proof, new Uint8Array(32)]];
  return proof.length === 0 ? [[new Uint8Array(32)]] : all.map((each) => [...each]);
}

describe('the tree', () => {
  it('has the roots of the published vectors', () => {
    const leaves = [
      ...['', '00', '10', '2021', '3031', '40414243', '5051525354555657'],
      '606162636465666768696a6b6c6d6e6f',
    ].map(fromHex);
    const expected = [
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ];
    for (let n = 0; n <= leaves.length; n++) {
      const held = stored(leaves.slice(0, n));
      expect(toHex(rootOfRange(sha256, held.range))).toBe(expected[n]);
      expect(toHex(rootAt(sha256, held.read, n))).toBe(expected[n]);
    }
  });

  it('has the published paths', () => {
    const leaves = [
      ...['', '00', '10', '2021', '3031', '40414243', '5051525354555657'],
      '606162636465666768696a6b6c6d6e6f',
    ].map(fromHex);
    const { read } = stored(leaves);
    expect(inclusionProof(sha256, read, 5, 8).map(toHex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(consistencyProof(sha256, read, 2, 5).map(toHex)).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
  });

  it('has at every size the naive root, from the right edge and from stored nodes', () => {
    for (let n = 0; n <= 300; n++) {
      expect(toHex(rootAt(sha256, log.read, n))).toBe(toHex(roots[n]!));
      const range = rangeOf(log.read, n);
      expect(toHex(rootOfRange(sha256, range))).toBe(toHex(roots[n]!));
      if (n < 300) {
        const next = appendLeaf(sha256, range, log.read(0, n));
        expect(toHex(rootOfRange(sha256, next.range))).toBe(toHex(roots[n + 1]!));
      }
    }
    expect(log.nodes).toBeLessThan(600);
    expect(
      toHex(
        rootOfLeaves(
          sha256,
          leavesOf(9).map((each) => leafHash(sha256, each)),
        ),
      ),
    ).toBe(toHex(roots[9]!));
  });

  it('proves inclusion of every leaf, and of no other; a changed proof proves nothing', () => {
    fc.assert(
      fc.property(pair, fc.nat(), fc.nat(), ([index, size], pick, bit) => {
        if (index >= size) return;
        const proof = inclusionProof(sha256, log.read, index, size);
        const it = { index, size, leaf: log.read(0, index), root: roots[size]!, proof };
        expect(verifyInclusion(sha256, it)).toBe(true);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(Math.max(size, 2))));
        for (const bad of mutate(proof, pick, bit))
          expect(verifyInclusion(sha256, { ...it, proof: bad })).toBe(false);
        const other = (index + 1 + (pick % 299)) % 300;
        if (other !== index) expect(verifyInclusion(sha256, { ...it, leaf: log.read(0, other) })).toBe(false);
        if (size > 1) {
          const elsewhere = (index + 1) % size;
          expect(verifyInclusion(sha256, { ...it, index: elsewhere })).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('proves that a log grew, and never that another one did', () => {
    fc.assert(
      fc.property(pair, fc.nat(), fc.nat(), ([first, second], pick, bit) => {
        const proof = consistencyProof(sha256, log.read, first, second);
        const it = { first, firstRoot: roots[first]!, second, secondRoot: roots[second]!, proof };
        expect(verifyConsistency(sha256, it)).toBe(true);
        for (const bad of mutate(proof, pick, bit))
          expect(verifyConsistency(sha256, { ...it, proof: bad })).toBe(false);
        if (first === second) return;
        const flip = (root: Uint8Array) =>
          root.map((byte, j) => (j === bit % 32 ? byte ^ (1 << (bit % 8)) : byte));
        if (first > 0) {
          expect(verifyConsistency(sha256, { ...it, secondRoot: flip(it.secondRoot) })).toBe(false);
          expect(verifyConsistency(sha256, { ...it, firstRoot: roots[first - 1]! })).toBe(false);
        }
        expect(verifyConsistency(sha256, { ...it, firstRoot: flip(it.firstRoot) })).toBe(false);
        expect(verifyConsistency(sha256, { ...it, first: second, second: first })).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds every rewritten leaf between two checkpoints', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.nat(),
        (n, more, pick) => {
          const leaves = leavesOf(n + more);
          leaves[pick % n] = new TextEncoder().encode('rewritten');
          const forged = stored(leaves);
          const proof = consistencyProof(sha256, forged.read, n, n + more);
          expect(
            verifyConsistency(sha256, {
              ...{ first: n, firstRoot: roots[n]!, second: n + more, proof },
              secondRoot: rootAt(sha256, forged.read, n + more),
            }),
          ).toBe(false);
        },
      ),
    );
  });

  it('counts beyond 32 bits', () => {
    // A log of 2^40 + 1 equal leaves: every complete subtree of a level is the same.
    const levels: Uint8Array[] = [leafHash(sha256, new Uint8Array(0))];
    for (let i = 0; i < 45; i++) levels.push(sha256(Uint8Array.of(1), levels[i]!, levels[i]!));
    const read: ReadNode = (level) => levels[level]!;
    const [first, second] = [2 ** 33 + 5, 2 ** 40 + 1];
    const proof = consistencyProof(sha256, read, first, second);
    const it = { first, second, proof };
    const [firstRoot, secondRoot] = [rootAt(sha256, read, first), rootAt(sha256, read, second)];
    expect(verifyConsistency(sha256, { ...it, firstRoot, secondRoot })).toBe(true);
    expect(verifyConsistency(sha256, { ...it, first: first + 1, firstRoot, secondRoot })).toBe(false);
    const path = inclusionProof(sha256, read, 2 ** 40, second);
    expect(
      verifyInclusion(sha256, {
        index: 2 ** 40,
        size: second,
        leaf: levels[0]!,
        proof: path,
        root: secondRoot,
      }),
    ).toBe(true);
  });

  it('answers no to what is no proof at all', () => {
    const root = emptyRoot(sha256);
    for (const size of [-1, 0.5, Number.NaN, 2 ** 60])
      expect(verifyInclusion(sha256, { index: 0, size, leaf: root, proof: [], root })).toBe(false);
    expect(
      verifyConsistency(sha256, {
        ...{ first: 0, firstRoot: new Uint8Array(32), second: 3, secondRoot: root, proof: [] },
      }),
    ).toBe(false);
    expect(
      verifyConsistency(sha256, {
        ...{ first: 3, firstRoot: root, second: 5, secondRoot: root },
        proof: Array.from({ length: 200 }, () => root),
      }),
    ).toBe(false);
  });
});
