/**
 * Purpose: rows that the hub keeps against those that its recorder keeps: an index that was lost or set back, or rows of the hub that
 * are gone. Both are read in order of their ids beside each other, so that millions take no memory.
 * Refuses: to call apart what is only on its way: what the recorder has not told, or was not acknowledged in this snapshot.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../domain/verify/finding.ts';
import { openSnapshot, type Snapshot } from '../sqlite/verify-reader.ts';

const QUIET_MS = 120_000;

export function checkIndex(snapshot: Snapshot, dataDir: string, verdict: Verdict): void {
  const file = join(dataDir, 'footage', 'index.sqlite');
  if (!existsSync(file)) {
    if (snapshot.get('SELECT 1 FROM segment WHERE deleted_at IS NULL LIMIT 1') !== undefined)
      verdict.cannotProve('footage.no_index', { file });
    return;
  }
  // Opened behind the hub's snapshot: whatever that one holds, this one has told.
  const index = openSnapshot(file);
  try {
    compare(snapshot, index, verdict);
  } finally {
    index.close();
  }
}

function compare(snapshot: Snapshot, index: Snapshot, verdict: Verdict): void {
  const recorder = index.get<{ value: string }>("SELECT value FROM meta WHERE key = 'recorder'")?.value;
  const acknowledged =
    snapshot.get<{ cursor: number }>('SELECT cursor FROM recorder_cursor WHERE recorder = ?', recorder)
      ?.cursor ?? 0;
  const before = snapshot.openedAt - QUIET_MS;
  const mine = snapshot
    .all<{ id: string; arrivedAt: number }>(
      'SELECT id, arrival_at AS arrivedAt FROM segment WHERE deleted_at IS NULL ORDER BY id',
    )
    [Symbol.iterator]();
  const theirs = index.all<{ id: string }>('SELECT id FROM segment ORDER BY id')[Symbol.iterator]();
  let [row, other] = [mine.next(), theirs.next()];
  while (!row.done || !other.done) {
    if (!row.done && !other.done && row.value.id === other.value.id) {
      [row, other] = [mine.next(), theirs.next()];
    } else if (!row.done && (other.done || row.value.id < other.value.id)) {
      const { id, arrivedAt } = row.value;
      // Deleted since, and being told.
      const gone = index.get('SELECT 1 FROM fact WHERE segment = ? AND cursor > ? LIMIT 1', id, acknowledged);
      if (arrivedAt < before && gone === undefined)
        verdict.find('footage.unindexed', { table: 'segment', key: id });
      row = mine.next();
    } else if (!other.done) {
      const { id } = other.value;
      const onItsWay = index.get(
        'SELECT 1 FROM fact WHERE segment = ? AND cursor > ? LIMIT 1',
        id,
        acknowledged,
      );
      if (onItsWay === undefined) verdict.find('footage.untold', { table: 'segment', key: id });
      other = theirs.next();
    }
  }
  mine.return?.();
  theirs.return?.();
}
