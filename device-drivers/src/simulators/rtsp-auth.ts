/** Purpose: the camera's side of Basic and Digest (MD5) authentication. Refuses everything unless it can check it. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export type AuthScheme = 'none' | 'basic' | 'digest';
const REALM = 'hailong-camera';
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

export function createAuth(scheme: AuthScheme, user: string, password: string) {
  const nonce = randomBytes(16).toString('hex');
  return {
    challenge: () =>
      scheme === 'basic' ? `Basic realm="${REALM}"` : `Digest realm="${REALM}", nonce="${nonce}"`,
    accepts(method: string, header: string | undefined): boolean {
      if (scheme === 'none') return true;
      if (header === undefined) return false;
      if (scheme === 'basic')
        return same(header, `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
      const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(header)?.[1] ?? '';
      const named = Buffer.from(field('username'), 'latin1').toString('utf8');
      if (named !== user || field('nonce') !== nonce) return false;
      const ha1 = md5(`${user}:${REALM}:${password}`);
      return same(field('response'), md5(`${ha1}:${nonce}:${md5(`${method}:${field('uri')}`)}`));
    },
  };
}

const same = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
