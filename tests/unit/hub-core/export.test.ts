/* Purpose: the export is a function of the facts: whatever order they came in, the bytes are the same. */
import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { ratingLines } from '../../../hub-server/src/adapters/sqlite/export-ratings.ts';
import { databaseFile, openReader } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { newPlace, TestDevice } from '../../support/test-device.ts';

let arrivals = 0;

async function exportOf(
  devices: readonly TestDevice[],
  counter: string,
  frames: readonly [TestDevice, Uint8Array][],
) {
  await using folder = await tempFolder('export');
  const opened = await openStorage(folder.path);
  try {
    const { inbox, devices: kiosks } = opened.storage;
    const fences = new Map<TestDevice, number>();
    for (const device of devices) {
      const codeHash = hash('sha256', device.device, 'hex');
      const db = new Database(databaseFile(folder.path));
      db.prepare(
        "INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at) VALUES (?, 'kiosk', ?, ?)",
      ).run(codeHash, counter, Number.MAX_SAFE_INTEGER);
      db.close();
      const at = 1;
      await kiosks.enrol({ codeHash, device: device.device, publicKey: device.publicKey, build: 't', at });
      const hello = await inbox.hello({ device: device.device, epochs: [], checkpoint: null, at });
      fences.set(device, hello!.fence);
    }
    for (const [device, frame] of frames) {
      const fence = fences.get(device)!;
      await inbox.recordBatch({ device: device.device, fence, frame, receivedAt: ++arrivals * 1_000 });
    }
    await inbox.project();
    const reader = openReader(folder.path);
    const lines = [...ratingLines(reader)];
    reader.close();
    return lines;
  } finally {
    await opened.close();
  }
}

test('two hubs that were fed the same chains in another order export the same bytes', async () => {
  const place = newPlace();
  const [one, two] = [new TestDevice(), new TestDevice()];
  const first = one.start(place);
  one.serve(first, place, { level: 4 });
  one.anchor(first, Date.UTC(2026, 10, 1));
  one.serve(first, place, { level: null });
  const second = one.start(place, first);
  one.serve(second, place, { level: 1 });
  const other = two.start(place);
  two.serve(other, place, { level: 2 });
  const frames: [TestDevice, Uint8Array][] = [
    [one, one.batch(first, 1, 4)],
    [one, one.batch(first, 5)],
    [one, one.batch(second)],
    [two, two.batch(other)],
  ];
  const straight = await exportOf([one, two], place.counter, frames);
  const mixed = await exportOf([two, one], place.counter, [frames[3]!, frames[2]!, frames[0]!, frames[1]!]);
  expect(mixed.join('')).toBe(straight.join(''));
  const rows = straight.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map(({ overall, month, counts }) => [overall, month, counts]).sort()).toEqual(
    [
      ...[1, 4].map((level) => [level, '2026-11', true]),
      ...[[2, '2026-11', true]],
      ...[[null, '2026-11', false]],
    ].sort(),
  );
  const keys = rows.map(({ device, epoch, seq }) => `${device} ${epoch} ${String(seq).padStart(9, '0')}`);
  expect(keys).toEqual([...keys].sort());
  expect(straight.join('')).not.toContain('received');
});
