/**
 * Purpose: what a person asks for when files and rows disagree: rows without a file are told as lost in that person's name, files
 * without a row are indexed or removed, files of deleted rows go. Says first, does only what it is told to.
 * Refuses: files that may still be written; more than a bounded part in one answer (`more`: ask again).
 * Document: hub-server/DESIGN.md, "Retention".
 */
import type { FootageRepair } from '@hailong/shared/protocol/footage.ts';
import { removeDoomed } from './expire-footage.ts';
import { deleteLost, findOrphans, lostRows, type ReconcileParts, recover } from './reconcile.ts';

const QUIET_MS = 120_000;
/** Each takes about 0.1 s, and the hub waits 30 s. */
const PASS_FILES = 100;
const SHOWN = 100;

export async function repairFootage(
  parts: ReconcileParts,
  { apply, by }: { readonly apply: boolean; readonly by: string },
): Promise<FootageRepair> {
  const { index, files } = parts;
  const lost = await lostRows(parts);
  const doomed: string[] = [];
  for (const file of index.toRemove(PASS_FILES))
    if ((await files.modifiedAt(file)) !== null) doomed.push(file);
  const strange = await findOrphans(parts, QUIET_MS);
  if (apply) {
    await removeDoomed(parts);
    await deleteLost(parts, lost.rows, by);
    for (const orphan of strange.newest.slice(-PASS_FILES)) await recover(parts, orphan);
  }
  const shown = (count: number, list: readonly { readonly file: string }[]) => ({
    count,
    files: list.slice(0, SHOWN).map(({ file }) => file),
  });
  return {
    lost: shown(lost.count, lost.rows),
    strange: shown(strange.count, strange.newest),
    deleted: { count: doomed.length, files: doomed.slice(0, SHOWN) },
    more: apply && (strange.count > PASS_FILES || lost.count > lost.rows.length),
  };
}
