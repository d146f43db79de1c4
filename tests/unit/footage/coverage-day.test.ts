/* A day is divided: nothing twice, nothing missing, and each moment says what a look at all facts about it says. */
import type { RunMapping } from '@hailong/shared/protocol/footage.ts';
import { vietnamDayBounds } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildClip,
  type CameraMaterial,
  type HeldSegment,
  SEAM_MS,
  SETTLE_MS,
} from '../../../hub-server/src/domain/footage/clip.ts';
import {
  type CoverageMaterial,
  type CoverageSegment,
  coverDay,
  totalsOf,
} from '../../../hub-server/src/domain/footage/coverage-day.ts';

/** A unit is longer than a seam, so that no hole of the model is taken for one. */
const UNIT = 1_000;
const UNITS = 120;
const DAY = { from: 1_000 * UNIT, to: (1_000 + UNITS) * UNIT };

const runs = ['a', 'b', 'c'] as const;
const span = fc.tuple(fc.integer({ min: -20, max: UNITS + 20 }), fc.integer({ min: 1, max: 40 }));
const anyMaterial = fc.record({
  offsets: fc.tuple(fc.nat(9), fc.nat(9), fc.option(fc.nat(9), { nil: null })),
  segments: fc.array(
    fc.record({
      run: fc.constantFrom(...runs),
      span,
      deleted: fc.constantFrom(null, 'expired', 'budget', 'budget-unreported', 'lost'),
      by: fc.constantFrom(null, 'user:an'),
      recovered: fc.boolean(),
    }),
    { maxLength: 12 },
  ),
  gaps: fc.array(
    fc.record({ span, open: fc.boolean(), reason: fc.constantFrom('camera-down', 'disk-full', 'deleted') }),
    { maxLength: 6 },
  ),
  knownFrom: fc.option(fc.integer({ min: -20, max: UNITS + 20 }), { nil: null }),
  heardAfter: fc.option(fc.nat(30), { nil: null }),
  knownUntil: fc.integer({ min: -20, max: UNITS + 20 }),
  now: fc.integer({ min: -50, max: UNITS + 60 }),
  away: fc.boolean(),
});

const at = (unit: number) => DAY.from + unit * UNIT;
type Model = typeof anyMaterial extends fc.Arbitrary<infer T> ? T : never;

function materialOf(model: Model): CoverageMaterial {
  const mappings = runs.flatMap((run, i) =>
    model.offsets[i] === null
      ? []
      : [
          {
            ...{ run, camera: 'c', version: 1, method: 'min-arrival', latencyMs: 0, boundMs: 0 },
            offsetMs: at(0) - 100 * UNIT + (model.offsets[i] as number) * UNIT,
          } as unknown as RunMapping,
        ],
  );
  return {
    latencyMs: 0,
    mappings,
    segments: model.segments.map(({ run, span: [from, length], deleted, by, recovered }) => {
      const i = runs.indexOf(run);
      return {
        run,
        mediaStartMs: (from + 100) * UNIT,
        mediaEndMs: (from + 100 + length) * UNIT,
        arrivalAt: at(from + length) + (model.offsets[i] ?? 0) * UNIT,
        flags: recovered ? ['recovered'] : [],
        ...{ deletedAt: deleted === null ? null : 5, deletedReason: deleted },
        deletedBy: deleted === null ? null : by,
      } as unknown as CoverageSegment;
    }),
    gaps: model.gaps.map(({ span: [from, length], open, reason }) => ({
      ...{ from: at(from), to: open ? null : at(from + length), reason: reason as 'camera-down' },
    })),
    knownFrom: model.knownFrom === null ? null : at(model.knownFrom),
    heardFrom:
      model.knownFrom === null || model.heardAfter === null ? null : at(model.knownFrom + model.heardAfter),
    knownUntil: at(model.knownUntil),
  };
}

/** Where footage of the model begins, whether it is kept or not. */
const begins = (model: Model): number[] =>
  model.segments.flatMap(({ run, span: [from], recovered }) => {
    const offset = model.offsets[runs.indexOf(run)] ?? (recovered ? null : 0);
    return offset === null ? [] : [from + offset];
  });
