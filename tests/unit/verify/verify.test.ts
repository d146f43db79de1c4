/* Purpose: a whole hub verifies, with its witnesses; what is unwitnessed is said; and single changes are named. */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { verifyData } from '../../../hub-server/src/adapters/verify/verify-data.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { copyOffice, type MutationOffice, mutationOffice } from '../../prove/mutations/office.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { witnessFile } from '../../support/witness-file.ts';

let office: MutationOffice;
let work: string;
const witnesses: string[] = [];

beforeAll(async () => {
  const folder = await tempFolder('verify');
  office = await mutationOffice(join(folder.path, 'base'));
  work = join(folder.path, 'copy');
  for (const [n, kiosk] of office.kiosks.entries()) {
    witnesses.push(join(folder.path, `witness-${n}.jsonl`));
    writeFileSync(witnesses[n]!, witnessFile(kiosk));
  }
  return () => folder.remove();
});

const look = (dir: string, given: readonly string[] = []) =>
  verifyData({ dataDir: dir, files: true, backups: [], witnesses: given, progress: unwatched }).verdict;

function changed(sql: string): string {
  const dir = copyOffice(office, work);
  const db = new Database(databaseFile(dir));
  db.exec(sql);
  db.close();
  return dir;
}

test('a whole hub holds, and says what nobody can see', () => {
  const alone = look(copyOffice(office, work));
  expect(alone.findings).toEqual([]);
  expect(alone.unproven.map(({ code }) => code)).toEqual([
    'witness.none',
    'log.unwitnessed',
    'rows.unchained',
  ]);
  const witnessed = look(work, witnesses);
  expect(witnessed.findings).toEqual([]);
  expect(witnessed.unproven.map(({ code }) => code)).toEqual(['rows.unchained']);
});

test.each([
  [
    'UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), \'"level":2\', \'"level":5\') AS BLOB)',
    'event.hash',
  ],
  ["UPDATE event SET type = 'press.stray' WHERE id = 9", 'event.columns'],
  ['DELETE FROM event WHERE id = 9', 'event.hole'],
  ['UPDATE device_epoch SET head_seq = head_seq - 1 WHERE id = 2', 'head.differs'],
  ["UPDATE signed_head SET sig = 'AAAA' WHERE seq = (SELECT max(seq) FROM signed_head)", 'signed.signature'],
  ['UPDATE vote SET level = 5 WHERE level = 1', 'projection.differs'],
  ["UPDATE service_transaction SET officer_id = 'x' WHERE month IS NOT NULL", 'projection.differs'],
  ['UPDATE rollup SET served = served + 1', 'projection.differs'],
  ['UPDATE answer_rollup SET n = n + 1', 'projection.differs'],
  ["DELETE FROM answer_rollup WHERE kind = 'walkup'", 'projection.differs'],
  ["UPDATE walkup SET votes = '[]'", 'projection.differs'],
  ['DELETE FROM walkup', 'projection.differs'],
  ['UPDATE service_transaction SET chips = NULL WHERE chips IS NOT NULL', 'projection.differs'],
  ["INSERT INTO form_rating VALUES ('t', 'counter', '{}', '{}', 0, 100)", 'projection.differs'],
  ["UPDATE device_epoch SET state = 'rejected'", 'projection.differs'],
  ["UPDATE device_epoch SET boot = 'another' WHERE own = 0", 'projection.differs'],
  ['UPDATE device_epoch SET own = 1', 'projection.differs'],
  ["INSERT INTO chain_decision VALUES ('d', 'e', 1, 'f', 1, 0)", 'projection.differs'],
  ["UPDATE event SET status = 'quarantined' WHERE type = 'rating.closed' AND seq > 8", 'event.columns'],
  ["UPDATE event SET status = 'quarantined' WHERE type = 'question.asked'", 'event.columns'],
  ['DROP TRIGGER audit_log_no_update', 'database.schema'],
  ['UPDATE device SET public_key = randomblob(32)', 'device.key'],
  ['UPDATE log_node SET hash = randomblob(32) WHERE level = 1 AND idx = 3', 'log.node'],
  ["UPDATE meta SET value = replace(value, 'hubKey', 'hubKei') WHERE key = 'identity'", 'identity.key'],
] as const)('%s', (sql, code) => {
  const { findings } = look(changed(sql));
  expect(findings.map((each) => each.code)).toContain(code);
});

test('damaged pages are findings, not a crash', () => {
  const dir = copyOffice(office, work);
  const db = new Database(databaseFile(dir));
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.close();
  for (let page = 0; page < pages; page += 7) {
    copyOffice(office, work);
    const fd = databaseFile(dir);
    const bytes = Buffer.alloc(4_096, 0xa5);
    const handle = openSync(fd, 'r+');
    writeSync(handle, bytes, 0, 4_096, page * 4_096);
    closeSync(handle);
    expect(look(dir).found, `page ${page}`).toBeGreaterThan(0);
  }
});
