/*
 * What scripts rely on, line by line: exit codes, JSON lines, the commands, the kiosk's lines, the e-government API.
 * Only command line, HTTP, the window's socket and a serial line go in and out. Three counters run side by side.
 */
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { MovedClock } from '../support/moved-clock.ts';
import {
  enrolCode,
  kioskClock,
  type Office,
  openOffice,
  StationClient,
  startKiosk,
} from '../support/office.ts';
import { hubBin, kioskBin, repoRoot } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type JsonLine, type Program, runProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

interface Reason {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly remedy: { readonly vi: string; readonly en: string };
}
interface IntentState {
  readonly state: string;
  readonly reason: Reason | null;
}

/** While three counters ask side by side on a busy machine; nobody waits for its end. */
const CLOSE_MS = 120_000;

let folder: TempFolder;
let office: Office;
const kiosks: Program[] = [];
/** Sent to a kiosk that is gone. */
let late = '';
/** Of the kiosk that is touched. */
let touched: MovedClock;

beforeAll(async () => {
  folder = await tempFolder('interfaces');
  office = await openOffice(folder.path, { closeAfterMs: CLOSE_MS });
  touched = kioskClock(`${folder.path}/clock-touched`);
  kiosks.push(office.kiosk);
  for (const i of [1, 2]) {
    const counter = office.setup.counters[i]?.id ?? '';
    const officer = office.setup.officers[i];
    const code = await enrolCode(office.hubData, 'counter', counter);
    const data = `${folder.path}/kiosk-${i}`;
    const kiosk = startKiosk({
      ...{ data, hub: office.url, panel: 'none', code, ...(i === 1 ? { clock: touched } : {}) },
    });
    kiosks.push(kiosk);
    await kiosk.line('ready');
    const station = new StationClient(office.url);
    const stationCode = await enrolCode(office.hubData, 'station', counter);
    await station.startDuty(stationCode, officer?.code ?? '', officer?.pin ?? '');
  }
});
afterAll(async () => {
  touched?.ended();
  await Promise.all(kiosks.slice(1).map((each) => each.stop()));
  await office?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

const counterId = (i: number): string => office.setup.counters[i]?.id ?? '';
const intentNow = async (id: string) =>
  (await office.api.call<IntentState>('GET', `/api/v1/intents/${id}`)).body;
const settled = (id: string, timeoutMs = 20_000) =>
  poll(
    async () => {
      const now = await intentNow(id);
      return now.state === 'pending' ? null : now;
    },
    { what: `the answer to ${id}`, timeoutMs },
  );
const told = (i: number, event: string, transaction: string, timeoutMs = 20_000) =>
  (kiosks[i] as Program).line((line) => line.event === event && line['transaction'] === transaction, {
    timeoutMs,
  });

async function serve(i: number, outcome: string): Promise<string> {
  const { transactionId, intentId } = await office.api.open(counterId(i), [
    `H21-${i}-${outcome}`.replace('_', '-'),
  ]);
  expect((await settled(intentId)).state).toBe('accepted');
  const finished = await office.api.finish(transactionId, outcome);
  expect((await settled(finished.intentId)).state).toBe('accepted');
  return transactionId;
}

const hub = (...args: string[]) => runProgram(hubBin, args);
const twoLanguages = (text: string, code: string) => {
  expect(text).toContain(code);
  expect(text).toMatch(/[ạảãàáâậầấẩẫăắằặẳẵđêệếềểễôộốồổỗơờớợởỡưừứựửữ]/);
};

describe('hailong-hub camera', () => {
  // First: a turn's film is looked for where cameras were when it was served.
  test('camera add and list, with the hub running', async () => {
    const added = await hub(
      ...['camera', 'add', '--data', office.hubData, '--address', 'rtsp://127.0.0.1:9/s', '--name', 'Cửa'],
      ...['--user', 'u', '--password', 'bi-mat-9', '--counter', '6', '--json'],
    );
    expect([added.code, added.lines[0]]).toEqual([0, expect.objectContaining({ event: 'added' })]);
    const listed = await hub('camera', 'list', '--data', office.hubData, '--json');
    expect(listed.lines).toContainEqual(expect.objectContaining({ id: added.lines[0]?.['id'], name: 'Cửa' }));
    expect(JSON.stringify(listed)).not.toContain('bi-mat-9');
  });
});

describe('the e-government API', () => {
  test('no key and a wrong key are 401 with a closed code', async () => {
    const paths = [
      '/api/v1/intents/x',
      `/api/v1/transactions/${randomUUID()}`,
      `/api/v1/transactions/${randomUUID()}/clip`,
    ];
    for (const path of paths)
      for (const authorization of [undefined, 'Bearer', 'Bearer wrong', `Basic ${office.setup.apiKey}`]) {
        const answer = await fetch(office.url + path, { headers: authorization ? { authorization } : {} });
        const body = (await answer.json()) as Reason;
        expect([answer.status, body.code, Boolean(body.vi && body.en && body.remedy.vi)]).toEqual([
          401,
          'access.login_required',
          true,
        ]);
      }
  });

  test('the same intentId has the same answer; with other content it is intent.reused', async () => {
    const ask = (dossierCodes: string[], intentId: string) =>
      office.api.call<{ code?: string }>('POST', '/api/v1/transactions', {
        ...{ intentId, counterId: counterId(0), dossierCodes, stage: 'return' },
      });
    const intentId = randomUUID();
    const first = await ask(['H21-SAME'], intentId);
    expect([first.status, first.body]).toEqual([202, { intentId, transactionId: expect.any(String) }]);
    expect(await ask(['H21-SAME'], intentId)).toEqual(first);
    expect((await settled(intentId)).state).toBe('accepted');
    expect(await ask(['H21-SAME'], intentId)).toEqual(first);
    const other = await ask(['H21-OTHER'], intentId);
    expect([other.status, other.body.code]).toEqual([409, 'intent.reused']);
    const { transactionId } = first.body as { transactionId: string };
    // A refusal says why, in both languages.
    const { intentId: busy } = await office.api.open(counterId(0), []);
    expect(await settled(busy)).toMatchObject({ state: 'refused', reason: { code: 'intent.busy' } });
    const refusal = (await intentNow(busy)).reason;
    expect([refusal?.vi, refusal?.en, refusal?.remedy.vi, refusal?.remedy.en].every(Boolean)).toBe(true);
    const { intentId: finish } = await office.api.finish(transactionId, 'accident');
    expect((await settled(finish)).state).toBe('accepted');
  });

  test('every outcome: three ask the citizen, three do not', async () => {
    const at = Date.now();
    for (const outcome of ['no_show', 'test', 'accident']) {
      const id = await serve(0, outcome);
      const { body } = await office.api.call<{ outcome: string; prompt: unknown; state: string }>(
        'GET',
        `/api/v1/transactions/${id}`,
      );
      expect([body.outcome, body.prompt, body.state]).toEqual([outcome, null, 'closed']);
      expect(kiosks[0]?.lines.some((line) => line.event === 'opened' && line['transaction'] === id)).toBe(
        false,
      );
      expect(await office.api.ratings(id)).toMatchObject({ transactionId: id, effective: null, votes: [] });
    }
    const asked = await Promise.all(
      ['completed', 'supplement', 'refused'].map((outcome, i) => serve(i, outcome)),
    );
    for (const [i, id] of asked.entries()) {
      const opened = await told(i, 'opened', id);
      expect(opened).toEqual({
        ...{ event: 'opened', id: expect.any(String), transaction: id, level: null, at: expect.any(Number) },
      });
      expect(opened['at']).toBeGreaterThanOrEqual(at);
    }

    // One panel press; the two counters without a panel are answered, or not, by touch.
    await poll(() => office.panel.status().armedMask !== 0, { what: 'the panel to be armed' });
    await office.panel.press(0);
    const thanked = await told(0, 'thanked', asked[0] ?? '');
    expect(thanked).toMatchObject({ level: 5, id: expect.any(String) });
    const same = (line: JsonLine) => line['id'] === thanked['id'];
    const panelAcked = await office.kioskLine('panelAcked', same);
    const acked = await office.kioskLine('acked', same);
    expect([panelAcked['level'], acked['level']]).toEqual([5, 5]);
    expect(Number(acked['at'])).toBeGreaterThanOrEqual(Number(thanked['at']));

    // The third counter loses its device while it asks: what is sent there now expires (last test).
    await kiosks[2]?.stop();
    late = (await office.api.open(counterId(2), [], { expiresInMs: 10_000 })).intentId;
    expect((await intentNow(late)).state).toBe('pending');
    await touch(kiosks[1] as Program, asked[1] ?? '');

    await Promise.all([office.passPrompt(), touched.move(CLOSE_MS)]);
    await Promise.all(asked.slice(0, 2).map((id, i) => told(i, 'closed', id)));
    const votes = await poll(
      async () => {
        const held = await Promise.all(
          asked.map(async (id) => (await office.api.ratings(id)).votes.map((vote) => vote.level)),
        );
        return held.flat().length > 1 && held;
      },
      { what: 'both answers at the hub' },
    );
    expect(votes).toEqual([[5], [4], []]);
    const clip = await office.api.call<{ cameras: { gaps: { reason: string }[] }[] }>(
      'GET',
      `/api/v1/transactions/${asked[2]}/clip`,
    );
    expect([clip.status, clip.body.cameras.length]).toEqual([200, 1]);
    expect(clip.body).not.toHaveProperty('playlist');
  });
});

describe('hailong-hub', () => {
  test('setup --demo names what a script needs, once', async () => {
    expect(office.setup).toMatchObject({
      event: 'setup',
      recoveryKey: expect.stringMatching(/\S{20,}/),
      apiKey: expect.stringMatching(/\S{20,}/),
      units: [{ id: expect.any(String) }],
    });
    for (const each of office.setup.officers)
      expect([each.id, each.code, each.pin].every(Boolean)).toBe(true);
    for (const each of office.setup.users) expect(each.password.length).toBeGreaterThanOrEqual(12);
    expect(office.setup.users.flatMap((each) => each.roles).sort()).toEqual(['admin', 'head', 'inspector']);
    // The sign shows the number beside the name.
    for (const each of office.setup.counters as readonly { name?: string }[])
      expect(each.name).not.toMatch(/^Quầy/);
  });

  test('setup and a second hub refuse a running hub’s data with 3, a set-up one with 1', async () => {
    for (const args of [
      ['setup', '--data', office.hubData, '--demo', '--json'],
      ['serve', '--data', office.hubData, '--port', '0', '--json'],
    ]) {
      const refused = await hub(...args);
      expect([refused.code, refused.lines]).toEqual([3, [{ event: 'error', code: 'program.data_locked' }]]);
      twoLanguages(refused.stderr, 'program.data_locked');
    }
    const data = `${folder.path}/stopped`;
    const first = await hub('setup', '--data', data, '--demo', '--json');
    expect(first.code).toBe(0);
    const again = await hub('setup', '--data', data, '--demo', '--json');
    expect([again.code, again.lines]).toEqual([1, [{ event: 'error', code: 'setup.done' }]]);
    const codes = [];
    for (const kind of ['--counter', '--station'])
      codes.push((await hub('enrol-code', '--data', data, kind, '5A', '--json')).lines[0]?.['code']);
    expect(codes).toEqual([expect.any(String), expect.any(String)]);
  });

  test('a command makes no hub in a mistyped folder', async () => {
    const data = `${folder.path}/mistyped`;
    for (const args of [['camera', 'list'], ['verify'], ['hold', 'list', '--token', 'x']]) {
      const refused = await hub(...args, '--data', data, '--json');
      expect([refused.code, refused.lines]).toEqual([2, [{ event: 'error', code: 'program.no_hub' }]]);
    }
    expect(existsSync(data)).toBe(false);
  });

  test('a command names what of it was not taken', async () => {
    const span = ['--from', '2026-11-26T08:00', '--to', '2026-11-26T09:00', '--until', '2026-12-30'];
    const args = ['hold', 'add', '--camera', 'x', ...span, '--reason', 'thử', '--token', 'hlt_x'];
    const refused = await hub(...args, '--data', office.hubData, '--json');
    expect([refused.code, refused.lines]).toEqual([1, [{ event: 'error', code: 'request.invalid' }]]);
    expect(refused.stderr).toContain('--reason');
  });

  test('a taken port is 3, wrong use 2, an unknown counter 1', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await poll(() => server.listening, { what: 'the port' });
    const { port } = server.address() as { port: number };
    const data = `${folder.path}/port`;
    const taken = await hub('serve', '--data', data, '--port', String(port), '--json');
    server.close();
    expect(taken.code).toBe(3);
    twoLanguages(taken.stderr, 'program.port_taken');
    for (const args of [
      ['nothing'],
      ['serve'],
      ['serve', '--data', data, '--port', 'x'],
      ['camera', 'sell', '--data', data],
    ])
      expect((await hub(...args)).code).toBe(2);
    const unknown = await hub('enrol-code', '--data', office.hubData, '--counter', '99', '--json');
    expect([unknown.code, unknown.lines]).toEqual([1, [{ event: 'error', code: 'reference.unknown' }]]);
  });

  test('npx runs it from the root; stdout is JSON alone; a reader that leaves early ends it quietly', async () => {
    const npx = await new Promise<{ code: unknown; stdout: string }>((done) =>
      execFile(
        'npx',
        ['--no-install', 'hailong-hub', 'routes', '--json'],
        { cwd: repoRoot },
        (error, stdout) => done({ code: error?.code ?? 0, stdout }),
      ),
    );
    expect(npx.code).toBe(0);
    const rows = npx.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonLine);
    expect(rows).toContainEqual(expect.objectContaining({ method: 'POST', path: '/api/v1/transactions' }));
    for (const [file, ...args] of [
      [hubBin, 'routes', '--json'],
      [kioskBin, '--help'],
    ] as const) {
      const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      child.stdout.destroy();
      const code = await new Promise((done) => child.on('close', done));
      expect([file, code, said]).toEqual([file, 0, '']);
    }
  });
});

