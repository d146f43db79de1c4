/* Purpose: a clip covers what was filmed, names what was not, and starts where it was asked to. */
import { describe, expect, test } from 'vitest';
import {
  asRecorded,
  buildClip,
  type CameraMaterial,
  type HeldSegment,
  SETTLE_MS,
} from '../../../hub-server/src/domain/footage/clip.ts';
import { buildPlaylist } from '../../../hub-server/src/domain/footage/playlist.ts';
import { transactionWindow } from '../../../hub-server/src/domain/footage/window.ts';

const T = 1_800_000_000_000;
const RUN = 'a0000000-0000-4000-8000-000000000001';

function segments(count: number, change: (i: number) => Partial<HeldSegment> = () => ({})): HeldSegment[] {
  return Array.from(
    { length: count },
    (_, i) =>
      ({
        id: `00000000-0000-7000-8000-00000000000${i}`,
        ...{
          camera: 'c',
          run: RUN,
          file: `${i}.mp4`,
          mediaStartMs: i * 4_000,
          mediaEndMs: i * 4_000 + 4_000,
        },
        ...{
          arrivalAt: T + i * 4_000 + 4_300,
          arrivalMonoMs: 0,
          bytes: 1,
          sha256: 'x',
          codec: 'h264',
          flags: [],
        },
        ...{ deletion: null, ...change(i) },
      }) as unknown as HeldSegment,
  );
}
const mapping = {
  run: RUN,
  camera: 'c',
  version: 1,
  method: 'min-arrival',
  offsetMs: T,
  latencyMs: 1_000,
  boundMs: 100,
};
const material = (change: Partial<CameraMaterial> = {}): CameraMaterial =>
  ({ latencyMs: 2_000, segments: segments(9), mappings: [mapping], gaps: [], ...change }) as CameraMaterial;
const WINDOW = { from: T + 5_000, to: T + 25_000 };
const LATER = T + 3_600_000;

