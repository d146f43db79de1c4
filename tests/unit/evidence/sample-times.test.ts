/* When pictures come, by a file's own headers: the same however its bytes come, bounded, and null for what cannot be read. */
import { createSampleTimes, type FileTimes } from '@hailong/shared/evidence/sample-times.ts';
import { silencesOf } from '@hailong/shared/evidence/silences.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const SCALE = 1_000;
function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
function words(...numbers: number[]): Buffer {
  const out = Buffer.alloc(numbers.length * 4);
  for (const [i, number] of numbers.entries()) out.writeUInt32BE(number >>> 0, i * 4);
  return out;
}
const moov = (preset = 0, tracks = 1) =>
  box(
    'moov',
    ...Array.from({ length: tracks }, () => box('trak', box('mdia', box('mdhd', words(0, 0, 0, SCALE, 0))))),
    box('mvex', box('trex', words(0, 1, 1, preset, 0, 0))),
  );
const fragment = (at: number, durations: readonly number[]) =>
  Buffer.concat([
    box(
      'moof',
      box('mfhd', words(0, 1)),
      box(
        'traf',
        box('tfhd', words(0x020000, 1)),
        box('tfdt', words(0x01000000, 0, at)),
        box('trun', words(0x101, durations.length, 0, ...durations)),
      ),
    ),
    box('mdat', Buffer.alloc(20, 'moof')),
  ]);
function times(...pieces: readonly Uint8Array[]): FileTimes | null {
  const reader = createSampleTimes();
  for (const piece of pieces) reader.update(piece);
  return reader.read();
}
const file = (...parts: Buffer[]) => Buffer.concat([box('ftyp', Buffer.from('iso5')), ...parts]);

/** Two fragments that claim a million pictures without a byte for any. */
const free = Array(2).fill(
  box('moof', box('traf', box('tfhd', words(0, 1)), box('trun', words(0, 999_999)))),
) as Buffer[];

describe('sample times', () => {
  it('tell a silence by the picture that stands, and by the jump between two fragments', () => {
    const steady = [40, 40, 40, 40, 40];
    expect(times(file(moov(), fragment(500, steady), fragment(700, steady)))).toEqual({
      ...{ spanMs: 400, frames: 10, silences: [] },
    });
    // The same pause: stated by the picture, or by nothing but where the next fragment begins.
    const stands = file(moov(), fragment(500, [40, 40, 3_040]), fragment(3_620, steady));
    const jumps = file(moov(), fragment(500, [40, 40, 40]), fragment(3_620, steady));
    for (const each of [stands, jumps])
      expect(times(each)).toEqual({
        ...{ spanMs: 3_320, frames: 8, silences: [{ fromMs: 120, toMs: 3_120 }] },
      });
  });
  it('take a slow camera for what it is, and durations from the header', () => {
    const slow = [2_000, 2_000, 2_000];
    expect(times(file(moov(), fragment(0, slow)))?.silences).toEqual([]);
    const bare = box(
      'moof',
      box('traf', box('tfhd', words(0, 1)), box('tfdt', words(0, 0)), box('trun', words(0, 25))),
    );
    expect(times(file(moov(40), bare, box('mdat')))).toEqual({ spanMs: 1_000, frames: 25, silences: [] });
  });
  it('are the same however the bytes come', () => {
    const whole = file(moov(), fragment(0, [40, 40, 2_000]), fragment(2_080, [40, 40]));
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 30 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((to, i) => whole.subarray(at[i], to));
        expect(times(...pieces)).toEqual(times(whole));
      }),
    );
  });
  it.each([
    ['no header', file(fragment(0, [40]))],
    ['no fragment', file(moov())],
    ['two headers', file(moov(), moov(), fragment(0, [40]))],
    ['two tracks', file(moov(0, 2), fragment(0, [40]))],
    ['time that goes back', file(moov(), fragment(1_000, [40]), fragment(0, [40]))],
    ['a torn end', file(moov(), fragment(0, [40])).subarray(0, -3)],
    ['samples that cost no byte', file(moov(1), ...free)],
    [
      'more samples than bytes',
      file(moov(), box('moof', box('traf', box('tfhd', words(0, 1)), box('trun', words(0, 0xffffffff))))),
    ],
    ['a header past its bound', file(moov(), box('moof', Buffer.alloc(1_048_577)))],
  ])('are null of %s', (_, bytes) => expect(times(bytes)).toBeNull());
  it('never throw', () => {
    const whole = file(moov(), fragment(0, [40, 40, 2_000]));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const broken = Buffer.from(whole);
        broken[at] = value;
        expect(() => times(broken)).not.toThrow();
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => times(bytes) === null));
  });
});

it('silences lie where their master does, within the asked time, and what a row claims beyond its file is one', () => {
  const master = { wallFrom: 10_000 as UtcMs, wallTo: 14_000 as UtcMs };
  const told = { spanMs: 4_000, frames: 50, silences: [{ fromMs: 500, toMs: 2_500 }] };
  expect(silencesOf({ from: 0, to: 20_000 }, master, told)).toEqual([{ from: 10_500, to: 12_500 }]);
  expect(silencesOf({ from: 11_000, to: 12_000 }, master, told)).toEqual([{ from: 11_000, to: 12_000 }]);
  expect(silencesOf({ from: 12_300, to: 20_000 }, master, told)).toEqual([]);
  expect(silencesOf({ from: 0, to: 20_000 }, master, { ...told, spanMs: 2_600 })).toEqual([
    ...[
      { from: 10_500, to: 12_500 },
      { from: 12_600, to: 14_000 },
    ],
  ]);
});
