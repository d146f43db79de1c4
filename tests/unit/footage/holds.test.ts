/*
 * What the hub holds by itself, and what it tells the recorder of it: bad ratings, open cases, reports of kiosks. Turns and
 * ratings are rows as projecting leaves them, on real storage.
 */
import { randomUUID } from 'node:crypto';
import { effectiveForm } from '@hailong/shared/counter/effective-form.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { holdByMap } from '../../../hub-server/src/adapters/sqlite/stores/holds/hold-map.ts';
import {
  loadTransaction,
  saveTransaction,
} from '../../../hub-server/src/adapters/sqlite/stores/inbox/transaction-rows.ts';
import { saveForm } from '../../../hub-server/src/adapters/sqlite/stores/inbox/walkup-rows.ts';
import { atMost } from '../../../hub-server/src/domain/footage/held-intervals.ts';
import {
  mergedUnreported,
  REPORT_MARGIN_MS,
  unreportedOf,
} from '../../../hub-server/src/domain/footage/reported-rule.ts';
import { SEED_INSTRUMENTS } from '../../../hub-server/src/domain/ratings/seed-instruments.ts';
import { NOW, type Office, openOffice } from '../hub-http/office.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TURN = '019aaaaa-0000-7000-8000-00000000b001';
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let db: Database.Database;

async function openIt(): Promise<void> {
  office = await openOffice();
  seeded = await office.seed();
  db = openWriter(office.data);
  office.clock.at = NOW + 2 * HOUR;
}
async function closeIt(): Promise<void> {
  db.close();
  await office.close();
}

function addTurn(id: string, finished: number, boundMs: number | null = 50): void {
  db.prepare(
    `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, stage, queue_number, opened_at, opened_event,
       opened_bound, finished_at, finished_bound, month) VALUES (?,?,?,'CB','reception','A011',?,1,?,?,?,?)`,
  ).run(
    id,
    seeded.counters[0],
    seeded.officers[0],
    finished - 300_000,
    boundMs,
    finished,
    boundMs,
    vietnamMonth(finished),
  );
}
const SEGMENT = '019aaaaa-0000-7000-8000-00000000d001';
const addSegment = (arrivalAt: number) =>
  db
    .prepare(
      `INSERT INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes, sha256, codec, flags)
       VALUES (?,?,'r','a.mp4',0,4000,?,1,9,'x','h264','[]')`,
    )
    .run(SEGMENT, seeded.cameraId, arrivalAt);
const rate = (id: string, overall: number) =>
  db
    .prepare(
      `INSERT OR REPLACE INTO effective_rating (transaction_id, route, overall, criteria, votes, review) VALUES (?, 'kiosk', ?, '{}', '{}', 0)`,
    )
    .run(id, overall);
const keep = async () => {
  while (await office.storage.holds.keep({ at: office.clock.at }));
};
const orders = () => office.storage.holds.orders({ at: office.clock.at });
const log = async () =>
  (await office.storage.access.audit({ before: null, limit: 100 }))
    .filter(({ action }) => action.startsWith('hold.'))
    .map(({ action, object }) => [action, object]);

