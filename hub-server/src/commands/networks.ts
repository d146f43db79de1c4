/** Networks as commands are given them. Refuses: one that cannot be read, instead of leaving it out. */
import { isIP } from 'node:net';
import { CodedError } from '@hailong/shared/errors.ts';
import type { Flags } from './command-line.ts';

/** Cameras lie in private networks; an office with another plan says so with --camera-cidr. */
const CAMERA_CIDRS = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7'];

/** An address, or a network as address/bits. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export function networksOf(flags: Pick<Flags, 'all'>, name: 'camera-cidr' | 'proxy'): readonly string[] {
  const given = flags.all(name);
  const wrong = given.find((each) => !isNetwork(each));
  if (wrong !== undefined) throw new CodedError('program.usage', `--${name} ${wrong}`);
  return given;
}

/** Where cameras may be. */
export function cameraCidrs(flags: Pick<Flags, 'all'>): readonly string[] {
  const given = networksOf(flags, 'camera-cidr');
  return given.length > 0 ? given : CAMERA_CIDRS;
}
