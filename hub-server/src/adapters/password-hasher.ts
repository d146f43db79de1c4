/**
 * Purpose: scrypt for passwords and PINs, off the event loop, one at a time behind a bounded queue, so that a flood of
 * logins can neither stop the ratings nor eat the memory.
 * Refuses: more waiting than the bound (`request.too_many`). See hub-server/DESIGN.md, "Security".
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { CodedError } from '@hailong/shared/errors.ts';
import type { Hasher } from '../application/ports/secrets.ts';

/** 32 MiB and about 60 ms on a small office machine (OWASP's second setting for scrypt). */
const COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;
/** Two seconds of work: nobody waits longer than a person would. */
const WAITING_MAX = 32;

const derive = (secret: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(secret.normalize('NFKC'), salt, KEY_BYTES, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );

function parse(stored: string): { cost: ScryptOptions; salt: Buffer; key: Buffer } | null {
  const [scheme, n, r, p, salt, key] = stored.split('$');
  if (scheme !== 'scrypt' || !salt || !key) return null;
  return {
    cost: { N: Number(n), r: Number(r), p: Number(p), maxmem: COST.maxmem! },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

export function createHasher(cost: ScryptOptions = COST, waitingMax = WAITING_MAX): Hasher {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const decoySalt = randomBytes(16);
  const decoyKey = randomBytes(KEY_BYTES);

  function queued<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= waitingMax)
      return Promise.reject(new CodedError('request.too_many', 'hash queue is full'));
    waiting += 1;
    const done = tail.then(work);
    tail = done
      .catch(() => undefined)
      .finally(() => {
        waiting -= 1;
      });
    return done;
  }

  return {
    hash: (secret) =>
      queued(async () => {
        const salt = randomBytes(16);
        const key = await derive(secret, salt, cost);
        return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join(
          '$',
        );
      }),
    verify: (secret, stored) =>
      queued(async () => {
        const held = stored === null ? null : parse(stored);
        const key = await derive(secret, held?.salt ?? decoySalt, held?.cost ?? cost);
        const same = timingSafeEqual(key, held && held.key.length === KEY_BYTES ? held.key : decoyKey);
        return same && held !== null;
      }),
  };
}
