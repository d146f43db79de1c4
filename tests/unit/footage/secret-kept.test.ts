/*
 * What a camera's day, the search and the command say of footage that a denunciation alone keeps past its days: to anybody but its
 * assignee as if it had gone with the rest. Real storage; what the recorder would delete is asked of its own rule.
 */
import { randomUUID } from 'node:crypto';
import type { TransactionId } from '@hailong/shared/ids.ts';
import type { CoverageAnswer } from '@hailong/shared/protocol/coverage.ts';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { createFootageViews } from '../../../hub-server/src/application/footage/footage-views.ts';
import { operate } from '../../../hub-server/src/commands/operate.ts';
import {
  blocksOf,
  goneUnheld,
  type SecretHolds,
} from '../../../hub-server/src/domain/footage/unheld-look.ts';
import { holdsOf } from '../../../hub-server/src/recorder/domain/holds.ts';
import { type Caller, NOW, type Office, openOffice } from '../hub-http/office.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 09:00 in Vietnam, five days past what the camera keeps; an hour each side of eleven is of the denunciation. */
const BEGIN = Date.UTC(2026, 9, 16, 2);
const DATE = '2026-10-16';
const [FROM, TO] = [BEGIN + 100 * MINUTE, BEGIN + 120 * MINUTE];
const MINUTES = 240;
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let db: Database.Database;
let cursor = 0;
let files: { readonly id: string; readonly from: number }[];
const callers = new Map<string, Caller>();
const caller = (name: string): Caller => callers.get(name) as Caller;

const record = (facts: unknown[]) =>
  office.storage.footage.record({
    recorder: 'r',
    facts: facts.map((fact) => ({ cursor: ++cursor, fact: fact as FootageFact })),
  });

beforeEach(async () => {
  cursor = 0;
  office = await openOffice();
  seeded = await office.seed();
  const { storage, clock } = office;
  Object.assign(office.footage, createFootageViews({ ...storage, clock, root: () => office.data }));
  db = openWriter(office.data);
  db.prepare('UPDATE camera_counter SET from_at = ?').run(BEGIN - DAY);
  const [camera, run] = [seeded.cameraId, randomUUID()];
  files = Array.from({ length: MINUTES }, (_, i) => ({ id: randomUUID(), from: BEGIN + i * MINUTE }));
  await record([
    {
      kind: 'run.mapped',
      mapping: {
        ...{ run, camera, version: 1, method: 'min-arrival', offsetMs: BEGIN, latencyMs: 0, boundMs: 300 },
      },
    },
    ...files.map(({ id }, i) => ({
      kind: 'segment.closed',
      segment: {
        ...{ id, camera, run, file: `${camera}/${id}.mp4`, bytes: 9, sha256: 'ab'.repeat(32), codec: 'h264' },
        ...{ mediaStartMs: i * MINUTE, mediaEndMs: (i + 1) * MINUTE, arrivalMonoMs: i, flags: [] },
        arrivalAt: BEGIN + (i + 1) * MINUTE + 300,
      },
    })),
  ]);
  for (const name of ['thanhtra', 'thanhtra2', 'quantri']) callers.set(name, await office.login(name));
});
afterEach(async () => {
  db.close();
  await office.close();
});

/** By hand, since a case is opened of what is at most days old. */
function hold(type: string, from: number, to: number, assignee = 'thanhtra'): void {
  const user = db.prepare('SELECT id FROM web_user WHERE username = ?').pluck().get(assignee) as string;
  const id = randomUUID();
  db.prepare(
    `INSERT INTO case_file (id, number, type, document_number, purpose, transaction_id, assignee_id, assignee_name, status,
       disputed, opened_at, counter_id, from_at, to_at) VALUES (?,?,?,'x','x','',?,'x','open',0,?,?,?,?)`,
  ).run(...[id, id, type, user, from, seeded.counters[0], from, to]);
}
/** What the recorder lets go by age: everything that no hold covers. */
async function expire(isAll = false): Promise<void> {
  while (await office.storage.holds.keep({ at: office.clock.at }));
  const { holds } = await office.storage.holds.orders({ at: office.clock.at });
  const isHeld = holdsOf(holds as never);
  const kept = new Set(db.prepare('SELECT id FROM segment WHERE deleted_at IS NULL').pluck().all());
  await record(
    files
      .filter(
        ({ id, from }) => kept.has(id) && (isAll || !isHeld(seeded.cameraId as never, from, from + MINUTE)),
      )
      .map(({ id, from }) => ({
        kind: 'segment.deleted',
        id,
        at: from + MINUTE + 30 * DAY,
        reason: 'expired',
      })),
  );
}
async function day(name: string): Promise<CoverageAnswer> {
  const path = `/api/v1/coverage?camera=${seeded.cameraId}&day=${DATE}`;
  return (await caller(name).call('GET', path)).json();
}
const told = async (name: string) =>
  (await day(name)).spans.map(({ state, reason, from, to }) => [
    ...[reason ?? state, (from - BEGIN) / MINUTE, (to - BEGIN) / MINUTE],
  ]);
const HELD = [
  ['recorder-down', -540, 0],
  ['expired', 0, 99],
  ['recorded', 99, 121],
  ['expired', 121, MINUTES],
];

