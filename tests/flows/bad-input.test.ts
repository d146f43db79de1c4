/*
 * Wrong input at every door of a running office: each is told in Vietnamese and English with a closed code, nothing is
 * lost, nothing answers 5xx, nothing ends. And the first set-up of a real office, from an empty folder or after the demo.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { startCameraSimulator } from '@hailong/device-drivers/simulators/camera-simulator.ts';
import { isErrorCode } from '@hailong/shared/errors.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { enrolCode, type Office, openOffice, StationClient, startKiosk } from '../support/office.ts';
import { hubBin, inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

interface Problem {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly remedy: { readonly vi: string; readonly en: string };
  readonly where?: readonly { readonly path: string; readonly message: string }[];
}

let folder: TempFolder;
let office: Office;
beforeAll(async () => {
  folder = await tempFolder('bad-input');
  // Of one prompt a panel goes, is missed, and comes back; nobody waits for its end.
  office = await openOffice(folder.path, { closeAfterMs: 120_000 });
});
afterAll(async () => {
  await office?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

function isProblem(answer: { status: number; body: unknown }, code: string): void {
  const body = answer.body as Problem;
  expect([answer.status < 500, body.code]).toEqual([true, code]);
  expect([isErrorCode(body.code), body.vi, body.en, body.remedy.vi, body.remedy.en].every(Boolean)).toBe(
    true,
  );
}

/** A window on the kiosk taps a level of the question on show. */
async function touchFirstQuestion(level: number): Promise<void> {
  const ui = new URL(String((await office.kiosk.line('ready'))['ui']));
  const seen: {
    type: string;
    screen?: { question?: { rating: string; askTicket: number } };
  }[] = [];
  const socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
  const hello = { type: 'hello', token: ui.hash.replace('#token=', '') };
  socket.on('open', () => socket.send(JSON.stringify(hello)));
  socket.on('message', (data) => seen.push(JSON.parse(String(data))));
  const asked = await poll(() => seen.find((each) => each.screen?.question)?.screen?.question, {
    what: 'the question on the window',
  });
  const { rating, askTicket } = asked;
  socket.send(JSON.stringify({ type: 'tap', press: randomUUID(), rating, askTicket, level }));
  await poll(() => seen.some((each) => each.type === 'recorded'), { what: 'the tap to be recorded' });
  socket.close();
}

