/**
 * Purpose: what a person asks for when files and rows disagree. Part one compares rows with the hub's: those it alone keeps are taken
 * over or told as lost, those it misses are told again, those it deleted are given up. Part two compares rows with files: rows without
 * a file are lost, files without a row are indexed or removed, files of deleted rows go. Says first, does only what it is told to.
 * Refuses: files that may still be written or that a hold covers; more than a bounded part in one answer (`more`: ask again).
 * Document: hub-server/DESIGN.md, "Repair".
 */
import type { SegmentId } from '@hailong/shared/ids.ts';
import type {
  DeletionReason,
  FootageFact,
  FootageRepair,
  HeldRow,
} from '@hailong/shared/protocol/footage.ts';
import { removeDoomed } from './expire-footage.ts';
import {
  deleteLost,
  findOrphans,
  lostRows,
  ofOne,
  type ReconcileParts,
  recover,
  sortOrphans,
  takeOver,
} from './reconcile.ts';

const QUIET_MS = 120_000;
/** Each takes about 0.1 s, and the hub waits 30 s. */
const PASS_FILES = 100;
const SHOWN = 100;

export interface RepairRequest {
  readonly apply: boolean;
  readonly by: string;
  readonly apart: readonly HeldRow[];
  readonly unknown: readonly SegmentId[];
  readonly files: boolean;
}
type Found = { readonly [K in Exclude<keyof FootageRepair, 'more'>]: readonly string[] };

const shown = (list: readonly string[]) => ({ count: list.length, files: list.slice(0, SHOWN) });
function answer(found: Partial<Found>, more: boolean): FootageRepair {
  const { lost = [], strange = [], deleted = [], unindexed = [], untold = [], held = [] } = found;
  return {
    ...{ lost: shown(lost), strange: shown(strange), deleted: shown(deleted) },
    ...{ unindexed: shown(unindexed), untold: shown(untold), held: shown(held), more },
  };
}

export function repairFootage(
  parts: ReconcileParts,
  request: RepairRequest,
  /** Up to where the hub has acknowledged. */
  acknowledged: number,
  /** Files of rows that were found in this repair: no strangers, though no row here names them yet. Begun anew with each repair. */
  claimed: Set<string> = new Set(),
): Promise<FootageRepair> {
  return request.files
    ? repairFiles(parts, request, claimed)
    : repairRows(parts, request, acknowledged, claimed);
}

async function repairRows(
  parts: ReconcileParts,
  { apply, by, apart, unknown }: RepairRequest,
  acknowledged: number,
  claimed: Set<string>,
): Promise<FootageRepair> {
  const { index, files, hub, clock } = parts;
  const lost = (id: SegmentId): FootageFact & { kind: 'segment.deleted' } => ({
    ...{ kind: 'segment.deleted', id, at: clock.now(), reason: 'lost', by },
  });
  const found = { lost: [] as HeldRow[], unindexed: [] as HeldRow[], untold: [] as SegmentId[] };
  const [gone, held]: [HeldRow[], HeldRow[]] = [[], []];
  const names: string[] = [...unknown];
  for (const row of apart) {
    const { id, file } = row.segment;
    const told = index.deletionOf(id);
    if (row.deleted) (row.held ? held : gone).push(row);
    // Being told or acknowledged at this moment.
    else if ((told !== null && told > acknowledged) || index.idOf(file) === id) continue;
    else if (told !== null) {
      found.untold.push(id);
      names.push(file);
    } else ((await files.modifiedAt(file)) === null ? found.lost : found.unindexed).push(row);
  }
  const gives = gone.filter((row) => !row.lost);
  for (const { segment } of [...found.unindexed, ...gives, ...held]) claimed.add(segment.file);
  if (apply) {
    for (const id of [...unknown, ...found.untold]) index.tellAgain(id);
    for (const row of found.unindexed) {
      const other = index.idOf(row.segment.file);
      // Of two rows of one file, the one that was not found again knows when it was filmed.
      if (other !== null && row.segment.flags.includes('recovered'))
        deleted(parts, [row.segment.id], 'lost', by);
      else index.takeOver(row, other === null ? null : lost(other));
    }
    deleted(
      parts,
      found.lost.map(({ segment }) => segment.id),
      'lost',
      by,
    );
    deleted(
      parts,
      gone.map(({ segment }) => segment.id),
      'lost',
      by,
    );
    for (const { segment, lost: wasLost } of gone) {
      // Nobody wanted it to go: it is a stranger now.
      if (wasLost) continue;
      if (await ofOne(parts, segment.file, () => files.remove(segment.file))) index.removed(segment.file);
    }
    hub.factsRecorded();
  }
  const filesOf = (rows: readonly HeldRow[]) => rows.map(({ segment }) => segment.file);
  return answer(
    {
      ...{ lost: filesOf(found.lost), unindexed: filesOf(found.unindexed), untold: names },
      ...{ deleted: filesOf(gone), held: filesOf(held) },
    },
    false,
  );
}

function deleted(
  { ledger }: ReconcileParts,
  ids: readonly SegmentId[],
  reason: DeletionReason,
  by: string,
): void {
  if (ids.length > 0) ledger.deleted(ids, reason, by);
}

async function repairFiles(
  parts: ReconcileParts,
  { apply, by }: RepairRequest,
  claimed: ReadonlySet<string>,
): Promise<FootageRepair> {
  const { index, files } = parts;
  const lost = await lostRows(parts);
  const doomed: string[] = [];
  for (const file of index.toRemove(PASS_FILES, null))
    if ((await files.modifiedAt(file).catch(() => undefined)) !== null) doomed.push(file);
  const orphans = await findOrphans(parts, QUIET_MS);
  const sorted = await sortOrphans(
    parts,
    orphans.newest.filter(({ file }) => !claimed.has(file)),
  );
  const { strange, known, gone, held } = sorted ?? { strange: [], known: [], gone: [], held: [] };
  const pass = { strange: strange.slice(-PASS_FILES), gone: gone.slice(0, PASS_FILES) };
  if (apply) {
    await removeDoomed(parts);
    await deleteLost(parts, lost.rows, by);
    takeOver(parts, known);
    for (const { file } of pass.gone) await ofOne(parts, file, () => files.remove(file));
    for (const orphan of pass.strange) await ofOne(parts, orphan.file, () => recover(parts, orphan));
  }
  const of = apply ? pass : { strange, gone };
  const filesOf = (list: readonly { readonly file: string }[]) => list.map(({ file }) => file);
  const [lostUnseen, strangeUnseen] = [lost.count - lost.rows.length, orphans.count - orphans.newest.length];
  const said = answer(
    {
      ...{
        lost: filesOf(lost.rows),
        strange: filesOf(of.strange).reverse(),
        held: [...filesOf(held), ...orphans.torn],
      },
      ...{ deleted: [...doomed, ...filesOf(of.gone)], unindexed: known.map(({ segment }) => segment.file) },
    },
    apply && (strange.length > PASS_FILES || strangeUnseen > 0 || lostUnseen > 0 || gone.length > PASS_FILES),
  );
  if (apply) return said;
  return {
    ...said,
    lost: { ...said.lost, count: lost.count },
    strange: { ...said.strange, count: strange.length + strangeUnseen },
  };
}
