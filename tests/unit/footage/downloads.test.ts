/* Films of footage that browsers may not play: which segments make one, and how their fragments are placed in it. */
import type { Segment } from '@hailong/shared/protocol/footage.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Piece } from '../../../hub-server/src/domain/footage/clip.ts';
import { downloadsOf } from '../../../hub-server/src/domain/footage/downloads.ts';
import {
  filmExtent,
  placeFragments,
  readBoxHead,
  timescaleOf,
} from '../../../hub-server/src/domain/footage/join-fragments.ts';
import { box, fragment, header } from '../../support/tiny-fmp4.ts';

function piece(id: string, run: string, codec: Segment['codec'], wallFrom: number): Piece {
  const mediaStartMs = wallFrom % 100_000;
  const segment = { id, run, codec, mediaStartMs, mediaEndMs: mediaStartMs + 4_000 };
  return {
    ...{ segment: segment as unknown as Piece['segment'], startSeconds: 0, durationSeconds: 4 },
    ...{ wallFrom, wallTo: wallFrom + 4_000 },
  };
}
const named = (pieces: readonly Piece[]) =>
  downloadsOf(pieces).map((part) => part.pieces.map(({ segment }) => segment.id).join(''));

describe('what is offered', () => {
  it('is each unbroken stretch of one run, and never H.264', () => {
    const pieces = [
      piece('a', '1', 'hevc', 0),
      piece('b', '1', 'hevc', 4_000),
      // 4 s are missing before it.
      piece('c', '1', 'hevc', 12_000),
      piece('d', '2', 'hevc', 16_000),
      piece('e', '2', 'h264', 20_000),
      piece('f', '2', 'hevc', 24_000),
    ];
    expect(named(pieces)).toEqual(['ab', 'c', 'd', 'f']);
    expect(downloadsOf(pieces)[0]).toMatchObject({ from: 0, to: 8_000 });
    expect(named(pieces.map((each) => piece(each.segment.id, '1', 'h264', each.wallFrom)))).toEqual([]);
  });
});

describe('a film', () => {
  const boxesOf = (bytes: Uint8Array) => {
    const found: { type: string; end: number }[] = [];
    for (let at = 0; at < bytes.length; ) {
      const head = readBoxHead(bytes.subarray(at, at + 16));
      if (head === null || at + head.bytes > bytes.length) break;
      at += head.bytes;
      found.push({ type: head.type, end: at });
    }
    return found;
  };

  it('takes header and whole fragments; a torn tail and the index stay behind', () => {
    const head = header(12_288);
    const [one, two] = [fragment(7, 0, 'aaaa'), fragment(8, 12_288, 'bb')];
    const file = Buffer.concat([head, one, two, box('mfra', Buffer.alloc(8))]);
    expect(filmExtent(boxesOf(file))).toEqual({
      ...{ initBytes: head.length, endBytes: head.length + one.length + two.length, fragments: 2 },
    });
    const torn = Buffer.concat([head, one, two.subarray(0, two.length - 1)]);
    expect(filmExtent(boxesOf(torn))).toMatchObject({
      ...{ endBytes: head.length + one.length, fragments: 1 },
    });
    expect(filmExtent(boxesOf(head))).toMatchObject({ endBytes: head.length, fragments: 0 });
    expect(timescaleOf(head)).toBe(12_288);
    expect(timescaleOf(one)).toBeNull();
  });

  it.each([0, 1] as const)('moves times and numbers, and nothing else, in form %i', (version) => {
    const bytes = Buffer.concat([fragment(7, 5, 'aaaa', version), fragment(8, 105, 'bb', version)]);
    expect(placeFragments(bytes, { ticks: 1_000, sequence: 3 })).toBe(5);
    expect(bytes).toEqual(
      Buffer.concat([fragment(3, 1_005, 'aaaa', version), fragment(4, 1_105, 'bb', version)]),
    );
  });

  it('is looked for in any bytes without an error', () => {
    const film = Buffer.concat([header(90_000), fragment(1, 0, 'xyz')]);
    fc.assert(
      fc.property(fc.nat(film.length - 1), fc.nat(255), fc.uint8Array(), (at, value, tail) => {
        const bytes = Buffer.concat([film, tail]);
        bytes[at] = value;
        filmExtent(boxesOf(bytes));
        timescaleOf(bytes);
        placeFragments(bytes, { ticks: 1, sequence: 1 });
      }),
    );
  });
});
