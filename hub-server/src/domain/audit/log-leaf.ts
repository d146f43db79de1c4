/**
 * What a `log.heads` row commits to: the heads of chains that grew since the last one, and for each camera one Merkle
 * root over its segments and over its clock mappings that came since. The exact bytes of the leaves under those roots
 * are here, so that verifier and writer cannot differ. See shared/PROTOCOL.md, "Log".
 */

/** Heads a row holds: about 170 bytes each, so a row stays below 100 KB however many devices come back at once. */
export const HEADS_MAX = 500;

/** device, epoch, seq, hash (hex) */
export type LoggedHead = readonly [string, string, number, string];
/** camera, how many, root (hex) */
export type CameraRoot = readonly [string, number, string];

export interface HeadsBody {
  readonly heads: readonly LoggedHead[];
  readonly segments: readonly CameraRoot[];
  readonly mappings: readonly CameraRoot[];
}

export interface SegmentLeaf {
  readonly id: string;
  readonly run: string;
  readonly mediaStartMs: number;
  readonly mediaEndMs: number;
  readonly bytes: number;
  readonly sha256: string;
}
export interface MappingLeaf {
  readonly run: string;
  readonly version: number;
  readonly method: string;
  readonly offsetMs: number;
  readonly latencyMs: number;
  readonly boundMs: number;
}

/** A file that went. */
export interface DeletionLeaf {
  readonly id: string;
  readonly at: number;
  readonly reason: string | null;
  readonly by: string | null;
}

/** Fixed key order, no white space. */
export function segmentLeafText({ id, run, mediaStartMs, mediaEndMs, bytes, sha256 }: SegmentLeaf): string {
  return JSON.stringify({ id, run, mediaStartMs, mediaEndMs, bytes, sha256 });
}

export function mappingLeafText(row: MappingLeaf): string {
  const { run, version, method, offsetMs, latencyMs, boundMs } = row;
  return JSON.stringify({ run, version, method, offsetMs, latencyMs, boundMs });
}

export function deletionLeafText({ id, at, reason, by }: DeletionLeaf): string {
  return JSON.stringify({ id, at, reason, by });
}
