/*
 * What is held and waited for when the camera map is set right afterwards, of a case's further intervals, of a camera that delays more
 * than was said, and asked for again: on real SQLite, by the stores' own operations.
 */
import type { ChangeMap } from '@hailong/shared/protocol/camera-map.ts';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { holdRequests } from '../../../hub-server/src/adapters/sqlite/migrations/040-hold-requests.ts';
import { holdKinds } from '../../../hub-server/src/adapters/sqlite/migrations/041-hold-kinds.ts';
import { migrations } from '../../../hub-server/src/adapters/sqlite/migrations/index.ts';
import { migrate } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { ACT_WORK } from '../../../hub-server/src/adapters/sqlite/stores/acts/act-work.ts';
import { camerasStore } from '../../../hub-server/src/adapters/sqlite/stores/cameras/cameras-store.ts';
import { directoryStore } from '../../../hub-server/src/adapters/sqlite/stores/directory/directory-store.ts';
import { holdsStore } from '../../../hub-server/src/adapters/sqlite/stores/holds/holds-store.ts';
import { buildClip } from '../../../hub-server/src/domain/footage/clip.ts';
import { REPORT_MARGIN_MS } from '../../../hub-server/src/domain/footage/reported-rule.ts';
import { SEED_INSTRUMENTS } from '../../../hub-server/src/domain/ratings/seed-instruments.ts';
import { holdsOf } from '../../../hub-server/src/recorder/domain/holds.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 20, 3);
const [COUNTER, CASE, OFFICER] = ['counter-1', 'case-1', 'officer-1'];
const CAMERAS = ['camera-1', 'camera-2', 'camera-3'];
const template = new Database(':memory:');
migrate(template);
for (const id of CAMERAS)
  template
    .prepare(
      `INSERT INTO camera (id, name, address, user, password, retention_days, latency_ms, active)
       VALUES (:id, :id, 'rtsp://127.0.0.1/', '', '', 30, 2000, 1)`,
    )
    .run({ id });
template.prepare("INSERT INTO unit (id, code, name) VALUES ('unit', 'U', 'U')").run();
template
  .prepare("INSERT INTO counter (id, number, name, unit_id, active) VALUES (?, '1', 'x', 'unit', 1)")
  .run(COUNTER);
const image = template.serialize();
const copy = () => new Database(image);
let db: Database.Database;
beforeEach(() => {
  db = copy();
});

const see = (camera: string, from: number, to: number | null) =>
  db.prepare('INSERT INTO camera_counter VALUES (?,?,?,?)').run(camera, COUNTER, from, to);
const audit = (camera: string, at: number) =>
  ({
    at,
    actor: 'user:a',
    action: 'camera.mapped',
    object: `camera:${camera}`,
    reason: null,
    body: {},
  }) as const;
const remap = (camera: string, was: number | null, from: number, to: number | null, at = NOW) =>
  directoryStore.changeCameraMap.run(db, {
    ...{ cameraId: camera as never, change: { counterId: COUNTER, was, from, to } as ChangeMap },
    audit: audit(camera, at),
  });
/** The camera sees the counter, as a list from a file says. */
const list = (camera: string, at = NOW) =>
  directoryStore.applyImport.run(db, {
    ...{ kind: 'cameras', newIds: [camera], secrets: [null], at },
    rows: [{ line: 2, cells: { name: camera, address: 'rtsp://127.0.0.1/', counters: '1' } }],
    audit: { ...audit(camera, at), action: 'import.applied' },
  });
const addTurn = (id: string, finished: number) =>
  db
    .prepare(
      `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, stage, queue_number, opened_at, opened_event,
         opened_bound, finished_at, finished_bound, month) VALUES (?,?,?,'CB','reception','A1',?,1,0,?,0,'2026-11')`,
    )
    .run(id, COUNTER, OFFICER, finished - 5 * MINUTE, finished);
const rate = (id: string) =>
  db
    .prepare(
      `INSERT OR REPLACE INTO effective_rating (transaction_id, route, overall, criteria, votes, review) VALUES (?, 'kiosk', 1, '{}', '{}', 0)`,
    )
    .run(id);
