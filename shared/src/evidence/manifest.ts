/**
 * What an evidence package says of itself. The forms are strict: what a verifier does not know it does not pass over.
 * Refuses: texts, lists and numbers past their bounds, names that no package has.
 * See shared/PROTOCOL.md, "Evidence package".
 */
import { z } from 'zod';
import { cameraId, caseId, segmentId, sha256Hex, transactionId } from '../ids.ts';
import { utcMs } from '../time.ts';
import { FILE_BYTES_MAX, FILES_MAX, isPackagePath, PACKAGE_VERSIONS } from './package-files.ts';

const path = z.string().max(200).refine(isPackagePath, { message: 'a path no package has' });
const words = z.string().max(2_000);
const short = z.string().max(300);
const ms = z.int().min(0);
/** Reasons are the ledger's; a newer one is shown as it is. */
const reason = z.string().regex(/^[a-z][a-z-]{0,40}$/);

export const interval = z.strictObject({ from: utcMs, to: utcMs });
/** Name and roles as the hub has them when the package is written. */
const actorNow = z.strictObject({ actor: short, name: short, roles: z.array(short).max(10) });
/** Of footage that was deleted: by the rule that the reason names, or asked for by somebody. */
export const packageDeletion = z.strictObject({
  /** When the first and the last of its files went. */
  firstAt: utcMs,
  lastAt: utcMs,
  /** Null: nobody asked, the rule did it. */
  by: actorNow.nullable(),
  /** Which; what the log committed to of each is in audit/proofs.json. */
  segments: z.array(segmentId).min(1).max(100_000),
});
export type PackageDeletion = z.infer<typeof packageDeletion>;
/** Of a time at which the map once said that the camera saw this counter: when that was taken out, and by whom (null: nobody knows). */
export const packageUnmapped = z.strictObject({ at: utcMs, by: actorNow.nullable() });
export type PackageUnmapped = z.infer<typeof packageUnmapped>;

export const packageGap = z.strictObject({
  from: utcMs,
  to: utcMs,
  reason,
  detail: short.nullable(),
  deletion: packageDeletion.optional(),
  unmapped: packageUnmapped.optional(),
});
export type PackageGap = z.infer<typeof packageGap>;

export const packagePerson = z.strictObject({
  /** As the hub's log names whoever acted. */
  actor: short,
  name: short,
  at: utcMs,
});

export type PackagePerson = z.infer<typeof packagePerson>;

export const fileRole = z.enum([
  'master',
  'working',
  'timeline',
  'rating',
  'custody',
  'audit',
  'key',
  'guide',
  'verifier',
]);
export type FileRole = z.infer<typeof fileRole>;
export const packageFile = z.strictObject({
  path,
  size: z.int().min(0).max(FILE_BYTES_MAX),
  sha256: sha256Hex,
  role: fileRole,
});
export type PackageFile = z.infer<typeof packageFile>;

/** A labelled copy for watching: whole segments one after the other, without a gap, never encoded again. */
export const workingCopy = z.strictObject({
  path,
  /** In order. */
  masters: z.array(path).min(1).max(FILES_MAX),
  codec: z.enum(['h264', 'hevc', 'other']),
  durationMs: ms,
  /** Seconds from its start to the asked moment, or the first one after it that was recorded. */
  playFrom: z.number().min(0).max(10_000_000),
  /** SHA-256 over the pictures alone (mdat payloads): of the masters in order, and of this file. Equal by construction. */
  pictures: sha256Hex,
  /** ffmpeg's own word for the same: `-map 0:v:0 -c copy [-bsf:v …] -f streamhash -hash sha256`. */
  streamHash: z.strictObject({ command: words, masters: sha256Hex, working: sha256Hex }),
});
export type WorkingCopy = z.infer<typeof workingCopy>;