describe('a turn whose times change after it was held', () => {
  beforeEach(openIt);
  afterEach(closeIt);
  /** What it holds beyond the opening's padding and the end's, ms around the finish. */
  const spans = async () => (await orders()).holds.map(({ from, to }) => [from - NOW, to - NOW]);
  const openCase = (id: string, status: string, closedAt: number | null) =>
    db
      .prepare(
        `INSERT INTO case_file (id, number, type, document_number, purpose, transaction_id, assignee_id, assignee_name, status,
           disputed, opened_at, closed_at) VALUES (:id,:id,'complaint','x','x',:turn,'u','An',:status,0,:at,:closedAt)`,
      )
      .run({ id, turn: TURN, status, at: NOW, closedAt });
  /** As an anchor moves it. */
  const move = (by: number, bound: number) => {
    const before = loadTransaction(db, TURN)!;
    const { opened, finished } = before;
    saveTransaction(db, before, {
      ...before,
      opened: opened && { ...opened, at: opened.at + by, bound },
      finished: finished && { ...finished, at: finished.at + by, bound },
    });
  };
  const WAS = [-300_000 - 10_000 - HOUR, 10_000 + HOUR + 2_000];

  it.each(['case', 'closed case', 'officer', 'rating'])(
    '%s: it goes along, and only gets wider',
    async (kind) => {
      addTurn(TURN, NOW, null);
      const day = {
        case: null,
        'closed case': NOW + 30 * DAY,
        officer: NOW + 2 * HOUR + 30 * DAY,
        rating: NOW + 2 * HOUR + 30 * DAY,
      };
      if (kind === 'officer')
        await office.storage.holds.request({
          ...{ id: 'ask', transactionId: TURN, officerId: seeded.officers[0], at: office.clock.at },
        } as never);
      else if (kind === 'rating') rate(TURN, 1);
      else openCase('KN-1', 'open', null);
      await keep();
      if (kind === 'closed case')
        db.prepare("UPDATE case_file SET status = 'closed', closed_at = ?").run(NOW);
      await keep();
      expect(await spans()).toEqual([WAS]);
      const rows = (await log()).length;
      move(7 * HOUR, 50);
      // What was filmed then is not reported before it is held.
      expect((await orders()).cameras).toBeNull();
      await keep();
      expect((await orders()).cameras).not.toBeNull();
      const wide = [WAS[0], 7 * HOUR + 10_050 + 2_000];
      expect(await spans()).toEqual([wide]);
      expect((await log()).slice(0, -rows)).toEqual([
        ['hold.placed', kind.endsWith('case') ? 'case:KN-1' : `transaction:${TURN}`],
      ]);
      expect(db.prepare('SELECT DISTINCT until FROM footage_hold').pluck().all()).toEqual([
        day[kind as keyof typeof day],
      ]);
      // And back: nothing is let go, nothing is logged.
      move(-7 * HOUR, 50);
      await keep();
      expect([await spans(), (await log()).length]).toEqual([[wide], rows + 1]);
    },
  );

  it('a prompt and a press that come after the hold are in it', async () => {
    addTurn(TURN, NOW);
    openCase('KN-1', 'open', null);
    await keep();
    const before = loadTransaction(db, TURN)!;
    const opened = {
      at: NOW,
      bound: 50,
      event: 5,
      instrumentId: 'i',
      instrumentVersion: 1,
      by: 'officer',
    } as const;
    saveTransaction(db, before, {
      ...before,
      prompt: { ratingId: 'r', opened: { ...opened, closeAfterMs: 60_000, shown: true }, closed: null },
    });
    await keep();
    expect(await spans()).toEqual([[-310_050, 60_000 + 3_000 + 10_050 + 2_000]]);
    db.prepare(
      `INSERT INTO stray_press (event_id, device, rating_id, button, reason, at) VALUES (9, 'd', 'r', 1, 'late', ?)`,
    ).run(NOW + 200_000);
    await keep();
    expect(await spans()).toEqual([[-310_050, 200_000 + 10_050 + 2_000]]);
  });

  it('what two people ended stays ended', async () => {
    addTurn(TURN, NOW, null);
    openCase('KN-1', 'open', null);
    await keep();
    db.prepare("UPDATE footage_hold SET ended_at = ?, ended_by = 'act'").run(NOW);
    move(7 * HOUR, 50);
    await keep();
    expect(await spans()).toEqual([]);
  });
});