const openCase = (
  id: string,
  of: { readonly turn: string } | { readonly from: number; readonly to: number },
) =>
  db
    .prepare(
      `INSERT INTO case_file (id, number, type, document_number, purpose, transaction_id, assignee_id, assignee_name, status,
         disputed, opened_at, counter_id, from_at, to_at) VALUES (:id,:id,'complaint','x','x',:turn,'u','An','open',0,:at,:counter,:from,:to)`,
    )
    .run({ id, at: NOW, turn: '', counter: 'turn' in of ? null : COUNTER, from: null, to: null, ...of });
const close = (id: string, at: number) =>
  db.prepare("UPDATE case_file SET status = 'closed', closed_at = ? WHERE id = ?").run(at, id);
const grant = (id: string, from: number, to: number) =>
  ACT_WORK['wider-interval'].effect(db, { caseId: CASE, from, to } as never, { id, userId: 'u', at: NOW });
const ask = (transactionId: string, at: number) =>
  holdsStore.request.run(db, { id: `ask-${transactionId}`, transactionId, officerId: OFFICER, at } as never);
const keep = (at = NOW) => {
  while (holdsStore.keep.run(db, { at }));
};
/** Told to the recorder: merged, per camera. */
const held = (at = NOW) =>
  holdsStore.orders.run(db, { at }).holds.map(({ camera, from, to }) => [camera, from - NOW, to - NOW]);
const unreported = (camera: string, at = NOW) =>
  holdsStore.orders.run(db, { at }).cameras?.find((each) => each.camera === camera)?.unreported;
const logged = () =>
  db
    .prepare(
      "SELECT object, body ->> '$.cameras' AS cameras FROM audit_log WHERE action LIKE 'hold.%' ORDER BY seq",
    )
    .raw()
    .all();

