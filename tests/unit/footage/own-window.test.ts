/*
 * What one inspector sees of a service that the hub does not know whole, by the hub's own window over real storage: page, command and
 * package ask alike.
 */
import { randomUUID } from 'node:crypto';
import type { TransactionId } from '@hailong/shared/ids.ts';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { createFootageViews } from '../../../hub-server/src/application/footage/footage-views.ts';
import { operateClip } from '../../../hub-server/src/commands/operate-clip.ts';
import { type Caller, NOW, type Office, openOffice } from '../hub-http/office.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The line died three days ago. */
const OPENED = NOW - 3 * DAY;
const BOUND = 40;
const EDGE = 10_000 + BOUND;
const DUTY = randomUUID();
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let db: Database.Database;
let inspector: Caller;
/** Of four seconds each, from so long after OPENED. */
let segments: ReadonlyMap<number, string>;

beforeEach(async () => {
  office = await openOffice();
  seeded = await office.seed();
  const { storage, clock } = office;
  Object.assign(
    office.footage,
    createFootageViews({ views: storage.views, footage: storage.footage, clock, root: () => office.data }),
  );
  db = openWriter(office.data);
  db.prepare('UPDATE camera_counter SET from_at = ?').run(OPENED - DAY);
  db.prepare(
    `INSERT INTO duty (id, device, counter_id, officer_id, officer_code, unit_id, started_at, started_event)
     VALUES (?,'d',?,?,'CB001','u',?,1)`,
  ).run(DUTY, seeded.counters[0], seeded.officers[0], OPENED - 2 * HOUR);
  segments = await film([-90 * MINUTE, -10 * MINUTE, 0, 20 * MINUTE, 3 * HOUR, 5 * HOUR, DAY]);
  inspector = await office.login('thanhtra');
});
afterEach(async () => {
  db.close();
  await office.close();
});

async function film(starts: readonly number[], cursor = 1): Promise<ReadonlyMap<number, string>> {
  const [camera, run] = [seeded.cameraId, randomUUID()];
  const made = new Map(starts.map((start) => [start, randomUUID() as string]));
  const mapping = {
    run,
    camera,
    version: 1,
    method: 'min-arrival',
    offsetMs: OPENED - DAY,
    latencyMs: 0,
    boundMs: 10,
  };
  const facts = [
    { kind: 'run.mapped', mapping },
    ...starts.map((start) => ({
      kind: 'segment.closed',
      segment: {
        ...{
          id: made.get(start),
          camera,
          run,
          file: `${camera}/${start}.mp4`,
          bytes: 1,
          codec: 'h264',
          flags: [],
        },
        ...{ mediaStartMs: DAY + start, mediaEndMs: DAY + start + 4_000, arrivalAt: OPENED + start + 4_040 },
        ...{ arrivalMonoMs: DAY + start, sha256: 'a'.repeat(64) },
      },
    })),
  ] as unknown as FootageFact[];
  await office.storage.footage.record({
    recorder: 'r',
    facts: facts.map((fact, at) => ({ cursor: cursor * 100 + at, fact })),
  });
  return made;
}

interface Turn {
  readonly openedAt?: number | null;
  readonly finishedAt?: number;
  readonly by?: string;
}
/** As projecting leaves it. */
async function turn({ openedAt = OPENED, finishedAt, by = 'officer' }: Turn = {}): Promise<TransactionId> {
  const id = randomUUID() as TransactionId;
  const bound = openedAt === null ? null : BOUND;
  db.prepare(
    `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, duty_id, stage, opened_at, opened_event,
       opened_bound, finished_at, finished_bound, finished_by) VALUES (?,?,?,'CB001',?,'reception',?,?,?,?,?,?)`,
  ).run(
    ...[id, seeded.counters[0], seeded.officers[0], DUTY, openedAt, openedAt === null ? null : 1, bound],
    ...[finishedAt ?? null, finishedAt === undefined ? null : BOUND, finishedAt === undefined ? null : by],
  );
  return id;
}
const prompted = (id: string, from: number, to: number) =>
  db
    .prepare(
      `INSERT INTO rating_prompt (transaction_id, rating_id, opened_at, opened_event, opened_bound, closed_at, closed_bound,
         close_after_ms, shown) VALUES (?,?,?,1,?,?,?,60000,1)`,
    )
    .run(id, randomUUID(), from, BOUND, to, BOUND);

