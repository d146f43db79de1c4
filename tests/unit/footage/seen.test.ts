/* A camera that left a counter and came back shows its two periods and nothing of what it saw in between. */
import type { RunMapping } from '@hailong/shared/protocol/footage.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildClip, type CameraMaterial, SEAM_MS } from '../../../hub-server/src/domain/footage/clip.ts';
import { buildSeenClip, seenWithin, unseenClip } from '../../../hub-server/src/domain/footage/seen.ts';

const T = 1_800_000_000_000;
const LATER = T + 86_400_000;
const MEDIA_MS = 4_000;
const [BOUND_MS, LATENCY_MS] = [300, 1_000];

/** Files of 4 s from T on; `there` says which were kept. */
function material(there: readonly boolean[]): CameraMaterial {
  return {
    latencyMs: LATENCY_MS,
    mappings: [
      {
        run: 'r',
        offsetMs: T,
        latencyMs: LATENCY_MS,
        boundMs: BOUND_MS,
        version: 1,
      } as unknown as RunMapping,
    ],
    gaps: [],
    segments: there.flatMap((kept, i) => {
      const [mediaStartMs, mediaEndMs] = [i * MEDIA_MS, (i + 1) * MEDIA_MS];
      const segment = { id: `${i}`, run: 'r', file: `${i}.mp4`, mediaStartMs, mediaEndMs, codec: 'h264' };
      return kept ? [{ ...segment, arrivalAt: T + mediaEndMs, flags: [], deletion: null } as never] : [];
    }),
  };
}
const WINDOW = { from: T, to: T + 40_000 };

it('shows two periods, and says what lies between', () => {
  const periods = [
    { from: T + 24_000, to: null },
    { from: T - 60_000, to: T + 8_000 },
  ];
  const seen = seenWithin(periods, WINDOW);
  expect(seen).toEqual([
    { from: T, to: T + 8_000 },
    { from: T + 24_000, to: T + 40_000 },
  ]);
  const clip = buildSeenClip(material(Array(10).fill(true)), WINDOW, seen, T + 9_000, LATER);
  // The file at each edge is shown whole: a picture's time is known only within its bound and latency.
  expect(clip.pieces.map(({ segment }) => segment.id)).toEqual(['0', '1', '2', '5', '6', '7', '8', '9']);
  expect(clip).toMatchObject({
    ...{ state: 'partial', covered: seen, durationSeconds: 32 },
    gaps: [{ from: T + 8_000, to: T + 24_000, reason: 'not-configured' }],
    // Asked for the time in between: the first picture after it.
    playFrom: 16,
  });
});

it('says of a time that the map once had who took it out, of two changes the later one', () => {
  const seen = seenWithin([{ from: T, to: T + 8_000 }], WINDOW);
  const takenOut = [
    { from: T - 60_000, to: T + 20_000, at: T + 100_000, by: 'user:a' },
    { from: T + 12_000, to: T + 30_000, at: T + 200_000, by: 'user:b' },
  ];
  const clip = buildSeenClip(material(Array(10).fill(true)), WINDOW, seen, T, LATER, takenOut);
  const reason = 'not-configured';
  const [first, second] = [
    { at: T + 100_000, by: 'user:a' },
    { at: T + 200_000, by: 'user:b' },
  ];
  expect(clip.gaps).toEqual([
    { from: T + 8_000, to: T + 12_000, reason, unmapped: first },
    { from: T + 12_000, to: T + 30_000, reason, unmapped: second },
    { from: T + 30_000, to: T + 40_000, reason },
  ]);
  expect(unseenClip(WINDOW, takenOut)).toMatchObject({
    ...{ state: 'missing', pieces: [], covered: [] },
    gaps: [
      { from: T, to: T + 12_000, unmapped: first },
      { from: T + 12_000, to: T + 30_000, unmapped: second },
      { from: T + 30_000, to: T + 40_000 },
    ],
  });
});

const at = fc.integer({ min: -20_000, max: 60_000 }).map((ms) => T + ms);
const period = fc
  .tuple(at, fc.option(fc.integer({ min: 1, max: 30_000 }), { nil: null }))
  .map(([from, ms]) => ({ from, to: ms === null ? null : from + ms }));
const someFiles = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });

it('holds for any map: nothing outside it is shown, and all of the window is shown or has a reason', () =>
  fc.assert(
    fc.property(fc.array(period, { maxLength: 5 }), someFiles, at, (periods, there, asked) => {
      const seen = seenWithin(periods, WINDOW);
      for (const [i, each] of seen.entries())
        expect(each.from - (seen[i - 1]?.to ?? Number.NEGATIVE_INFINITY)).toBeGreaterThan(SEAM_MS);
      const clip = buildSeenClip(material(there), WINDOW, seen, asked, LATER);

      for (const { wallFrom, wallTo } of clip.pieces)
        expect(
          seen.some(({ from, to }) => wallTo > from - BOUND_MS && wallFrom < to + LATENCY_MS + BOUND_MS),
        ).toBe(true);
      for (const { from, to } of clip.covered)
        expect(seen.some((each) => each.from <= from && to <= each.to)).toBe(true);
      expect(new Set(clip.pieces.map(({ segment }) => segment.id)).size).toBe(clip.pieces.length);
      let seconds = 0;
      for (const { startSeconds, durationSeconds } of clip.pieces) {
        expect(startSeconds).toBe(seconds);
        seconds += durationSeconds;
      }
      expect(clip.durationSeconds).toBe(seconds);

      const said = [...clip.covered, ...clip.gaps].sort((a, b) => a.from - b.from);
      let reached = WINDOW.from;
      if (seen.length > 0) {
        for (const { from, to } of said) {
          expect(Math.abs(from - reached)).toBeLessThanOrEqual(SEAM_MS);
          reached = to;
        }
        expect(WINDOW.to - reached).toBeLessThanOrEqual(SEAM_MS);
      } else expect(clip).toMatchObject({ state: 'missing', pieces: [] });
    }),
  ));

it('is the clip of the window where the camera saw it throughout', () =>
  fc.assert(
    fc.property(someFiles, fc.integer({ min: 0, max: 40_000 }), (there, ms) => {
      const whole = seenWithin([{ from: T - 1, to: null }], WINDOW);
      const clip = buildSeenClip(material(there), WINDOW, whole, T + ms, LATER);
      expect(clip).toEqual(buildClip(material(there), WINDOW, T + ms, LATER));
    }),
  ));
