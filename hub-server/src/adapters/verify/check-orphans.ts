/**
 * Purpose: files under the footage folder that no kept row names: a strange one, or one whose row says that it was deleted; and those
 * that two kept rows name. Rows and files are read in one order beside each other, so that millions take no memory.
 * Refuses: to call an orphan what may just have been written or removed when the snapshot was opened (two minutes), or was later: a hub
 *   goes on beside this check, and the parts before this one take hours; or what the recorder keeps torn while it is held: that is a
 *   notice of its own. `hailong-hub footage repair` mends them.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../domain/verify/finding.ts';
import type { Snapshot } from '../sqlite/verify-reader.ts';

const QUIET_MS = 120_000;

/** Names below the root in order, folder by folder. One that has gone meanwhile holds none. */
function* filesUnder(root: string, folder: string): Generator<string> {
  const entries = entriesOf(join(root, folder));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesUnder(root, name);
    else if (entry.isFile() && name.endsWith('.mp4')) yield name;
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** So that a folder sorts before what begins with its name. */
const keyOf = (file: string): string => file.replaceAll('/', '\u0001');

interface Row {
  readonly file: string;
  readonly deletedAt: number | null;
}

/** `isTorn`: the recorder keeps that file, last written then, though no row names it. */
export function checkOrphans(
  snapshot: Snapshot,
  root: string,
  isTorn: (file: string, modifiedAt: number) => boolean,
  verdict: Verdict,
): void {
  if (!lstatSync(root, { throwIfNoEntry: false })?.isDirectory()) return;
  const rows = snapshot
    .all<Row>(
      "SELECT file, deleted_at AS deletedAt FROM segment ORDER BY replace(file, '/', char(1)), deleted_at IS NOT NULL",
    )
    [Symbol.iterator]();
  const before = snapshot.openedAt - QUIET_MS;
  let row = rows.next();
  for (const file of filesUnder(root, '')) {
    const key = keyOf(file);
    while (!row.done && keyOf(row.value.file) < key) row = rows.next();
    const held = !row.done && row.value.file === file ? row.value : null;
    if (held !== null && held.deletedAt === null) {
      // Kept rows come before deleted ones.
      row = rows.next();
      if (!row.done && row.value.file === file && row.value.deletedAt === null)
        verdict.find('footage.doubled', { file: join(root, file) });
      continue;
    }
    const place = { file: join(root, file) };
    const since = held?.deletedAt ?? lstatSync(place.file, { throwIfNoEntry: false })?.mtimeMs;
    if (since === undefined || since >= before) continue;
    if (held === null && isTorn(file, Math.round(since))) verdict.cannotProve('footage.torn_held', place);
    else verdict.find('footage.orphan', place, held === null ? undefined : 'deleted');
  }
  rows.return?.();
}