async function opened(transactionId: TransactionId): Promise<{ id: string; number: string }> {
  const found = await office.storage.views.transaction({ id: transactionId, now: office.clock.at });
  if (found) office.core.transactions.set(transactionId, found);
  const body = { type: 'complaint', documentNumber: '45/QĐ', purpose: 'xác minh khiếu nại', disputed: false };
  return (await inspector.call('POST', '/api/v1/cases', { ...body, transactionId })).json();
}
const timelineOf = async (id: string): Promise<TimelineAnswer> =>
  (await inspector.call('GET', `/api/v1/cases/${id}/timeline`)).json();
const windowOf = async (transactionId: TransactionId) => {
  const { window, served } = await timelineOf((await opened(transactionId)).id);
  return { ...served, from: window.from - OPENED, to: window.to - OPENED };
};

describe('a service whose end nobody recorded', () => {
  it('opens no more of the counter to one person than four hours', async () => {
    const held = await opened(await turn());
    const { window, served, cameras } = await timelineOf(held.id);
    expect(window).toEqual({ from: OPENED - EDGE, to: OPENED + 4 * HOUR + EDGE });
    expect(served).toEqual({ begin: 'recorded', end: 'unknown' });
    // Settled: nothing more is to come.
    expect(cameras).toMatchObject([{ state: 'partial' }]);
    const clip = await inspector.call('POST', `/api/v1/cases/${held.id}/clips`, {
      cameraId: seeded.cameraId,
    });
    const { playlist, pieces } = clip.json();
    expect(pieces.map((each: { segmentId: string }) => each.segmentId)).toEqual(
      [0, 20 * MINUTE, 3 * HOUR].map((start) => segments.get(start)),
    );
    for (const start of [-10 * MINUTE, 5 * HOUR, DAY]) {
      const answer = await inspector.call(
        'GET',
        playlist.replace('playlist.m3u8', `${segments.get(start)}.mp4`),
      );
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'footage.missing']);
    }
  });

  it('is on the command line what it is on the page, and more waits for a second person', async () => {
    const held = await opened(await turn());
    const made = await inspector.call('POST', '/api/v1/tokens', {
      name: 'máy',
      scopes: ['footage'],
      days: 1,
    });
    const list = (from: number, to: number) =>
      operateClip(office.admin, office.footage, {
        ...{ verb: 'clip', token: made.json().token, case: held.number, transaction: null, interval: null },
        wider: { from: (OPENED + from) as UtcMs, to: (OPENED + to) as UtcMs, reason: 'xem tiếp buổi chiều' },
      });
    const own = await list(0, 4 * HOUR);
    expect(own[0]).toMatchObject({ event: 'clip', served: { begin: 'recorded', end: 'unknown' } });
    expect(own.filter(({ event }) => event === 'segment')).toHaveLength(3);
    expect(await list(2 * HOUR, 5 * HOUR)).toMatchObject([{ state: 'pending' }]);
    expect(await list(DAY, DAY + HOUR)).toMatchObject([{ state: 'pending' }]);
  });

  it('ends with the duty, and before that with the counter’s next opening that is placed', async () => {
    const id = await turn();
    db.prepare('UPDATE duty SET ended_at = ?').run(OPENED + 50 * MINUTE);
    expect(await windowOf(id)).toMatchObject({ to: 50 * MINUTE + EDGE, end: 'unknown' });
    db.prepare('UPDATE service_transaction SET opened_bound = NULL WHERE id = ?').run(
      await turn({ openedAt: OPENED + 5 * MINUTE }),
    );
    expect(await windowOf(id)).toMatchObject({ to: 50 * MINUTE + EDGE });
    await turn({ openedAt: OPENED + 20 * MINUTE, finishedAt: OPENED + 25 * MINUTE });
    expect(await windowOf(id)).toMatchObject({ to: 20 * MINUTE + EDGE, end: 'unknown' });
  });

  it('does not last until the kiosk was switched on again', async () => {
    const id = await turn({ finishedAt: OPENED + 2 * DAY, by: 'restart' });
    expect(await windowOf(id)).toMatchObject({ to: 4 * HOUR + EDGE, end: 'unknown' });
    const asked = await turn({ openedAt: OPENED + 1, finishedAt: OPENED + 10 * MINUTE });
    prompted(asked, OPENED + 10 * MINUTE, OPENED + 2 * DAY);
    expect(await windowOf(asked)).toMatchObject({ to: 11 * MINUTE + 3_000 + EDGE, end: 'recorded' });
  });

  it('is packed once it is over as far as anybody can say, and not while it goes on', async () => {
    const pack = async (transactionId: TransactionId) => {
      const { id } = await opened(transactionId);
      const body = { caseId: id, legalBasis: 'Điều 12 Quyết định 45' };
      const request = { kind: 'evidence-export', body, reason: 'Giao Thanh tra' };
      const { code, state } = (await inspector.call('POST', '/api/v1/acts', request)).json();
      return code ?? state;
    };
    expect(await pack(await turn())).toBe('pending');
    expect(await pack(await turn({ openedAt: NOW - 10 * MINUTE }))).toBe('evidence.not_settled');
  });
});

