/* What is held of a case's further intervals: each for itself, on real SQLite, by the stores' own operations. */
import Database from 'better-sqlite3';
import { beforeEach, expect, it } from 'vitest';
import { migrate } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { ACT_WORK } from '../../../hub-server/src/adapters/sqlite/stores/act-work.ts';
import { holdsStore } from '../../../hub-server/src/adapters/sqlite/stores/holds-store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 20, 3);
const [COUNTER, CASE] = ['counter-1', 'case-1'];
let db: Database.Database;

beforeEach(() => {
  db = new Database(':memory:');
  migrate(db);
  for (const camera of ['camera-1', 'camera-2'])
    db.prepare(
      `INSERT INTO camera (id, name, address, user, password, retention_days, latency_ms, active)
       VALUES (:camera, :camera, 'rtsp://127.0.0.1/', '', '', 30, 2000, 1)`,
    ).run({ camera });
});

const see = (camera: string, from: number, to: number | null) =>
  db.prepare('INSERT INTO camera_counter VALUES (?,?,?,?)').run(camera, COUNTER, from, to);
const openCase = (from: number, to: number) =>
  db
    .prepare(
      `INSERT INTO case_file (id, number, type, document_number, purpose, transaction_id, assignee_id, assignee_name, status,
         disputed, opened_at, counter_id, from_at, to_at) VALUES (?,'KN-2026-0001','complaint','x','x','','u','An','open',0,?,?,?,?)`,
    )
    .run(CASE, NOW, COUNTER, from, to);
const grant = (id: string, from: number, to: number) =>
  ACT_WORK['wider-interval'].effect(db, { caseId: CASE, from, to } as never, { id, userId: 'u', at: NOW });
const keep = (at = NOW) => {
  while (holdsStore.keep.run(db, { at }));
};
/** Told to the recorder: merged, per camera. */
const held = (at = NOW) =>
  holdsStore.orders.run(db, { at }).holds.map(({ camera, from, to }) => [camera, from - NOW, to - NOW]);

it('holds each interval that a case was given, also one that begins with another and ends later', () => {
  see('camera-1', NOW - 9 * DAY, null);
  openCase(NOW - 2 * DAY, NOW - 2 * DAY + HOUR);
  keep();
  grant('019aaaaa-0000-7000-8000-000000000001', NOW - 10 * HOUR, NOW - 9.5 * HOUR);
  keep();
  grant('019aaaaa-0000-7000-8000-000000000002', NOW - 10 * HOUR, NOW - 6 * HOUR);
  keep();
  expect(held()).toEqual([
    ['camera-1', -2 * DAY - 10_000, -2 * DAY + HOUR + 12_000],
    ['camera-1', -10 * HOUR, -6 * HOUR + 2_000],
  ]);
});
