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
  const names = await files.list();
  const present = new Set(names);
  const lost = await lostRows(parts, present);
  const doomed = index.toRemove(PASS_FILES).filter((file) => present.has(file));
  const leaving = new Set(doomed);
  const strange = (await findOrphans(parts, names, QUIET_MS)).filter(({ file }) => !leaving.has(file));
  if (apply) {
    await removeDoomed(parts);
    deleteLost(parts, lost, by);
    for (const orphan of strange.slice(-PASS_FILES)) await recover(parts, orphan);
  }
  const shown = (list: readonly string[]) => ({ count: list.length, files: list.slice(0, SHOWN) });
  return {
    lost: shown(lost.map(({ file }) => file)),
    strange: shown(strange.map(({ file }) => file)),
    deleted: shown(doomed),
    more: apply && strange.length > PASS_FILES,
  };
}
