/**
 * Hub ↔ recorder over one WebSocket on loopback, opened by the recorder with the token its parent gave it.
 * The recorder's own index is durable; facts flow to the hub with an increasing cursor and are sent again from the
 * hub's last acknowledged cursor. Files never cross this link: the hub reads them under the footage root.
 */
import { z } from 'zod';
import { cameraId, segmentId, sha256Hex } from '../ids.ts';
import { utcMs } from '../time.ts';
import { cameraVia, frameResult, frameSource, loginSeen } from './cameras.ts';

export const RECORDER_PATH = '/recorder/v1';

/** With the password: only over this link, never logged. */
export const recorderCamera = z.object({
  id: cameraId,
  name: z.string(),
  address: z.string(),
  user: z.string(),
  password: z.string(),
  retentionDays: z.int().min(1),
  latencyMs: z.int().min(0),
  active: z.boolean(),
  via: cameraVia.optional(),
  /** How it let us in at this address; absent: nothing is known. */
  seen: z.array(loginSeen).max(4).optional(),
});
export type RecorderCamera = z.infer<typeof recorderCamera>;

/**
 * One closed file. Raw facts only; wall time is computed from the run's mapping.
 * `mediaStartMs`/`mediaEndMs` count from the start of the run.
 */
export const segment = z.object({
  id: segmentId,
  camera: cameraId,
  run: z.uuid(),
  /** Relative to the footage root, forward slashes. */
  file: z.string().max(300),
  mediaStartMs: z.int().min(0),
  mediaEndMs: z.int().min(0),
  /** When its line came from ffmpeg: wall and boot-time clocks of the recorder's machine. */
  arrivalAt: utcMs,
  arrivalMonoMs: z.int().min(0),
  bytes: z.int().min(0),
  /** Bytes of the file's header (ftyp, moov): a playlist's EXT-X-MAP range; the rest is media. Older rows lack it. */
  initBytes: z.int().min(1).optional(),
  sha256: sha256Hex,
  codec: z.enum(['h264', 'hevc', 'other']),
  flags: z.array(z.enum(['first', 'reset', 'recovered'])),
});
export type Segment = z.infer<typeof segment>;

/** wall = offsetMs + media ms; the picture's true time lies in [wall − latencyMs − boundMs, wall + boundMs]. */
export const runMapping = z.object({
  run: z.uuid(),
  camera: cameraId,
  version: z.int().min(1),
  /** unplaced: the recorder was not sure of its clock; a later version places it. */
  method: z.enum(['min-arrival', 'recovered', 'unplaced']),
  offsetMs: z.int(),
  latencyMs: z.int().min(0),
  boundMs: z.int().min(0),
});
export type RunMapping = z.infer<typeof runMapping>;

export const gapReason = z.enum([
  'camera-down',
  'camera-silent',
  'clock-reset',
  'recorder-down',
  'disk-full',
  'wrong-codec',
  'refused',
  'not-configured',
  'deleted',
  /** Filmed or not, the recorder was not sure of its clock. */
  'unplaced',
  'unknown',
]);
export type GapReason = z.infer<typeof gapReason>;

export const gap = z.object({
  id: z.uuid(),
  camera: cameraId,
  from: utcMs,
  to: utcMs.nullable(),
  reason: gapReason,
});
export type Gap = z.infer<typeof gap>;

export const cameraState = z.object({
  camera: cameraId,
  state: z.enum(['connecting', 'recording', 'down', 'off']),
  code: z.string().max(60).nullable(),
  codec: z.string().max(20).nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** Camera clock minus recorder clock, ms; null when the camera does not tell. */
  clockOffsetMs: z.int().nullable(),
  at: utcMs,
});
export type CameraState = z.infer<typeof cameraState>;

/** By age, for space, for space before its kiosk had reported past that time, or found gone. */
export const deletionReason = z.enum(['expired', 'budget', 'budget-unreported', 'lost']);
export type DeletionReason = z.infer<typeof deletionReason>;

/**
 * The machine's clock, by which the hub dates turns, and what the recorder believes of it parted: what was dated between `from` and `to`
 * may be shown `shiftMs` from there. `to` null: this goes on. Told again when it ends, and when footage moves.
 */
export const clockStep = z.object({
  id: z.uuid(),
  from: utcMs,
  to: utcMs.nullable(),
  shiftMs: z.int(),
});
export type ClockStep = z.infer<typeof clockStep>;