describe('what a denunciation alone keeps', () => {
  it('is told to nobody but its assignee, in nothing but the words of a day without it', async () => {
    hold('denunciation', FROM, TO);
    await expire();
    expect((await told('thanhtra')).slice(0, 4)).toEqual(HELD);
    const seen = [await day('thanhtra2'), await day('quantri')];
    const { token } = (
      await caller('thanhtra2').call('POST', '/api/v1/tokens', {
        name: 'máy',
        scopes: ['footage'],
        days: 1,
      })
    ).json();
    const lines = await operate(office.admin, null, office.footage, {
      ...{ verb: 'coverage', token, camera: 'Quầy 1', day: DATE },
    });
    await expire(true);
    const truth = await day('thanhtra2');
    expect(seen).toEqual([truth, truth]);
    expect(truth.spans.map(({ reason }) => reason)).not.toContain(null);
    const spans = lines.filter(({ event, to }) => event === 'span' && Number(to) <= BEGIN + MINUTES * MINUTE);
    expect(spans.map(({ reason }) => reason)).toEqual(['recorder-down', 'expired']);
  });

  it('is told to all where another hold keeps it too, and only that', async () => {
    hold('denunciation', FROM, TO);
    hold('complaint', FROM + 10 * MINUTE, TO + 10 * MINUTE, 'thanhtra2');
    await expire();
    expect((await told('thanhtra')).slice(2, 4)).toEqual([
      ['recorded', 99, 131],
      ['expired', 131, MINUTES],
    ]);
    expect((await told('quantri')).slice(1, 4)).toEqual([
      ['expired', 0, 109],
      ['recorded', 109, 131],
      ['expired', 131, MINUTES],
    ]);
  });

  it('is a recorded time to all while its days are not over', async () => {
    hold('denunciation', FROM, TO);
    office.clock.at = BEGIN + 2 * DAY;
    while (await office.storage.holds.keep({ at: office.clock.at }));
    callers.set('late', await office.login('thanhtra2'));
    expect((await told('late'))[1]).toEqual(['recorded', 0, MINUTES]);
  });

  it('is not found by the number of its turn; a case of that turn sees what there is', async () => {
    const id = randomUUID() as TransactionId;
    db.prepare(
      `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, stage, opened_at, opened_event, opened_bound,
         finished_at, finished_bound, finished_by, month) VALUES (?,?,?,'CB','reception',?,1,40,?,40,'officer','2026-10')`,
    ).run(id, seeded.counters[0], seeded.officers[0], FROM + 5 * MINUTE, TO - 5 * MINUTE);
    hold('denunciation', FROM, TO);
    await expire();
    const transaction = await office.storage.views.transaction({ id, now: NOW });
    office.core.transactions.set(id, transaction as never);
    const summary = async (name: string) =>
      (await caller(name).call('GET', `/api/v1/transactions/${id}/clip`)).json() as {
        cameras: { state: string; gaps: { reason: string }[] }[];
      };
    expect((await summary('thanhtra')).cameras).toMatchObject([{ state: 'ready' }]);
    const seen = await summary('thanhtra2');
    expect(seen.cameras).toMatchObject([{ state: 'missing', gaps: [{ reason: 'expired' }] }]);
    const body = { type: 'complaint', documentNumber: '7', purpose: 'xác minh khiếu nại', disputed: false };
    const opened = await caller('thanhtra2').call('POST', '/api/v1/cases', { ...body, transactionId: id });
    const clip = await caller('thanhtra2').call('POST', `/api/v1/cases/${opened.json().id}/clips`, {
      cameraId: seeded.cameraId,
    });
    expect([clip.statusCode, clip.json().state]).toEqual([200, 'ready']);
  });
});

describe('the rule it would have gone by', () => {
  const place = (from: number) => ({ from, to: from + 1_000, boundMs: 300 });
  const by = (reason: string, at = 5) => ({ deletion: { at, reason, by: null } }) as never;
  const kept = { deletion: null };
  const of = (before: SecretHolds['blocks'][number]['before'], after: typeof before): SecretHolds => {
    const secret = [{ from: 100_000, to: 400_000 }];
    const blocks = blocksOf({ secret, told: [] }).map((block) => ({ ...block, before, after }));
    return { secret, told: [], keepsMs: DAY, blocks };
  };
  const look = (holds: SecretHolds, now = 400_000 + 2 * DAY) =>
    [110_000, 390_000].map((from) => goneUnheld(place(from), holds, now)?.reason ?? null);
  it.each([
    ['both sides went', by('expired'), by('budget'), ['expired', 'budget']],
    ['the later side went', kept, by('budget'), ['budget', 'budget']],
    ['space took the earlier side', by('budget'), kept, ['budget', 'budget']],
    ['age took the earlier side', by('expired'), kept, ['expired', 'expired']],
    ['both sides stay', kept, kept, [null, null]],
    ['nothing was filmed around it', null, null, ['expired', 'expired']],
  ])('%s', (_name, before, after, expected) => {
    expect(look(of(before, after))).toEqual(expected);
  });
  it('age goes over it file by file', () => {
    expect(look(of(by('expired'), kept), 250_000 + DAY)).toEqual(['expired', null]);
    expect(look(of(null, null), 250_000 + DAY)).toEqual(['expired', null]);
  });
});
