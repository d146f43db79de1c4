/**
 * Where a camera stands: checked, with an approved still frame that is not too old, its clock near enough. Pure.
 * Refuses: to count a camera as onboarded without a person's word on a still frame. See hub-server/DESIGN.md,
 * "Onboarding a camera".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { CameraStanding, HeldLatency } from '@hailong/shared/protocol/cameras.ts';
import type { CoverageLatency } from '@hailong/shared/protocol/coverage.ts';
import type { UtcMs } from '@hailong/shared/time.ts';

const DAY_MS = 86_400_000;
/** Asked again each quarter. */
export const STILL_DUE_MS = 90 * DAY_MS;
/** It is a mark on the page for so long, and after that an alarm: one that is due, and one that never was. */
export const STILL_GRACE_MS = 14 * DAY_MS;
/** A camera tells whole seconds, so this is a coarse alarm. */
export const CLOCK_ALARM_MS = 2_000;
const TOLD_IN_MS = 1_000;

export interface CameraCare {
  readonly check: { readonly ok: boolean } | null;
  readonly approvedAt: number | null;
  /** Since when it is known to record without one; null: it has one, or nobody looked yet. */
  readonly unapprovedSince: number | null;
  /** The newest word of its clock. */
  readonly clockOffsetMs: number | null;
  /** Since when it asks for the password itself, which it once did without; null: a person decided, or it does not. */
  readonly basicRefusedAt: number | null;
}

export function stateOf({ check, approvedAt }: CameraCare, now: number): CameraStanding['state'] {
  if (approvedAt !== null && now >= approvedAt + STILL_DUE_MS + STILL_GRACE_MS) return 'overdue';
  if (check === null) return 'unchecked';
  if (!check.ok) return 'faulty';
  if (approvedAt === null) return 'no-still';
  return now >= approvedAt + STILL_DUE_MS ? 'due' : 'onboarded';
}

export const dueAt = (approvedAt: number | null): UtcMs | null =>
  approvedAt === null ? null : ((approvedAt + STILL_DUE_MS) as UtcMs);

/** True when the whole second that the camera told lies off by more than the alarm's width. */
export const clockIsOff = (offsetMs: number): boolean =>
  offsetMs > CLOCK_ALARM_MS || offsetMs + TOLD_IN_MS < -CLOCK_ALARM_MS;

/** The first one, and the first of a new view, may wait as long as any other. */
const neverApproved = ({ approvedAt, unapprovedSince }: CameraCare, now: number): boolean =>
  approvedAt === null && unapprovedSince !== null && now >= unapprovedSince + STILL_GRACE_MS;

/** Codes that should be open now. */
export function alarmsOf(care: CameraCare, now: number): ErrorCode[] {
  const codes: ErrorCode[] = [];
  if (stateOf(care, now) === 'overdue' || neverApproved(care, now)) codes.push('camera.still_overdue');
  if (care.clockOffsetMs !== null && clockIsOff(care.clockOffsetMs)) codes.push('camera.clock_off');
  if (care.basicRefusedAt !== null) codes.push('camera.basic_refused');
  return codes;
}

/** A camera delays by no more than this; what is measured beyond was misread, or the wrong picture. */
export const LATENCY_MAX_MS = 20_000;

/**
 * How far the picture stands behind what it shows. It cannot stand before it by more than mapping and reading err:
 * null then, and beyond what any camera delays.
 */
export function measureLatency(input: {
  /** Where the mapping places the picture, and how well. */
  readonly frameAt: number;
  readonly boundMs: number;
  readonly shownAt: number;
  readonly errorMs: number;
}): { readonly measuredMs: number; readonly latencyMs: number } | null {
  const measuredMs = Math.round(input.frameAt - input.shownAt);
  const latencyMs = Math.max(0, measuredMs + input.errorMs);
  if (measuredMs < -(input.boundMs + input.errorMs) || latencyMs > LATENCY_MAX_MS) return null;
  return { measuredMs, latencyMs };
}

/** The latency in force at a time: the last one measured by then; null: none was. */
export function latencyAt(
  dated: readonly { readonly at: number; readonly latencyMs: number }[],
  time: number,
): number | null {
  let last: { readonly at: number; readonly latencyMs: number } | null = null;
  for (const each of dated) if (each.at <= time && (last === null || each.at > last.at)) last = each;
  return last?.latencyMs ?? null;
}

/** What `latencyAt` answers over a stretch of time, as parts that divide it. `configuredMs`: before the first measurement. */
export function latenciesOver(
  { from, to }: { readonly from: number; readonly to: number },
  configuredMs: number,
  dated: readonly Pick<
    HeldLatency,
    'at' | 'by' | 'latencyMs' | 'measuredMs' | 'errorMs' | 'mappingBoundMs'
  >[],
): CoverageLatency[] {
  const parts: CoverageLatency[] = [];
  let [begins, latencyMs, measured]: [number, number, CoverageLatency['measured']] = [
    from,
    configuredMs,
    null,
  ];
  const close = (at: number) => {
    if (at > begins) parts.push({ from: begins as UtcMs, to: at as UtcMs, latencyMs, measured });
    begins = Math.max(begins, at);
  };
  for (const { latencyMs: next, ...more } of [...dated].sort((a, b) => a.at - b.at)) {
    if (more.at >= to) break;
    close(more.at);
    const { at, by, measuredMs, errorMs, mappingBoundMs } = more;
    [latencyMs, measured] = [next, { at, by, measuredMs, errorMs, mappingBoundMs }];
  }
  close(to);
  return parts;
}
