/**
 * Purpose: are the tables, indexes and triggers those that this program's migrations make, word for word? A trigger that
 *   is gone lets rows be changed, a strange one can change them unseen.
 * Refuses: nothing; it finds. Data of an older schema is opened by the hub first.
 */
import Database from 'better-sqlite3';
import type { Verdict } from '../../domain/verify/finding.ts';
import { migrate, SCHEMA_VERSION } from './open-database.ts';
import type { Snapshot } from './verify-reader.ts';

interface Entry {
  readonly name: string;
  readonly sql: string | null;
}
const SCHEMA = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name";

export function checkSchema(snapshot: Snapshot, verdict: Verdict): void {
  const version = snapshot.db.pragma('user_version', { simple: true }) as number;
  if (version !== SCHEMA_VERSION) {
    verdict.find('database.schema', { table: 'user_version' }, `${version}, this program ${SCHEMA_VERSION}`);
    return;
  }
  const fresh = new Database(':memory:');
  try {
    migrate(fresh);
    const wanted = new Map((fresh.prepare(SCHEMA).all() as Entry[]).map(({ name, sql }) => [name, sql]));
    for (const { name, sql } of snapshot.all<Entry>(SCHEMA)) {
      if (!wanted.has(name) || wanted.get(name) !== sql) verdict.find('database.schema', { table: name });
      wanted.delete(name);
    }
    for (const name of wanted.keys()) verdict.find('database.schema', { table: name }, 'missing');
  } finally {
    fresh.close();
  }
}
