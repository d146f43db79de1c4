/* Purpose: data that an older program left verifies after its upgrade: what the migrations filled in by guess is folded again, before anybody is accused. */
import type { EventBody } from '@hailong/shared/model/event.ts';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databaseFile, openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { verifyData } from '../../../hub-server/src/adapters/verify/verify-data.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { openHub } from '../../../hub-server/src/commands/open-hub.ts';
import { type KeptKiosk, keptHub } from '../../support/kept-hub.ts';
import { toOlderSchema } from '../../support/older-schema.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { service, walkup } from '../../support/test-device.ts';

test('walk-ups from before their holds are what their events say, once projecting is done', async () => {
  await using folder = await tempFolder('upgraded');
  await using kept = await keptHub(folder.path);
  const kiosk = await kept.enrol();
  for (const body of [
    anchorOf(kept.hub.keys, kiosk),
    ...service(kiosk.place),
    ...walkup(kiosk.place.counter, 2),
  ])
    kiosk.device.append(kiosk.chains[0]!, body);
  // Another closing time than the form has today, and one whose opening lies elsewhere.
  const [opened, , voted] = walkup(kiosk.place.counter, 1) as EventBody[];
  kiosk.device.append(kiosk.chains[0]!, { ...opened, closeAfterMs: 20_000 } as EventBody);
  kiosk.device.append(kiosk.chains[0]!, {
    ...voted,
    rating: '019aaaaa-0000-7000-8000-00000000e00f',
  } as EventBody);
  await kept.sync(kiosk);
  await kept.witness(kiosk);
  await kept.close();
  expect(look(folder.path)).toEqual({ findings: [], pending: false });
  const rows = walkups(folder.path);
  expect(rows).toHaveLength(3);

  toOlderSchema(folder.path, 46);
  // Migrated, and not projected yet.
  openWriter(folder.path).close();
  expect(look(folder.path)).toEqual({ findings: [], pending: true });

  const hub = await openHub(folder.path);
  await hub.storage.inbox.project();
  await hub.close();
  expect(look(folder.path)).toEqual({ findings: [], pending: false });
  expect(walkups(folder.path)).toEqual(rows);
});

function look(dataDir: string) {
  const { findings, unproven } = verifyData({
    ...{ dataDir, files: true, backups: [], witnesses: [], progress: unwatched },
  }).verdict;
  return { findings, pending: unproven.some(({ code }) => code === 'projection.pending') };
}

function walkups(dataDir: string): unknown[] {
  const db = new Database(databaseFile(dataDir), { readonly: true });
  try {
    return db.prepare('SELECT * FROM walkup ORDER BY id').all();
  } finally {
    db.close();
  }
}

/** Ties the kiosk's time to the hub's, as its hello does. */
function anchorOf(keys: { sign(bytes: Uint8Array): string }, { device }: KeptKiosk): EventBody {
  const [nonce, hubAt] = ['neo-thoi-gian-0001', device.at];
  const sig = keys.sign(Buffer.from(`hailong-anchor-v1\n${device.device}\n${nonce}\n${hubAt}`));
  return { type: 'time.anchor', hubAt, rttMs: 20, nonce, sig } as unknown as EventBody;
}