describe('clip', () => {
  test('says where a camera paused inside its footage', () => {
    const silence = { from: T + 9_000, to: T + 12_000, reason: 'camera-silent' } as const;
    const clip = buildClip(material({ gaps: [silence] }), WINDOW, T + 6_000, LATER);
    expect(clip).toMatchObject({ state: 'partial', gaps: [silence] });
    expect(clip.covered.map(({ from, to }) => to - from)).toEqual([4_000, 13_000]);
  });

  test('as recorded it is the same whether all, a part or nothing of it was deleted', () => {
    const gone = { reason: 'budget', at: LATER, by: null } as const;
    const silence = { from: T + 9_000, to: T + 12_000, reason: 'camera-silent' } as const;
    const of = (segments: HeldSegment[]) =>
      buildClip(asRecorded(material({ segments, gaps: [silence] })), WINDOW, T + 6_000, LATER);
    const [none, some, all] = [
      segments(9),
      segments(9, (i) => (i % 2 ? { deletion: gone } : {})),
      segments(9, () => ({ deletion: gone })),
    ].map((each) => of(each));
    expect(none).toMatchObject({ state: 'partial', gaps: [silence] });
    expect(some).toEqual(none);
    expect(all).toEqual(none);
    expect(
      buildClip(material({ segments: segments(9, () => ({ deletion: gone })) }), WINDOW, T, LATER).state,
    ).toBe('missing');
  });

  test('says not-configured of the time before the camera was added, not unknown', () => {
    const added = T + 2_000;
    const window = { from: T - 10_000, to: T + 20_000 };
    const late = material({ configuredFrom: added, segments: segments(9).slice(1) });
    expect(buildClip(late, window, T, LATER).gaps).toEqual([
      { from: window.from, to: added, reason: 'not-configured' },
      { from: added, to: T + 4_000, reason: 'unknown' },
    ]);
    expect(buildClip({ ...late, heardFrom: T + 4_000 }, window, T, LATER).gaps[1]).toEqual({
      ...{ from: added, to: T + 4_000, reason: 'recorder-down' },
    });
    expect(buildClip(material({ configuredFrom: T }), window, T, LATER).gaps).toEqual([
      { from: window.from, to: T, reason: 'not-configured' },
    ]);
  });

  test('is ready when whole segments cover the window, widened by latency and bound', () => {
    const clip = buildClip(material(), WINDOW, T + 5_000, LATER);
    expect(clip.state).toBe('ready');
    expect(clip.pieces.map((each) => each.wallFrom - T)).toEqual([
      4_000, 8_000, 12_000, 16_000, 20_000, 24_000,
    ]);
    expect(clip.playFrom).toBe(1);
    expect([clip.boundBeforeMs, clip.boundAfterMs]).toEqual([1_100, 100]);
    expect(clip.covered).toEqual([WINDOW]);
  });

  test('names a gap by its recorded reason, and says unknown where none was recorded', () => {
    const held = segments(9).filter((_, i) => i < 2 || i > 4);
    const gaps = [{ from: T + 8_000, to: T + 14_000, reason: 'camera-down' as const }];
    const clip = buildClip(material({ segments: held, gaps }), WINDOW, T + 5_000, LATER);
    expect(clip.state).toBe('partial');
    expect(clip.gaps).toEqual([
      { from: T + 8_000, to: T + 14_000, reason: 'camera-down' },
      { from: T + 14_000, to: T + 20_000, reason: 'unknown' },
    ]);
  });

  test('lets a gap that nobody told the end of claim nothing behind the next footage, nor keep a tail from pending', () => {
    const stale = { from: T - 3_600_000, to: null, reason: 'camera-down' as const };
    const gone = { at: LATER, reason: 'expired', by: null } as const;
    const held = segments(9, (i) => (i === 1 ? { deletion: gone } : {})).filter((_, i) => i !== 2);
    const gaps = [stale, { from: T + 9_000, to: T + 12_000, reason: 'disk-full' as const }];
    const window = { from: T - 2_000, to: T + 25_000 };
    const clip = buildClip(material({ segments: held, gaps }), window, T, LATER);
    expect(clip.gaps.map(({ from, to, reason }) => [from - T, to - T, reason])).toEqual([
      [-2_000, 0, 'camera-down'],
      [4_000, 8_000, 'expired'],
      [8_000, 9_000, 'unknown'],
      [9_000, 12_000, 'disk-full'],
    ]);
    const young = { from: T, to: T + 40_000 };
    const state = (open: typeof stale) =>
      buildClip(material({ gaps: [open] }), young, T, young.to + 1_000).state;
    expect(state(stale)).toBe('pending');
    expect(state({ ...stale, from: T + 36_000 })).toBe('partial');
  });

  test('says by which rule retention took files, when and at whose request', () => {
    const gone = { at: LATER, reason: 'expired', by: null } as const;
    const held = segments(9, (i) => (i === 3 ? { deletion: gone } : {}));
    const clip = buildClip(material({ segments: held }), WINDOW, T + 5_000, LATER);
    expect(clip.gaps).toEqual([
      {
        ...{ from: T + 12_000, to: T + 16_000, reason: 'expired' },
        deletions: [{ ...gone, segment: held[3]?.id }],
      },
    ]);
    expect(clip.pieces).toHaveLength(5);
  });

  test('joins what one pass took, and keeps apart what went by another rule, on another day or for somebody', () => {
    const gone = [
      { at: LATER, reason: 'expired', by: null },
      { at: LATER + 60_000, reason: 'expired', by: null },
      { at: LATER + 86_400_000, reason: 'expired', by: null },
      { at: LATER, reason: 'budget', by: null },
      { at: LATER, reason: 'lost', by: 'user:an' },
    ] as const;
    const held = segments(9, (i) => ({ deletion: gone[i - 1] ?? null }));
    const clip = buildClip(material({ segments: held }), { from: T, to: T + 36_000 }, T, LATER);
    expect(
      clip.gaps.map(({ from, to, reason, deletions }) => [from - T, to - T, reason, deletions?.length]),
    ).toEqual([
      [4_000, 12_000, 'expired', 2],
      [12_000, 16_000, 'expired', 1],
      [16_000, 20_000, 'deleted-budget', 1],
      [20_000, 24_000, 'deleted-lost', 1],
    ]);
  });

  test('is as uncertain as the latency that was measured by then, and as the camera’s entry before', () => {
    const of = (at: number) =>
      buildClip(material({ latencies: [{ at, latencyMs: 520 }] }), WINDOW, T + 5_000, LATER);
    const { boundMs, latencyMs } = mapping;
    expect(of(T - 1)).toMatchObject({ boundBeforeMs: 520 + boundMs, boundAfterMs: boundMs });
    // A segment is looked at from before the measurement, and none of it is inside.
    expect(of(T + 1).boundBeforeMs).toBe(520 + boundMs);
    expect(of(WINDOW.to + 60_000)).toMatchObject({
      ...{ boundBeforeMs: latencyMs + boundMs, boundAfterMs: boundMs },
    });
  });
  test('is pending while the last segment may still close, then partial or missing', () => {
    const held = segments(3);
    expect(buildClip(material({ segments: held }), WINDOW, T + 5_000, WINDOW.to + SETTLE_MS - 1).state).toBe(
      'pending',
    );
    expect(buildClip(material({ segments: held }), WINDOW, T + 5_000, WINDOW.to + SETTLE_MS).state).toBe(
      'partial',
    );
    const none = buildClip(material({ segments: [] }), WINDOW, T + 5_000, LATER);
    expect(none).toMatchObject({ state: 'missing', gaps: [{ ...WINDOW, reason: 'unknown' }] });
  });

  test('starts at the first moment there is when the asked one is not covered', () => {
    const held = segments(9).filter((_, i) => i > 2);
    expect(buildClip(material({ segments: held }), WINDOW, T + 5_000, LATER).playFrom).toBe(0);
  });

  test('places an unmapped run by arrival with a wide bound, a recovered one not at all', () => {
    const wide = buildClip(material({ mappings: [] }), WINDOW, T + 5_000, LATER);
    expect(wide.boundAfterMs).toBe(8_000);
    const recovered = segments(9, () => ({ flags: ['recovered'] }));
    expect(buildClip(material({ segments: recovered, mappings: [] }), WINDOW, T, LATER).state).toBe(
      'missing',
    );
  });
});

