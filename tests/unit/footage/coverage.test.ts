/* A day as the hub tells it: from the recorder's facts on real storage, to inspectors and administrators, with its log row. */
import { randomUUID } from 'node:crypto';
import type { CoverageAnswer } from '@hailong/shared/protocol/coverage.ts';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operate } from '../../../hub-server/src/commands/operate.ts';
import { NOW, type Office, openOffice } from '../hub-http/office.ts';

const MINUTE = 60_000;
const DAY = '2026-11-20';
/** 07:00 in Vietnam; now is 10:00. */
const SEVEN = NOW - 180 * MINUTE;
let office: Office;
let camera: string;
let cursor = 0;
const record = (...facts: unknown[]) =>
  office.storage.footage.record({
    recorder: 'r',
    facts: facts.map((fact) => ({ cursor: ++cursor, fact: fact as FootageFact })),
  });

/** One segment a minute from SEVEN + `from` minutes on. */
function segments(run: string, from: number, count: number): { id: string; fact: unknown }[] {
  return Array.from({ length: count }, (_, i) => {
    const id = randomUUID();
    const segment = {
      ...{ id, camera, run, file: `${id}.mp4`, mediaStartMs: i * MINUTE, mediaEndMs: (i + 1) * MINUTE },
      ...{
        arrivalAt: SEVEN + (from + i + 1) * MINUTE + 300,
        arrivalMonoMs: i,
        bytes: 9,
        sha256: 'ab'.repeat(32),
      },
      ...{ codec: 'h264', flags: [] },
    };
    return { id, fact: { kind: 'segment.closed', segment } };
  });
}
const mapped = (run: string, from: number) => ({
  kind: 'run.mapped',
  mapping: {
    run,
    camera,
    version: 1,
    method: 'min-arrival',
    offsetMs: SEVEN + from * MINUTE,
    latencyMs: 0,
    boundMs: 300,
  },
});

beforeAll(async () => {
  office = await openOffice();
  camera = (await office.seed()).cameraId;
  const [a, b] = [randomUUID(), randomUUID()];
  const first = segments(a, 0, 60);
  await record(mapped(a, 0), ...first.map(({ fact }) => fact), mapped(b, 80));
  await record(
    {
      kind: 'gap.recorded',
      gap: {
        id: randomUUID(),
        camera,
        from: SEVEN + 60 * MINUTE,
        to: SEVEN + 70 * MINUTE,
        reason: 'camera-down',
      },
    },
    ...segments(b, 80, 100).map(({ fact }) => fact),
    ...first
      .slice(0, 10)
      .map(({ id }) => ({ kind: 'segment.deleted', id, at: NOW, reason: 'budget-unreported' })),
    { kind: 'segment.deleted', id: first[10]?.id, at: NOW, reason: 'lost', by: 'user:an' },
  );
});
afterAll(() => office.close());

it('tells each part of the day once, with its reason, and who looked stands in the log', async () => {
  const inspector = await office.login('thanhtra');
  const answer = await inspector.call('GET', `/api/v1/coverage?camera=${camera}&day=${DAY}`);
  expect(answer.statusCode).toBe(200);
  const day: CoverageAnswer = answer.json();
  expect(
    day.spans.map(({ state, reason, by, from, to }) => [state, reason, by, (to - from) / MINUTE]),
  ).toEqual([
    ['missing', 'not-configured', null, 420],
    ['missing', 'deleted-unreported', null, 10],
    ['missing', 'deleted-lost', 'user:an', 1],
    ['recorded', null, null, 49],
    ['missing', 'camera-down', null, 10],
    ['missing', 'unknown', null, 10],
    ['recorded', null, null, 100],
    ['future', null, null, 840],
  ]);
  expect(day.totals[0]).toEqual({ state: 'future', reason: null, ms: 840 * MINUTE });
  const log = await office.storage.access.audit({ before: null, limit: 9 });
  expect(log[0]).toMatchObject({
    ...{ action: 'footage.coverage', actor: 'user:thanhtra', object: `camera:${camera}` },
  });
  // What went before its kiosk had reported is an alarm of its own.
  expect(log.find(({ action }) => action === 'footage.unreported_deleted')).toMatchObject({
    object: `camera:${camera}`,
  });
});

