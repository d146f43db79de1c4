/**
 * A backup as it lies on its medium: a folder with `manifest.json` (these exact bytes are signed), `manifest.sig` and
 * the files it names, nothing else. Another program can check one with SHA-256 and Ed25519 alone.
 * Refuses: file names with a path in them, hashes of another form. See hub-server/DESIGN.md, "Backup".
 */
import { z } from 'zod';
import { epochId, sha256Hex } from '../ids.ts';
import { utcMs } from '../time.ts';
import { checkpoint } from './edge.ts';

export const BACKUP_VERSION = 'hailong-backup-v1';
export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.sig';
export const DATABASE_FILE = 'hub.sqlite';
export const HEADS_FILE = 'heads.jsonl';
export const FOOTAGE_FILE = 'footage.jsonl';
export const KEYS_FILE = 'keys.sealed';
/** Each block of a file has its own hash, so that a flipped byte is named and the rest is known to be good. */
export const BLOCK_BYTES = 1_048_576;

export const backupFile = z.object({
  name: z.string().regex(/^[a-z][a-z.]{0,40}$/),
  bytes: z.int().min(0),
  sha256: sha256Hex,
  blockBytes: z.int().min(1),
  blocks: z.array(sha256Hex),
});
export type BackupFile = z.infer<typeof backupFile>;

export const backupManifest = z.object({
  v: z.literal(BACKUP_VERSION),
  name: z.string().max(80),
  at: utcMs,
  build: z.string().max(64),
  schema: z.int().min(1),
  lineage: z.string().max(64),
  /** Raw Ed25519 public keys and X25519 box, base64url; the charter is the recovery key's word for the hub key. */
  hubKey: z.string().max(64),
  recoveryKey: z.string().max(64),
  recoveryBox: z.string().max(64).nullable(),
  charter: z.string().max(128).nullable(),
  /** The newest checkpoint of the log inside; null: none yet. */
  checkpoint: checkpoint.nullable(),
  /** Chain heads inside, one a line of heads.jsonl. */
  heads: z.object({ epochs: z.int().min(0), events: z.int().min(0), aside: z.int().min(0) }),
  /** Not copied. What the database refers to stands in footage.jsonl. */
  footage: z.object({ copied: z.literal(false), segments: z.int().min(0), bytes: z.int().min(0) }),
  /** Sealed to the recovery key, or left out with the reason. */
  keys: z.enum(['sealed', 'left-out']),
  files: z.array(backupFile).min(1).max(16),
});
export type BackupManifest = z.infer<typeof backupManifest>;

/** One line of heads.jsonl: everything of the epoch up to `seq` is inside; its last hash says which. */
export const backupHead = z.object({
  device: sha256Hex,
  epoch: epochId,
  seq: z.int().min(1),
  hash: sha256Hex,
});
export type BackupHead = z.infer<typeof backupHead>;

/** What the hub's key signs: `sha256` is that of the manifest's exact bytes, hex. */
export function signedManifest(sha256: string): Uint8Array {
  return new TextEncoder().encode(`${BACKUP_VERSION}\n${sha256}\n`);
}
