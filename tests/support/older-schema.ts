/**
 * A closed data folder as the program of an older schema would have left it: the tables of that schema by its own migrations, filled with
 * what the folder holds in the columns they share. Refuses: nothing; what only the newer schema can say is gone, as it should be.
 */
import { renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { migrations } from '../../hub-server/src/adapters/sqlite/migrations/index.ts';
import { databaseFile } from '../../hub-server/src/adapters/sqlite/open-database.ts';

interface Named {
  readonly name: string;
  readonly sql: string;
}

/** `version`: the last migration that the older program knew. */
export function toOlderSchema(dataDir: string, version: number): void {
  const file = databaseFile(dataDir);
  const older = `${file}.older`;
  const db = new Database(older);
  for (const each of migrations) if (each.version <= version) db.exec(each.sql);
  db.prepare('ATTACH ? AS newer').run(file);
  const named = (where: string): Named[] =>
    db.prepare<[], Named>(`SELECT name, sql FROM ${where} AND name NOT LIKE 'sqlite_%'`).all();
  const columnsOf = (schema: string, table: string): string[] =>
    db.prepare<[], string>(`SELECT name FROM ${schema}.pragma_table_info('${table}')`).pluck().all();
  // Rows are copied as they are, and queue or refuse nothing.
  const triggers = named("main.sqlite_schema WHERE type = 'trigger'");
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  const held = new Set(named("newer.sqlite_schema WHERE type = 'table'").map(({ name }) => name));
  for (const { name } of named("main.sqlite_schema WHERE type = 'table'")) {
    db.exec(`DELETE FROM ${name}`);
    if (!held.has(name)) continue;
    const newer = new Set(columnsOf('newer', name));
    const shared = columnsOf('main', name).filter((column) => newer.has(column));
    db.exec(`INSERT INTO main.${name} (${shared}) SELECT ${shared} FROM newer.${name}`);
  }
  for (const { sql } of triggers) db.exec(sql);
  db.pragma(`user_version = ${version}`);
  db.exec('DETACH newer');
  db.close();
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  renameSync(older, file);
}