/** A gap that nobody told the end of ends with the next footage. */
const endOf = (model: Model, { span: [from, length], open }: Model['gaps'][number]): number =>
  open ? Math.min(model.now, ...begins(model).filter((each) => each > from)) : from + length;

/** What the facts say of one moment, each looked at alone. */
function truth(model: Model, unit: number): { state: string; reasons: (string | null)[] } {
  const holds = ({ run, span: [from, length], recovered }: Model['segments'][number]) => {
    const offset = model.offsets[runs.indexOf(run)];
    if (offset === null && recovered) return false;
    const moved = from + (offset ?? 0);
    return moved <= unit && unit < moved + length;
  };
  const covering = model.segments.filter(holds);
  if (covering.some(({ deleted }) => deleted === null)) return { state: 'recorded', reasons: [null] };
  const names = { expired: 'expired', budget: 'deleted-budget', lost: 'deleted-lost' } as const;
  const gone = covering.map(({ deleted }) =>
    deleted === 'budget-unreported' ? 'deleted-unreported' : names[deleted as 'expired'],
  );
  if (gone.length > 0) return { state: 'missing', reasons: gone };
  const told = model.gaps.filter((gap) => gap.span[0] <= unit && unit < endOf(model, gap));
  if (told.length > 0)
    return {
      state: 'missing',
      reasons: told.map(({ reason }) => (reason === 'deleted' ? 'deleted-lost' : reason)),
    };
  if (unit >= model.now) return { state: 'future', reasons: [null] };
  const settle = SETTLE_MS / UNIT;
  const after: string[] = [];
  if (unit < (model.knownFrom ?? model.now)) after.push('not-configured');
  const { knownFrom, heardAfter } = model;
  const unheard =
    knownFrom !== null && unit >= knownFrom && (heardAfter === null || unit < knownFrom + heardAfter);
  if (unheard) after.push('recorder-down');
  if (unit >= model.now - settle) return { state: 'pending', reasons: [null, ...after] };
  if (model.away && unit >= model.knownUntil) after.push('recorder-down');
  return { state: 'missing', reasons: after.length > 0 ? after : ['unknown'] };
}