test('what was sent to a device that is gone expires, and says so', async () => {
  expect(await settled(late, 60_000)).toMatchObject({
    ...{ state: 'expired', reason: { code: 'intent.expired' } },
  });
});

/** A window on the kiosk: counted at the station at once; its tap is a vote; then it leaves. */
async function touch(kiosk: Program, transaction: string): Promise<void> {
  const ready = await kiosk.line('ready');
  const ui = new URL(String(ready['ui']));
  const seen: {
    type: string;
    screen?: { name: string; question?: { rating: string; askTicket: number } };
  }[] = [];
  const socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'hello', token: ui.hash.replace('#token=', '') })),
  );
  socket.on('message', (data) => seen.push(JSON.parse(String(data))));
  const { rating, askTicket } = await poll(
    () => seen.find((each) => each.screen?.question)?.screen?.question,
    {
      what: 'the question on the window',
    },
  );
  const station = new StationClient(office.url);
  await station.call('POST', '/api/v1/station/enrol', {
    code: await enrolCode(office.hubData, 'station', counterId(1)),
  });
  const screens = async (): Promise<number> => (await station.state()).body.device.screens;
  await poll(async () => (await screens()) === 1, { what: 'the window to be counted' });
  socket.send(JSON.stringify({ type: 'tap', press: randomUUID(), rating, askTicket, level: 4 }));
  await kiosk.line((line) => line.event === 'thanked' && line['transaction'] === transaction);
  socket.close();
  await poll(async () => (await screens()) === 0, { what: 'the window to be gone' });
}