const segmentDeleted = z.object({
  kind: z.literal('segment.deleted'),
  id: segmentId,
  at: utcMs,
  reason: deletionReason,
  /** Who asked for it; absent: a rule did. */
  by: z.string().max(120).optional(),
});
export type SegmentDeleted = z.infer<typeof segmentDeleted>;

export const footageFact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('segment.closed'), segment }),
  z.object({ kind: z.literal('run.mapped'), mapping: runMapping }),
  z.object({ kind: z.literal('gap.recorded'), gap }),
  z.object({ kind: z.literal('clock.stepped'), step: clockStep }),
  segmentDeleted,
]);
export type FootageFact = z.infer<typeof footageFact>;

export const probeResult = z.union([
  z.object({
    ok: z.literal(true),
    /** `rtsp(s)://` without credentials. */
    streamUri: z.string(),
    codec: z.string(),
    width: z.int(),
    height: z.int(),
    fps: z.number(),
    gopMs: z.int().nullable(),
    bFrames: z.boolean(),
    manufacturer: z.string().nullable(),
    model: z.string().nullable(),
    clockOffsetMs: z.int().nullable(),
    /** Which adapter read it. */
    via: z.enum(['node-onvif', 'onvif', 'rtsp']).optional(),
    /** Codes of what should be changed at the camera; empty is best. */
    advice: z.array(z.string()),
  }),
  z.object({ ok: z.literal(false), code: z.string(), detail: z.string().max(300) }),
]);
export type ProbeResult = z.infer<typeof probeResult>;

/** Intervals of a camera that a kiosk still has to tell of; where there are more the hub joins the nearest. */
export const UNREPORTED_MAX = 1_000;

/**
 * Footage whose kiosk has not told its facts yet; `to` null: up to now. A camera that is not named waits for nobody.
 */
export const reportedCamera = z.object({
  camera: cameraId,
  unreported: z.array(z.object({ from: utcMs, to: utcMs.nullable() })).max(UNREPORTED_MAX),
});
export type ReportedCamera = z.infer<typeof reportedCamera>;

/** What the hub holds of one file. */
export const heldRow = z.object({
  segment,
  /** The newest of its run; null: none was told. */
  mapping: runMapping.nullable(),
  /** Its row says that the file went. */
  deleted: z.boolean(),
  /** It was found gone: should it lie there after all, nobody wanted it to go. */
  lost: z.boolean(),
  /** A hold covers its time. */
  held: z.boolean(),
});
export type HeldRow = z.infer<typeof heldRow>;
/** Rows in one question or answer of the link: about 0.7 KB each. */
export const HELD_ROWS_MAX = 200;

const someFiles = z.object({ count: z.int().min(0), files: z.array(z.string()).max(100) });
/** What a repair of files and rows finds, and does when it is told to. */
export const footageRepair = z.object({
  /** Rows whose file is gone. */
  lost: someFiles,
  /** Files that no row names, here or at the hub: indexed when they can be read, else removed. */
  strange: someFiles,
  /** Files whose row says that they were deleted. */
  deleted: someFiles,
  /** Files whose row only the hub has: taken over as they are. */
  unindexed: someFiles,
  /** What only the recorder has, rows or deletions: told again. */
  untold: someFiles,
  /** Files that a hold covers now and that are left alone: those whose row says that they were deleted, and torn ones without a row. */
  held: someFiles,
  /** Not all of it was done in this answer. */
  more: z.boolean(),
});
export type FootageRepair = z.infer<typeof footageRepair>;

/** Names shown of files that will not go; all are counted. */
export const UNDELETABLE_SHOWN = 20;
/** Files whose rows went and which the disk does not let go: since when, and the first of them by name, relative to the footage root. */
const undeletableFiles = z.object({
  count: z.int().min(0),
  since: utcMs.nullable(),
  files: z.array(z.string().max(300)).max(UNDELETABLE_SHOWN),
});
export type UndeletableFiles = z.infer<typeof undeletableFiles>;

/** Footage of one camera that was found gone, though no rule and nobody let it go. */
export const lostFootage = z.object({
  /** Its name. */
  camera: z.string(),
  files: z.int().min(1),
  /** By arrival, UTC ms. */
  from: utcMs,
  to: utcMs,
  /** When it was found, the last time. */
  at: utcMs,
});
export type LostFootage = z.infer<typeof lostFootage>;

/**
 * GET /api/v1/admin/recorder/disk. `undeletable` null: no recorder has said so yet; what was told last stands while it is away.
 * `lost`: of the last 30 days.
 */
