/* Purpose: what judges footage's ledger finds one that invents a silence or misses one, on a machine that held the stand-in camera up too. */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import { expect, test } from 'vitest';
import { filmedSpans, isStall, ledgerOf, WORST_MS, worstError } from '../../prove/footage/truth.ts';

const PICTURE_MS = 80;
const SECONDS = 12;
const camera = 'cam' as CameraId;
/** A file of twelve seconds from moment 0, and these gaps. */
const ledger = (...gaps: readonly (readonly [from: number, to: number])[]) =>
  ledgerOf(
    [
      { kind: 'run.mapped', mapping: { run: 'run', offsetMs: 0 } },
      {
        kind: 'segment.closed',
        segment: { id: 's', camera, run: 'run', mediaStartMs: 0, mediaEndMs: SECONDS * 1_000 },
      },
      ...gaps.map(([from, to], i) => ({
        kind: 'gap.recorded',
        gap: { id: `gap ${i}`, camera, from, to, reason: 'camera-silent' },
      })),
    ] as unknown as FootageFact[],
    camera,
    SECONDS * 1_000,
  );
/** Pictures by the moment they were sent; those due in a stall come at its end, all at once. */
function truth(stall = { from: 0, to: 0 }) {
  const sentAt = new Map<number, number>();
  for (let number = 0; number * PICTURE_MS < SECONDS * 1_000; number += 1) {
    const due = number * PICTURE_MS;
    sentAt.set(number, due >= stall.from && due < stall.to ? stall.to : due);
  }
  return filmedSpans(new Set(sentAt.keys()), sentAt, PICTURE_MS);
}
const STALL = { from: 4_000, to: 6_400 };
const silent = (from: number, to: number) => ({ from, to, reason: 'camera-silent' });

test('a silence is in the ledger where the camera was silent, and nowhere else', () => {
  expect(worstError(truth(), ledger()).ms).toBeLessThan(WORST_MS);
  expect(worstError(truth(STALL), ledger([STALL.from, STALL.to])).ms).toBeLessThan(WORST_MS);
  const missed = worstError(truth(STALL), ledger());
  expect(missed.ms).toBeGreaterThan(WORST_MS);
  expect(missed.what).toContain('in the ledger, and not stored');
  for (const [told, film] of [
    [ledger([4_000, 6_400]), truth()],
    [ledger([STALL.from, STALL.to], [8_000, 9_500]), truth(STALL)],
    [ledger([STALL.from, STALL.to + 1_500]), truth(STALL)],
  ] as const) {
    const invented = worstError(film, told);
    expect(invented.ms).toBeGreaterThan(WORST_MS);
    expect(invented.what).toContain('stored, and not in the ledger');
  }
});

test('a silence is the stand-in’s own where its process was held up, and for no longer', () => {
  expect(isStall(silent(4_000, 6_400), [STALL])).toBe(true);
  expect(isStall(silent(4_080, 6_500), [STALL])).toBe(true);
  expect(isStall({ ...silent(4_000, 6_400), reason: 'camera-down' }, [STALL])).toBe(false);
  expect(isStall(silent(4_000, 6_400), [])).toBe(false);
  expect(isStall(silent(8_000, 9_500), [STALL])).toBe(false);
  expect(isStall(silent(4_000, 7_500), [STALL])).toBe(false);
  // One that ended the run: the camera is recorded again some time after it sends.
  expect(isStall(silent(4_000, 16_000), [{ from: 4_000, to: 13_500 }])).toBe(true);
  expect(isStall(silent(8_000, 16_000), [{ from: 4_000, to: 13_500 }])).toBe(false);
});
