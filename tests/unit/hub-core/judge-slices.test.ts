/*
 * Purpose: judging quarantine again is bounded: an enrolment releases one slice in its own transaction, the rest follows by
 * cursor, also in a program that was started anew in between; an operator's retry goes slice by slice.
 */
import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { judgeFromStart } from '../../../hub-server/src/adapters/sqlite/stores/inbox/quarantine-rows.ts';
import { JUDGE_SLICE } from '../../../hub-server/src/application/inbox/judge-again.ts';
import { poll } from '../../support/poll.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { newPlace, TestDevice } from '../../support/test-device.ts';

const SERVED = 230;

test('what an enrolment makes good comes out slice by slice, and a restart goes on where it was', async () => {
  await using folder = await tempFolder('slices');
  const raw = <T>(act: (db: Database.Database) => T): T => {
    const db = new Database(databaseFile(folder.path));
    try {
      return act(db);
    } finally {
      db.close();
    }
  };
  const [device, first, second] = [new TestDevice(), newPlace(), newPlace()];
  const code = (name: string, counter: string) =>
    raw((db) =>
      db
        .prepare("INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at) VALUES (?, 'kiosk', ?, ?)")
        .run(hash('sha256', name, 'hex'), counter, Number.MAX_SAFE_INTEGER),
    );
  const { publicKey, at } = device;
  const enrol = (name: string) => ({
    ...{ codeHash: hash('sha256', name, 'hex'), device: device.device, publicKey, build: 't', at },
  });
  let opened = await openStorage(folder.path);
  code('one', first.counter);
  await opened.storage.devices.enrol(enrol('one'));
  const hello = { device: device.device, epochs: [], checkpoint: null, at };
  const { fence } = (await opened.storage.inbox.hello(hello))!;
  const chain = device.start(first);
  for (let n = 0; n < SERVED; n++) device.serve(chain, second);
  for (let from = 1; from <= chain.bytes.length; from += 500) {
    const frame = device.batch(chain, from, Math.min(chain.bytes.length, from + 499));
    await opened.storage.inbox.recordBatch({ device: device.device, fence, frame, receivedAt: at });
  }
  await opened.storage.inbox.project();
  const aside = await opened.storage.inbox.asideCount();
  expect(aside).toBeGreaterThan(2 * JUDGE_SLICE);

  // An operator's retry finds nothing good, one slice a call.
  const slices: number[] = [];
  for (let more = true; more; ) {
    const done = await opened.storage.inbox.judgeAgain({ event: null });
    expect(done.judged).toBeLessThanOrEqual(JUDGE_SLICE);
    expect(done.released).toBe(0);
    slices.push(done.judged);
    more = done.more;
  }
  expect(slices.reduce((sum, each) => sum + each, 0)).toBe(aside);

  // The enrolment as its transaction leaves it, and a program that dies right behind it.
  await opened.close();
  raw((db) => {
    db.prepare('INSERT INTO device_enrolment (device, counter_id, serial, at) VALUES (?,?,9,?)').run(
      ...[device.device, second.counter, at],
    );
    db.transaction(() => judgeFromStart(db, device.device))();
    const left = db.prepare("SELECT count(*) FROM event WHERE status = 'quarantined'").pluck().get();
    expect(left).toBe(aside - JUDGE_SLICE);
  });
  opened = await openStorage(folder.path);
  try {
    await poll(async () => (await opened.storage.inbox.asideCount()) === 0, { what: 'the last slice' });
    const due = raw((db) =>
      db.prepare("SELECT count(*) FROM meta WHERE key GLOB 'judge.due:*'").pluck().get(),
    );
    expect(due).toBe(0);
    await opened.storage.inbox.project();
    const rated = raw((db) => db.prepare('SELECT count(*) FROM effective_rating').pluck().get());
    expect(rated).toBe(SERVED);
  } finally {
    await opened.close();
  }
}, 60_000);
