/* Purpose: a hub of the schema before answers were told by form has them after its next start, from the facts it always held. */
import { hash, randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { answers } from '../../../hub-server/src/adapters/sqlite/migrations/019-answers.ts';
import { holdKinds } from '../../../hub-server/src/adapters/sqlite/migrations/041-hold-kinds.ts';
import { walkupHolds } from '../../../hub-server/src/adapters/sqlite/migrations/047-walkup-holds.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorageHere } from '../../support/storage-here.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { newPlace, service, TestDevice, walkup, withChips } from '../../support/test-device.ts';

test('chips and walk-ups that were kept and counted nowhere count after the upgrade', async () => {
  await using folder = await tempFolder('answers-upgrade');
  const [device, place] = [new TestDevice(), newPlace()];
  const first = await openStorageHere(folder.path);
  const codeHash = hash('sha256', randomUUID(), 'hex');
  const raw = <T>(act: (db: Database.Database) => T): T => {
    const db = new Database(databaseFile(folder.path));
    try {
      return act(db);
    } finally {
      db.close();
    }
  };
  raw((db) =>
    db
      .prepare("INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at) VALUES (?, 'kiosk', ?, ?)")
      .run(codeHash, place.counter, Number.MAX_SAFE_INTEGER),
  );
  const { inbox, devices } = first.storage;
  await devices.enrol({
    ...{ codeHash, device: device.device, publicKey: device.publicKey, build: 'test', at: device.at },
  });
  const hello = { device: device.device, epochs: [], checkpoint: null, at: device.at };
  const { fence } = (await inbox.hello(hello))!;
  const chain = device.start(place);
  const bodies = [...withChips(service(place, { level: 2 }), [['cho001']]), ...walkup(place.counter, 3)];
  for (const body of bodies) device.append(chain, body);
  await inbox.recordBatch({
    device: device.device,
    fence,
    frame: device.batch(chain),
    receivedAt: device.at,
  });
  await inbox.project();
  const told = () =>
    raw((db) => db.prepare('SELECT kind, question, answer, n FROM answer_rollup ORDER BY 1, 2').all());
  const now = await told();
  await first.close();

  // As the version before left it, and the migrations over it.
  raw((db) => {
    for (const table of ['walkup', 'walkup_hold_due', 'form_rating', 'answer_rollup'])
      db.exec(`DROP TABLE ${table}`);
    db.exec('ALTER TABLE service_transaction DROP COLUMN chips');
    db.exec("ALTER TABLE hold_rule DROP COLUMN form_max; DELETE FROM hold_rule WHERE kind = 'appeal'");
    for (const { sql } of [answers, holdKinds, walkupHolds]) db.exec(sql);
  });
  const second = await openStorageHere(folder.path);
  await second.storage.inbox.project();
  expect(now).toEqual([
    { kind: 'service', question: 'chips', answer: 'cho001', n: 1 },
    { kind: 'service', question: 'overall', answer: '2', n: 1 },
    { kind: 'walkup', question: 'overall', answer: '3', n: 1 },
  ]);
  expect(told()).toEqual(now);
  expect(
    raw((db) => db.prepare('SELECT sum(served) AS served, sum(rated) AS rated FROM rollup').get()),
  ).toEqual({
    ...{ served: 1, rated: 1 },
  });
  await second.close();
});