it('tells the latency in force, from its measurement on, and the camera’s clock of a month', async () => {
  const measuredAt = NOW - 60 * MINUTE;
  const measured = { by: 'user:quantri', measuredMs: 400, errorMs: 120, mappingBoundMs: 300 };
  await office.storage.cameras.saveLatency({
    ...{ id: randomUUID(), cameraId: camera, byId: 'quantri' },
    latency: {
      ...{ ...measured, at: measuredAt, latencyMs: 520, shownAt: measuredAt, frameAt: measuredAt + 400 },
      ...{ segmentId: randomUUID(), run: randomUUID(), mappingVersion: 1 },
    } as never,
    audit: {
      ...{ at: measuredAt, actor: 'user:quantri', action: 'camera.latency_measured', object: 'x' },
      ...{ reason: null, body: {} },
    },
  });
  const day = 24 * 60 * MINUTE;
  for (const [ago, offsetMs] of [
    [40 * day, 9_000],
    [20 * day, -3_000],
    [30 * MINUTE, 1_000],
  ] as const)
    await office.storage.cameras.noteClock({ cameraId: camera, at: NOW - ago, offsetMs });
  const ask = async (of: string): Promise<CoverageAnswer> =>
    (
      await (await office.login('thanhtra')).call('GET', `/api/v1/coverage?camera=${camera}&day=${of}`)
    ).json();
  const { latencies, clock, from } = await ask(DAY);
  expect(latencies).toEqual([
    { from, to: measuredAt, latencyMs: 2_000, measured: null },
    { from: measuredAt, to: NOW, latencyMs: 520, measured: { ...measured, at: measuredAt } },
  ]);
  expect(clock.map(({ offsetMs }) => offsetMs)).toEqual([-3_000, 1_000]);
  // A day before the measurement keeps what was assumed, a later one has it from midnight on.
  expect((await ask('2026-11-19')).latencies.map(({ latencyMs }) => latencyMs)).toEqual([2_000]);
  expect((await ask('2026-11-21')).latencies).toEqual([]);
});

it('says that nobody records while the recorder is away, and refuses what is not there', async () => {
  const admin = await office.login('quantri');
  office.clock.at = NOW + 25 * MINUTE;
  const tail = async () =>
    ((await admin.call('GET', `/api/v1/coverage?camera=${camera}&day=${DAY}`)).json() as CoverageAnswer).spans
      .slice(-3)
      .map(({ state, reason }) => reason ?? state);
  expect(await tail()).toEqual(['unknown', 'pending', 'future']);
  office.recorder.away = true;
  expect(await tail()).toEqual(['recorder-down', 'pending', 'future']);
  const nobody = await admin.call('GET', `/api/v1/coverage?camera=${randomUUID()}&day=${DAY}`);
  expect([nobody.statusCode, nobody.json().code]).toEqual([404, 'reference.unknown']);
  for (const day of ['2026-02-30', '2026-1-1', "x' OR 1=1"])
    expect(
      (await admin.call('GET', `/api/v1/coverage?camera=${camera}&day=${encodeURIComponent(day)}`)).json()
        .code,
    ).toBe('request.invalid');
  const { cameras } = (await admin.call('GET', '/api/v1/coverage/cameras')).json();
  expect(cameras).toEqual([{ id: camera, name: 'Quầy 1', active: true, retentionDays: 30 }]);
});

it('answers a command under the same policy, in the name of the token’s person', async () => {
  const of = async (user: string, scope: 'footage' | 'acts') => {
    const [line] = await operate(office.admin, null, office.footage, {
      ...{ verb: 'token-issue', user, name: 'dòng lệnh', scopes: [scope], days: 1 },
    });
    return String(line?.['token']);
  };
  const ask = (token: string) =>
    operate(office.admin, null, office.footage, { verb: 'coverage', camera: 'quầy 1', day: DAY, token });
  const lines = await ask(await of('thanhtra', 'footage'));
  expect(lines.at(-1)).toMatchObject({ event: 'day', camera: { id: camera, name: 'Quầy 1' }, day: DAY });
  expect(lines[0]).toMatchObject({ event: 'span', state: 'missing', reason: 'not-configured' });
  expect(lines.filter(({ event }) => event === 'latency').map((line) => line['latencyMs'])).toEqual([
    2_000, 520,
  ]);
  expect(lines.filter(({ event }) => event === 'clock')).toMatchObject([{ offsetMs: 1_000 }]);
  // With the hub stopped nobody records.
  expect(lines.map((line) => line['reason'])).toContain('recorder-down');
  const [row] = await office.storage.access.audit({ before: null, limit: 1 });
  expect(row).toMatchObject({ action: 'footage.coverage', actor: 'user:thanhtra' });
  await expect(ask(await of('truong', 'footage'))).rejects.toMatchObject({ code: 'access.refused' });
  await expect(ask(await of('thanhtra', 'acts'))).rejects.toMatchObject({ code: 'access.token' });
  await expect(ask('hlt_x')).rejects.toMatchObject({ code: 'access.token' });
});

it('takes its ends from where footage was placed, whatever the machine’s clock said when it came', async () => {
  const run = randomUUID();
  const arrivals = [1_000, NOW + 365 * 24 * 60 * MINUTE, NOW - MINUTE];
  const made = segments(run, 170, 3).map(({ fact }, i) => {
    const { segment } = fact as { segment: object };
    return { kind: 'segment.closed', segment: { ...segment, arrivalAt: arrivals[i] } };
  });
  await record(mapped(run, 170), ...made);
  const ask = (from: number, now: number) =>
    office.storage.coverage.day({
      ...{ cameraId: camera as never, from: from as never, to: (from + 24 * 60 * MINUTE) as never },
      ...{ now: now as never, recorderAway: true, readerId: 'thanhtra' },
    });
  const midnight = SEVEN - 7 * 60 * MINUTE;
  const before = await ask(midnight - 24 * 60 * MINUTE, NOW);
  expect(before?.spans.map(({ reason }) => reason)).toEqual(['not-configured']);
  const after = await ask(midnight, NOW + 60 * MINUTE);
  expect(after?.spans.find(({ from }) => from >= NOW)).toMatchObject({ reason: 'recorder-down' });
});