describe('a service that goes on', () => {
  const still = { openedAt: NOW - 10 * MINUTE };
  const watch = async (id: string) => {
    const answer = await inspector.call('POST', `/api/v1/cases/${id}/clips`, { cameraId: seeded.cameraId });
    return { status: answer.statusCode, ...answer.json() };
  };
  const logged = async () =>
    (await office.storage.access.audit({ before: null, limit: 100 })).map(({ action }) => action);
  beforeEach(() => film([NOW - OPENED - 9 * MINUTE, NOW - OPENED - MINUTE], 2));

  it('is no live view of its counter: no address, no list; held at once, watched when its end is known', async () => {
    const told = office.recorder.holds;
    const id = await turn(still);
    const held = await opened(id);
    expect(office.recorder.holds).toBe(told + 1);
    expect(await watch(held.id)).toMatchObject({ status: 409, code: 'footage.still_served' });
    expect(await timelineOf(held.id)).toMatchObject({ opensBy: NOW - 10 * MINUTE + 4 * HOUR + EDGE });
    const made = await inspector.call('POST', '/api/v1/tokens', {
      ...{ name: 'máy', scopes: ['footage'], days: 1 },
    });
    const listed = (wider: { from: UtcMs; to: UtcMs; reason: string } | null) =>
      operateClip(office.admin, office.footage, {
        ...{
          verb: 'clip',
          token: made.json().token,
          case: held.number,
          transaction: null,
          interval: null,
          wider,
        },
      });
    await expect(listed(null)).rejects.toMatchObject({ code: 'footage.still_served' });
    expect(await logged()).not.toContain('footage.ticket');
    // What is over of it takes two people.
    const [from, to] = [NOW - 9 * MINUTE, NOW - 5 * MINUTE] as UtcMs[];
    expect(await listed({ from, to, reason: 'cần xem ngay đoạn đầu' } as never)).toMatchObject([
      { state: 'pending' },
    ]);
    await office.storage.holds.keep({ at: NOW });
    expect((await office.storage.holds.orders({ at: NOW })).holds).toMatchObject([
      { from: NOW - 10 * MINUTE - EDGE },
    ]);

    db.prepare(
      "UPDATE service_transaction SET finished_at = ?, finished_bound = ?, finished_by = 'officer'",
    ).run(...[NOW - 1_000, BOUND]);
    // Up to what is recorded: its last seconds are still to come.
    expect(await timelineOf(held.id)).toMatchObject({ opensBy: null, cameras: [{ state: 'pending' }] });
    const { pieces, state } = await watch(held.id);
    expect([pieces.length, state]).toEqual([2, 'pending']);
  });

  it('closes every door of an address given before, should its end be taken back', async () => {
    const id = await turn({ ...still, finishedAt: NOW - MINUTE });
    const { playlist, pieces } = await watch((await opened(id)).id);
    const file = playlist.replace('playlist.m3u8', `${pieces[0].segmentId}.mp4`);
    expect((await inspector.call('GET', playlist)).statusCode).toBe(200);
    db.prepare('UPDATE service_transaction SET finished_at = NULL, finished_bound = NULL').run();
    for (const door of [playlist, file])
      expect([door, (await inspector.call('GET', door)).json().code]).toEqual([door, 'footage.still_served']);
    // The counter's next turn says that it is over.
    await turn({ openedAt: NOW - MINUTE });
    expect((await inspector.call('GET', playlist)).statusCode).toBe(200);
  });
});