describe('a day of a camera', () => {
  it('is divided, and each moment says what the facts about it say', () => {
    fc.assert(
      fc.property(anyMaterial, (model) => {
        const spans = coverDay(materialOf(model), DAY, at(model.now), model.away);
        expect(spans[0]?.from).toBe(DAY.from);
        expect(spans.at(-1)?.to).toBe(DAY.to);
        for (const [i, each] of spans.entries()) {
          expect(each.to).toBeGreaterThan(each.from);
          if (i > 0) expect(each.from).toBe(spans[i - 1]?.to);
          expect(each.reason === null).toBe(each.state !== 'missing');
        }
        expect(totalsOf(spans).reduce((sum, { ms }) => sum + ms, 0)).toBe(DAY.to - DAY.from);
        for (let unit = 0; unit < UNITS; unit++) {
          const said = spans.find(({ from, to }) => from <= at(unit) && at(unit) < to);
          const { state, reasons } = truth(model, unit);
          // What is before a camera's time and pending both hold: either may be said.
          if (reasons.length > 1 && state === 'pending')
            expect(['pending', 'not-configured', 'recorder-down']).toContain(said?.reason ?? said?.state);
          else
            expect([unit, said?.state, reasons.includes(said?.reason ?? null)]).toEqual([unit, state, true]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is explained as a clip of it is', () => {
    fc.assert(
      fc.property(anyMaterial, (any) => {
        // What a day alone knows: that the recorder is away, what still settles, and a camera that no map ever had.
        const now = UNITS + 60;
        const model = { ...any, knownFrom: any.knownFrom ?? 0, now, away: false };
        const { knownFrom, heardFrom, segments, ...day } = materialOf(model);
        const held = segments.map((segment, i): HeldSegment => {
          const { deletedAt, deletedReason, deletedBy } = segment;
          const gone = deletedAt === null ? null : { at: deletedAt, by: deletedBy, reason: deletedReason };
          return { ...segment, id: `${i}`, codec: 'h264', deletion: gone } as never;
        });
        const material: CameraMaterial = {
          ...{ ...day, segments: held, configuredFrom: knownFrom as number },
          ...(heardFrom === null ? { heardFrom: at(now) - SETTLE_MS } : { heardFrom }),
        };
        const { gaps } = buildClip(material, DAY, DAY.from, at(now));
        const spans = coverDay(materialOf(model), DAY, at(now), false);
        const reasonAt = (
          list: readonly { from: number; to: number; reason: string | null }[],
          unit: number,
        ) => {
          const reason = list.find(({ from, to }) => from <= at(unit) && at(unit) < to)?.reason ?? null;
          return reason === 'deleted' ? 'deleted-lost' : reason;
        };
        for (let unit = 0; unit < UNITS; unit++)
          expect([unit, reasonAt(gaps, unit)]).toEqual([unit, reasonAt(spans, unit)]);
      }),
      { numRuns: 400 },
    );
  });

  it('takes the muxer’s seams for footage, and nothing longer', () => {
    const segment = (from: number, to: number) =>
      ({
        ...{ run: 'a', mediaStartMs: from, mediaEndMs: to, arrivalAt: 0, flags: [] },
        ...{ deletedAt: null, deletedReason: null, deletedBy: null },
      }) as unknown as CoverageSegment;
    const cover = (hole: number, now = DAY.to + 60_000) =>
      coverDay(
        {
          ...{ latencyMs: 0, gaps: [], knownFrom: 0, heardFrom: 0, knownUntil: DAY.to },
          segments: [segment(0, 60_000), segment(60_000 + hole, 120_000)],
          mappings: [{ run: 'a', offsetMs: DAY.from, boundMs: 0, latencyMs: 0 } as RunMapping],
        },
        DAY,
        now,
        false,
      ).map(({ state, reason, from, to }) => [state, reason, to - from]);
    expect(cover(SEAM_MS)).toEqual([['recorded', null, 120_000]]);
    // Nor is one of the last seconds a part that is still being recorded.
    const lately = DAY.from + 60_000 + SETTLE_MS - 1_000;
    expect(cover(SEAM_MS, lately)).toEqual([['recorded', null, 120_000]]);
    expect(cover(SEAM_MS + 1)).toEqual([
      ['recorded', null, 60_000],
      ['missing', 'unknown', 501],
      ['recorded', null, 59_499],
    ]);
  });

  it('counts a silence inside footage as missing, and no gap that footage was found for', () => {
    const silence = { from: DAY.from + 30_000, to: DAY.from + 33_000 };
    const cover = (gap: { from: number; to: number; reason: 'camera-silent' | 'recorder-down' }) =>
      coverDay(
        {
          ...{ latencyMs: 0, gaps: [gap], knownFrom: 0, heardFrom: 0, knownUntil: DAY.to },
          segments: [0, 40_000, 80_000].map(
            (from) =>
              ({
                ...{ run: 'a', mediaStartMs: from, mediaEndMs: from + 40_000, arrivalAt: 0, flags: [] },
                ...{ deletedAt: null, deletedReason: null, deletedBy: null },
              }) as unknown as CoverageSegment,
          ),
          mappings: [{ run: 'a', offsetMs: DAY.from, boundMs: 0, latencyMs: 0 } as RunMapping],
        },
        DAY,
        DAY.to + 60_000,
        false,
      ).map(({ state, reason, from, to }) => [state, reason, to - from]);
    expect(cover({ ...silence, reason: 'camera-silent' })).toEqual([
      ['recorded', null, 30_000],
      ['missing', 'camera-silent', 3_000],
      ['recorded', null, 87_000],
    ]);
    expect(cover({ ...silence, reason: 'recorder-down' })).toEqual([['recorded', null, 120_000]]);
  });

  it('is a day of Vietnam, and only one of the calendar', () => {
    expect(vietnamDayBounds('2026-11-26')).toEqual({
      from: Date.UTC(2026, 10, 25, 17),
      to: Date.UTC(2026, 10, 26, 17),
    });
    expect(vietnamDayBounds('2026-02-30')).toBeNull();
  });
});