export const footageDisk = z.object({
  undeletable: undeletableFiles.nullable(),
  lost: z.array(lostFootage).max(1_000),
});
export type FootageDisk = z.infer<typeof footageDisk>;

/** By which a recorder lets footage go for space, bytes: recorder/domain/disk-rule.ts. `budgetBytes` null: as much as the floor leaves. */
export const spaceLimits = z.object({
  budgetBytes: z.int().min(0).nullable(),
  floorBytes: z.int().min(0),
  holdReserveBytes: z.int().min(0),
});
export type SpaceLimits = z.infer<typeof spaceLimits>;

export const hubToRecorder = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), acknowledged: z.int().min(0), recorder: z.string() }),
  z.object({
    type: z.literal('cameras.set'),
    cameras: z.array(recorderCamera).max(500),
    allowCidrs: z.array(z.string()).max(100),
  }),
  z.object({
    type: z.literal('holds.set'),
    holds: z.array(z.object({ camera: cameraId, from: utcMs, to: utcMs })).max(100_000),
  }),
  /** As of `at`; what was filmed later is unreported. Follows the holds that these reports brought about. */
  z.object({ type: z.literal('reported.set'), at: utcMs, cameras: z.array(reportedCamera).max(1_000) }),
  z.object({ type: z.literal('acknowledged'), cursor: z.int().min(0) }),
  z.object({
    type: z.literal('probe'),
    request: z.int(),
    address: z.string(),
    user: z.string(),
    password: z.string(),
    via: cameraVia.optional(),
    /** The saved camera that is asked; absent: one that is being entered. */
    id: cameraId.optional(),
  }),
  z.object({ type: z.literal('discover'), request: z.int() }),
  /** Answer to `held.ask`: where a file has several rows, the kept one. */
  z.object({ type: z.literal('held'), request: z.int(), rows: z.array(heldRow).max(HELD_ROWS_MAX) }),
  /** The next of the recorder's kept rows, in order of their ids, of those that the hub has acknowledged. */
  z.object({ type: z.literal('rows'), request: z.int(), after: segmentId.nullable() }),
  z.object({
    type: z.literal('repair'),
    request: z.int(),
    apply: z.boolean(),
    by: z.string().max(120),
    /** Rows that the hub keeps and the recorder does not, or the reverse. */
    apart: z.array(heldRow).max(HELD_ROWS_MAX),
    /** Rows of the recorder that the hub does not have at all. */
    unknown: z.array(segmentId).max(HELD_ROWS_MAX),
    /** Whether the files are looked through as well. */
    files: z.boolean(),
  }),
  z.object({ type: z.literal('frame'), request: z.int(), from: frameSource }),
]);
export type HubToRecorder = z.infer<typeof hubToRecorder>;

export const recorderToHub = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    token: z.string(),
    recorder: z.string(),
    footageRoot: z.string(),
    /** Absent: it lets nothing go by itself, or is of before limits were told. */
    limits: spaceLimits.optional(),
  }),
  z.object({
    type: z.literal('facts'),
    facts: z.array(z.object({ cursor: z.int().min(1), fact: footageFact })).max(500),
  }),
  z.object({ type: z.literal('camera.state'), state: cameraState }),
  /** After each welcome, and when it changes. */
  z.object({ type: z.literal('disk.state'), undeletable: undeletableFiles }),
  z.object({ type: z.literal('probed'), request: z.int(), result: probeResult }),
  z.object({ type: z.literal('framed'), request: z.int(), result: frameResult }),
  /** Told again until `cameras.set` says it. */
  z.object({ type: z.literal('camera.login'), camera: cameraId, address: z.string(), seen: loginSeen }),
  z.object({ type: z.literal('camera.clock'), camera: cameraId, at: utcMs, offsetMs: z.int() }),
  /** Files that no row here names: does the hub hold one? It is found by when the file was last written, UTC ms. */
  z.object({
    type: z.literal('held.ask'),
    request: z.int(),
    files: z.array(z.object({ file: z.string().max(300), modifiedAt: utcMs })).max(HELD_ROWS_MAX),
  }),
  z.object({
    type: z.literal('rowed'),
    request: z.int(),
    ids: z.array(segmentId).max(5_000),
    more: z.boolean(),
  }),
  z.object({ type: z.literal('repaired'), request: z.int(), result: footageRepair }),
  z.object({
    type: z.literal('discovered'),
    request: z.int(),
    found: z.array(z.object({ address: z.string(), name: z.string() })).max(500),
    code: z.string().nullable(),
  }),
]);
export type RecorderToHub = z.infer<typeof recorderToHub>;