describe('a service whose opening is not held', () => {
  it('is shown from the turn before on, and says that its begin is not known', async () => {
    const id = await turn({ openedAt: null, finishedAt: OPENED });
    prompted(id, OPENED + 1, OPENED + MINUTE);
    // Back to where the duty began.
    expect(await windowOf(id)).toEqual({
      ...{ begin: 'unknown', end: 'recorded' },
      ...{ from: -2 * HOUR - EDGE, to: MINUTE + EDGE },
    });
    await turn({ openedAt: OPENED - 40 * MINUTE, finishedAt: OPENED - 30 * MINUTE });
    const held = await opened(id);
    const { window, cameras } = await timelineOf(held.id);
    expect(window.from).toBe(OPENED - 30 * MINUTE - EDGE);
    expect(cameras).toMatchObject([{ state: 'partial' }]);
    const clip = await inspector.call('POST', `/api/v1/cases/${held.id}/clips`, {
      cameraId: seeded.cameraId,
    });
    expect(clip.json().pieces.map((each: { segmentId: string }) => each.segmentId)).toEqual([
      segments.get(-10 * MINUTE),
      segments.get(0),
    ]);
  });

  it('is found as one whose begin is not known, not as one that began with its prompt', async () => {
    const [unknown, known] = [
      await turn({ openedAt: null, finishedAt: OPENED }),
      await turn({ finishedAt: OPENED + MINUTE }),
    ];
    prompted(unknown, OPENED + 1, OPENED + MINUTE);
    const dossier = 'H21.27-261120-0001';
    for (const id of [unknown, known])
      db.prepare(
        'INSERT INTO transaction_dossier (dossier_code, transaction_id, counter_id, opened_at) VALUES (?,?,?,?)',
      ).run(dossier, id, seeded.counters[0], OPENED);
    const found = await office.storage.views.transactionsOfDossier({ code: dossier, now: NOW });
    const of = (id: string) => found.find(({ transactionId }) => transactionId === id);
    expect(of(unknown)).toMatchObject({ begin: 'unknown', openedAt: OPENED + 1 });
    expect(of(known)).toMatchObject({ openedAt: OPENED });
    expect(of(known)).not.toHaveProperty('begin');
  });

  it('is found by its queue number at its end', async () => {
    const unknown = await turn({ openedAt: null, finishedAt: OPENED + MINUTE });
    const known = await turn({ finishedAt: OPENED + DAY });
    db.prepare("UPDATE service_transaction SET queue_number = 'A011'").run();
    const found = async (from: number, to: number) =>
      (await office.storage.views.transactionsOfQueue({ queueNumber: 'A011', from, to, now: NOW })).map(
        ({ transactionId }) => transactionId,
      );
    expect(await found(OPENED - HOUR, OPENED + HOUR)).toEqual([unknown, known]);
    expect(await found(OPENED + 2 * HOUR, OPENED + 2 * DAY)).toEqual([]);
  });
});
