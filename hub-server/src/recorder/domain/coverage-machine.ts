/**
 * Purpose: what of a camera's time is filmed and why the rest is not, as a pure fold: known-away opens a gap at the end
 * of the last footage, the next segment closes it, a sharper mapping of the resuming run corrects its end.
 * Refuses: a gap without a reason; a hole inside one run that media time does not show. See hub-server/DESIGN.md, "Recording".
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { Gap, GapReason } from '@hailong/shared/protocol/footage.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { GAP_TOLERANCE_MS, holeBefore } from './gap-rule.ts';

export interface Coverage {
  readonly camera: CameraId;
  /** End of known footage by wall clock, UTC ms; null when there is none. */
  readonly lastEnd: number | null;
  /** The same end inside its run, so that a corrected mapping moves it. */
  readonly last: { readonly run: string; readonly mediaEndMs: number } | null;
  /** The gap that is still going on. */
  readonly open: Gap | null;
  /** The gap that the current run ended, as told. */
  readonly ended: { readonly gap: Gap; readonly run: string; readonly mediaStartMs: number } | null;
}

export interface CoverageStep {
  readonly coverage: Coverage;
  /** Gaps to tell: new ones, ended ones, corrected ones. */
  readonly gaps: readonly Gap[];
}

export interface Filmed {
  readonly run: string;
  readonly mediaStartMs: number;
  readonly mediaEndMs: number;
  /** Wall = offset + media, by the run's newest mapping. */
  readonly offsetMs: number;
}

type MintGap = () => Gap['id'];

export function beginCoverage(camera: CameraId, lastEnd: number | null, open: Gap | null): Coverage {
  return { camera, lastEnd, last: null, open, ended: null };
}

/** Reasons of one kind continue each other's gap; another kind ends it and begins its own. */
function kindOf(reason: GapReason): string {
  switch (reason) {
    case 'camera-down':
    case 'camera-silent':
    case 'clock-reset':
    case 'unknown':
      return 'camera';
    default:
      return reason;
  }
}

/** Nothing is being filmed from now on, or still not: `at` is when that became known. */
export function interrupted(coverage: Coverage, reason: GapReason, at: number, mint: MintGap): CoverageStep {
  const { camera, open } = coverage;
  if (open !== null && kindOf(open.reason) === kindOf(reason)) return { coverage, gaps: [] };
  const gap = (from: number): Gap => ({ id: mint(), camera, from: from as UtcMs, to: null, reason });
  if (open === null) {
    const begun = gap(coverage.lastEnd ?? at);
    return { coverage: { ...coverage, open: begun, ended: null }, gaps: [begun] };
  }
  const turned = Math.max(open.from, at) as UtcMs;
  const begun = gap(turned);
  return { coverage: { ...coverage, open: begun }, gaps: [{ ...open, to: turned }, begun] };
}

/** A segment of this camera is kept. Older ones found again change nothing but what they are. */
export function filmed(coverage: Coverage, segment: Filmed, mint: MintGap): CoverageStep {
  const { run, offsetMs, mediaStartMs, mediaEndMs } = segment;
  const from = offsetMs + mediaStartMs;
  const to = offsetMs + mediaEndMs;
  const sameRun = coverage.last?.run === run;
  const lastEnd = sameRun && coverage.last ? offsetMs + coverage.last.mediaEndMs : coverage.lastEnd;
  if (!sameRun && lastEnd !== null && to <= lastEnd) return { coverage, gaps: [] };

  const gaps: Gap[] = [];
  let ended = coverage.ended?.run === run ? coverage.ended : null;
  if (ended !== null) {
    const sharper = Math.max(ended.gap.from, offsetMs + ended.mediaStartMs) as UtcMs;
    if (Math.abs(sharper - (ended.gap.to ?? 0)) > GAP_TOLERANCE_MS) {
      ended = { ...ended, gap: { ...ended.gap, to: sharper } };
      gaps.push(ended.gap);
    }
  }
  const resume = (gap: Gap) => {
    gaps.push(gap);
    ended = { gap, run, mediaStartMs };
  };
  if (coverage.open !== null) {
    resume({ ...coverage.open, to: Math.max(coverage.open.from, from) as UtcMs });
  } else {
    const hole = holeBefore(lastEnd, from);
    if (hole !== null)
      resume({
        id: mint(),
        camera: coverage.camera,
        from: hole.from as UtcMs,
        to: hole.to as UtcMs,
        reason: sameRun ? 'camera-silent' : 'unknown',
      });
  }
  return {
    coverage: { ...coverage, lastEnd: to, last: { run, mediaEndMs }, open: null, ended },
    gaps,
  };
}