describe('playlist', () => {
  test('is one initialisation and one discontinuity a segment, with wall time', () => {
    const clip = buildClip(material(), WINDOW, T + 5_000, LATER);
    const text = buildPlaylist(clip.pieces, (id) => `/s/${id}`);
    expect(text.match(/#EXT-X-MAP/g)).toHaveLength(6);
    expect(text.match(/#EXT-X-DISCONTINUITY/g)).toHaveLength(5);
    expect(text).toContain(
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(T + 4_000).toISOString()}\n#EXTINF:4.000,\n/s/`,
    );
    expect(text.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
  });
});

describe('playlist of segments whose header is known', () => {
  test('gives header and pictures by byte range, so that no picture is shown twice', () => {
    const held = segments(9, () => ({ bytes: 1_000, initBytes: 700 }));
    const clip = buildClip(material({ segments: held }), WINDOW, T + 5_000, LATER);
    const text = buildPlaylist(clip.pieces, (id) => `/s/${id}`);
    expect(text.match(/#EXT-X-MAP:URI="[^"]+",BYTERANGE="700@0"/g)).toHaveLength(6);
    expect(text.match(/#EXTINF:4\.000,\n#EXT-X-BYTERANGE:300@700\n/g)).toHaveLength(6);
  });
});

describe('window', () => {
  test('adds padding and bounds at both ends and never reaches into the future', () => {
    const served = { from: T, to: T + 60_000 };
    expect(transactionWindow(served, 250, LATER)).toEqual({ from: T - 10_250, to: T + 70_250 });
    expect(transactionWindow(served, 0, T + 5_000).to).toBe(T + 5_000);
  });
});
