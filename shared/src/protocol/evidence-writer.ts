/**
 * Hub ↔ the process that writes one evidence package (hub-server/src/evidence), over the IPC channel of a child. The hub
 * gives everything that comes out of its database; the child reads footage and writes files. The hub's key never leaves
 * the hub: the child asks for the one signature.
 */
import { z } from 'zod';
import { packageCamera, packageManifest, timelineMapping, timelineSegment } from '../evidence/manifest.ts';
import { sha256Hex } from '../ids.ts';

/** A segment to be handed over: as the timeline will show it, and where it lies. */
export const writerSegment = timelineSegment
  .omit({ path: true, working: true, workingFromMs: true })
  .extend({ file: z.string().max(300), codec: z.enum(['h264', 'hevc', 'other']) });
export type WriterSegment = z.infer<typeof writerSegment>;

export const writerJob = z.object({
  type: z.literal('job'),
  /** Absolute. The package becomes `into`/`name`, which must not exist. */
  into: z.string().max(1_000),
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/),
  footageRoot: z.string().max(1_000),
  checkPage: z.string().max(1_000),
  manifest: packageManifest.omit({ cameras: true, files: true }),
  cameras: z.array(
    z.object({
      camera: packageCamera.omit({ working: true, delivered: true, state: true }),
      /** In order of wall time. */
      segments: z.array(writerSegment),
    }),
  ),
  mappings: z.array(timelineMapping),
  /** Texts of the package that follow from the database alone, by path. */
  texts: z.record(z.string(), z.string()),
});
export type WriterJob = z.infer<typeof writerJob>;

export const toWriter = z.discriminatedUnion('type', [
  writerJob,
  z.object({ type: z.literal('signature'), sig: z.string().max(128) }),
  /** False: the ledger knows by now that some of these were deleted, and why; it is to be collected again. */
  z.object({ type: z.literal('judged'), stand: z.boolean() }),
]);
export type ToWriter = z.infer<typeof toWriter>;

export const writtenFile = z.object({ path: z.string(), bytes: z.int().min(0), crc32: z.int().min(0) });
export const fromWriter = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int().min(0), total: z.int().min(0) }),
  /** Before the manifest: segments whose file was gone, to be looked up again. */
  z.object({ type: z.literal('lost'), segments: z.array(z.string()).min(1) }),
  /** SHA256SUMS, to be signed as it is. */
  z.object({ type: z.literal('sign'), sums: z.string() }),
  z.object({
    type: z.literal('written'),
    folder: z.string(),
    packageHash: sha256Hex,
    /** Of every file, for an archive that is never stored. */
    files: z.array(writtenFile),
    /** Segments whose file was gone or changed: they stand as gaps. */
    spoilt: z.array(z.object({ segment: z.string(), reason: z.enum(['altered', 'lost']) })),
  }),
  z.object({ type: z.literal('failed'), code: z.string(), detail: z.string() }),
]);
export type FromWriter = z.infer<typeof fromWriter>;
