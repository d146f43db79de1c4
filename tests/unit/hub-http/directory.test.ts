/** Administration: forms, photos, secrets that never come back, lists by CSV, the demo removed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsv } from '../../../hub-server/src/adapters/csv/read-csv.ts';
import {
  saveCamera,
  saveCounter,
  saveOfficer,
  saveUnit,
  saveUser,
} from '../../../hub-server/src/application/directory/save-directory.ts';
import { readCameraAddress } from '../../../hub-server/src/domain/directory/camera-address.ts';
import { Caller, type Office, openOffice, PASSWORD, PIN } from './office.ts';

let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let admin: Caller;
beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  admin = await office.login('quantri');
});
afterAll(() => office.close());

const list = async (name: string) => (await admin.call('GET', `/api/v1/admin/${name}`)).json().items;

describe('forms', () => {
  it('create, change, refuse a code in use and a reference to nothing', async () => {
    const made = await admin.call('POST', '/api/v1/admin/units', { code: 'TP', name: 'Tư pháp' });
    expect(made.statusCode).toBe(201);
    const { id } = made.json();
    expect(
      (await admin.call('PUT', `/api/v1/admin/units/${id}`, { code: 'TP', name: 'Phòng Tư pháp' }))
        .statusCode,
    ).toBe(200);
    expect((await list('units')).find((each: { id: string }) => each.id === id).name).toBe('Phòng Tư pháp');
    expect((await admin.call('POST', '/api/v1/admin/units', { code: 'tp', name: 'x' })).statusCode).toBe(409);
    expect(
      (await admin.call('PUT', `/api/v1/admin/units/${randomUUID()}`, { code: 'Z', name: 'x' })).statusCode,
    ).toBe(404);
    const counter = { number: '9', name: 'Chín', unitId: randomUUID(), active: true };
    expect((await admin.call('POST', '/api/v1/admin/counters', counter)).json().code).toBe(
      'reference.unknown',
    );
    expect(
      (await admin.call('POST', '/api/v1/admin/procedures', { code: 'HT.01', name: 'x', active: true }))
        .statusCode,
    ).toBe(409);
    expect(
      (await admin.call('PUT', '/api/v1/admin/procedures/HT.01', { code: 'HT.02', name: 'x', active: true }))
        .statusCode,
    ).toBe(400);
  });
  it('every change has its row in the log, without the secret', async () => {
    const body = {
      code: 'CB010',
      name: 'Lê Thị Hoa',
      position: 'Viên chức',
      unitId: seeded.unitId,
      active: true,
      pin: '13579',
    };
    const { id } = (await admin.call('POST', '/api/v1/admin/officers', body)).json();
    const { rows } = (await admin.call('GET', '/api/v1/admin/audit')).json();
    expect(rows[0]).toMatchObject({
      action: 'officer.saved',
      actor: 'user:quantri',
      object: `officer:${id}`,
    });
    expect((await admin.call('GET', `/api/v1/admin/audit?before=${rows[0].seq}`)).json().rows[0].seq).toBe(
      rows[0].seq - 1,
    );
    expect(JSON.stringify(await list('officers'))).not.toMatch(/13579|scrypt|pin/i);
  });
  it('a camera’s password goes in and never out; without one it is kept', async () => {
    const [camera] = await list('cameras');
    expect(JSON.stringify(camera)).not.toContain('bi-mat-camera');
    const { live: _, id, ...form } = camera;
    await admin.call('PUT', `/api/v1/admin/cameras/${id}`, {
      ...form,
      counterIds: seeded.counters,
      latencyMs: 1500,
    });
    const [held] = await office.storage.directory.camerasWithSecrets();
    expect(office.admin.sealer.open(held!.sealedPassword)).toBe('bi-mat-camera');
    expect(held).toMatchObject({ latencyMs: 1500, counterIds: seeded.counters });
    expect(office.recorder.changes).toBe(1);
    const bad = await admin.call('PUT', `/api/v1/admin/cameras/${id}`, {
      ...form,
      address: 'rtsp://xem:mk@192.0.2.1/',
    });
    expect([bad.statusCode, bad.json().code]).toEqual([422, 'camera.address']);
  });
  it.each([
    ['rtsp://192.0.2.1:554/stream1?x=1', true],
    ['https://cam-1.local/onvif/device_service', true],
    ['rtsps://[2001:db8::1]:322/a', true],
    ['file:///etc/passwd', false],
    ['rtsp://user@host/', false],
    ['http://host:99999/', false],
    ['http://host\\@evil/', false],
    ['ftp://host/', false],
    ['rtsp://', false],
    ['rtsp://host/a b', false],
  ])('camera address %s', (address, ok) => {
    expect(readCameraAddress(address).ok).toBe(ok);
  });
  it('probing needs a recorder and passes a good address on', async () => {
    const request = { address: 'http://192.0.2.9/onvif', user: 'a', password: 'b' };
    expect((await admin.call('POST', '/api/v1/admin/cameras/probe', request)).json().code).toBe(
      'footage.recorder_away',
    );
    office.recorder.result = { ok: false, code: 'camera.silent', detail: '' };
    expect((await admin.call('POST', '/api/v1/admin/cameras/probe', request)).json().ok).toBe(false);
    const bad = await admin.call('POST', '/api/v1/admin/cameras/probe', {
      ...request,
      address: 'gopher://x',
    });
    expect(bad.json().code).toBe('camera.address');
  });
});

describe('photos', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Array(64).fill(1)]);
  const upload = (id: string, bytes: Buffer, field = 'photo') => {
    const edge = 'xxEDGExx';
    const head = `--${edge}\r\nContent-Disposition: form-data; name="${field}"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`;
    const payload = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${edge}--\r\n`)]);
    return admin.call('PUT', `/api/v1/admin/officers/${id}/photo`, payload, {
      'content-type': `multipart/form-data; boundary=${edge}`,
    });
  };
  it('are kept by content, told to the kiosk, read by those who are logged in', async () => {
    const answer = await upload(seeded.officers[0], png);
    expect(answer.statusCode).toBe(200);
    expect(office.core.told.at(-1)).toEqual({ verb: 'officerChanged', input: seeded.officers[0] });
    const { id: sha } = answer.json();
    expect((await list('officers')).find((each: { code: string }) => each.code === 'CB001').photo).toBe(sha);
    const read = await admin.call('GET', `/api/v1/photos/${sha}`);
    expect([read.headers['content-type'], read.rawPayload.equals(png)]).toEqual(['image/png', true]);
    expect(read.headers['cache-control']).toBe('no-store');
    expect((await new Caller(office.app).call('GET', `/api/v1/photos/${sha}`)).statusCode).toBe(401);
  });
  it('must be pictures of at most 2 MB', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    expect((await upload(seeded.officers[0], svg)).json().code).toBe('photo.invalid');
    const large = Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)]);
    expect((await upload(seeded.officers[0], large)).json().code).toBe('photo.invalid');
    expect((await upload(seeded.officers[0], png, 'other')).statusCode).toBe(400);
    expect((await upload(randomUUID(), png)).statusCode).toBe(404);
    const empty = await admin.call('PUT', `/api/v1/admin/officers/${seeded.officers[0]}/photo`, {});
    expect(empty.statusCode).toBe(400);
  });
});

describe('import', () => {
  const send = (name: string, text: string | Buffer, apply = 0) =>
    admin.call('POST', `/api/v1/admin/import/${name}?apply=${apply}`, text, {
      'content-type': 'text/csv; charset=utf-8',
    });

  it('previews by row, applies nothing while one is wrong, then all at once', async () => {
    const header = '\uFEFFMã cán bộ;Họ và tên;Chức vụ;Mã đơn vị;PIN;Trạng thái\r\n';
    const rows = ['CB001;Trần Thị Lan;Chuyên viên;BPMC;;', 'CB021;"Đỗ; Văn Minh";Công chức;bpmc;4321;có'];
    const wrong = [...rows, 'CB0 22;Ai;x;KHONG;12;có thể', 'CB021;Trùng;x;BPMC;;'];
    const preview = (await send('officers', header + wrong.join('\r\n'))).json();
    expect(preview.rows.map((row: { action: string }) => row.action)).toEqual([
      'same',
      'add',
      'error',
      'error',
    ]);
    expect(preview.rows[2]).toMatchObject({ line: 4 });
    expect(preview.rows[2].errors.map((each: { column: string }) => each.column).sort()).toEqual([
      'active',
      'code',
      'pin',
      'unit',
    ]);
    expect(JSON.stringify(preview)).not.toContain('4321');
    const before = (await list('officers')).length;
    const refused = await send('officers', header + wrong.join('\r\n'), 1);
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'import.rejected']);
    expect(refused.json().where[0].path).toContain('dòng 4');
    expect(await list('officers')).toHaveLength(before);
    const applied = await send('officers', header + rows.join('\r\n'), 1);
    expect(applied.json()).toMatchObject({ applied: true, errors: 0 });
    expect((await list('officers')).find((each: { code: string }) => each.code === 'CB021').name).toBe(
      'Đỗ; Văn Minh',
    );
    const station = await office.station(seeded.counters[1]);
    expect(
      (await station.call('POST', '/api/v1/station/login', { staffCode: 'CB021', pin: '4321' })).statusCode,
    ).toBe(200);
    const again = (await send('officers', header + rows.join('\r\n').replace(';4321;', ';;'))).json();
    expect(again.rows.map((row: { action: string }) => row.action)).toEqual(['same', 'same']);
  });

  it('takes every list, comma or semicolon, English or Vietnamese', async () => {
    const good = async (name: string, text: string) => {
      const answer = await send(name, text, 1);
      expect([name, answer.statusCode, answer.json().applied]).toEqual([name, 200, true]);
    };
    await good('units', 'code,name\nDD,Đất đai\n');
    await good('counters', 'Số quầy;Tên quầy;Đơn vị;Đang dùng\n3;Đất đai;DD;1\n4;Một cửa;BPMC;không\n');
    await good('procedures', 'ma thu tuc,ten thu tuc\nDD.01,"Cấp giấy, lần đầu"\n');
    const [holds, told] = [office.recorder.holds, office.core.told.length];
    await good('cameras', 'name,address,user,password,counters\nQuầy 3,rtsp://192.0.2.3/a,xem,mk,3|1\n');
    // As after a form: what is held now, and whether a counter's notice says that a camera sees it.
    expect(office.recorder.holds).toBe(holds + 1);
    expect(office.core.told.slice(told).map(({ verb }) => verb)).toEqual(['directoryChanged']);
    const [camera] = (await office.storage.directory.camerasWithSecrets()).filter(
      (each) => each.name === 'Quầy 3',
    );
    expect(camera).toMatchObject({
      counterIds: expect.arrayContaining([seeded.counters[0]]),
      retentionDays: 30,
    });
    expect(office.admin.sealer.open(camera!.sealedPassword)).toBe('mk');
    // What a list has no column for stays as somebody chose it.
    const { id, sealedPassword: _, ...value } = camera!;
    await saveCamera(office.admin, { id, actor: 'test', value: { ...value, via: 'onvif' } });
    await good('cameras', 'name,address,user,counters\nQuầy 3,rtsp://192.0.2.3/b,xem,3\n');
    const listed = (await office.storage.directory.cameras()).find((each) => each.id === id);
    expect(listed).toMatchObject({ address: 'rtsp://192.0.2.3/b', via: 'onvif' });
    const other = (await send('cameras', 'name,address,counters\nX,rtsp://a:b@c/,99\n')).json();
    expect(other.rows[0].errors.map((each: { column: string }) => each.column)).toEqual([
      'address',
      'counters',
    ]);
  });

  it.each([
    ['a header that names nothing', 'a,b\n1,2\n'],
    ['a missing column', 'code\nA\n'],
    ['no rows', 'code,name\n'],
    ['an empty file', ''],
    ['an unclosed quote', 'code,name\nA,"x\n'],
    ['a column twice', 'code,name,tên\nA,x,y\n'],
  ])('refuses %s', async (_, text) => {
    const answer = await send('units', text);
    expect([400, 422]).toContain(answer.statusCode);
  });
  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(200)],
  ])('names the row of an officer whose name is %s', async (_, name) => {
    const answer = await send('officers', `code,name,position,unit\nCB077,${name},Chuyên viên,BPMC\n`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().rows[0]).toMatchObject({ action: 'error', errors: [{ column: 'name' }] });
  });
  it('refuses bytes that are not UTF-8, and another content', async () => {
    expect((await send('units', Buffer.from([0x63, 0xff, 0xfe, 0x0a]))).statusCode).toBe(400);
    expect((await admin.call('POST', '/api/v1/admin/import/units', { a: 1 })).statusCode).toBe(400);
    expect((await send('passwords', 'a')).statusCode).toBe(400);
  });
  it('bounds its rows', () => {
    const many = `code,name\n${'A,x\n'.repeat(5_001)}`;
    expect(readCsv(many)).toMatchObject({ ok: false });
  });
});

describe('demo office', () => {
  it('goes with its people, places and logins; the real ones stay', async () => {
    const actor = 'test';
    const unitId = await saveUnit(office.admin, {
      id: null,
      value: { code: 'DEMO', name: 'Demo' },
      actor,
      demo: true,
    });
    const counter = { number: '77', name: 'Demo', unitId, active: true };
    const counterId = await saveCounter(office.admin, { id: null, value: counter, actor, demo: true });
    const officer = { code: 'DEMO1', name: 'Demo', position: 'x', unitId, active: true, pin: PIN };
    await saveOfficer(office.admin, { id: null, value: officer, actor, demo: true });
    const user = {
      username: 'demo',
      name: 'Demo',
      roles: ['head'] as const,
      active: true,
      password: PASSWORD,
    };
    await saveUser(office.admin, { id: null, value: user, actor, demo: true });
    const head = await office.login('demo');
    const working = await office.officer(counterId, 'DEMO1');
    expect((await admin.call('DELETE', '/api/v1/admin/demo', { confirm: 'xoa' })).statusCode).toBe(400);
    expect((await admin.call('DELETE', '/api/v1/admin/demo', { confirm: 'XOA' })).statusCode).toBe(204);
    expect((await head.call('GET', '/api/v1/session')).statusCode).toBe(401);
    expect((await working.call('GET', '/api/v1/station')).json().enrolled).toBe(false);
    expect(
      JSON.stringify([await list('officers'), await list('counters'), await list('units')]),
    ).not.toContain('emo');
    expect((await list('officers')).length).toBeGreaterThan(1);
    expect((await admin.call('GET', '/api/v1/session')).statusCode).toBe(200);
  });
  it('stays while it holds the only administrator', async () => {
    const other = await openOffice();
    const user = {
      username: 'demo',
      name: 'Demo',
      roles: ['admin'] as const,
      active: true,
      password: PASSWORD,
    };
    await saveUser(other.admin, { id: null, value: user, actor: 'test', demo: true });
    const caller = await other.login('demo');
    const answer = await caller.call('DELETE', '/api/v1/admin/demo', { confirm: 'XOA' });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'access.last_admin']);
    await other.close();
  });
});
