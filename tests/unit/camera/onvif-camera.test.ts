/* The ONVIF adapter against our fake device on loopback: what it reads, and what it says when the device lies. */
import { createAddressPolicy } from '@hailong/device-drivers/camera/address-policy.ts';
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

describe('a device that lies gets a closed code', () => {
  it.each<[OnvifLie, string]>([
    ['huge', 'camera.bad_reply'],
    ['dtd', 'camera.bad_reply'],
    ['deep', 'camera.bad_reply'],
    ['garbage', 'camera.bad_reply'],
    ['many', 'camera.bad_reply'],
    ['ftp', 'camera.bad_reply'],
    ['redirect', 'camera.redirected'],
  ])('%s → %s', async (lie, code) => {
    device.faults.lie = lie;
    expect(await cameras.probe(target())).toMatchObject({ ok: false, code });
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

it('judges a reply before a parser sees it', () => {
  const soap = (body: string) => `<s:Envelope xmlns:s="x"><s:Body>${body}</s:Body></s:Envelope>`;
  expect(refuseSoap(soap('<a/><b></b>'))).toBeNull();
  expect(refuseSoap(soap('<!DOCTYPE a>'))).not.toBeNull();
  expect(refuseSoap(soap('<! entity x "y">'))).not.toBeNull();
  expect(refuseSoap(soap(`${'<a>'.repeat(40)}${'</a>'.repeat(40)}`))).not.toBeNull();
  expect(refuseSoap('')).not.toBeNull();
});
