/**
 * `hailong-hub export-ratings`: every rating as a line of chained facts on stdout, from one snapshot, beside a running hub
 * or of stopped data. Refuses: data that was set back and still awaits kiosks, unless two people allowed it.
 * See hub-server/DESIGN.md, "Export".
 */
import { once } from 'node:events';
import { ratingLines } from '../adapters/sqlite/export-ratings.ts';
import { openReader } from '../adapters/sqlite/open-database.ts';
import { type ExitCode, type Flags, say } from './command-line.ts';
import { withData } from './with-data.ts';

/** Characters written at once. */
const CHUNK = 65_536;

export async function exportRatings(flags: Flags): Promise<ExitCode> {
  const dataDir = flags.need('data');
  // Everything stored is projected first, and what awaits kiosks is refused here.
  await withData(dataDir, { verb: 'export-ready' });
  const db = openReader(dataDir);
  let count = 0;
  try {
    db.exec('BEGIN');
    let text = '';
    for (const line of ratingLines(db)) {
      text += line;
      count++;
      if (text.length < CHUNK) continue;
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
      text = '';
    }
    process.stdout.write(text);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
  say(`${count} lượt đánh giá.`, `${count} ratings.`);
  return 0;
}
