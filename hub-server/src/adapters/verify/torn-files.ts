/**
 * Purpose: files without a row that the recorder keeps because no player can read them and a hold covers them: as its index names them,
 * as long as they are as it found them and a living hold of the hub covers one of the times that it placed them at.
 * Refuses: to take the index's word for the hold, or for a file that was written since.
 * Document: hub-server/DESIGN.md, "Verify", "Repair".
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ClockStep, withPlaces } from '../../domain/footage/clock-step.ts';
import { openSnapshot, type Snapshot } from '../sqlite/verify-reader.ts';

/** As the recorder counts (recorder/application/torn-files.ts, recorder/domain/holds.ts), ms. */
const TORN_MS = 30_000;
const MARGIN_MS = 10_000;

interface Row {
  readonly file: string;
  readonly modifiedAt: number;
  readonly begins: string;
}

/** Answers whether a file, last written then, UTC ms, is one of them. */
export function tornFiles(
  snapshot: Snapshot,
  dataDir: string,
): (file: string, modifiedAt: number) => boolean {
  const rows = new Map(rowsOf(join(dataDir, 'footage', 'index.sqlite')).map((row) => [row.file, row]));
  const steps = [
    ...snapshot.all<ClockStep>(
      'SELECT from_at AS "from", to_at AS "to", shift_ms AS shiftMs FROM clock_step ORDER BY id',
    ),
  ];
  const isHeld = (camera: string, begins: readonly number[]): boolean => {
    const holds = [
      ...snapshot.all<{ from: number; to: number }>(
        'SELECT from_at AS "from", to_at AS "to" FROM footage_hold WHERE camera_id = ? AND ended_at IS NULL',
        camera,
      ),
    ];
    return withPlaces(holds, steps).some(({ from, to }) =>
      begins.some((at) => from - MARGIN_MS <= at + TORN_MS && to + MARGIN_MS >= at),
    );
  };
  return (file, modifiedAt) => {
    const row = rows.get(file);
    if (row?.modifiedAt !== modifiedAt) return false;
    return isHeld(file.slice(0, file.indexOf('/')), JSON.parse(row.begins) as number[]);
  };
}

/** An index of an older recorder has none. */
function rowsOf(file: string): readonly Row[] {
  if (!existsSync(file)) return [];
  const index = openSnapshot(file);
  try {
    if (index.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'torn'") === undefined)
      return [];
    return [...index.all<Row>('SELECT file, modified_at AS modifiedAt, begins FROM torn')];
  } finally {
    index.close();
  }
}