describe('a bad rating', () => {
  beforeEach(openIt);
  afterEach(closeIt);
  it('is held as an inspector would see it, once, and lapses by itself', async () => {
    addTurn(TURN, NOW + HOUR);
    rate(TURN, 2);
    // Facts wait to be held: nobody can say what is reported.
    expect((await orders()).cameras).toBeNull();
    await keep();
    const camera = { camera: seeded.cameraId };
    const { holds, cameras } = await orders();
    // 10 s before, 10 s after; the kiosk's bound at both ends; the camera's latency at the end.
    expect(holds).toEqual([
      { ...camera, from: NOW + HOUR - 300_000 - 10_050, to: NOW + HOUR + 10_050 + 2_000 },
    ]);
    expect(cameras).toEqual([{ camera: seeded.cameraId, unreported: [] }]);
    rate(TURN, 1);
    await keep();
    expect(await log()).toEqual([['hold.placed', `transaction:${TURN}`]]);
    office.clock.at += 30 * DAY;
    // Its time is over, and no row of the log says so yet.
    expect((await orders()).holds).toHaveLength(1);
    const rows = () => office.storage.segments.rowsOf({ ids: [SEGMENT as never] });
    addSegment(NOW + HOUR);
    expect(await rows()).toMatchObject([{ held: true }]);
    await office.storage.holds.lapse({ at: office.clock.at });
    expect((await orders()).holds).toEqual([]);
    expect(await rows()).toMatchObject([{ held: false }]);
    // Projected again: what lapsed stays lapsed.
    rate(TURN, 1);
    await keep();
    expect((await orders()).holds).toEqual([]);
    expect((await log())[0]).toEqual(['hold.lapsed', `transaction:${TURN}`]);
  });

  it('is dated by its turn where the machine’s clock stands behind', async () => {
    addTurn(TURN, NOW + HOUR);
    rate(TURN, 1);
    office.clock.at = NOW - 2_000 * DAY;
    await keep();
    const until = () => db.prepare('SELECT until FROM footage_hold').pluck().get();
    const end = NOW + HOUR + 10_050;
    expect(until()).toBe(end + 30 * DAY);
    office.clock.at = NOW + 2 * HOUR;
    await office.storage.holds.lapse({ at: office.clock.at });
    expect((await orders()).holds).toHaveLength(1);
  });

  it('is not too old by a clock that stands ahead, and its date is by the time that holds go by', async () => {
    addTurn(TURN, NOW + HOUR);
    rate(TURN, 1);
    await office.storage.holds.keep({ at: NOW + 900 * DAY, aged: NOW + 2 * HOUR });
    expect(db.prepare('SELECT until FROM footage_hold').pluck().all()).toEqual([NOW + 2 * HOUR + 30 * DAY]);
  });

  it('is a level as the rule says, and one of a kiosk without an anchor is held generously', async () => {
    const [bad, fair] = [TURN, TURN.replace('b001', 'b002')];
    addTurn(bad, NOW + HOUR, null);
    addTurn(fair, NOW + HOUR);
    rate(fair, 3);
    rate(bad, 1);
    await keep();
    const { holds } = await orders();
    expect(holds).toHaveLength(1);
    expect(holds[0]!.to - holds[0]!.from).toBeGreaterThan(2 * HOUR);
    db.exec("UPDATE hold_rule SET level_max = 3 WHERE kind = 'rating'");
    rate(fair, 3);
    await keep();
    expect((await log()).length).toBe(2);
  });
});

describe('a form of criteria', () => {
  const form = SEED_INSTRUMENTS.find(({ kind }) => kind === 'form')!;
  const answer = (id: string, answers: Record<string, number>) => {
    const votes = Object.entries(answers).map(([question, level], n) => ({
      ...{ route: 'counter' as const, vote: `v${n}`, question, level: level as never, attempt: 1 },
    }));
    saveForm(db, id, effectiveForm(form, votes));
  };
  beforeEach(openIt);
  afterEach(closeIt);

  it('is held where an answer is the one worth least, and where the map comes to know of a camera', async () => {
    const [bad, fair] = [TURN, TURN.replace('b001', 'b002')];
    addTurn(bad, NOW + HOUR);
    addTurn(fair, NOW + HOUR);
    answer(fair, { tieu_chi_1: 3, tieu_chi_7: 5 });
    await keep();
    expect((await orders()).holds).toEqual([]);
    answer(bad, { tieu_chi_1: 5, tieu_chi_7: 1 });
    expect((await orders()).cameras).toBeNull();
    await keep();
    expect(await log()).toEqual([['hold.placed', `transaction:${bad}`]]);
    const where = { counterId: seeded.counters[0]!, from: NOW, to: null };
    holdByMap(db, where, office.clock.at);
    expect(db.prepare('SELECT transaction_id FROM hold_due').pluck().all()).toEqual([bad]);
  });

  it('is judged by what each answer is worth within its question', () => {
    const of = (level: number, points: readonly number[]) => {
      const options = points.map((each, n) => ({ key: 5 - n, points: each }));
      const asked = { ...form, criteria: [{ ...form.criteria[0]!, options }] };
      const vote = {
        route: 'counter' as const,
        vote: 'v',
        question: 'tieu_chi_1',
        level: level as never,
        attempt: 1,
      };
      return effectiveForm(asked as never, [vote])?.lowest;
    };
    expect([5, 4, 3].map((level) => of(level, [10, 6, 2]))).toEqual([100, 50, 0]);
    expect([5, 4].map((level) => of(level, [0, 1]))).toEqual([0, 100]);
    expect(of(4, [3, 3])).toBe(100);
  });
});

