/*
 * A bad rating that names no turn keeps its counter's footage: from a kiosk's own chain on real storage, through projecting, the list,
 * the log, a map set right afterwards, and its lapse.
 */
import type { EventBody } from '@hailong/shared/model/event.ts';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { walkupHolds } from '../../../hub-server/src/adapters/sqlite/migrations/047-walkup-holds.ts';
import { migrations } from '../../../hub-server/src/adapters/sqlite/migrations/index.ts';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { changeCameraMap } from '../../../hub-server/src/application/directory/change-camera-map.ts';
import { saveCamera } from '../../../hub-server/src/application/directory/save-directory.ts';
import { heldWindow, walkupFacts } from '../../../hub-server/src/domain/footage/hold.ts';
import { type KeptKiosk, keptHub } from '../../support/kept-hub.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { walkup } from '../../support/test-device.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SERVICE_MAX_MS = 4 * HOUR;
const GOOD = '019aaaaa-0000-7000-8000-00000000e003';
const BAD = '019aaaaa-0000-7000-8000-00000000e001';
const LATER = '019aaaaa-0000-7000-8000-00000000e002';

it('reaches back like a service that nobody saw begin, and to the end of its prompt', () => {
  const at = 100 * DAY;
  const prompt = 30_000 + 3_000;
  expect(heldWindow({ facts: walkupFacts(at, 30_000), boundMs: 500 })).toEqual({
    from: at - SERVICE_MAX_MS - 10_000 - 500,
    to: at + prompt + 10_000 + 500,
  });
  // Nothing says when: an hour more at both ends.
  expect(heldWindow({ facts: walkupFacts(at, 30_000), boundMs: null })).toEqual({
    from: at - SERVICE_MAX_MS - 10_000 - HOUR,
    to: at + prompt + 10_000 + HOUR,
  });
});

it('a bad walk-up is held by itself, names no turn and nobody, and lapses by itself', async (context) => {
  await using folder = await tempFolder('hold-walkups');
  await using kept = await keptHub(folder.path);
  const { admin, storage, clock } = kept.hub;
  const kiosk = await kept.enrol();
  const camera = await saveCamera(admin, {
    ...{ id: null, actor: 'test' },
    value: {
      ...{ name: 'Camera quầy 1', address: 'rtsp://127.0.0.1/1', user: '', latencyMs: 2_000, active: true },
      ...{ counterIds: [], retentionDays: 30 },
    } as never,
  });
  const db = openWriter(folder.path);
  context.onTestFinished(() => void db.close());
  anchor(kept, kiosk, clock.now() - 6 * HOUR);
  for (const body of [...walkup(kiosk.place.counter, 3, GOOD), ...walkup(kiosk.place.counter, 2, BAD)])
    kiosk.device.append(kiosk.chains[0]!, body);
  anchor(kept, kiosk, clock.now() - 5 * HOUR);
  await kept.sync(kiosk);
  const orders = () => storage.holds.orders({ at: clock.now() });
  const keep = async () => {
    while (await storage.holds.keep({ at: clock.now() }));
  };
  const log = async () =>
    (await storage.access.audit({ before: null, limit: 100 }))
      .filter(({ action }) => action.startsWith('hold.'))
      .map(({ action, actor, object }) => [action, actor, object]);
  // It waits to be held: nobody can say what is reported.
  expect((await orders()).cameras).toBeNull();
  await keep();
  // No camera looked at this counter, as far as the map knows.
  expect(await orders()).toMatchObject({ holds: [], cameras: [{ camera }] });

  // Somebody says that it did.
  await changeCameraMap(admin, {
    ...{ cameraId: camera, actor: 'test' },
    change: { counterId: kiosk.place.counter, was: null, from: clock.now() - 9 * DAY, to: null } as never,
  });
  expect((await orders()).cameras).toBeNull();
  await keep();
  const { at, bound } = db
    .prepare<[string], { at: number; bound: number }>(
      'SELECT opened_at AS at, opened_bound AS bound FROM walkup WHERE id = ?',
    )
    .get(BAD)!;
  expect(bound).toBeLessThan(MINUTE);
  const held = [
    {
      camera,
      from: at - SERVICE_MAX_MS - 10_000 - bound,
      to: at + 30_000 + 3_000 + 10_000 + bound + 2_000,
    },
  ];
  expect((await orders()).holds).toEqual(held);
  expect(await log()).toEqual([['hold.placed', 'hub', `walkup:${BAD}`]]);
  const { holds } = await storage.holds.list({
    ...{ readerId: 'nobody', at: clock.now(), kind: 'rating', after: null, limit: 10, isCounted: false },
  });
  expect(holds).toMatchObject([
    {
      ...{ id: `walkup:${BAD}`, kind: 'rating', state: 'living', owner: null, case: null },
      ...{ transactionId: null, walkup: { counter: '1', at } },
      ...{ cameras: [{ id: camera, name: 'Camera quầy 1' }], until: expect.any(Number) },
    },
  ]);

  // Told again by projecting: nothing new; over: it stays over.
  await storage.inbox.rebuild();
  await keep();
  expect((await orders()).holds).toEqual(held);
  expect(await storage.holds.lapse({ at: clock.now() + 29 * DAY })).toBe(0);
  expect(await storage.holds.lapse({ at: clock.now() + 30 * DAY + MINUTE })).toBe(1);
  expect((await log())[0]).toEqual(['hold.lapsed', 'hub', `walkup:${BAD}`]);

  // A chain that goes on: the next one is held by itself, that one no more.
  for (const body of walkup(kiosk.place.counter, 1, LATER)) kiosk.device.append(kiosk.chains[0]!, body);
  await kept.sync(kiosk);
  await keep();
  expect((await log())[0]).toEqual(['hold.placed', 'hub', `walkup:${LATER}`]);
});

