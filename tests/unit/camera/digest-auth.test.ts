import { answerChallenge, splitChallenges } from '@hailong/device-drivers/camera/digest-auth.ts';
import { createAuth } from '@hailong/device-drivers/simulators/rtsp-auth.ts';
import { expect, it } from 'vitest';

const login = { user: 'admin', password: 's3cret' };
const request = { method: 'DESCRIBE', uri: 'rtsp://10.0.0.9:554/live' };

it('answers RFC 2617 without qop as the RFC computes it', () => {
  const header = answerChallenge(
    ['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'],
    { user: 'Mufasa', password: 'Circle Of Life' },
    { method: 'GET', uri: '/dir/index.html' },
  );
  // The RFC's A1 and A2 with the older form of response (no qop), computed with md5sum.
  expect(header).toContain('response="670fd8c2df070c60b045671b8b24ff02"');
});

it('prefers Digest over Basic and refuses what it does not know', () => {
  const both = splitChallenges('Basic realm="a", Digest realm="a", nonce="n", qop="auth"');
  expect(both).toHaveLength(2);
  expect(answerChallenge(both, login, request)).toMatch(/^Digest .*qop=auth/);
  expect(answerChallenge(['Basic realm="a"'], login, request)).toBe('Basic YWRtaW46czNjcmV0');
  expect(answerChallenge(['Digest realm="a", nonce="n", algorithm=MD4'], login, request)).toBeNull();
  expect(answerChallenge(['Negotiate abc'], login, request)).toBeNull();
  expect(answerChallenge([], login, request)).toBeNull();
});

it('convinces the simulated camera, and only with the right password', () => {
  const auth = createAuth('digest', 'admin', 's3cret');
  const header = (password: string) =>
    answerChallenge([auth.challenge()], { user: 'admin', password }, request) ?? undefined;
  expect(auth.accepts('DESCRIBE', header('s3cret'))).toBe(true);
  expect(auth.accepts('SETUP', header('s3cret'))).toBe(false);
  expect(auth.accepts('DESCRIBE', header('other'))).toBe(false);
  expect(auth.accepts('DESCRIBE', undefined)).toBe(false);
});

it('names a user in the bytes of UTF-8, and nothing that ends the header', () => {
  const [user, password] = ['quảntrị', 'mật khẩu'];
  const auth = createAuth('digest', user, password);
  const header = answerChallenge([auth.challenge()], { user, password }, request)!;
  expect([...header].every((sign) => sign >= ' ' && sign <= '\xff')).toBe(true);
  expect(auth.accepts('DESCRIBE', header)).toBe(true);
  const odd = answerChallenge([auth.challenge()], { user: 'a\u0007\r\n"\\b', password }, request);
  expect(odd).toContain('username="ab"');
});

it('answers no challenge of a length that no camera sends', () => {
  const long = 'a'.repeat(60_000);
  expect(answerChallenge([`Digest ${long}`], login, request)).toBeNull();
  expect(answerChallenge([`Digest realm="a", nonce="b", x="${long}"`], login, request)).toBeNull();
});
