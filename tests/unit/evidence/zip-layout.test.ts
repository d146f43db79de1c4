/* A ZIP that is never written: any range of it is that of the whole, also past four gigabytes. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sliceOf, type ZipLayout, zipLayout } from '../../../hub-server/src/domain/evidence/zip-layout.ts';

const GB = 1_073_741_824;
const lengthOf = (layout: ZipLayout, from: number, to: number): number =>
  [...sliceOf(layout, from, to)].reduce((sum, each) => sum + each.to - each.from, 0);

it('gives every range its bytes', () => {
  const entry = fc.record({ bytes: fc.integer({ min: 0, max: 5_000_000_000 }), crc32: fc.nat() });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), fc.nat(), fc.nat(), (drawn, one, other) => {
      const layout = zipLayout(
        'ho-so',
        drawn.map((each, index) => ({ ...each, path: `f${index}` })),
      );
      const [from, to] = [one % layout.length, other % layout.length].sort((a, b) => a - b) as [
        number,
        number,
      ];
      expect(lengthOf(layout, 0, layout.length)).toBe(layout.length);
      expect(lengthOf(layout, from, to)).toBe(to - from);
      expect(lengthOf(layout, 0, from) + lengthOf(layout, from, layout.length)).toBe(layout.length);
    }),
  );
});

it('names far and large files as Zip64 does', () => {
  const layout = zipLayout('x', [
    { path: 'large', bytes: 5 * GB, crc32: 1 },
    { path: 'far', bytes: 3, crc32: 2 },
  ]);
  const tail = Buffer.concat(
    [...sliceOf(layout, 5 * GB, layout.length)].flatMap(({ piece, from, to }) =>
      piece.kind === 'bytes' ? [Buffer.from(piece.bytes.subarray(from, to))] : [],
    ),
  );
  expect(tail.includes(Buffer.from([0x50, 0x4b, 0x06, 0x06]))).toBe(true);
  expect(tail.includes(Buffer.from([0x50, 0x4b, 0x06, 0x07]))).toBe(true);
  // The central entry of the far one carries its offset behind 0xffffffff.
  const far = Buffer.alloc(8);
  far.writeBigUInt64LE(BigInt(30 + 7 + 20 + 5 * GB));
  expect(tail.includes(far)).toBe(true);
  const end = tail.subarray(-22);
  expect(end.readUInt32LE(0)).toBe(0x06054b50);
  expect(end.readUInt32LE(16)).toBe(0xffffffff);
});