async function logIn(url: string, username: string, password: string) {
  const client = new StationClient(url);
  const { status } = await client.call('POST', '/api/v1/session', { username, password });
  return { client, status };
}
async function administrator(): Promise<StationClient> {
  const user = office.setup.users.find((each) => each.roles.includes('admin'));
  return (await logIn(office.url, user?.username ?? '', user?.password ?? '')).client;
}
/** With the session of `client`, a body that is not JSON. */
async function send(client: StationClient, method: string, path: string, body: string | FormData) {
  const { cookie, token } = client.credentials();
  const answer = await fetch(client.base + path, {
    method,
    headers: {
      ...{ origin: client.base, cookie, 'x-csrf-token': token },
      ...(typeof body === 'string' ? { 'content-type': 'text/csv' } : {}),
    },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

describe('an open prompt', () => {
  test('survives junk and a gone panel; touch counts meanwhile, the panel comes back by itself', async () => {
    const { transactionId, intentId } = await office.api.open(office.counter.id, ['H21-XAU-1']);
    await office.api.intent(intentId, 'accepted');
    await office.api.intent((await office.api.finish(transactionId)).intentId, 'accepted');
    await poll(() => office.panel.status().armedMask !== 0, { what: 'the panel to be armed' });
    office.panel.garbage(Uint8Array.from({ length: 4_000 }, (_, i) => (i * 151) & 255));
    office.panel.garbage(new Uint8Array(2_000).fill(0x7e));
    office.panel.misbehave({ corruptFrames: 3, duplicateFrames: 3 });

    await office.panel.unplug();
    const state = (panel: string) =>
      poll(async () => (await office.station.state()).body.device.panel === panel, {
        what: `the panel ${panel}`,
      });
    await state('away');
    // An absence shorter than a reconnection takes is not spoken of.
    await poll(() => office.kiosk.stderr().includes('panel.unavailable'), {
      what: 'the operator to be told',
    });
    await touchFirstQuestion(3);
    office.panel.replug();
    await state('ready');
    await poll(() => office.panel.status().armedMask !== 0, { what: 'the next question on the panel' });
    await office.panel.press(1);
    const pressed = await office.kioskLine('panelAcked', (line) => line['transaction'] === transactionId);
    await office.kioskLine('acked', (line) => line['id'] === pressed['id']);
    // Projecting follows the acknowledgement.
    const votes = await poll(
      async () => {
        const held = (await office.api.ratings(transactionId)).votes;
        return held.length > 1 && held;
      },
      { what: 'both answers at the hub' },
    );
    expect(votes.map((vote) => [vote.via, vote.level])).toEqual([
      ['touch', 3],
      ['panel', 4],
    ]);
    await office.passPrompt();
    await office.kioskLine('closed', (line) => line['transaction'] === transactionId);
  });

  test('a second agent on the same data is refused with 3 and says so in both languages', async () => {
    const second = startKiosk({
      ...{ data: `${folder.path}/kiosk`, hub: office.url, panel: `cpp1:${office.panel.path}` },
    });
    expect(await second.exited).toBe(3);
    expect(second.stderr()).toContain('program.data_locked');
    expect(second.stderr()).toMatch(/đang được chương trình khác dùng[\s\S]*in use by another program/);
  });
});

describe('the API', () => {
  test('malformed JSON and dossier codes', async () => {
    const raw = async (body: string) => {
      const answer = await fetch(`${office.url}/api/v1/transactions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${office.setup.apiKey}`, 'content-type': 'application/json' },
        body,
      });
      return { status: answer.status, body: (await answer.json()) as unknown };
    };
    for (const body of ['{', '', 'null', '[]', '"x"', '{"a":1}'])
      isProblem(await raw(body), 'request.invalid');
    isProblem(await raw('['.repeat(100_000)), 'request.too_deep');
    for (const code of [
      '',
      'A',
      '<script>',
      "H21'; DROP TABLE event; --",
      'x'.repeat(41),
      'H21\u0000',
      7,
      null,
    ])
      isProblem(
        await office.api.call('POST', '/api/v1/transactions', {
          ...{ counterId: office.counter.id, dossierCodes: [code], stage: 'return' },
        }),
        'request.invalid',
      );
    isProblem(
      await office.api.call('POST', '/api/v1/transactions', {
        ...{ counterId: randomUUID(), dossierCodes: [], stage: 'return' },
      }),
      'reference.unknown',
    );
    isProblem(await office.api.call('GET', `/api/v1/transactions/${randomUUID()}`), 'request.not_found');
    isProblem(await office.api.call('GET', '/api/v1/transactions/%00'), 'request.invalid');
  });

  test('wrong PINs: five, then a wait; malformed ones are not counted', async () => {
    const station = new StationClient(office.url);
    const counter = office.setup.counters[1]?.id ?? '';
    await station.call('POST', '/api/v1/station/enrol', {
      code: await enrolCode(office.hubData, 'station', counter),
    });
    await station.state();
    const officer = office.setup.officers[4];
    const attempt = (pin: unknown) =>
      station.call('POST', '/api/v1/station/login', { staffCode: officer?.code, pin });
    for (const pin of ['', 'abcd', '123', '123456789', 1234, null])
      isProblem(await attempt(pin), 'request.invalid');
    const wrong = officer?.pin === '0000' ? '0001' : '0000';
    for (let i = 0; i < 5; i++) isProblem(await attempt(wrong), 'access.wrong_pin');
    isProblem(await attempt(wrong), 'request.too_many');
    isProblem(await attempt(officer?.pin), 'request.too_many');
    isProblem(
      await station.call('POST', '/api/v1/station/enrol', { code: 'KHONG-CO-MA' }),
      'enrol.code_unknown',
    );
  });
});

describe('the administration', () => {
  const header = 'Mã thủ tục;Tên thủ tục';
  test('CSV: errors by row, all or nothing; semicolons, BOM and formulas', async () => {
    const admin = await administrator();
    const count = async () =>
      (await admin.call<{ items: unknown[] }>('GET', '/api/v1/admin/procedures')).body.items.length;
    const before = await count();
    const importOf = (csv: string, apply = '1') =>
      send(admin, 'POST', `/api/v1/admin/import/procedures?apply=${apply}`, csv);
    const bad = await importOf(`${header}\n3.0001;Tốt\n../x;Xấu\n3.0002;\n`);
    isProblem(bad, 'import.rejected');
    expect((bad.body as Problem).where?.map((each) => each.path.split(',')[0])).toEqual(['dòng 3', 'dòng 4']);
    expect(await count()).toBe(before);
    for (const csv of ['"', 'a;b\n1;2', `${header};Mã thủ tục\n1;2;3`, '\u0000\u0001'])
      isProblem(await importOf(csv), 'import.rejected');
    const good = await importOf(
      `\uFEFF${header}\r\n3.0001;"=HYPERLINK(""http://x"";""y"")"\r\n3.0002;Cấp đổi\r\n`,
    );
    expect([good.status, good.body]).toMatchObject([200, { applied: true, errors: 0 }]);
    expect(await count()).toBe(before + 2);
  });

  test('camera addresses that are none; cameras that are not there, hang, lie or stream something else', async () => {
    const admin = await administrator();
    const probe = (address: string, password = 'sim-pass-1') =>
      admin.call<{ ok: boolean; code: string }>('POST', '/api/v1/admin/cameras/probe', {
        ...{ address, user: 'sim', password },
      });
    for (const address of [
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
      'rtsp://u:p@127.0.0.1/s',
      'http://',
      '127.0.0.1',
    ])
      isProblem(await probe(address), 'camera.address');
    const found = async (address: string) => {
      const { status, body } = await probe(address);
      expect([address, status, body.ok]).toEqual([address, 200, false]);
      expect(isErrorCode(body.code)).toBe(true);
      return body.code;
    };
    expect(await found('rtsp://127.0.0.1:9/s')).toBe('camera.unreachable');
    expect(await found('rtsp://203.0.113.9/s')).toBe('camera.address_refused');

    const camera = await startCameraSimulator({ user: 'sim', password: 'sim-pass-1', label: 'XAU' });
    try {
      expect((await probe(camera.onvifUrl)).body).toMatchObject({ ok: true, codec: 'h264' });
      expect((await probe(camera.onvifUrl, 'wrong')).body.code).toBe('camera.auth_refused');
      camera.misbehave.rtsp.wrongCodec = true;
      expect(await found(camera.rtspUrl)).toBe('camera.wrong_codec');
      camera.misbehave.rtsp.wrongCodec = false;
      camera.misbehave.rtsp.redirectTo = 'rtsp://203.0.113.9/s';
      expect(await found(camera.rtspUrl)).toBe('camera.redirected');
      camera.misbehave.rtsp.redirectTo = null;
      camera.misbehave.rtsp.hang = true;
      expect(await found(camera.rtspUrl)).toBe('camera.timeout');
      camera.misbehave.rtsp.hang = false;
      camera.misbehave.onvif.lie = 'ftp';
      expect(await found(camera.onvifUrl)).toMatch(/^camera\./);
    } finally {
      await camera.stop();
    }
  });

  test('a photo that is none, a confirmation that is none', async () => {
    const admin = await administrator();
    const form = new FormData();
    form.append('photo', new Blob(['<svg onload=alert(1)>'], { type: 'image/png' }), 'x.png');
    isProblem(
      await send(admin, 'PUT', `/api/v1/admin/officers/${office.officer.id}/photo`, form),
      'photo.invalid',
    );
    isProblem(await admin.call('DELETE', '/api/v1/admin/demo', { confirm: 'yes' }), 'request.invalid');
    isProblem(await admin.call('DELETE', '/api/v1/admin/demo', { confirm: 'XOA' }), 'access.last_admin');
  });
});

describe('a real office', () => {
  test('begins with the printed token: people with photo and PIN, places, cameras, by form and by file', async () => {
    const data = `${folder.path}/real`;
    await using hub = startProgram(hubBin, ['serve', '--data', data, '--port', '0', '--json']);
    const url = String((await hub.line('listening'))['url']);
    const { token } = (await hub.line('setup')) as { token?: string };
    const admin = new StationClient(url);
    const first = (given: unknown) =>
      admin.call('POST', '/api/v1/setup', {
        ...{ token: given, username: 'quan.tri', name: 'Lê Văn Quản', password: 'mat-khau-rat-dai' },
        office: { name: 'Bộ phận Một cửa', place: 'Xã Hòa Tiến', phone: '', retentionDays: 30 },
      });
    isProblem(await first('SAI-MA-ROI'), 'access.refused');
    expect((await first(token)).status).toBe(200);
    isProblem(await first(token), 'setup.done');
    await setUpOffice(admin);
  });

  test('follows the demo: no demo login works, the facts stay', async () => {
    const admin = await administrator();
    const own = {
      username: 'that',
      name: 'Người thật',
      roles: ['admin'],
      active: true,
      password: 'mat-khau-that-1',
    };
    expect((await admin.call('POST', '/api/v1/admin/users', own)).status).toBe(201);
    const { intentId, transactionId } = await office.api.open(office.counter.id, ['H21-CON-LAI']);
    await office.api.intent(intentId, 'accepted');
    await office.api.intent((await office.api.finish(transactionId, 'accident')).intentId, 'accepted');

    const { client: real } = await logIn(office.url, own.username, own.password);
    expect((await real.call('DELETE', '/api/v1/admin/demo', { confirm: 'XOA' })).status).toBe(204);
    for (const each of office.setup.users)
      expect((await logIn(office.url, each.username, each.password)).status).toBe(401);
    expect((await office.api.call('GET', `/api/v1/transactions/${transactionId}`)).status).toBe(401);
    expect((await office.station.call('POST', '/api/v1/station/next', {})).status).toBe(401);

    const inspector = { username: 'xac.minh', name: 'Người xác minh', roles: ['inspector'], active: true };
    await real.call('POST', '/api/v1/admin/users', { ...inspector, password: 'mat-khau-that-2' });
    const { client } = await logIn(office.url, inspector.username, 'mat-khau-that-2');
    const kept = await client.call<{ transactions: { transactionId: string }[] }>(
      'GET',
      '/api/v1/transactions?dossier=H21-CON-LAI',
    );
    expect(kept.body.transactions.map((each) => each.transactionId)).toEqual([transactionId]);
    await setUpOffice(real);
    expect(await office.hub.stop()).toBe(0);
  });
});

async function setUpOffice(admin: StationClient): Promise<void> {
  const made = async (list: string, value: unknown) => {
    const answer = await admin.call<{ id: string }>('POST', `/api/v1/admin/${list}`, value);
    expect([list, answer.status, answer.body]).toEqual([list, 201, { id: expect.any(String) }]);
    return answer.body.id;
  };
  const unitId = await made('units', { code: 'HT', name: 'Xã Hòa Tiến' });
  const counterId = await made('counters', { number: '1', name: 'Hộ tịch', unitId, active: true });
  await made('procedures', { code: '9.0001', name: 'Đăng ký khai sinh', active: true });
  await made('cameras', {
    ...{ name: 'Quầy 1', address: 'rtsp://127.0.0.1:9/s', user: '', password: '', counterIds: [counterId] },
    ...{ retentionDays: 30, latencyMs: 2_000, active: false },
  });
  const officer = { code: 'HT01', name: 'Nguyễn Văn An', position: 'Công chức', unitId, active: true };
  const officerId = await made('officers', { ...officer, pin: '482913' });
  const form = new FormData();
  form.append('photo', new Blob([await readFile(inRepo('hub-server/demo/portraits/man-1.png'))]), 'an.png');
  expect((await send(admin, 'PUT', `/api/v1/admin/officers/${officerId}/photo`, form)).status).toBe(200);

  const files = {
    counters: 'Số quầy,Tên quầy,Mã đơn vị\n2,Đất đai,HT\n',
    officers: 'Mã cán bộ,Họ và tên,Chức vụ,Mã đơn vị,PIN\nHT02,Trần Thị Bình,Công chức,HT,593021\n',
    procedures: 'Mã thủ tục,Tên thủ tục\n9.0002,Đăng ký kết hôn\n',
    cameras: 'Tên camera,Địa chỉ,Các quầy,Trạng thái\nQuầy 2,rtsp://127.0.0.1:9/t,2,không\n',
  };
  for (const [list, csv] of Object.entries(files)) {
    const preview = await send(admin, 'POST', `/api/v1/admin/import/${list}`, csv);
    expect([list, preview.body]).toMatchObject([
      list,
      { applied: false, errors: 0, rows: [{ action: 'add' }] },
    ]);
    expect(JSON.stringify(preview.body)).not.toContain('593021');
    const applied = await send(admin, 'POST', `/api/v1/admin/import/${list}?apply=1`, csv);
    expect([list, applied.body]).toMatchObject([list, { applied: true }]);
  }
  const officers = await admin.call<{ items: { code: string; photo: string | null }[] }>(
    'GET',
    '/api/v1/admin/officers',
  );
  expect(officers.body.items.find((each) => each.code === 'HT01')?.photo).toMatch(/^[0-9a-f]{64}$/);
  const counters = await admin.call<{ items: { number: string }[] }>('GET', '/api/v1/admin/counters');
  expect(counters.body.items.map((each) => each.number)).toEqual(expect.arrayContaining(['1', '2']));
}
