/**
 * What ties a package to the hub's witnessed log and to the counter's own chain: rows of the log with their inclusion
 * proofs, leaves of a camera's tree under such a row, and stretches of a device's chain under its signature.
 * Refuses: other forms; proofs longer than any tree is high. See shared/PROTOCOL.md, "Evidence package", "Log".
 */
import { z } from 'zod';
import { cameraId, deviceId, epochId, segmentId, sha256Hex } from '../ids.ts';
import { PACKAGE_VERSIONS } from './package-files.ts';

const proof = z.array(sha256Hex).max(64);
const many = 200_000;
/** A camera's footage of two hours in one row; a larger tree comes of a long outage and is not listed. */
export const TREE_LEAVES_MAX = 2_000;

export const logRow = z.strictObject({
  /** Of the row, and of its leaf in the checkpoint's tree. */
  seq: z.int().min(0),
  index: z.int().min(0),
  /** The exact bytes that are hashed. */
  text: z.string().max(2_000_000),
  proof,
});
export type LogRow = z.infer<typeof logRow>;

/** A leaf under a camera's root in the row `row`: `log.heads`, of a deletion `footage.deleted`. */
const cameraLeaf = {
  camera: cameraId,
  row: z.int().min(0),
  index: z.int().min(0),
  count: z.int().min(1),
  text: z.string().max(2_000),
  proof,
};
export const segmentProof = z.strictObject({ segment: segmentId, ...cameraLeaf });
export type SegmentProof = z.infer<typeof segmentProof>;
export const mappingProof = z.strictObject({ run: z.uuid(), version: z.int().min(1), ...cameraLeaf });
export type MappingProof = z.infer<typeof mappingProof>;

/** Every leaf of a camera's tree of segments in a `log.heads` row, in order: none of it can be left out unseen. */
export const leafTree = z.strictObject({
  camera: cameraId,
  row: z.int().min(0),
  leaves: z.array(z.string().max(2_000)).min(1).max(TREE_LEAVES_MAX),
});
export type LeafTree = z.infer<typeof leafTree>;

/** Of a deleted segment: `{id, at, reason, by}`. */
export const deletionProof = z.strictObject({ segment: segmentId, ...cameraLeaf });
export type DeletionProof = z.infer<typeof deletionProof>;

/** That the log of a state which a kiosk signed for goes on to the checkpoint's. */
export const consistency = z.strictObject({ size: z.int().min(1), proof });

export const packageProofs = z.strictObject({
  v: z.enum(PACKAGE_VERSIONS),
  rows: z.array(logRow).max(many),
  segments: z.array(segmentProof).max(many),
  mappings: z.array(mappingProof).max(many),
  trees: z.array(leafTree).max(many),
  deletions: z.array(deletionProof).max(many),
  /** None in the first form. */
  consistency: z.array(consistency).max(10_000).default([]),
});
export type PackageProofs = z.infer<typeof packageProofs>;

export const signedHeadOf = z.strictObject({
  seq: z.int().min(1),
  hash: sha256Hex,
  checkpoint: z
    .strictObject({ origin: z.string().max(200), size: z.int().min(0), root: sha256Hex })
    .nullable(),
  sig: z.string().max(128),
});
/** Consecutive events of one epoch as their device wrote them. */
export const chainStretch = z.strictObject({
  device: deviceId,
  epoch: epochId,
  firstSeq: z.int().min(1),
  prevHash: sha256Hex,
  /** Exact bytes, base64url. */
  events: z.array(z.string().max(30_000)).min(1).max(10_000),
  /** What the device signed of it; each stands at the end of one of these events. */
  heads: z.array(signedHeadOf).max(10_000),
});
export type ChainStretch = z.infer<typeof chainStretch>;
export const packageChain = z.strictObject({
  v: z.enum(PACKAGE_VERSIONS),
  devices: z
    .array(
      z.strictObject({
        device: deviceId,
        publicKey: z.string().max(64),
        /** The hub's word that it is enrolled; null for the hub's own chain, whose key is the hub's. */
        certificate: z.strictObject({ bytes: z.string().max(4_000), sig: z.string().max(128) }).nullable(),
      }),
    )
    .max(100),
  stretches: z.array(chainStretch).max(10_000),
  /** Events of the transaction whose bytes may not be handed over; their types alone. */
  withheld: z
    .array(
      z.strictObject({ device: deviceId, epoch: epochId, seq: z.int().min(1), type: z.string().max(60) }),
    )
    .max(10_000),
});
export type PackageChain = z.infer<typeof packageChain>;
