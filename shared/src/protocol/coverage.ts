/** What of a camera's day is recorded, and why the rest is not. See hub-server/DESIGN.md, "Coverage". */
import { z } from 'zod';
import { cameraId } from '../ids.ts';
import { utcMs, vietnamDate } from '../time.ts';
import { clockSample } from './cameras.ts';
import { type DeletionReason, gapReason } from './footage.ts';

/** A recorder's own reasons, and what retention or a loss did later. */
export const coverageReason = z.union([
  gapReason.exclude(['deleted']),
  /** Older than the camera keeps. */
  z.literal('expired'),
  /** The disk needed the space. */
  z.literal('deleted-budget'),
  /** The disk needed the space, and a kiosk had not reported past that time: its bad rating could not hold it. */
  z.literal('deleted-unreported'),
  /** The file was gone without an order. */
  z.literal('deleted-lost'),
]);
export type CoverageReason = z.infer<typeof coverageReason>;

/** How a day, a clip and a package call what went by each rule. */
export const DELETED_AS: Readonly<Record<DeletionReason, CoverageReason>> = {
  expired: 'expired',
  budget: 'deleted-budget',
  'budget-unreported': 'deleted-unreported',
  lost: 'deleted-lost',
};

/**
 * A time of a clip without a picture. Of a deletion: when its first file went, and who asked, when a person did. Of a time that the
 * camera's map once had at this counter and has no more: when it was changed, and by whom (null: nobody knows).
 */
export const clipGap = z.object({
  from: utcMs,
  to: utcMs,
  reason: z.union([gapReason, coverageReason]),
  deletedAt: utcMs.optional(),
  deletedBy: z.string().nullable().optional(),
  unmappedAt: utcMs.optional(),
  unmappedBy: z.string().nullable().optional(),
});
export type ClipGap = z.infer<typeof clipGap>;

/** Half-open [from, to). The spans of a day divide it: no moment twice, none missing. */
export const coverageSpan = z.object({
  from: utcMs,
  to: utcMs,
  /** pending: filmed within the last seconds, not closed yet. future: after now. */
  state: z.enum(['recorded', 'missing', 'pending', 'future']),
  /** Of what is missing; `unknown` is a defect to be looked into. */
  reason: coverageReason.nullable(),
  /** Of a deletion: who asked, when a person did, and when. */
  by: z.string().nullable(),
  at: utcMs.nullable(),
});
export type CoverageSpan = z.infer<typeof coverageSpan>;

/**
 * How far pictures of a part of the day stand behind the event, as the bounds of clips use it. Measured by the hub-clock page
 * (`measuredMs` ± `errorMs`, the sum of both is used), or nobody measured by then and the camera's entry says what is assumed.
 */
export const coverageLatency = z.object({
  ...{ from: utcMs, to: utcMs, latencyMs: z.int() },
  measured: z
    .object({ at: utcMs, by: z.string(), measuredMs: z.int(), errorMs: z.int(), mappingBoundMs: z.int() })
    .nullable(),
});
export type CoverageLatency = z.infer<typeof coverageLatency>;
/** The camera's clock is charted over so many days up to the end of the one asked for. */
export const CLOCK_DAYS = 31;

/** GET /api/v1/coverage */
export const coverageQuestion = z.object({ camera: cameraId, day: vietnamDate });
export const coverageAnswer = z.object({
  camera: z.object({ id: cameraId, name: z.string() }),
  day: vietnamDate,
  from: utcMs,
  to: utcMs,
  spans: z.array(coverageSpan),
  totals: z.array(
    z.object({ state: coverageSpan.shape.state, reason: coverageReason.nullable(), ms: z.int().min(0) }),
  ),
  /** In order; they divide the day up to now. */
  latencies: z.array(coverageLatency),
  /** The camera's clock, in order of time; empty where it tells none. */
  clock: z.array(clockSample),
});
export type CoverageAnswer = z.infer<typeof coverageAnswer>;
/** GET /api/v1/coverage/cameras: every camera there is or was. */
export const coverageCameras = z.object({
  cameras: z.array(z.object({ id: cameraId, name: z.string(), active: z.boolean(), retentionDays: z.int() })),
});
export type CoverageCameras = z.infer<typeof coverageCameras>;
