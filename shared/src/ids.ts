/**
 * Branded identifiers. Minted ids are UUIDv7 (time-ordered, so that index pages stay warm at the hub);
 * ids that name bytes are lowercase hex SHA-256. Minting needs a clock and randomness, which this package
 * does not have: see each program's `adapters/ids`.
 */
import { z } from 'zod';

const uuid = z.uuid();
/** Lowercase hex SHA-256, 64 characters. */
export const sha256Hex = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256Hex'>();
export type Sha256Hex = z.infer<typeof sha256Hex>;

/** A device is named by the hash of its Ed25519 public key (32 raw bytes). */
export const deviceId = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'DeviceId'>();
export type DeviceId = z.infer<typeof deviceId>;

/** 128 random bits, lowercase hex: one per agent start, so that sequence numbers are never reused. */
export const epochId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand<'EpochId'>();
export type EpochId = z.infer<typeof epochId>;

export const transactionId = uuid.brand<'TransactionId'>();
export type TransactionId = z.infer<typeof transactionId>;
export const ratingId = uuid.brand<'RatingId'>();
export type RatingId = z.infer<typeof ratingId>;
export const voteId = uuid.brand<'VoteId'>();
export type VoteId = z.infer<typeof voteId>;
export const dutyId = uuid.brand<'DutyId'>();
export type DutyId = z.infer<typeof dutyId>;
export const intentId = uuid.brand<'IntentId'>();
export type IntentId = z.infer<typeof intentId>;
/** One recorded hand-over of a counter to the hub's chain. */
export const handoverId = uuid.brand<'HandoverId'>();
export type HandoverId = z.infer<typeof handoverId>;
export const officerId = uuid.brand<'OfficerId'>();
export type OfficerId = z.infer<typeof officerId>;
export const unitId = uuid.brand<'UnitId'>();
export type UnitId = z.infer<typeof unitId>;
export const counterId = uuid.brand<'CounterId'>();
export type CounterId = z.infer<typeof counterId>;
export const cameraId = uuid.brand<'CameraId'>();
export type CameraId = z.infer<typeof cameraId>;
export const caseId = uuid.brand<'CaseId'>();
export type CaseId = z.infer<typeof caseId>;
export const segmentId = uuid.brand<'SegmentId'>();
export type SegmentId = z.infer<typeof segmentId>;

/** The panel's question ticket: a random non-zero u32, one per question attempt (panel protocol, ARM). */
export const askTicket = z.int().min(1).max(0xffffffff).brand<'AskTicket'>();
export type AskTicket = z.infer<typeof askTicket>;
/** The panel's hardware id: 8 bytes, lowercase hex. */
export const hwid = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .brand<'Hwid'>();
export type Hwid = z.infer<typeof hwid>;
