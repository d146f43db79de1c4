/* Recordings are known by their bytes to the last one: what encoders write is taken with its length, nothing else is. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readSound } from '../../../hub-server/src/domain/voices/sound.ts';
import { layerThree, opus, silentWav, vorbis } from '../../support/sounds.ts';

const kinds = { opus, vorbis, layerThree, wav: silentWav(600) };

test('what encoders write is taken, with its length', () => {
  expect(Object.values(kinds).map((bytes) => readSound(bytes))).toEqual([
    { mediaType: 'audio/ogg', durationMs: 600 },
    { mediaType: 'audio/ogg', durationMs: 600 },
    // The encoder's own frames before and after.
    { mediaType: 'audio/mpeg', durationMs: 720 },
    { mediaType: 'audio/wav', durationMs: 600 },
  ]);
});

describe('is none', () => {
  const changed = (bytes: Buffer, at: number, value: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = value;
    return copy;
  };
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1')],
    ['a page', Buffer.from('<html><audio autoplay></audio></html>')],
    ['a click', silentWav(100)],
    ['a speech', silentWav(20_100)],
    ['too large', Buffer.concat([silentWav(1_000), Buffer.alloc(1_048_576)])],
    ['an Ogg cut short', opus.subarray(0, -1)],
    ['an Ogg with another behind it', Buffer.concat([opus, opus])],
    ['an Ogg with one letter changed', changed(opus, opus.length - 9, opus[opus.length - 9]! ^ 1)],
    ['an Ogg of another codec', changed(opus, 28, 'X'.charCodeAt(0))],
    ['a WAV of another codec', changed(kinds.wav, 20, 6)],
    ['a WAV of six channels', changed(kinds.wav, 22, 6)],
    ['a WAV cut short', kinds.wav.subarray(0, -1)],
    ['a WAV with more behind it', Buffer.concat([kinds.wav, Buffer.from('<script>')])],
    ['an MP3 with more behind it', Buffer.concat([layerThree, Buffer.from('<script>and more</script>')])],
    ['an MP3 of two frames', layerThree.subarray(0, 200)],
  ])('%s', (_, bytes) => {
    expect(readSound(bytes)).toBeNull();
  });
});

test('tags of players are no part of an MP3, and its last frame may be cut', () => {
  const tag = Buffer.from([...Buffer.from('ID3'), 4, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5]);
  const end = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
  const bare = layerThree.subarray(layerThree.indexOf(0xff));
  for (const bytes of [bare, Buffer.concat([tag, bare]), Buffer.concat([tag, bare, end])])
    expect(readSound(bytes)).toEqual({ mediaType: 'audio/mpeg', durationMs: 720 });
  expect(readSound(bare.subarray(0, -20))?.durationMs).toBeLessThan(720);
});

test('whatever the bytes, an answer comes, and a length that is taken', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc
      .tuple(
        fc.constantFrom(...Object.values(kinds)),
        fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      )
      .map(([from, changes]) => {
        const copy = Uint8Array.from(from);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy;
      }),
  );
  fc.assert(
    fc.property(bytes, (given) => {
      const sound = readSound(given);
      if (sound) {
        expect(sound.durationMs).toBeGreaterThanOrEqual(200);
        expect(sound.durationMs).toBeLessThanOrEqual(20_000);
      }
    }),
    { numRuns: 300 },
  );
});
