/*
 * Purpose: a hub that was set back before a kiosk moved to another counter learns of the move by the kiosk's certificate:
 * what the kiosk said of that counter leaves quarantine, and an older certificate changes nothing.
 */
import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { enrolledLater } from '../../../hub-server/src/application/kiosks/readmit-device.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { newPlace, TestDevice } from '../../support/test-device.ts';

test('a later enrolment is taken from the certificate, an older one is not', async () => {
  await using folder = await tempFolder('moved');
  const opened = await openStorage(folder.path);
  try {
    const { inbox, devices, views } = opened.storage;
    const [device, before, after] = [new TestDevice(), newPlace(), newPlace()];
    const codeHash = hash('sha256', 'code', 'hex');
    const db = new Database(databaseFile(folder.path));
    db.prepare(
      "INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at) VALUES (?, 'kiosk', ?, ?)",
    ).run(codeHash, before.counter, Number.MAX_SAFE_INTEGER);
    db.close();
    const { publicKey, at } = device;
    await devices.enrol({ codeHash, device: device.device, publicKey, build: 't', at });
    const known = (await inbox.deviceKey(device.device))!;
    expect(known).toMatchObject({ counterId: before.counter, serial: 1 });

    const certificate = (serial: number) => ({
      bytes: Buffer.from(
        JSON.stringify({
          ...{ v: 'hailong-enrol-v1', device: device.device, counter: after.counter, serial, at },
          publicKey: device.publicKeyText,
        }),
      ).toString('base64url'),
      sig: 'x',
    });
    const hello = {
      type: 'hello',
      protocol: 1,
      device: device.device,
      sig: 'x',
      epochs: [],
      checkpoint: null,
    };
    const later = (serial: number) =>
      enrolledLater({ ...hello, certificate: certificate(serial) } as never, known.serial);
    expect([later(1), later(2)]).toEqual([false, true]);

    const { fence } = (await inbox.hello({ device: device.device, epochs: [], checkpoint: null, at }))!;
    const chain = device.start(before);
    const moved = device.serve(chain, after, { level: 2 });
    await inbox.recordBatch({ device: device.device, fence, frame: device.batch(chain), receivedAt: at });
    expect(await inbox.asideCount()).toBe(2);
    const readmit = (serial: number, counterId: string) =>
      devices.readmit({ device: device.device, publicKey, counterId, serial, at });
    await readmit(1, newPlace().counter);
    expect(await inbox.deviceKey(device.device)).toMatchObject({ counterId: before.counter });
    await readmit(5, after.counter);
    expect(await inbox.deviceKey(device.device)).toMatchObject({ counterId: after.counter, serial: 5 });
    await inbox.project();
    expect(await inbox.asideCount()).toBe(0);
    expect((await views.transaction({ id: moved, now: Date.now() }))?.counter.id).toBe(after.counter);
  } finally {
    await opened.close();
  }
});
