/**
 * Purpose: a copy of the live database as one file, page by page out of one snapshot, while the hub goes on writing; and
 *   what lies in such a copy.
 * Refuses: to write a copy over something. The copy is no WAL database: it is one file, complete in itself.
 * Document: hub-server/DESIGN.md, "Backup".
 */
import Database from 'better-sqlite3';
import type { HubIdentity } from '../../application/ports/identity.ts';
import { ensurePrivateFile } from './open-database.ts';
import { openSnapshot, type Snapshot } from './verify-reader.ts';

/** Pages copied before the program may do something else, as show how far it is. */
const PAGES_A_STEP = 1_024;
const PAGE_BYTES = 4_096;

export async function copyDatabase(
  source: string,
  target: string,
  heard: (bytes: number, total: number) => void,
): Promise<void> {
  const snapshot = openSnapshot(source);
  let total = 0;
  try {
    const pageBytes = (snapshot.db.pragma('page_size', { simple: true }) as number | undefined) ?? PAGE_BYTES;
    ensurePrivateFile(target);
    // The transaction held on this connection pins one snapshot: otherwise each write of the hub would begin it anew.
    await snapshot.db.backup(target, {
      progress({ totalPages, remainingPages }) {
        total = totalPages * pageBytes;
        heard(total - remainingPages * pageBytes, total);
        return PAGES_A_STEP;
      },
    });
    heard(total, total);
  } finally {
    snapshot.close();
  }
  const copy = new Database(target, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

export interface ReferencedFile {
  readonly id: string;
  readonly camera: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Footage files the database refers to and that retention has not deleted. */
export const footageOf = (snapshot: Snapshot): Iterable<ReferencedFile> =>
  snapshot.all<ReferencedFile>(
    'SELECT id, camera_id AS camera, file, bytes, sha256 FROM segment WHERE deleted_at IS NULL ORDER BY id',
  );

export function identityOf(snapshot: Snapshot): HubIdentity | null {
  const row = snapshot.get<{ value: string }>("SELECT value FROM meta WHERE key = 'identity'");
  return row ? (JSON.parse(row.value) as HubIdentity) : null;
}

/** The label the data goes by now; identity keeps the first one. */
export function lineageOf(snapshot: Snapshot): string {
  return snapshot.get<{ value: string }>("SELECT value FROM meta WHERE key = 'lineage'")?.value ?? '';
}

export interface DatabaseCounts {
  readonly schema: number;
  readonly events: number;
  readonly aside: number;
}
export function countsOf(snapshot: Snapshot): DatabaseCounts {
  return {
    schema: snapshot.db.pragma('user_version', { simple: true }) as number,
    events: snapshot.get<{ n: number }>('SELECT count(*) AS n FROM event')?.n ?? 0,
    aside: snapshot.get<{ n: number }>("SELECT count(*) AS n FROM event WHERE status <> 'stored'")?.n ?? 0,
  };
}
