/** Before a check that goes on for hours accuses, it asks the rows once more: the hub beside it has gone on meanwhile. */
import { databaseFile } from '../sqlite/open-database.ts';
import { openSnapshot, type Snapshot } from '../sqlite/verify-reader.ts';

export function asTheyAreNow<T>(dataDir: string, look: (now: Snapshot) => T): T {
  const now = openSnapshot(databaseFile(dataDir));
  try {
    return look(now);
  } finally {
    now.close();
  }
}