it('those from before the upgrade are held too, an hour more around', () => {
  const db = new Database(':memory:');
  db.exec(
    "CREATE TABLE instrument (id TEXT, version INTEGER, content TEXT); INSERT INTO instrument VALUES ('i',1,'{\"closeAfterMs\":30000}')",
  );
  db.exec(
    "CREATE TABLE hold_rule (kind TEXT, level_max INTEGER); INSERT INTO hold_rule VALUES ('rating', 2)",
  );
  const before = migrations.find(({ version }) => version === 19)!.sql;
  db.exec(/CREATE TABLE walkup \([\s\S]*?WITHOUT ROWID;/.exec(before)![0]);
  const vote = (level: number, attempt: number) => ({
    id: `v${attempt}`,
    question: 'overall',
    attempt,
    level,
  });
  const add = (id: string, votes: object[]) =>
    db
      .prepare(
        "INSERT INTO walkup (id, month, counter_id, instrument_id, version, opened_at, opened_event, votes) VALUES (?,?,'c','i',1,5,1,?)",
      )
      .run(id, new Date().toISOString().slice(0, 7), JSON.stringify(votes));
  add('bad', [vote(5, 1), vote(1, 2)]);
  add('mended', [vote(1, 1), vote(5, 2)]);
  add('unanswered', []);
  db.exec(walkupHolds.sql);
  expect(db.prepare('SELECT walkup_id FROM walkup_hold_due').pluck().all()).toEqual(['bad']);
  expect(
    db.prepare('SELECT id, close_after_ms, opened_bound, level FROM walkup ORDER BY id').raw().all(),
  ).toEqual([
    ['bad', 30_000, null, 1],
    ['mended', 30_000, null, 5],
    ['unanswered', 30_000, null, null],
  ]);
});

/** Ties the kiosk's time to the hub's, as its hello does. */
function anchor(kept: Awaited<ReturnType<typeof keptHub>>, { device, chains }: KeptKiosk, at: number): void {
  const nonce = 'neo-thoi-gian-0001';
  device.mono += Math.max(0, at - device.at);
  device.at = at;
  const sig = kept.hub.keys.sign(Buffer.from(`hailong-anchor-v1\n${device.device}\n${nonce}\n${at}`));
  device.append(chains[0]!, {
    type: 'time.anchor',
    hubAt: at,
    rttMs: 20,
    nonce,
    sig,
  } as unknown as EventBody);
}
