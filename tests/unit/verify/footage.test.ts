/*
 * What a check outside the hub finds of footage: a changed hash, a deleted row, a mark that no row of the log made, a file that
 * is gone, changed or strange. Real rows, log, keys and files.
 */
import { hash, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { verifyData } from '../../../hub-server/src/adapters/verify/verify-data.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { openIndex } from '../../../hub-server/src/recorder/adapters/sqlite-index.ts';
import { NOW, openLog } from '../hub-log/kit.ts';

const CAMERA = '0197b000-0000-7000-8000-00000000000a';
const RUN = '0197c000-0000-7000-8000-00000000000b';
let log: Awaited<ReturnType<typeof openLog>>;
let cursor: number;
const ids: string[] = [];

const pathOf = (file: string) => join(log.dir, 'footage', 'segments', file);
function put(file: string, text: string): void {
  mkdirSync(dirname(pathOf(file)), { recursive: true });
  writeFileSync(pathOf(file), text);
  utimesSync(pathOf(file), NOW / 1000, NOW / 1000);
}
const record = (...facts: unknown[]) =>
  log.storage.footage.record({
    recorder: 'r',
    facts: facts.map((fact) => ({ cursor: ++cursor, fact: fact as FootageFact })),
  });
const nameOf = (n: number) => `${CAMERA}/${RUN}/${String(n).padStart(6, '0')}.mp4`;

beforeEach(async () => {
  log = await openLog();
  cursor = 0;
  ids.length = 0;
  for (let n = 0; n < 4; n += 1) {
    const [id, text] = [randomUUID(), `film ${n}`];
    ids.push(id);
    put(nameOf(n), text);
    const segment = {
      ...{
        id,
        camera: CAMERA,
        run: RUN,
        file: nameOf(n),
        mediaStartMs: n * 4_000,
        mediaEndMs: n * 4_000 + 4_000,
      },
      ...{ arrivalAt: NOW + n, arrivalMonoMs: n, bytes: text.length, sha256: hash('sha256', text, 'hex') },
      ...{ codec: 'h264', flags: [] },
    };
    await record({ kind: 'segment.closed', segment });
  }
  await log.sealer.seal();
  await record({ kind: 'segment.deleted', id: ids[3], at: NOW, reason: 'budget' });
  rmSync(pathOf(nameOf(3)));
  await log.sealer.seal();
});
afterEach(() => log.close());

const verdict = (progress = unwatched) =>
  verifyData({ ...{ dataDir: log.dir, files: true, backups: [], witnesses: [], progress } }).verdict;
function found(progress = unwatched): string[] {
  return verdict(progress)
    .findings.filter(
      ({ code, place }) =>
        code.startsWith('footage.') || (code === 'log.contradicts' && place.leaf !== undefined),
    )
    .map(({ code, detail }) => (detail === undefined ? code : `${code} ${detail}`));
}
const change = (sql: string) => log.raw((db) => db.exec(sql));

test('holds as it is', () => expect(found()).toEqual([]));

test.each([
  [
    'a changed hash',
    () => `UPDATE segment SET sha256 = '${'0'.repeat(64)}' WHERE id = '${ids[0]}'`,
    'log.contradicts',
  ],
  ['a deleted row', () => `DELETE FROM segment WHERE id = '${ids[0]}'`, 'log.contradicts'],
  [
    'a deletion taken back',
    () => `UPDATE segment SET deleted_at = NULL WHERE id = '${ids[3]}'`,
    'log.contradicts deleted',
  ],
  [
    'another reason',
    () => `UPDATE segment SET deleted_reason = 'lost' WHERE id = '${ids[3]}'`,
    'log.contradicts deleted',
  ],
  [
    'a mark that no row made',
    () =>
      `UPDATE segment SET deleted_at = 1, deleted_reason = 'expired', deletion_logged_in = 999 WHERE id = '${ids[0]}'`,
    'log.contradicts deletion_logged_in',
  ],
])('%s is found', (_what, sql, code) => {
  change(sql());
  expect(found()).toContain(code);
});

test('files that are gone, changed, longer, strange or should be gone are named; what was just written is left alone', () => {
  rmSync(pathOf(nameOf(0)));
  put(nameOf(1), 'felm 1');
  put(nameOf(2), 'film 2 and more');
  put(nameOf(3), 'film 3');
  put(`${CAMERA}/${RUN}/000009.mp4`, 'strange');
  put(`${CAMERA}-x/y.mp4`, 'stranger');
  writeFileSync(pathOf(`${CAMERA}/${RUN}/000010.mp4`), 'being written');
  const codes = found();
  expect(codes.filter((code) => code.startsWith('footage.')).sort()).toEqual([
    ...['footage.hash', 'footage.missing', 'footage.orphan', 'footage.orphan', 'footage.orphan deleted'],
    'footage.size 15, not 6',
  ]);
});

const HOUR = 3_600_000;

test('a torn file that the recorder keeps while it is held is a notice of its own, and an orphan without the hold', () => {
  const [torn, other] = [`${CAMERA}/${RUN}/000008.mp4`, `${CAMERA}/${RUN}/000009.mp4`];
  for (const file of [torn, other]) put(file, 'torn');
  const index = openIndex(join(log.dir, 'footage'));
  for (const file of [torn, other])
    index.keepTorn({ file, modifiedAt: NOW, begins: [NOW - 30_000, NOW - 9 * HOUR] });
  index.close();
  // Written since it was read.
  utimesSync(pathOf(other), NOW / 1000 + 1, NOW / 1000 + 1);
  const held = () => {
    const { findings, unproven } = verdict();
    const names = (list: typeof findings | typeof unproven, code: string) =>
      list.flatMap((each) => (each.code === code ? [each.place.file?.slice(-10)] : []));
    return [names(unproven, 'footage.torn_held'), names(findings, 'footage.orphan')];
  };
  expect(held()).toEqual([[], ['000008.mp4', '000009.mp4']]);
  const span = (from: number, to: number) =>
    `INSERT INTO footage_hold (id, request, kind, camera_id, from_at, to_at, asked_at, asked_by, until)
     VALUES ('${randomUUID()}', '${randomUUID()}', 'manual', '${CAMERA}', ${from}, ${to}, ${NOW}, 'an', ${NOW + HOUR})`;
  change(span(NOW - 10 * HOUR, NOW - 9.5 * HOUR));
  expect(held()).toEqual([[], ['000008.mp4', '000009.mp4']]);
  // By where its run is placed.
  change(span(NOW - 10 * HOUR, NOW - 9 * HOUR));
  expect(held()).toEqual([['000008.mp4'], ['000009.mp4']]);
  change(`UPDATE footage_hold SET ended_at = ${NOW}`);
  expect(held()).toEqual([[], ['000008.mp4', '000009.mp4']]);
});

test('what a hub beside the check records or lets go after its snapshot is not accused', () => {
  const began = Date.now();
  put(`${CAMERA}/${RUN}/000009.mp4`, 'strange');
  // The parts before footage take hours, and the hub goes on meanwhile.
  let gone = false;
  const end = (): void => {
    if (gone) return;
    gone = true;
    vi.setSystemTime(began + 3 * HOUR);
    change(`INSERT INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes,
        sha256, codec, flags) SELECT '${randomUUID()}', camera_id, run, '${nameOf(7)}', media_start_ms, media_end_ms,
        arrival_at + ${HOUR}, arrival_mono_ms, bytes, sha256, codec, flags FROM segment WHERE id = '${ids[0]}'`);
    put(nameOf(7), 'film 0');
    utimesSync(pathOf(nameOf(7)), (began + HOUR) / 1000, (began + HOUR) / 1000);
  };
  vi.useFakeTimers({ toFake: ['Date'], now: began });
  try {
    expect(found({ ...unwatched, end })).toEqual(['footage.orphan']);
  } finally {
    vi.useRealTimers();
  }
});
const DAY = 24 * HOUR;
const say = (action: string, object: string, body: object, at: number) =>
  log.storage.access.record({ audit: { at, actor: 'hub', action, object, reason: null, body } } as never);
const hold = (at: number) =>
  say(
    'hold.placed',
    'case:KN-1',
    {
      hold: 'case:1',
      kind: 'case',
      cameras: [CAMERA],
      windows: [{ from: NOW - HOUR, to: NOW + HOUR }],
      until: null,
    },
    at,
  );
/** As somebody with the database does it: the row says so, the file is gone, and the next minute signs it. */
async function vanish(reason: string, at: number, now = at): Promise<void> {
  change(`UPDATE segment SET deleted_at = ${at}, deleted_reason = '${reason}' WHERE id = '${ids[0]}'`);
  rmSync(pathOf(nameOf(0)));
  log.clock.at = now;
  await log.sealer.seal();
}
/** Without the camera itself, which only the log has here. */
const ofFootage = () => found().filter((code) => code.startsWith('footage.'));
const unproven = () => verdict().unproven.map(({ code }) => code);

test('footage that went as expired before its days were over is named, by what the log said of the camera', async () => {
  await say('camera.saved', `camera:${CAMERA}`, { retentionDays: 30 }, NOW - 40 * DAY);
  await vanish('expired', NOW + DAY);
  expect(ofFootage()).toEqual(['footage.deleted_early']);
});

test('footage that went after its days is not named, also where the days were made fewer by then', async () => {
  await say('camera.saved', `camera:${CAMERA}`, { retentionDays: 30 }, NOW - 40 * DAY);
  await say('camera.saved', `camera:${CAMERA}`, { retentionDays: 7 }, NOW + DAY);
  await vanish('expired', NOW + 8 * DAY);
  expect(ofFootage()).toEqual([]);
});

test.each(['expired', 'budget', 'budget-unreported'])(
  'held footage that went as %s is named',
  async (reason) => {
    await hold(NOW + HOUR);
    await vanish(reason, NOW + 40 * DAY);
    expect(found()).toEqual(['footage.deleted_held']);
  },
);

test('held footage that was found gone is named, and stays so', async () => {
  await hold(NOW + HOUR);
  await vanish('lost', NOW + 40 * DAY);
  expect(found()).toEqual(['footage.lost_held']);
  await say('hold.lapsed', 'case:KN-1', { hold: 'case:1', until: NOW + 50 * DAY }, NOW + 50 * DAY);
  expect(found()).toEqual(['footage.lost_held']);
});

test('footage that was found gone unheld is told apart from what retention deleted', async () => {
  await vanish('lost', NOW + DAY);
  expect(found()).toEqual([]);
  expect(
    verdict()
      .unproven.filter(({ code }) => code === 'footage.lost' || code === 'footage.deleted')
      .map(({ code, detail }) => [code, detail]),
  ).toEqual([
    ['footage.lost', '1'],
    ['footage.deleted', '1'],
  ]);
});

test('a second row of one file that a repair gave up is no loss, but a file with other pictures in its place is', async () => {
  await hold(NOW + HOUR);
  const twin = (sha256: string) =>
    `INSERT INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes, sha256,
       codec, flags) SELECT '${randomUUID()}', camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes,
       ${sha256}, codec, flags FROM segment WHERE id = '${ids[0]}'`;
  change(twin('sha256'));
  change(`UPDATE segment SET deleted_at = ${NOW + DAY}, deleted_reason = 'lost' WHERE id = '${ids[0]}'`);
  log.clock.at = NOW + DAY;
  await log.sealer.seal();
  expect(found()).toEqual([]);
  expect(unproven()).not.toContain('footage.lost');
  change(
    `UPDATE segment SET sha256 = '${'0'.repeat(64)}' WHERE file = '${nameOf(0)}' AND deleted_at IS NULL`,
  );
  expect(found()).toContain('footage.lost_held');
});

test('a deletion dated back before its hold is named by when the log heard of it', async () => {
  await hold(NOW + HOUR);
  await vanish('budget', NOW + 60_000, NOW + 2 * HOUR);
  expect(found()).toEqual(['footage.deleted_held']);
  expect(unproven()).toContain('footage.deletion_late');
});

test('footage whose hold had ended, or began while it went, is not named', async () => {
  await hold(NOW + HOUR);
  await say('hold.lapsed', 'case:KN-1', { hold: 'case:1', until: NOW + DAY }, NOW + DAY);
  await vanish('budget', NOW + 2 * DAY);
  expect(found()).toEqual([]);
  expect(unproven()).not.toContain('footage.deletion_late');
});
