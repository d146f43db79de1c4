/* The ONVIF adapter against our fake device on loopback: what it reads, and what it says when the device lies. */
import { createAddressPolicy } from '@hailong/device-drivers/camera/address-policy.ts';
import { wordsOf } from '@hailong/device-drivers/camera/camera.ts';
import { openCameras } from '@hailong/device-drivers/camera/open-camera.ts';
import { refuseSoap } from '@hailong/device-drivers/camera/soap-bounds.ts';
import {
  type OnvifLie,
  type OnvifServer,
  startOnvifServer,
} from '@hailong/device-drivers/simulators/onvif-server.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const password = 's3c"r<&>é\'t';
const cameras = openCameras(createAddressPolicy([]));
let device: OnvifServer;

beforeAll(async () => {
  device = await startOnvifServer({
    user: 'admin',
    password,
    label: 'Quầy 5 <A&B>',
    streamUrl: () => 'rtsp://127.0.0.1:8554/stream1?a=1&b=2',
    width: 640,
    height: 360,
    fps: 12,
  });
});
afterAll(() => device.stop());
afterEach(() => {
  device.faults.lie = 'none';
  device.faults.clockOffsetMs = 0;
  device.faults.media2Only = false;
});

const target = (over: object = {}) => ({ address: device.url, user: 'admin', password, ...over });

it('reads information, profile, stream and snapshot, with a password full of markup', async () => {
  const answer = await cameras.probe(target());
  expect(answer).toMatchObject({
    ok: true,
    value: {
      manufacturer: 'hailong (simulated)',
      model: 'Quầy 5 <A&B>',
      streamUri: 'rtsp://127.0.0.1:8554/stream1?a=1&b=2',
      hostReplaced: false,
      profiles: [{ token: 'main', width: 640, height: 360, fps: 12 }],
    },
  });
});

it('tells the camera’s clock', async () => {
  device.faults.clockOffsetMs = -3_723_000;
  const answer = await cameras.deviceTime(target());
  expect(answer.ok && Math.abs((answer.value ?? 0) + 3_723_000)).toBeLessThan(1_500);
});

it('keeps the configured host when the device names another, for services and stream', async () => {
  device.faults.lie = 'other-host';
  const answer = await cameras.probe(target());
  expect(answer).toMatchObject({
    ok: true,
    value: { streamUri: 'rtsp://127.0.0.1:8554/stream1?a=1&b=2', hostReplaced: true },
  });
});

describe('a camera of Media2 alone', () => {
  it('is read by the second adapter after the first could not, without being asked for', async () => {
    device.faults.media2Only = true;
    expect(await cameras.probe(target())).toMatchObject({
      ok: true,
      value: {
        ...{ via: 'onvif', model: 'Quầy 5 <A&B>', streamUri: 'rtsp://127.0.0.1:8554/stream1?a=1&b=2' },
        profiles: [{ token: 'main', width: 640, height: 360, fps: 12 }],
      },
    });
    expect(await cameras.probe(target({ via: 'node-onvif' }))).toMatchObject({
      ...{ ok: false, code: 'camera.bad_reply' },
    });
  });

  it('is told its clock, and refused a wrong password in so many words', async () => {
    device.faults.media2Only = true;
    device.faults.clockOffsetMs = -3_723_000;
    const time = await cameras.deviceTime(target({ via: 'onvif' }));
    expect(time.ok && Math.abs((time.value ?? 0) + 3_723_000)).toBeLessThan(1_500);
    expect(await cameras.probe(target({ via: 'onvif', password: 'wrong' }))).toMatchObject({
      ...{ ok: false, code: 'camera.auth_refused' },
    });
  });
});

it.each([
  { user: 'admin', password },
  { user: 'quảntrị', password: 'mật khẩu đẹp' },
])('answers HTTP digest with both adapters, as $user', async (login) => {
  const shy = await startOnvifServer({
    ...{ ...login, label: 'Digest', httpDigest: true },
    ...{ streamUrl: () => 'rtsp://127.0.0.1:8554/s', width: 640, height: 360, fps: 12 },
  });
  try {
    for (const via of ['node-onvif', 'onvif'] as const)
      expect([via, await cameras.probe(target({ ...login, address: shy.url, via }))]).toMatchObject([
        via,
        { ok: true, value: { via, streamUri: 'rtsp://127.0.0.1:8554/s' } },
      ]);
    const odd = await cameras.probe(target({ ...login, user: 'a\u0007b', address: shy.url }));
    expect(odd).toMatchObject({ ok: false });
  } finally {
    await shy.stop();
  }
});

describe.each(['node-onvif', 'onvif'] as const)('to %s a device that lies gets a closed code', (via) => {
  it.each<[OnvifLie, string]>([
    ['huge', 'camera.bad_reply'],
    ['dtd', 'camera.bad_reply'],
    ['deep', 'camera.bad_reply'],
    ['garbage', 'camera.bad_reply'],
    ['many', 'camera.bad_reply'],
    ['ftp', 'camera.bad_reply'],
    ['redirect', 'camera.redirected'],
    ['endless', 'camera.bad_reply'],
    ['proto', 'camera.bad_reply'],
  ])('%s → %s', async (lie, code) => {
    device.faults.lie = lie;
    expect(await cameras.probe(target({ via }))).toMatchObject({ ok: false, code });
  });

  it('wrong password, nobody there, a network not allowed', async () => {
    expect(await cameras.probe(target({ password: 'no' }))).toMatchObject({
      ok: false,
      code: 'camera.auth_refused',
    });
    expect(await cameras.probe(target({ address: 'http://127.0.0.1:1/onvif' }))).toMatchObject({
      ok: false,
      code: 'camera.unreachable',
    });
    expect(await cameras.probe(target({ address: 'http://203.0.113.5/onvif' }))).toMatchObject({
      ok: false,
      code: 'camera.address_refused',
    });
  });

  it('never repeats the password', async () => {
    for (const lie of ['garbage', 'redirect', 'dtd'] as const) {
      device.faults.lie = lie;
      expect(JSON.stringify(await cameras.probe(target()))).not.toContain('s3c');
    }
  });
});

it('takes a camera’s words as one short line', () => {
  expect(wordsOf(' DS-2CD\u0000\r\n\u001b[31m\u202E<b>\u009b ')).toBe('DS-2CD [31m <b>');
  expect(wordsOf('y'.repeat(500))).toHaveLength(80);
  expect([wordsOf('\u200B '), wordsOf({}), wordsOf(null), wordsOf(7)]).toEqual([null, null, null, '7']);
});

it('judges a reply before a parser sees it', () => {
  const soap = (body: string) => `<s:Envelope xmlns:s="x"><s:Body>${body}</s:Body></s:Envelope>`;
  expect(refuseSoap(soap('<a/><b></b>'))).toBeNull();
  expect(refuseSoap(soap('<!DOCTYPE a>'))).not.toBeNull();
  expect(refuseSoap(soap('<! entity x "y">'))).not.toBeNull();
  expect(refuseSoap(soap(`${'<a>'.repeat(40)}${'</a>'.repeat(40)}`))).not.toBeNull();
  expect(refuseSoap('')).not.toBeNull();
});
