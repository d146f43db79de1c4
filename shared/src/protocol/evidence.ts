/**
 * Packages of a case for its pages. GET /api/v1/cases/{id}/packages · POST /api/v1/packages/{id}/address →
 * GET /api/v1/packages/{ticket}/archive.zip (ranges). Asked for and approved as acts of two people (`evidence-export`).
 */
import { z } from 'zod';
import { sha256Hex } from '../ids.ts';
import { utcMs } from '../time.ts';

/** waiting: allowed, not begun · writing · ready · failed, removed: nothing of it is left, it may be asked for again. */
export const packageState = z.enum(['waiting', 'writing', 'ready', 'failed', 'removed']);
export type PackageState = z.infer<typeof packageState>;

const person = z.object({ name: z.string(), at: utcMs });
export const packageAnswer = z.object({
  id: z.uuid(),
  state: packageState,
  /** Of the footage, while it is written. */
  progress: z.object({ done: z.int(), total: z.int() }).nullable(),
  requestedBy: person,
  approvedBy: person,
  purpose: z.string(),
  legalBasis: z.string(),
  /** Of more than the case is of; null: its own. */
  interval: z.object({ from: utcMs, to: utcMs }).nullable(),
  /** Why it failed, as a code of the closed list. */
  code: z.string().nullable(),
  packageHash: sha256Hex.nullable(),
  bytes: z.int().nullable(),
  writtenAt: utcMs.nullable(),
  /** Of a ready one: when it goes, as things stand; null: its case is open or held, nobody can say yet. */
  keptUntil: utcMs.nullable(),
  /** Of a removed one; some days after it was fetched, after its case closed, or its folder was found gone. */
  removedAt: utcMs.nullable(),
  removedReason: z.enum(['fetched', 'case-closed', 'lost']).nullable(),
});
export type PackageAnswer = z.infer<typeof packageAnswer>;
export const packageList = z.object({ packages: z.array(packageAnswer) });
export type PackageList = z.infer<typeof packageList>;
export const archiveAddress = z.object({ url: z.string(), expiresAt: utcMs });
export type ArchiveAddress = z.infer<typeof archiveAddress>;