it('holds each interval that a case was given, also one that begins with another and ends later', () => {
  see('camera-1', NOW - 9 * DAY, null);
  openCase(CASE, { from: NOW - 2 * DAY, to: NOW - 2 * DAY + HOUR });
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

const end = (request: string, at = NOW) =>
  ACT_WORK['hold-end'].effect(db, { hold: request }, { id: 'end', userId: 'u', at });

it('holds an interval that a case was given after two people ended what it held, and not again what they ended', () => {
  const [first, second] = ['019aaaaa-0000-7000-8000-000000000001', '019aaaaa-0000-7000-8000-000000000002'];
  const later = ['camera-1', -6 * HOUR, -5 * HOUR + 2_000];
  see('camera-1', NOW - 9 * DAY, null);
  openCase(CASE, { from: NOW - 2 * DAY, to: NOW - 2 * DAY + HOUR });
  keep();
  end(`case:${CASE}`);
  grant(first, NOW - 6 * HOUR, NOW - 5 * HOUR);
  keep();
  expect(held()).toEqual([later]);
  // Ended for itself; the same interval, given once more, is held once more.
  end(`case:${CASE}/${first}`);
  keep();
  expect(held()).toEqual([]);
  grant(second, NOW - 6 * HOUR, NOW - 5 * HOUR);
  keep();
  expect(held()).toEqual([later]);
  close(CASE, NOW);
  keep();
  expect(db.prepare('SELECT request, until FROM footage_hold WHERE ended_at IS NULL').raw().all()).toEqual([
    [`case:${CASE}/${second}`, NOW + 30 * DAY],
  ]);
});

describe('a camera that delays more than was said', () => {
  const FINISHED = NOW - DAY;
  const measure = (latencyMs: number, id = 'l') =>
    camerasStore.saveLatency.run(db, {
      ...{ id, cameraId: 'camera-1', byId: 'a' },
      latency: {
        ...{
          at: NOW,
          by: 'user:a',
          latencyMs,
          measuredMs: latencyMs,
          errorMs: 0,
          shownAt: NOW,
          frameAt: NOW,
        },
        ...{ segmentId: 's', run: 'r', mappingVersion: 1, mappingBoundMs: 300 },
      } as never,
      audit: { ...audit('camera-1', NOW), action: 'camera.latency_measured' },
    });
  const enter = (latencyMs: number) =>
    directoryStore.saveCamera.run(db, {
      camera: {
        ...{ id: 'camera-1', name: 'camera-1', address: 'rtsp://127.0.0.1/', user: '', retentionDays: 30 },
        ...{ latencyMs, active: true, counterIds: [COUNTER] },
      } as never,
      ...{ sealedPassword: null, create: false, demo: false, at: NOW, audit: audit('camera-1', NOW) },
    });
  const ends = () =>
    db.prepare('SELECT DISTINCT to_at FROM footage_hold WHERE ended_at IS NULL').pluck().all();
  beforeEach(() => {
    see('camera-1', NOW - 9 * DAY, null);
    addTurn('turn', FINISHED);
  });

  it('ends the holds there are, and those to come, as much later as a clip may look', () => {
    rate('turn');
    openCase(CASE, { turn: 'turn' });
    ask('turn', NOW);
    keep();
    expect(ends()).toEqual([FINISHED + 12_000]);
    measure(15_000);
    expect(ends()).toEqual([FINISHED + 25_000]);
    measure(700, 'm');
    enter(3_000);
    expect(ends()).toEqual([FINISHED + 25_000]);
    enter(18_000);
    enter(0);
    expect(ends()).toEqual([FINISHED + 28_000]);
    openCase('again', { turn: 'turn' });
    keep();
    expect(ends()).toEqual([FINISHED + 28_000]);
    // What a clip of footage that was recorded under each of these latencies shows lies in what the recorder keeps.
    for (const latencyMs of [2_000, 15_000, 18_000]) {
      const at = FINISHED + 10_000 + latencyMs;
      const material = {
        ...{ latencyMs: 0, gaps: [], mappings: [{ run: 'r', offsetMs: at, boundMs: 8_000, latencyMs }] },
        segments: [
          {
            id: 's',
            run: 'r',
            mediaStartMs: 7_000,
            mediaEndMs: 11_000,
            arrivalAt: at,
            flags: [],
            deletion: null,
          },
        ],
      };
      const { pieces } = buildClip(
        material as never,
        { from: FINISHED, to: FINISHED + 10_000 },
        FINISHED,
        NOW,
      );
      expect(pieces).toHaveLength(1);
      expect(
        holdsOf(holdsStore.orders.run(db, { at: NOW }).holds)('camera-1' as never, at + 7_000, at + 11_000),
      ).toBe(true);
    }
  });

  it('does so for a hold by hand too, and for a case that is opened again', () => {
    openCase(CASE, { turn: 'turn' });
    keep();
    close(CASE, NOW);
    keep();
    holdsStore.lapse.run(db, { at: NOW + 30 * DAY });
    measure(15_000);
    expect(ends()).toEqual([]);
    db.exec("UPDATE case_file SET status = 'open', closed_at = NULL");
    keep();
    expect(ends()).toEqual([FINISHED + 25_000]);
    const body = { cameraId: 'camera-1', from: NOW - HOUR, to: NOW, until: NOW + DAY, caseId: null };
    ACT_WORK['hold-add'].effect(db, body as never, { id: 'hand', userId: 'u', at: NOW });
    expect(ends()).toContain(NOW + 15_000);
  });
});

it.each([['nothing else'], ['every other kind']])(
  'an officer whose request two people ended asks again and is held anew, with the same answer where %s is held',
  (others) => {
    see('camera-1', NOW - 9 * DAY, null);
    addTurn('turn', NOW - DAY);
    if (others !== 'nothing else') {
      rate('turn');
      openCase(CASE, { turn: 'turn' });
      const body = { cameraId: 'camera-1', from: NOW - 2 * DAY, to: NOW, until: NOW + DAY, caseId: null };
      ACT_WORK['hold-add'].effect(db, body as never, { id: 'hand', userId: 'u', at: NOW });
      keep();
    }
    const again = (id: string, at: number) =>
      holdsStore.request.run(db, { id, transactionId: 'turn', officerId: OFFICER, at } as never);
    const living = () =>
      db
        .prepare("SELECT request FROM footage_hold WHERE kind = 'officer' AND ended_at IS NULL")
        .pluck()
        .all();
    expect(again('one', NOW)).toEqual({ ok: true, until: NOW + 30 * DAY });
    expect(again('two', NOW + HOUR)).toEqual({ ok: true, until: NOW + 30 * DAY });
    expect(living()).toEqual(['one']);
    end('one', NOW + HOUR);
    expect(again('three', NOW + 2 * HOUR)).toEqual({ ok: true, until: NOW + 2 * HOUR + 30 * DAY });
    expect(again('four', NOW + 3 * HOUR)).toEqual({ ok: true, until: NOW + 2 * HOUR + 30 * DAY });
    expect(living()).toEqual(['three']);
  },
);

it('keeps what an older hub held: intervals as requests of their own, and ends wide enough for what was measured', () => {
  const old = new Database(':memory:');
  for (const { version, sql } of migrations) if (version < holdRequests.version) old.exec(sql);
  old.exec(`INSERT INTO camera (id, name, address, user, password, retention_days, latency_ms, active)
      VALUES ('k', 'k', 'rtsp://127.0.0.1/', '', '', 30, 2000, 1);
    INSERT INTO camera_latency VALUES ('l', 'k', 1, 'u', 15000, 15000, 0, 1, 1, 's', 'r', 1, 300);`);
  const row = old.prepare(
    `INSERT INTO footage_hold (id, request, kind, subject, camera_id, from_at, to_at, asked_by, asked_at)
     VALUES (?, 'case:c', 'case', 'c', 'k', 1, 1000, 'hub', 1)`,
  );
  row.run('case:c/k');
  row.run('case:c/k/i');
  old.exec(holdRequests.sql);
  expect(old.prepare('SELECT id, request, to_at FROM footage_hold ORDER BY id').raw().all()).toEqual([
    ['case:c/i/k', 'case:c/i', 16_000],
    ['case:c/k', 'case:c', 16_000],
  ]);
});

it('tells of the forms an older hub counted which are bad, by the form each was asked with', () => {
  const old = new Database(':memory:');
  for (const { version, sql } of migrations) if (version < holdKinds.version) old.exec(sql);
  const form = SEED_INSTRUMENTS.find(({ kind }) => kind === 'form')!;
  old
    .prepare('INSERT OR REPLACE INTO instrument (id, version, content, since) VALUES (?,?,?,1)')
    .run(form.id, form.version, JSON.stringify(form));
  const month = new Date().toISOString().slice(0, 7);
  for (const [id, answers] of [
    ['bad', { tieu_chi_1: 5, tieu_chi_7: 1 }],
    ['fair', { tieu_chi_1: 5, tieu_chi_7: 3 }],
    ['good', { tieu_chi_7: 5 }],
  ] as const) {
    old
      .prepare(
        `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, stage, queue_number, month)
         VALUES (?, 'c', 'o', 'CB', 'return', 'A1', ?)`,
      )
      .run(id, month);
    old
      .prepare(
        'INSERT INTO rating_prompt (transaction_id, rating_id, instrument_id, instrument_version) VALUES (?,?,?,?)',
      )
      .run(id, id, form.id, form.version);
    old.prepare("INSERT INTO form_rating VALUES (?, 'counter', ?, '{}', 0)").run(id, JSON.stringify(answers));
  }
  old.exec(holdKinds.sql);
  expect(old.prepare('SELECT transaction_id, lowest FROM form_rating ORDER BY 1').raw().all()).toEqual([
    ['bad', 0],
    ['fair', 50],
    ['good', 100],
  ]);
  expect(old.prepare('SELECT transaction_id FROM hold_due').pluck().all()).toEqual(['bad']);
});

describe('a map set right afterwards', () => {
  const FINISHED = NOW - 3 * DAY;
  const window = [FINISHED - 5 * MINUTE - 10_000 - NOW, FINISHED + 12_000 - NOW];
  beforeEach(() => {
    addTurn('turn', FINISHED);
  });

  it('extends the holds of ratings, cases and officers, until the dates they have', () => {
    see('camera-1', NOW - 9 * DAY, null);
    openCase('open', { turn: 'turn' });
    openCase('closed', { turn: 'turn' });
    rate('turn');
    ask('turn', NOW);
    keep();
    close('closed', NOW);
    keep();
    expect(held()).toEqual([['camera-1', ...window]]);
    remap('camera-2', null, NOW - 4 * DAY, null, NOW + DAY);
    // Queued: until it is held nobody can say what is reported.
    expect(unreported('camera-2')).toBeUndefined();
    keep(NOW + DAY);
    expect(held()).toEqual([
      ['camera-1', ...window],
      ['camera-2', ...window],
    ]);
    const dates = (camera: string) =>
      db.prepare('SELECT kind, until FROM footage_hold WHERE camera_id = ? ORDER BY id').all(camera);
    expect(dates('camera-2')).toEqual(dates('camera-1'));
    expect(logged().slice(-4)).toEqual([
      ['case:closed', '["camera-2"]'],
      ['case:open', '["camera-2"]'],
      ['transaction:turn', '["camera-2"]'],
      ['transaction:turn', '["camera-2"]'],
    ]);
  });

  it('is followed alike where it comes from a list', () => {
    const now = { from: NOW - HOUR, to: NOW + HOUR };
    see('camera-1', NOW - 9 * DAY, null);
    openCase('open', now);
    addTurn('now', NOW);
    ask('now', NOW);
    keep();
    list('camera-2');
    rate('now');
    keep();
    list('camera-3');
    expect(db.prepare('SELECT transaction_id FROM hold_due').pluck().all()).toEqual(['now']);
    keep();
    const of = (camera: string) =>
      db
        .prepare(
          'SELECT request, from_at, to_at, until FROM footage_hold WHERE camera_id = ? ORDER BY request',
        )
        .all(camera);
    expect(of('camera-1')).toHaveLength(3);
    expect(of('camera-2')).toEqual(of('camera-1'));
    expect(of('camera-3')).toEqual(of('camera-1'));
  });

  it('holds what no camera saw before, and leaves alone what lapsed or two people ended', () => {
    rate('turn');
    openCase('open', { turn: 'turn' });
    keep();
    expect(held()).toEqual([]);
    remap('camera-1', null, NOW - 4 * DAY, NOW - 2 * DAY);
    keep();
    expect(held()).toEqual([['camera-1', ...window]]);
    db.exec("UPDATE footage_hold SET ended_at = 1, ended_by = 'act' WHERE kind = 'case'");
    db.exec("UPDATE footage_hold SET ended_at = 1 WHERE kind = 'rating'");
    remap('camera-2', null, NOW - 4 * DAY, null);
    keep();
    expect(held()).toEqual([]);
  });

  it('ends neither a hold, nor one to come, nor the waiting for a silent kiosk', () => {
    see('camera-1', NOW - 9 * DAY, null);
    db.prepare(
      'INSERT INTO device (id, counter_id, public_key, enrol_serial, enrolled_at) VALUES (?,?,?,1,?)',
    ).run('d', COUNTER, Buffer.alloc(32), NOW - 6 * DAY);
    db.prepare('INSERT INTO device_enrolment (device, counter_id, serial, at) VALUES (?,?,1,?)').run(
      ...['d', COUNTER, NOW - 6 * DAY],
    );
    const silent = NOW - 6 * DAY - REPORT_MARGIN_MS;
    expect(unreported('camera-1')).toEqual([{ from: silent, to: null }]);
    remap('camera-1', NOW - 9 * DAY, NOW - 9 * DAY, NOW - 8 * DAY);
    // It waits for what was filmed until the change.
    expect(unreported('camera-1')).toEqual([{ from: silent, to: NOW }]);
    remap('camera-1', NOW - 9 * DAY, NOW - 9 * DAY, NOW - 8.5 * DAY);
    expect(unreported('camera-1')).toEqual([{ from: silent, to: NOW }]);
    rate('turn');
    keep();
    expect(held()).toEqual([['camera-1', ...window]]);
    // What is shown follows the map as it is.
    expect(db.prepare('SELECT from_at, to_at FROM camera_counter').raw().all()).toEqual([
      [NOW - 9 * DAY, NOW - 8.5 * DAY],
    ]);
  });
});

describe('in any order', () => {
  type Op =
    | { readonly kind: 'rate' | 'case' | 'ask'; readonly turn: number }
    | {
        readonly kind: 'map';
        readonly camera: string;
        readonly changes: boolean;
        readonly from: number;
        readonly to: number | null;
      }
    | { readonly kind: 'save'; readonly camera: string; readonly sees: boolean }
    | { readonly kind: 'list'; readonly camera: string }
    | { readonly kind: 'keep' };
  const TURNS = [-3 * DAY, -2 * DAY, -DAY, -2 * HOUR, -MINUTE].map((at) => NOW + at);
  const moment = fc.integer({ min: 0, max: 24 }).map((step) => NOW - 3.5 * DAY + step * 3.5 * HOUR);
  const camera = fc.constantFrom('camera-2', 'camera-3');
  const op: fc.Arbitrary<Op> = fc.oneof(
    fc.record({
      kind: fc.constantFrom('rate' as const, 'case' as const, 'ask' as const),
      turn: fc.nat(TURNS.length - 1),
    }),
    fc.record({
      ...{ kind: fc.constant('map' as const), camera },
      changes: fc.boolean(),
      from: moment,
      to: fc.option(moment),
    }),
    fc.record({ kind: fc.constant('save' as const), camera, sees: fc.boolean() }),
    fc.record({ kind: fc.constant('list' as const), camera }),
    fc.constant({ kind: 'keep' } as const),
  );

  const isMap = ({ kind }: Op) => kind === 'map' || kind === 'save' || kind === 'list';
  function apply(each: Op, at: number): void {
    if (each.kind === 'keep') keep(at);
    else if (each.kind === 'rate') rate(`turn-${each.turn}`);
    else if (each.kind === 'ask') ask(`turn-${each.turn}`, at);
    else if (each.kind === 'map') {
      const was = db
        .prepare('SELECT min(from_at) FROM camera_counter WHERE camera_id = ?')
        .pluck()
        .get(each.camera) as number | null;
      if (each.to === null || each.to > each.from)
        remap(each.camera, each.changes ? was : null, each.from, each.to, at);
    } else if (each.kind === 'list') list(each.camera, at);
    else if (each.kind === 'save')
      directoryStore.saveCamera.run(db, {
        camera: {
          ...{
            id: each.camera,
            name: each.camera,
            address: 'rtsp://127.0.0.1/',
            user: '',
            retentionDays: 30,
          },
          ...{ latencyMs: 2_000, active: true, counterIds: each.sees ? [COUNTER] : [] },
        } as never,
        ...{ sealedPassword: null, create: false, demo: false, at, audit: audit(each.camera, at) },
      });
    else
      db.prepare('SELECT 1 FROM case_file WHERE id = ?').get(`case-${each.turn}`) ??
        openCase(`case-${each.turn}`, { turn: `turn-${each.turn}` });
  }
  function heldAfter(ops: readonly (readonly [Op, number])[]): {
    held: unknown[];
    map: [string, number, number | null][];
  } {
    db = copy();
    for (const [i, finished] of TURNS.entries()) addTurn(`turn-${i}`, finished);
    see('camera-1', NOW - 9 * DAY, null);
    for (const [each, at] of ops) apply(each, at);
    keep(NOW + HOUR);
    const map = db.prepare('SELECT camera_id, from_at, to_at FROM camera_counter').raw().all();
    return {
      held: db
        .prepare('SELECT id, from_at, to_at FROM footage_hold WHERE ended_at IS NULL ORDER BY id')
        .raw()
        .all(),
      map: map as [string, number, number | null][],
    };
  }

  it('of ratings, cases, requests and maps the same is held as with the maps from the beginning', () => {
    fc.assert(
      fc.property(fc.array(op, { minLength: 1, maxLength: 14 }), (list) => {
        const ops = list.map((each, i) => [each, NOW + i * MINUTE] as const);
        const mixed = heldAfter(ops);
        const mapFirst = heldAfter([
          ...ops.filter(([each]) => isMap(each)),
          ...ops.filter(([each]) => !isMap(each)),
        ]);
        expect(mixed.held).toEqual(mapFirst.held);
        // Whatever stood before: what the final map says is held.
        const rated = new Set(list.flatMap((each) => (each.kind === 'rate' ? [each.turn] : [])));
        for (const [id, from, to] of mixed.map)
          for (const turn of rated) {
            const [begins, ends] = [TURNS[turn]! - 5 * MINUTE, TURNS[turn]!];
            if (from <= ends && (to === null || to >= begins))
              expect(mixed.held).toContainEqual([
                ...[`rating:turn-${turn}/${id}`, begins - 10_000, ends + 12_000],
              ]);
          }
      }),
      { numRuns: 150 },
    );
  });
});