describe('a case', () => {
  beforeEach(openIt);
  afterEach(closeIt);
  it('holds while it is open and some days more, and again when it is opened again', async () => {
    addTurn(TURN, NOW + HOUR);
    const id = randomUUID();
    db.prepare(
      `INSERT INTO case_file (id, number, type, document_number, purpose, transaction_id, assignee_id, assignee_name, status,
         disputed, opened_at) VALUES (?,'KN-2026-0001','complaint','x','x',?,?,'An','open',0,?)`,
    ).run(id, TURN, randomUUID(), NOW);
    const until = () =>
      db.prepare("SELECT DISTINCT until FROM footage_hold WHERE kind = 'case'").pluck().all();
    await keep();
    await keep();
    expect(until()).toEqual([null]);
    office.clock.at += 90 * DAY;
    await office.storage.holds.lapse({ at: office.clock.at });
    expect((await orders()).holds).toHaveLength(1);
    const change = (status: string, at: number | null) =>
      db.prepare('UPDATE case_file SET status = ?, closed_at = ? WHERE id = ?').run(status, at, id);
    change('closed', office.clock.at);
    await keep();
    expect(until()).toEqual([office.clock.at + 30 * DAY]);
    change('open', null);
    await keep();
    expect(until()).toEqual([null]);
    change('closed', office.clock.at);
    await keep();
    office.clock.at += 30 * DAY;
    await office.storage.holds.lapse({ at: office.clock.at });
    expect((await orders()).holds).toEqual([]);
    expect(await log()).toEqual([
      ['hold.lapsed', 'case:KN-2026-0001'],
      ['hold.renewed', 'case:KN-2026-0001'],
      ['hold.renewed', 'case:KN-2026-0001'],
      ['hold.renewed', 'case:KN-2026-0001'],
      ['hold.placed', 'case:KN-2026-0001'],
    ]);
  });
});

it('a case opened again in its hold’s last minute keeps its footage, whatever comes first', async (context) => {
  await openIt();
  context.onTestFinished(closeIt);
  const inspector = await office.login('thanhtra');
  const { id } = (
    await inspector.call('POST', '/api/v1/cases', {
      ...{ type: 'complaint', documentNumber: '12', purpose: 'Xác minh khiếu nại', disputed: false },
      interval: { counterId: seeded.counters[0], from: NOW + HOUR, to: NOW + 1.5 * HOUR },
    })
  ).json();
  await keep();
  const dated = () => db.prepare('SELECT DISTINCT until, ended_at FROM footage_hold').all();
  await inspector.call('PATCH', `/api/v1/cases/${id}`, { status: 'closed' });
  const until = office.clock.at + 30 * DAY;
  expect(dated()).toEqual([{ until, ended_at: null }]);
  office.clock.at = until - 30_000;
  const told = office.recorder.holds;
  const again = await office.login('thanhtra');
  expect((await again.call('PATCH', `/api/v1/cases/${id}`, { status: 'open' })).statusCode).toBe(200);
  expect([dated(), office.recorder.holds]).toEqual([[{ until: null, ended_at: null }], told + 1]);
  await office.storage.holds.lapse({ at: until + HOUR });
  expect((await orders()).holds).toHaveLength(1);
  // As a hub left it that had opened it again without its date: its next minute mends that.
  db.prepare('UPDATE footage_hold SET until = ?').run(until);
  expect(await office.storage.holds.lapse({ at: until + HOUR })).toBe(0);
  expect((await orders()).holds).toHaveLength(1);
  await keep();
  expect(dated()).toEqual([{ until: null, ended_at: null }]);
});

