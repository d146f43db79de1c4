/**
 * Purpose: footage files against their rows: there, of that size, and with --files of that hash.
 * Refuses: names that lead out of the footage folder. A file that retention has deleted proves nothing any more; lost ones are told with
 *   the deletions (verify-deletions.ts), apart from these.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { lstatSync } from 'node:fs';
import { join, normalize } from 'node:path';
import type { Progress } from '../../application/ports/progress.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import { readBlocks } from '../backup/hashed-files.ts';
import type { Snapshot } from '../sqlite/verify-reader.ts';
import { asTheyAreNow } from './as-they-are-now.ts';

interface SegmentRow {
  readonly id: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly deletedAt: number | null;
  readonly lost: number;
}
const READ_BYTES = 1_048_576;

/** Where a hub’s recorder keeps its files. */
export const footageRoot = (dataDir: string): string => join(dataDir, 'footage', 'segments');

export function checkFootage(
  snapshot: Snapshot,
  request: { readonly dataDir: string; readonly files: boolean; readonly progress: Progress },
  verdict: Verdict,
): void {
  const { progress } = request;
  const root = footageRoot(request.dataDir);
  const total = snapshot.get<{ n: number }>('SELECT count(*) AS n FROM segment')?.n ?? 0;
  progress.begin({ vi: 'Kiểm tra tệp hình', en: 'Checking footage files' }, total, 'count');
  let [done, deleted, unread] = [0, 0, 0];
  const missing: SegmentRow[] = [];
  for (const row of snapshot.all<SegmentRow>(
    "SELECT id, file, bytes, sha256, deleted_at AS deletedAt, deleted_reason IS 'lost' AS lost FROM segment ORDER BY id",
  )) {
    progress.at(++done);
    if (row.deletedAt !== null) {
      if (row.lost === 0) deleted++;
      continue;
    }
    const path = join(root, row.file);
    const file = normalize(path).startsWith(`${normalize(root)}/`)
      ? lstatSync(path, { throwIfNoEntry: false })
      : undefined;
    if (!file?.isFile()) missing.push(row);
    else if (file.size !== row.bytes)
      verdict.find('footage.size', { file: path, key: row.id }, `${file.size}, not ${row.bytes}`);
    else if (!request.files) unread++;
    else {
      const sha256 = hashIfThere(path);
      if (sha256 === null) missing.push(row);
      else if (sha256 !== row.sha256) verdict.find('footage.hash', { file: path, key: row.id });
    }
  }
  progress.end();
  findMissing(missing, request.dataDir, root, verdict);
  if (deleted > 0) verdict.cannotProve('footage.deleted', { table: 'segment' }, `${deleted}`);
  if (unread > 0) verdict.cannotProve('footage.not_read', { table: 'segment' }, `${unread}`);
}

/** Null: it went since it was looked for. */
function hashIfThere(path: string): string | null {
  try {
    return readBlocks(path, READ_BYTES, () => undefined).sha256;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Retention of a running hub may have deleted one meanwhile: asked again, as it is now. */
function findMissing(missing: readonly SegmentRow[], dataDir: string, root: string, verdict: Verdict): void {
  if (missing.length === 0) return;
  asTheyAreNow(dataDir, (now) => {
    for (const { id, file } of missing) {
      const row = now.get<{ deletedAt: number | null }>(
        'SELECT deleted_at AS deletedAt FROM segment WHERE id = ?',
        id,
      );
      if (row?.deletedAt == null) verdict.find('footage.missing', { file: join(root, file), key: id });
    }
  });
}