export const packageCamera = z.strictObject({
  id: cameraId,
  name: short,
  state: z.enum(['ready', 'partial', 'missing']),
  /** A frame's true time lies in [wall − before, wall + after]. */
  boundBeforeMs: ms,
  boundAfterMs: ms,
  latencyMs: ms,
  delivered: z.array(interval).max(10_000),
  gaps: z.array(packageGap).max(10_000),
  working: z.array(workingCopy).max(1_000),
});
export type PackageCamera = z.infer<typeof packageCamera>;

/** What nobody can prove by this package; the sentences are in `not-proven.ts`. */
export const notProvenCode = z.enum([
  'before-hash',
  'camera-clock',
  'aim',
  'hub-root',
  'witness-older-log',
  'approval-unlogged',
  'custody-others',
  'cameras-stated',
  'rating-unsigned',
  'rating-withheld',
  'rating-unlogged',
  'rating-partial',
  'turn-unanchored',
  'turn-moved',
  'asked-partial',
  'segment-unlogged',
  'segment-late',
  'segment-older-log',
  'deletion-unlogged',
  'deletion-late',
  'mapping-unlogged',
  'mapping-partial',
  'time-moved',
  'time-unmapped',
  'gap-unlogged',
  'times-unread',
  'copy-unread',
  'kiosk-unplaced',
  'no-rating',
  'begin-unknown',
  'end-unknown',
  'end-cut',
]);
export type NotProvenCode = z.infer<typeof notProvenCode>;

export const packageManifest = z.strictObject({
  v: z.enum(PACKAGE_VERSIONS),
  id: z.uuid(),
  at: utcMs,
  build: short,
  hub: z.strictObject({ key: z.string().max(64), office: short, place: short, lineage: short }),
  case: z.strictObject({ id: caseId, number: short, type: short, documentNumber: short }),
  transaction: z
    .strictObject({
      id: transactionId,
      counter: short,
      /** Null: the hub holds no such moment, and `notProven` says so. */
      openedAt: utcMs.nullable(),
      finishedAt: utcMs.nullable(),
      dossierCodes: z.array(short).max(20),
    })
    .nullable(),
  purpose: words,
  legalBasis: words,
  requestedBy: packagePerson,
  approvedBy: packagePerson,
  asked: interval,
  /** When the footage of interest begins. */
  askedMoment: utcMs,
  /** How far the counter's own clock may be off the hub's; null: of no transaction, or nobody can say (`kiosk-unplaced`). */
  kioskBoundMs: ms.nullable(),
  cameras: z.array(packageCamera).max(500),
  notProven: z.array(notProvenCode).max(40),
  files: z.array(packageFile).max(FILES_MAX),
});
export type PackageManifest = z.infer<typeof packageManifest>;

/** Segment ↔ wall clock ↔ media time; wall time is computed by the mapping named, and can be computed again by a better one. */
export const timelineSegment = z.strictObject({
  path,
  segment: segmentId,
  camera: cameraId,
  run: z.uuid(),
  /** Of the run. */
  mediaStartMs: ms,
  mediaEndMs: ms,
  wallFrom: utcMs,
  wallTo: utcMs,
  arrivalAt: utcMs,
  /** Which working copy shows it, from which of its milliseconds. */
  working: path,
  workingFromMs: ms,
  bytes: z.int().min(1),
  sha256: sha256Hex,
  flags: z.array(z.string().max(20)).max(10),
});
export type TimelineSegment = z.infer<typeof timelineSegment>;
export const timelineMapping = z.strictObject({
  camera: cameraId,
  run: z.uuid(),
  version: z.int().min(1),
  method: z.string().max(40),
  offsetMs: z.int(),
  latencyMs: ms,
  boundMs: ms,
});
export const packageTimeline = z.strictObject({
  v: z.enum(PACKAGE_VERSIONS),
  segments: z.array(timelineSegment).max(FILES_MAX),
  mappings: z.array(timelineMapping).max(FILES_MAX),
});
export type PackageTimeline = z.infer<typeof packageTimeline>;
