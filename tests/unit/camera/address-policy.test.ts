import {
  createAddressPolicy,
  type PinnedAddress,
  pinnedText,
  pinReturned,
} from '@hailong/device-drivers/camera/address-policy.ts';
import { describe, expect, it } from 'vitest';

const admit = async (address: string, cidrs: string[] = [], ips: string[] = []) => {
  const answer = await createAddressPolicy(cidrs, async () => ips).admit(address);
  return answer.ok ? pinnedText(answer.value) : answer.code;
};

describe('which addresses are connected to', () => {
  it.each([
    ['rtsp://192.168.1.20/live', 'rtsp://192.168.1.20:554/live'],
    ['rtsps://10.0.0.4/live?x=1', 'rtsps://10.0.0.4:322/live?x=1'],
    ['http://172.16.3.4:8080/onvif/device_service', 'http://172.16.3.4:8080/onvif/device_service'],
    ['https://[fd00::7]/onvif', 'https://[fd00::7]:443/onvif'],
    ['RTSP://127.0.0.1:8554', 'rtsp://127.0.0.1:8554/'],
  ])('takes %s', async (address, pinned) => {
    expect(await admit(address)).toBe(pinned);
  });

  it.each([
    'ftp://192.168.1.20/',
    'file:///etc/passwd',
    'concat:rtsp://192.168.1.20',
    '/dev/video0',
    'rtsp://user:secret@192.168.1.20/live',
    "rtsp://192.168.1.20/it's",
    'rtsp://192.168.1.20/a b',
    'rtsp://192.168.1.20/a\r\nCSeq: 1',
    'rtsp://192.168.1.20:0/',
    'rtsp://192.168.1.20:99999/',
    'rtsp://',
    '',
    `rtsp://192.168.1.20/${'x'.repeat(400)}`,
    'rtsp://8.8.8.8/live',
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]/latest/meta-data',
    'http://[FD00:0EC2:0:0::254]/latest/meta-data',
    'http://[::ffff:169.254.169.254]/',
    'http://0.0.0.0/',
    'http://[fe80::1]/',
  ])('refuses %j', async (address) => {
    expect(await admit(address)).toBe('camera.address_refused');
  });

  it('resolves a name once and connects to that address', async () => {
    expect(await admit('rtsp://camera-5.office/live', [], ['192.168.1.20'])).toBe(
      'rtsp://192.168.1.20:554/live',
    );
    expect(await admit('rtsp://camera-5.office/live', [], ['203.0.113.7'])).toBe('camera.address_refused');
    expect(await admit('rtsp://camera-5.office/live', [], [])).toBe('camera.unreachable');
  });

  it('takes only the networks of the list once there is one', async () => {
    expect(await admit('rtsp://192.168.1.20/', ['192.168.2.0/24'])).toBe('camera.address_refused');
    expect(await admit('rtsp://192.168.2.20/', ['192.168.2.0/24'])).toBe('rtsp://192.168.2.20:554/');
    expect(await admit('rtsp://203.0.113.7/', ['203.0.113.7'])).toBe('rtsp://203.0.113.7:554/');
    // Nothing readable in the list: nothing is allowed, rather than everything.
    expect(await admit('rtsp://192.168.2.20/', ['nonsense'])).toBe('camera.address_refused');
  });
});

describe('what a camera returns', () => {
  const asked: PinnedAddress = { scheme: 'http', host: 'cam', ip: '10.0.0.9', port: 80, path: '/onvif' };

  it('keeps path and port, never the host or a login', () => {
    expect(pinReturned('rtsp://10.0.0.9:8554/s1', asked, ['rtsp'])).toEqual({
      uri: 'rtsp://cam:8554/s1',
      replaced: false,
    });
    expect(pinReturned('rtsp://u:p@evil.example/s1?a=b', asked, ['rtsp'])).toEqual({
      uri: 'rtsp://cam:554/s1?a=b',
      replaced: true,
    });
  });

  it.each([null, 7, {}, '', 'ftp://10.0.0.9/', 'http://10.0.0.9/', 'javascript:1'])(
    'refuses %j as a stream',
    (uri) => {
      expect(pinReturned(uri, asked, ['rtsp', 'rtsps'])).toBeNull();
    },
  );
});

it('connects to no machine that tells a cloud’s secrets, whatever networks and names an operator gives', async () => {
  expect(await admit('http://[fd00:ec2::254]/', ['fd00:ec2::/32'])).toBe('camera.address_refused');
  expect(await admit('http://camera.lan/', ['fd00::/8'], ['fd20:ce::254'])).toBe('camera.address_refused');
  expect(await admit('http://camera.lan/', ['fd00::/8'], ['fd20:ce::255'])).toBe('http://[fd20:ce::255]:80/');
});