it('an appeal is a case that holds by itself, for a period of its own after its close', async (context) => {
  await openIt();
  context.onTestFinished(closeIt);
  const inspector = await office.login('thanhtra');
  const opened = await inspector.call('POST', '/api/v1/cases', {
    ...{ type: 'appeal', documentNumber: '12/GXM', purpose: 'Cán bộ đề nghị xem xét lại', disputed: true },
    interval: { counterId: seeded.counters[0], from: NOW + HOUR, to: NOW + 1.5 * HOUR },
  });
  const { id, number } = opened.json();
  expect(number).toMatch(/^XXL-2026-/);
  expect((await inspector.call('GET', `/api/v1/find?q=${number}`)).json().cases).toMatchObject([{ id }]);
  await keep();
  expect((await orders()).holds).toHaveLength(1);
  await inspector.call('PATCH', `/api/v1/cases/${opened.json().id}`, { status: 'closed' });
  await keep();
  expect(db.prepare('SELECT DISTINCT until FROM footage_hold').pluck().all()).toEqual([
    office.clock.at + 90 * DAY,
  ]);
});

describe('what is reported', () => {
  const kiosk = (more: object = {}) => ({
    ...{ counterId: 'c', from: 10 * DAY, to: null, newestAnchor: 40 * DAY, asideSince: null, ...more },
  });
  const seen = [{ cameraId: 'k', counterId: 'c', from: 0, to: null }];
  const of = (...kiosks: ReturnType<typeof kiosk>[]) => unreportedOf(seen, kiosks, [], []).get('k') ?? [];

  it('ends at the kiosk’s newest anchor, less a turn that goes on', () => {
    expect(of()).toEqual([]);
    expect(of(kiosk())).toEqual([{ from: 40 * DAY - REPORT_MARGIN_MS, to: null }]);
    expect(of(kiosk({ newestAnchor: null }))).toEqual([{ from: 10 * DAY - REPORT_MARGIN_MS, to: null }]);
    expect(of(kiosk({ asideSince: 20 * DAY }))).toEqual([{ from: 20 * DAY - REPORT_MARGIN_MS, to: null }]);
  });

  it('is waited for while a kiosk that left still owes it, and only where a camera looked', () => {
    expect(of(kiosk({ to: 30 * DAY }))).toEqual([]);
    expect(of(kiosk({ to: 50 * DAY }))).toEqual([
      { from: 40 * DAY - REPORT_MARGIN_MS, to: 50 * DAY + REPORT_MARGIN_MS },
    ]);
    const moved = [
      { cameraId: 'k', counterId: 'c', from: 0, to: 45 * DAY },
      { cameraId: 'k', counterId: 'd', from: 45 * DAY, to: null },
      { cameraId: 'j', counterId: 'c', from: 0, to: 20 * DAY },
    ];
    const waits = unreportedOf(moved, [kiosk()], [], []);
    expect([...waits]).toEqual([['k', [{ from: 40 * DAY - REPORT_MARGIN_MS, to: 45 * DAY }]]]);
    expect(unreportedOf(seen, [kiosk()], [], [{ counterId: 'c', upTo: 60 * DAY }]).get('k')).toEqual([
      { from: 60 * DAY, to: null },
    ]);
  });

  it('comes of rows: enrolment, anchor, revocation, write-off, hand-over, suspension', async (context) => {
    await openIt();
    context.onTestFinished(closeIt);
    const device = 'd'.repeat(64);
    const waits = async () => (await orders()).cameras?.[0]?.unreported;
    db.prepare(
      'INSERT INTO device (id, counter_id, public_key, enrol_serial, enrolled_at) VALUES (?,?,?,1,?)',
    ).run(...[device, seeded.counters[0], Buffer.alloc(32), NOW - 9 * DAY]);
    db.prepare('INSERT INTO device_enrolment (device, counter_id, serial, at) VALUES (?,?,1,?)').run(
      device,
      seeded.counters[0],
      NOW - 9 * DAY,
    );
    // The camera has looked at this counter since now.
    db.exec(`UPDATE camera_counter SET from_at = ${NOW - 30 * DAY}`);
    expect(await waits()).toEqual([{ from: NOW - 9 * DAY - REPORT_MARGIN_MS, to: null }]);
    const epoch = (name: string, parent: string | null) =>
      db
        .prepare(
          'INSERT INTO device_epoch (device, epoch, head_seq, head_hash, parent_epoch) VALUES (?,?,?,?,?)',
        )
        .run(device, name, 9, Buffer.alloc(32), parent);
    const anchor = (name: string, seq: number, at: number) =>
      db.prepare('INSERT INTO anchor VALUES (?,?,?,?,?,?,?)').run(device, 'boot', seq, name, seq, at, 5);
    epoch('e', null);
    anchor('e', 1, NOW - 2 * DAY);
    // The hub's clock was a year ahead, and went wrong by a day: what came after it in the chain counts, in a later start too.
    anchor('e', 2, NOW + 365 * DAY);
    expect(await waits()).toEqual([{ from: NOW - 2 * DAY - REPORT_MARGIN_MS, to: null }]);
    anchor('e', 3, NOW - DAY / 2);
    anchor('e', 4, NOW - DAY);
    expect(await waits()).toEqual([{ from: NOW - DAY - REPORT_MARGIN_MS, to: null }]);
    epoch('g', 'f');
    anchor('g', 1, NOW + 2 * DAY);
    // An older start that comes late is not the newest for that.
    epoch('f', 'e');
    expect(await waits()).toEqual([{ from: NOW - DAY - REPORT_MARGIN_MS, to: null }]);
    anchor('f', 1, NOW - 3 * DAY);
    expect(await waits()).toEqual([{ from: NOW - 3 * DAY - REPORT_MARGIN_MS, to: null }]);
    anchor('g', 2, NOW - DAY);
    expect(await waits()).toEqual([{ from: NOW - DAY - REPORT_MARGIN_MS, to: null }]);
    db.exec(`UPDATE device SET revoked_at = ${NOW}`);
    expect(await waits()).toEqual([{ from: NOW - DAY - REPORT_MARGIN_MS, to: NOW + REPORT_MARGIN_MS }]);
    db.exec("UPDATE device SET written_off = '{}'");
    expect(await waits()).toEqual([]);
    db.exec('UPDATE device SET written_off = NULL, revoked_at = NULL');
    db.prepare('INSERT INTO handover (id, counter_id, device, at) VALUES (?,?,?,?)').run(
      'h',
      seeded.counters[0],
      device,
      NOW,
    );
    expect(await waits()).toEqual([]);
    db.exec(`UPDATE handover SET accepted_at = ${NOW}`);
    expect(await waits()).toEqual([{ from: NOW - DAY - REPORT_MARGIN_MS, to: null }]);
    db.exec(
      "INSERT INTO event (epoch_id, seq, hash, prev_hash, bytes, status, received_at) VALUES (1,1,x'00',x'00',x'00','stored',1)",
    );
    expect((await orders()).cameras).toBeNull();
  });
});

