/* Purpose: what the SQLite storage promises by itself: modes, files, lock, migrations, one call one transaction. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstMissing, marksOf } from '../../../hub-server/src/adapters/sqlite/migrations/applied.ts';
import { migrations } from '../../../hub-server/src/adapters/sqlite/migrations/index.ts';
import {
  databaseFile,
  openWriter,
  SCHEMA_VERSION,
} from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { poll } from '../../support/poll.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hailong-hub-core-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('every writing connection is WAL with synchronous=FULL and a busy timeout, read back', () => {
  const db = openWriter(dir);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  expect(db.pragma('busy_timeout', { simple: true })).toBe(5_000);
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
  db.close();
});

test('a second program on the same data is refused; after close the folder is free', async () => {
  const first = await openStorage(dir);
  await expect(openStorage(dir)).rejects.toMatchObject({ code: 'program.data_locked' });
  await first.close();
  await (await openStorage(dir)).close();
});

test('data of a newer program is refused and left untouched', async () => {
  await (await openStorage(dir)).close();
  const db = new Database(databaseFile(dir));
  db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
  db.close();
  await expect(openStorage(dir)).rejects.toMatchObject({ code: 'program.newer_data' });
  const after = new Database(databaseFile(dir), { readonly: true });
  expect(after.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION + 1);
  after.close();
});

test('data that got a newer migration without an older one is refused, named and left untouched', async () => {
  // As a build left it that knew 029 before 026 had a number.
  const made = new Database(databaseFile(dir));
  for (const { version, sql } of migrations) if (version !== 26 && version <= 29) made.exec(sql);
  made.pragma('user_version = 29');
  made.close();
  const error: Error & { code?: string } = await openStorage(dir).then(
    () => new Error('opened'),
    (refused) => refused,
  );
  expect([error.code, error.message]).toEqual([
    'program.schema_gap',
    expect.stringContaining('schema 29 without migration 26 (screen_hours)'),
  ]);
  const after = new Database(databaseFile(dir), { readonly: true });
  expect(after.pragma('user_version', { simple: true })).toBe(29);
  expect(after.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'screen_hours'").get()).toBeUndefined();
  after.close();
});

test('after each migration everything its SQL makes is found; only one that changes rows alone leaves no trace', () => {
  const db = new Database(':memory:');
  const seen = new Set<number>();
  for (const [at, { version, sql }] of migrations.entries()) {
    db.exec(sql);
    const applied = migrations.slice(0, at + 1);
    expect([version, firstMissing(db, applied)]).toEqual([version, null]);
    for (const each of marksOf(applied).values()) seen.add(each);
    const objects = db
      .prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
      .pluck()
      .all();
    const named = [...marksOf(applied).keys()].filter((mark) => !mark.includes('.')).sort();
    expect(named).toEqual(objects);
  }
  db.close();
  expect(migrations.map(({ version }) => version).filter((version) => !seen.has(version))).toEqual([9, 51]);
});

test('own files are 0600 and folders 0700', async () => {
  const opened = await openStorage(dir);
  for (const name of await readdir(dir)) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  await opened.close();
});

test('what was written is copied back from the WAL as soon as nothing waits', async () => {
  const opened = await openStorage(dir);
  const bytes = () => statSync(databaseFile(dir)).size;
  const before = bytes();
  for (let n = 0; n < 300; n++)
    await opened.storage.blobs.put({ mediaType: 'image/png', bytes: randomBytes(10_000), at: 1 });
  await poll(() => bytes() - before > 2_000_000, { what: 'the database file to grow' });
  await opened.close();
});

test('calls of one group stand alone: one that fails undoes nothing but itself', async () => {
  const opened = await openStorage(dir);
  const put = (text: string) =>
    opened.storage.blobs.put({ mediaType: 'text/plain', bytes: Buffer.from(text), at: 1 });
  const bad = opened.storage.blobs.put({
    mediaType: 'text/plain',
    bytes: null as unknown as Uint8Array,
    at: 1,
  });
  const settled = await Promise.allSettled([put('a'), bad, put('b'), put('c')]);
  expect(settled.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  for (const each of settled)
    if (each.status === 'fulfilled') expect(await opened.storage.blobs.get(each.value)).not.toBeNull();
  await opened.close();
});

test('the audit log takes rows and never gives one up', async () => {
  const opened = await openStorage(dir);
  const audit = { at: 1, actor: 'operator', action: 'figures.exported', object: 'x', reason: null } as const;
  await opened.storage.access.record({ audit });
  await opened.storage.access.record({ audit });
  await opened.close();
  const db = new Database(databaseFile(dir));
  expect(db.prepare('SELECT seq FROM audit_log').pluck().all()).toEqual([1, 2]);
  expect(() => db.prepare("UPDATE audit_log SET actor = 'x'").run()).toThrow('append only');
  expect(() => db.prepare('DELETE FROM audit_log').run()).toThrow('append only');
  db.close();
});
