/* Every hole has a reason, none is invented, and a sharper mapping moves the end of the gap before its run. */
import type { CameraId } from '@hailong/shared/ids.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginCoverage,
  type Coverage,
  filmed,
  interrupted,
} from '../../../hub-server/src/recorder/domain/coverage-machine.ts';
import { holeBefore, reasonOf } from '../../../hub-server/src/recorder/domain/gap-rule.ts';

const camera = '00000000-0000-4000-8000-000000000001' as CameraId;
let minted = 0;
const mint = () => `gap-${++minted}`;
const segment = (run: string, offsetMs: number, mediaStartMs: number, mediaEndMs: number) => ({
  ...{ run, offsetMs, mediaStartMs, mediaEndMs },
});

describe('coverage', () => {
  it('knows no gap between neighbours of a run, whatever the mapping does to both', () => {
    let { coverage, gaps } = filmed(beginCoverage(camera, null, null), segment('a', 10_000, 0, 4_000), mint);
    expect(gaps).toEqual([]);
    ({ coverage, gaps } = filmed(coverage, segment('a', 17_000, 4_000, 8_000), mint));
    expect(gaps).toEqual([]);
    expect(coverage.lastEnd).toBe(25_000);
  });

  it('opens a gap at the end of footage as soon as it is known, and ends it where footage resumes', () => {
    const before = filmed(beginCoverage(camera, null, null), segment('a', 10_000, 0, 4_000), mint).coverage;
    const down = interrupted(before, 'camera-down', 16_500, mint);
    expect(down.gaps).toMatchObject([{ from: 14_000, to: null, reason: 'camera-down' }]);
    expect(interrupted(down.coverage, 'camera-silent', 17_000, mint).gaps).toEqual([]);
    const back = filmed(down.coverage, segment('b', 20_000, 0, 4_000), mint);
    expect(back.gaps).toEqual([{ ...down.gaps[0], to: 20_000 }]);
    expect(back.coverage.open).toBeNull();
  });

  it('corrects the end of that gap when the first line of the new run had come late', () => {
    const down = interrupted(beginCoverage(camera, 14_000, null), 'camera-down', 16_500, mint);
    const late = filmed(down.coverage, segment('b', 24_000, 0, 4_000), mint);
    const sharper = filmed(late.coverage, segment('b', 20_000, 4_000, 8_000), mint);
    expect(sharper.gaps).toEqual([{ ...down.gaps[0], to: 20_000 }]);
    expect(filmed(sharper.coverage, segment('b', 20_000, 8_000, 12_000), mint).gaps).toEqual([]);
  });

  it('splits a gap when its reason becomes one of another kind', () => {
    const away = interrupted(beginCoverage(camera, 14_000, null), 'recorder-down', 60_000, mint);
    const refused = interrupted(away.coverage, 'refused', 61_000, mint);
    expect(refused.gaps).toMatchObject([
      { id: away.gaps[0]?.id, from: 14_000, to: 61_000, reason: 'recorder-down' },
      { from: 61_000, to: null, reason: 'refused' },
    ]);
  });

  it('starts a first gap when a camera never filmed, and records a hole nobody announced', () => {
    expect(interrupted(beginCoverage(camera, null, null), 'camera-down', 500, mint).gaps).toMatchObject([
      { from: 500, to: null },
    ]);
    const hole = filmed(beginCoverage(camera, 14_000, null), segment('b', 20_000, 0, 4_000), mint);
    expect(hole.gaps).toMatchObject([{ from: 14_000, to: 20_000, reason: 'unknown' }]);
    const inside = filmed(hole.coverage, segment('b', 20_000, 9_000, 12_000), mint);
    expect(inside.gaps).toMatchObject([{ from: 24_000, to: 29_000, reason: 'camera-silent' }]);
  });

  it('is not moved by older footage found again', () => {
    const now = beginCoverage(camera, 100_000, null);
    const step = filmed(now, segment('old', 0, 0, 4_000), mint);
    expect(step).toEqual({ coverage: now, gaps: [] });
  });

  it('leaves no hole above the tolerance without a gap row, in any order of events', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('film' as const), pause: fc.integer({ min: 0, max: 9_000 }) }),
      fc.record({ kind: fc.constant('away' as const), reason: fc.constantFrom('camera-down', 'refused') }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let coverage: Coverage = beginCoverage(camera, null, null);
        let at = 1_000_000;
        let run = 0;
        const films: { from: number; to: number }[] = [];
        const gaps = new Map<string, { from: number; to: number | null }>();
        for (const each of events) {
          const step =
            each.kind === 'film'
              ? filmed(coverage, segment(`${++run}`, at + each.pause, 0, 4_000), mint)
              : interrupted(coverage, each.reason as 'refused', at + 1, mint);
          if (each.kind === 'film') films.push({ from: at + each.pause, to: at + each.pause + 4_000 });
          at += each.kind === 'film' ? each.pause + 4_000 : 2;
          coverage = step.coverage;
          for (const gap of step.gaps) gaps.set(gap.id, gap);
        }
        const known = [...films, ...gaps.values()].sort((a, b) => a.from - b.from);
        let end = films[0]?.from ?? at;
        for (const each of known) {
          if (each.from - end > 300) return false;
          end = Math.max(end, each.to ?? at);
        }
        return (
          [...gaps.values()].filter((gap) => gap.to === null).length === (coverage.open === null ? 0 : 1)
        );
      }),
    );
  });
});

describe('gap rule', () => {
  it('takes borders within the tolerance for none', () => {
    expect(holeBefore(1_000, 1_300)).toBeNull();
    expect(holeBefore(1_000, 1_301)).toEqual({ from: 1_000, to: 1_301 });
    expect(holeBefore(null, 5)).toBeNull();
  });
  it.each([
    ['camera.auth_refused', 'refused'],
    ['camera.wrong_codec', 'wrong-codec'],
    ['camera.no_tcp', 'refused'],
    ['camera.silent', 'camera-silent'],
    ['camera.clock_reset', 'clock-reset'],
    ['program.disk_full', 'disk-full'],
    ['ffmpeg.missing', 'recorder-down'],
    ['camera.unreachable', 'camera-down'],
    [null, 'camera-down'],
  ] as const)('%s means %s', (code, reason) => expect(reasonOf(code)).toBe(reason));
});
