/*
 * An event that reads well but that no projection can take: the database itself refuses it here. It goes aside with its
 * bytes in the chain, the others of its batch count, and the line goes on.
 */
import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { newPlace, TestDevice } from '../../support/test-device.ts';

test('one event among many that cannot be projected goes aside alone', async () => {
  await using folder = await tempFolder('poison');
  const opened = await openStorage(folder.path);
  try {
    const { inbox, devices, views } = opened.storage;
    const place = newPlace();
    const device = new TestDevice();
    const codeHash = hash('sha256', 'code', 'hex');
    const db = new Database(databaseFile(folder.path));
    db.prepare(
      "INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at) VALUES (?, 'kiosk', ?, ?)",
    ).run(...[codeHash, place.counter, Number.MAX_SAFE_INTEGER]);
    db.exec(
      "CREATE TRIGGER poison BEFORE INSERT ON vote WHEN NEW.level = 3 BEGIN SELECT RAISE(ABORT, 'poison'); END",
    );
    db.close();
    const at = device.at;
    await devices.enrol({ codeHash, device: device.device, publicKey: device.publicKey, build: 't', at });
    const { fence } = (await inbox.hello({ device: device.device, epochs: [], checkpoint: null, at }))!;
    const chain = device.start(place);
    const before = device.serve(chain, place, { level: 5 });
    const poisoned = device.serve(chain, place, { level: 3 });
    const after = device.serve(chain, place, { level: 1 });
    const send = () =>
      inbox.recordBatch({ device: device.device, fence, frame: device.batch(chain), receivedAt: at });
    expect(await send()).toMatchObject({
      kind: 'recorded',
      stored: 19,
      head: { seq: 19 },
      exceptions: [],
    });
    await inbox.project();
    expect(await inbox.aside({ limit: 9 })).toMatchObject([
      { seq: 12, status: 'quarantined', code: 'event.invalid', detail: 'not projected: poison' },
    ]);
    expect(await send()).toMatchObject({ kind: 'recorded', stored: 0, duplicates: 19 });
    const overall = async (id: string) => (await views.ratings(id))?.effective?.overall ?? null;
    expect([await overall(before), await overall(poisoned), await overall(after)]).toEqual([5, null, 1]);
    expect((await views.transaction({ id: poisoned, now: Date.UTC(2100, 0, 1) }))?.state).toBe('closed');
    expect(await inbox.asideCount()).toBe(1);
    expect(await inbox.rebuild()).toBe(18);
    expect(await overall(after)).toBe(1);
  } finally {
    await opened.close();
  }
});
