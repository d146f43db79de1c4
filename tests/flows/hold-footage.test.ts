/*
 * An officer asks at the station that the footage of a turn be kept; the recorder, told over its real line, lets the days pass
 * and deletes what lies around it, by age and for space, until the request lapses by itself. Only time is made.
 */
import { existsSync } from 'node:fs';
import type { CameraId } from '@hailong/shared/ids.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RecorderLink } from '../../hub-server/src/adapters/recorder-link/recorder-link.ts';
import { openWriter } from '../../hub-server/src/adapters/sqlite/open-database.ts';
import { lapseHolds } from '../../hub-server/src/application/footage/lapse-holds.ts';
import { TICK_MS } from '../../hub-server/src/recorder/application/record-office.ts';
import { poll } from '../support/poll.ts';
import { listenForRecorder, recorderOn } from '../support/recorder-line.ts';
import { NOW, type Office, openOffice } from '../unit/hub-http/office.ts';
import { openParts, type Parts } from '../unit/recorder/parts.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
const TURN = '019aaaaa-0000-7000-8000-00000000a001';
const COLLEAGUES = '019aaaaa-0000-7000-8000-00000000a002';
const GOING_ON = '019aaaaa-0000-7000-8000-00000000a003';
const BLIND = '019aaaaa-0000-7000-8000-00000000a004';

let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let link: RecorderLink;
let parts: Parts;

/** Turns as projecting leaves them. */
function addTurns(): void {
  const db = openWriter(office.data);
  const add = (id: string, officer: string, counter: string, finished: number | null) =>
    db
      .prepare(
        `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, stage, queue_number, opened_at,
           opened_event, opened_bound, finished_at, finished_bound, month) VALUES (?,?,?,'CB','reception','A011',?,1,50,?,50,?)`,
      )
      .run(id, counter, officer, NOW + HOUR, finished, finished === null ? null : vietnamMonth(finished));
  const [lan, nam] = seeded.officers;
  add(TURN, lan, seeded.counters[0], NOW + HOUR + 5 * MINUTE);
  add(COLLEAGUES, nam, seeded.counters[0], NOW + HOUR + 5 * MINUTE);
  add(GOING_ON, lan, seeded.counters[0], null);
  add(BLIND, lan, seeded.counters[1], NOW + HOUR + 5 * MINUTE);
  db.close();
}

beforeEach(async () => {
  office = await openOffice();
  seeded = await office.seed();
  addTurns();
  parts = await openParts();
  link = await listenForRecorder(office);
  office.recorder.holdsChanged = () => link.holdsChanged();
});
afterEach(async () => {
  await link.close();
  await parts[Symbol.asyncDispose]();
  await office.close();
});

/** Minutes of the recorder pass until it has deleted the file; what the hub orders takes real time on its way. */
const deleted = (file: string): Promise<boolean> =>
  poll(
    async () => {
      await parts.time.pass(TICK_MS);
      return !existsSync(parts.files.path(file));
    },
    { what: `the end of ${file}` },
  );

it('keeps the footage of an own turn through age and want of space, until the request lapses', async () => {
  const camera = seeded.cameraId as CameraId;
  const kept = await parts.keep(camera, NOW + HOUR + 2 * MINUTE);
  const after = await parts.keep(camera, NOW + HOUR + 30 * MINUTE);
  office.clock.at = parts.time.at = NOW + 2 * HOUR;
  const officer = await office.officer(seeded.counters[0], 'CB001');
  const recorder = recorderOn(link, parts);
  await recorder.recorder.start();
  recorder.open();
  await poll(() => recorder.told() === 1, { what: 'the first holds' });

  const listed = (await officer.call('GET', '/api/v1/station/turns')).json();
  expect(listed).toMatchObject({ withinDays: 7, days: 30 });
  expect(listed.turns.map((each: { transactionId: string }) => each.transactionId)).toEqual([TURN]);
  const answer = await officer.call('POST', '/api/v1/station/hold', { transactionId: TURN });
  expect([answer.statusCode, answer.json()]).toEqual([200, { until: office.clock.at + 30 * DAY }]);
  await poll(() => recorder.told() === 2, { what: 'the hold' });

  // Space is wanted for all but 1,500 bytes: one of two files goes, and it is not the older one.
  recorder.limits.budgetBytes = 1_500;
  await deleted(after);
  expect(existsSync(parts.files.path(kept))).toBe(true);
  recorder.limits.budgetBytes = null;
  // Past the camera's 30 days, not yet past the request's.
  const beside = await parts.keep(camera, NOW + HOUR + 20 * MINUTE);
  office.clock.at = parts.time.at = NOW + 30 * DAY + HOUR + 30 * MINUTE;
  // Nothing gets old before the hub says what time it is.
  await link.holdsKept();
  await poll(() => recorder.told() === 3, { what: 'the time' });
  await deleted(beside);
  expect(existsSync(parts.files.path(kept))).toBe(true);

  const job = lapseHolds(office.storage.holds, link, { now: async () => office.clock.at });
  await job.run(job.dueAt(office.clock.at));
  expect(recorder.told()).toBe(3);
  office.clock.at = parts.time.at = NOW + 30 * DAY + 3 * HOUR;
  await job.run(job.dueAt(office.clock.at));
  await poll(() => recorder.told() === 4, { what: 'the end of the hold' });
  await deleted(kept);
  const log = await office.storage.access.audit({ before: null, limit: 20 });
  expect(log.filter((row) => row.action.startsWith('hold.')).map((row) => [row.action, row.actor])).toEqual([
    ['hold.lapsed', 'hub'],
    ['hold.requested', `officer:${seeded.officers[0]}`],
  ]);
  await recorder.recorder.stop();
  await recorder.hub.close(100);
});

it('answers from the request alone: twice the same date, whatever else is held, and refuses what is not one’s own', async () => {
  office.clock.at = NOW + 2 * HOUR;
  const officer = await office.officer(seeded.counters[0], 'CB001');
  const ask = async (transactionId: string) => {
    const answer = await officer.call('POST', '/api/v1/station/hold', { transactionId });
    return [answer.statusCode, answer.json().code ?? answer.json().until];
  };
  const db = openWriter(office.data);
  db.prepare(
    `INSERT INTO footage_hold (id, request, kind, subject, camera_id, from_at, to_at, asked_by, asked_at, until)
     VALUES ('x','x','case',?,?,?,?,'user',1,?)`,
  ).run(TURN, seeded.cameraId, NOW, NOW + DAY, NOW + 90 * DAY);
  const first = await ask(TURN);
  expect(first).toEqual([200, office.clock.at + 30 * DAY]);
  office.clock.at += MINUTE;
  expect(await ask(TURN)).toEqual(first);
  expect(db.prepare("SELECT count(*) AS n FROM footage_hold WHERE kind = 'officer'").get()).toEqual({ n: 1 });
  db.close();
  expect(await ask(COLLEAGUES)).toEqual([403, 'access.refused']);
  expect(await ask(GOING_ON)).toEqual([409, 'hold.not_finished']);
  expect(await ask(BLIND)).toEqual([409, 'hold.no_camera']);
  expect(await ask('019aaaaa-0000-7000-8000-00000000dead')).toEqual([409, 'intent.unknown_transaction']);
  office.clock.at += 8 * DAY;
  const back = await office.officer(seeded.counters[0], 'CB001');
  const late = await back.call('POST', '/api/v1/station/hold', { transactionId: TURN });
  expect([late.statusCode, late.json().code]).toEqual([409, 'hold.too_late']);
});
