/* Where the recorder's clock and the hub's parted, windows and holds cover both places. Real storage. */
import { vietnamMonth } from '@hailong/shared/time.ts';
import type Database from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { buildClip } from '../../../hub-server/src/domain/footage/clip.ts';
import { besideBy, withPlaces } from '../../../hub-server/src/domain/footage/clock-step.ts';
import { NOW, type Office, openOffice } from '../hub-http/office.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TURN = '019aaaaa-0000-7000-8000-00000000b001';
let office: Office;
let db: Database.Database;
let cursor: number;

beforeEach(async () => {
  office = await openOffice();
  const seeded = await office.seed();
  db = openWriter(office.data);
  cursor = 0;
  office.clock.at = NOW + 2 * HOUR;
  db.prepare(
    `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, stage, queue_number, opened_at, opened_event,
       opened_bound, finished_at, finished_bound, month) VALUES (?,?,?,'CB','reception','A011',?,1,50,?,50,?)`,
  ).run(
    ...[TURN, seeded.counters[0], seeded.officers[0], NOW + HOUR - 5 * MINUTE, NOW + HOUR],
    vietnamMonth(NOW),
  );
  db.prepare(
    `INSERT INTO effective_rating (transaction_id, route, overall, criteria, votes, review) VALUES (?, 'kiosk', 1, '{}', '{}', 0)`,
  ).run(TURN);
});
afterEach(async () => {
  db.close();
  await office.close();
});

const ID = uuidv7();
function tell(from: number, to: number | null, shiftMs: number) {
  cursor += 1;
  const step = { id: ID, from: from as never, to: to as never, shiftMs };
  return office.storage.footage.record({
    recorder: 'r',
    facts: [{ cursor, fact: { kind: 'clock.stepped', step } }],
  });
}
const bound = async () => (await office.storage.views.lanes(TURN))?.boundMs;
const held = async () => {
  while (await office.storage.holds.keep({ at: office.clock.at }));
  return (await office.storage.holds.orders({ at: office.clock.at })).holds;
};

it('a turn of that time is looked around for by as much more, and one too far off cannot be placed', async () => {
  await tell(NOW + 2 * HOUR, null, -MINUTE);
  expect(await bound()).toBe(50);
  await tell(NOW, null, -MINUTE);
  expect(await bound()).toBe(50 + MINUTE);
  await tell(NOW, NOW + 2 * HOUR, 61 * MINUTE);
  expect(await bound()).toBeNull();
});

it('what was held before the step was known is held at both places', async () => {
  const [before] = await held();
  await tell(NOW, NOW + 2 * HOUR, 2 * MINUTE);
  const [near] = await held();
  expect([near!.from, near!.to]).toEqual([before!.from, before!.to + 2 * MINUTE]);
  await tell(NOW, NOW + 2 * HOUR, 3 * HOUR);
  const far = await held();
  expect(far.map(({ from, to }) => [from, to])).toEqual([
    [before!.from, before!.to],
    [before!.from + 3 * HOUR, before!.to + 3 * HOUR],
  ]);
});

it('what has moved moves again with the next step, and nothing else does', () => {
  const steps = [
    { from: NOW, to: NOW + HOUR, shiftMs: 100 * HOUR },
    { from: NOW + 100 * HOUR, to: null, shiftMs: MINUTE },
  ];
  const hold = { from: NOW + MINUTE, to: NOW + 2 * MINUTE };
  const moved = { from: hold.from + 100 * HOUR, to: hold.to + 100 * HOUR };
  expect(withPlaces([hold], steps)).toEqual([hold, moved, { ...moved, to: moved.to + MINUTE }]);
  const later = { from: NOW + 2 * HOUR, to: NOW + 3 * HOUR };
  expect(withPlaces([later], steps)).toEqual([later]);
  expect(besideBy(steps, later.from, later.to)).toBe(0);
});

it('what may lie anywhere in an hour is shown, and draws nothing in that lies elsewhere for sure', () => {
  const [vague, sure] = [uuidv7(), uuidv7()];
  const mapping = (run: string, offsetMs: number, boundMs: number) =>
    ({ run, camera: 'c', version: 1, method: 'recovered', offsetMs, latencyMs: 0, boundMs }) as never;
  const segment = (run: string) =>
    ({
      ...{ id: run, camera: 'c', run, file: run, mediaStartMs: 0, mediaEndMs: 4_000, flags: [] },
      deletion: null,
    }) as never;
  const material = {
    ...{ latencyMs: 0, gaps: [], segments: [segment(vague), segment(sure)] },
    mappings: [mapping(vague, NOW - 10 * MINUTE, HOUR), mapping(sure, NOW - 5 * MINUTE, 300)],
  };
  const { pieces } = buildClip(material, { from: NOW, to: NOW + MINUTE }, NOW, NOW + HOUR);
  expect(pieces.map((piece) => piece.segment.run)).toEqual([vague]);
});
