/**
 * A camera's own page in the administration: what was checked, the approved still frame, the charted clock, the measured
 * latency; and the hub's clock, to be filmed. Between hub and recorder: one picture of a camera or of a recorded file,
 * and what a camera's clock told. Document: hub-server/DESIGN.md, "Onboarding a camera".
 */
import { z } from 'zod';
import { cameraId, segmentId, sha256Hex } from '../ids.ts';
import { utcMs } from '../time.ts';

/** Which ONVIF adapter is asked; null: node-onvif, and the other where that one cannot read the camera. */
export const cameraVia = z.enum(['node-onvif', 'onvif']).nullable();
export type CameraVia = z.infer<typeof cameraVia>;

/**
 * How a camera let us in, by protocol. `strong`: without being sent the password itself; `tls`: over TLS. What it did once is not
 * undercut without an administrator's word.
 */
export const loginSeen = z.enum(['rtsp-strong', 'rtsp-tls', 'onvif-strong', 'onvif-tls']);
export type LoginSeen = z.infer<typeof loginSeen>;

/** POST …/login: false keeps refusing, and ends the alarm; true forgets how the camera let us in. */
export const loginDecision = z.object({ allowBasic: z.boolean() });

/** A JPEG, at most 1920 pixels wide. */
export const PICTURE_BYTES_MAX = 2_097_152;
export const frameResult = z.union([
  z.object({ ok: z.literal(true), jpeg: z.base64().max(Math.ceil(PICTURE_BYTES_MAX / 3) * 4) }),
  z.object({ ok: z.literal(false), code: z.string().max(60), detail: z.string().max(300) }),
]);
export type FrameResult = z.infer<typeof frameResult>;

/** A picture of now, or the first picture of a recorded file (relative to the footage root). */
export const frameSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('live'),
    ...{ address: z.string(), user: z.string(), password: z.string(), via: cameraVia },
    /** The saved camera that is asked; absent: one that is being entered. */
    id: cameraId.optional(),
  }),
  z.object({ kind: z.literal('file'), file: z.string().max(300) }),
]);
export type FrameSource = z.infer<typeof frameSource>;

/** Camera clock minus recorder clock, ms, as told in whole seconds: the truth lies in [offsetMs, offsetMs + 1000). */
export const clockSample = z.object({ at: utcMs, offsetMs: z.int() });
export type ClockSample = z.infer<typeof clockSample>;

/**
 * Where a camera stands on its way to being relied on. `unchecked`: nobody asked what it sends. `faulty`: the last check
 * failed. `no-still`: no approved still frame. `due`: it is to be asked again. `overdue`: and was not. `onboarded`: all good.
 */
export const cameraStanding = z.object({
  state: z.enum(['unchecked', 'faulty', 'no-still', 'onboarded', 'due', 'overdue']),
  /** When the still frame is asked for again; null: there is none. */
  dueAt: utcMs.nullable(),
  /** Codes of open alarms. */
  alarms: z.array(z.string()),
});
export type CameraStanding = z.infer<typeof cameraStanding>;

export const heldLatency = z.object({
  /** From then on it holds. */
  at: utcMs,
  by: z.string(),
  /** What the bounds use: measured and its error. */
  latencyMs: z.int(),
  measuredMs: z.int(),
  errorMs: z.int(),
  /** The hub's time that the picture shows. */
  shownAt: utcMs,
  /** Where the mapping places that picture. */
  frameAt: utcMs,
  ...{ segmentId, run: z.uuid(), mappingVersion: z.int(), mappingBoundMs: z.int() },
});
export type HeldLatency = z.infer<typeof heldLatency>;

const still = z.object({
  ...{ id: z.uuid(), sha256: sha256Hex, takenAt: utcMs, takenBy: z.string() },
  ...{ approvedAt: utcMs.nullable(), approvedBy: z.string().nullable() },
});
/** GET /api/v1/admin/cameras/:id/page */
export const cameraPage = z.object({
  ...{ id: cameraId, name: z.string(), address: z.string(), active: z.boolean() },
  standing: cameraStanding,
  check: z
    .object({ at: utcMs, by: z.string(), ok: z.boolean(), codes: z.array(z.string()), result: z.unknown() })
    .nullable(),
  /** Newest first; the first may still wait for a person's word. */
  stills: z.array(still),
  /** In order of time; thinned to one a day behind the last month. */
  clock: z.array(clockSample),
  /** Assumed where nothing was measured. */
  configuredLatencyMs: z.int(),
  latencies: z.array(heldLatency),
});
export type CameraPage = z.infer<typeof cameraPage>;

/** POST …/cameras/discover */
export const discovered = z.object({
  found: z.array(z.object({ address: z.string(), name: z.string(), known: z.boolean() })),
  code: z.string().nullable(),
});
export type Discovered = z.infer<typeof discovered>;

/** POST …/stills/:still/approve: both are said by a person, never assumed. */
export const approveStill = z.object({ screenOutOfView: z.literal(true), fingerOutOfView: z.literal(true) });

/** POST …/measuring begins one, or answers the caller's that goes on: until when, and how many further pictures. */
export const measuringAnswer = z.object({ until: utcMs, left: z.int().min(0) });
export type Measuring = z.infer<typeof measuringAnswer>;

/** GET …/frames: what was recorded since the caller's measuring began and has a mapping, newest first. */
export const recentFrames = z.object({
  /** Null: none goes on. */
  measuring: measuringAnswer.nullable(),
  frames: z.array(z.object({ segmentId, at: utcMs, boundMs: z.int() })),
});
export type RecentFrames = z.infer<typeof recentFrames>;

/** POST …/latency: `errorMs` is how finely the picture's time was read, by its code or by eye. */
export const latencyRequest = z.object({
  segmentId,
  shownAt: utcMs,
  errorMs: z.int().min(0).max(2_000),
});
export const latencyAnswer = z.object({ latency: heldLatency });

/** GET /api/v1/clock, for the page that is filmed. */
export const clockAnswer = z.object({ at: utcMs });
/** What the page's code says: milliseconds of the hub's clock, UTC. */
export const CLOCK_CODE = 'HL1:';