it('tells more than is held rather than less, where there are more holds than a message carries', () => {
  const hold = fc.record({
    camera: fc.constantFrom('a', 'b'),
    from: fc.nat(1_000),
    length: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(
      fc.array(hold, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 2, max: 10 }),
      (list, most) => {
        const holds = list.map(({ camera, from, length }) => ({
          camera,
          ...{ from: from * 60_000, to: (from + length) * 60_000 },
        }));
        const told = atMost(holds, most);
        expect(told.length).toBeLessThanOrEqual(most);
        for (const each of holds)
          expect(
            told.some((one) => one.camera === each.camera && one.from <= each.from && one.to >= each.to),
          ).toBe(true);
      },
    ),
  );
});

it('waits for more than is unreported rather than less, where there is more than a message carries', () => {
  const waiting = fc.record({ from: fc.nat(1_000), length: fc.option(fc.nat(20), { nil: null, freq: 20 }) });
  fc.assert(
    fc.property(fc.array(waiting, { maxLength: 60 }), fc.integer({ min: 1, max: 10 }), (list, most) => {
      const unreported = list.map(({ from, length }) => ({
        ...{ from: from * 60_000, to: length === null ? null : (from + length) * 60_000 },
      }));
      const told = mergedUnreported(unreported, most);
      expect(told.length).toBeLessThanOrEqual(most);
      const end = ({ to }: { to: number | null }) => to ?? Number.POSITIVE_INFINITY;
      for (const each of unreported)
        expect(told.some((one) => one.from <= each.from && end(one) >= end(each))).toBe(true);
      // Nothing more where nothing is too many.
      const all = mergedUnreported(unreported, list.length);
      const edges = new Set(unreported.flatMap(({ from, to }) => [from, to]));
      for (const { from, to } of all) expect([edges.has(from), edges.has(to)]).toEqual([true, true]);
    }),
  );
});
