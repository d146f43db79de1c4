/**
 * By which right a phone comes: a ticket that a kiosk of ours signed, or a typed code. Wrong ones are counted per address
 * and in all, before anything is looked up, so that codes cannot be guessed.
 * Refuses: a signature that does not hold, a kiosk that is unknown or was revoked, too many attempts.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { fromBase64Url } from '@hailong/shared/log/base64.ts';
import type { SignedStatement } from '@hailong/shared/protocol/edge.ts';
import { voteTicket } from '@hailong/shared/protocol/private.ts';
import type { ThrottleKey } from '../domain/access/throttle.ts';
import type { PrivateAsk } from './ports/own-chain.ts';
import type { WebParts } from './web-parts.ts';

export interface PrivateInput {
  readonly ticket?: SignedStatement | undefined;
  readonly code?: string | undefined;
  readonly phone: string;
  readonly address: string;
}

/** Runs it with the route found; an attempt that was right is given back. */
export async function withPrivateRoute<T extends { readonly ok: boolean }>(
  parts: WebParts,
  input: PrivateInput,
  run: (ask: PrivateAsk) => Promise<T>,
): Promise<T> {
  const { storage, clock } = parts;
  const keys: ThrottleKey[] = [
    { scope: 'place', key: `private:${input.address}` },
    { scope: 'global', key: 'private' },
  ];
  if (!(await storage.access.admitAttempt({ keys, at: clock.now() })))
    throw new CodedError('request.too_many');
  const { route, until } = await routeOf(parts, input);
  const done = await run({ route, until, phone: input.phone, at: clock.now() });
  if (done.ok) await storage.access.takeBackAttempt({ keys });
  return done;
}

async function routeOf(
  parts: WebParts,
  { ticket, code }: PrivateInput,
): Promise<Pick<PrivateAsk, 'route' | 'until'>> {
  if (code !== undefined)
    return { route: { via: 'slip', slip: parts.slipCodes.slipOf(code) as Sha256Hex }, until: null };
  const bytes = ticket ? fromBase64Url(ticket.bytes) : null;
  const said = bytes ? voteTicket.safeParse(parse(bytes)) : null;
  if (!ticket || !bytes || !said?.success) throw new CodedError('private.ticket_invalid');
  const { device, rating, transaction, issuedAt, validMs } = said.data;
  const known = await parts.storage.inbox.deviceKey(device);
  const key = known && Buffer.from(known.publicKey).toString('base64url');
  if (!key || known.revoked || !parts.verify(key, bytes, ticket.sig))
    throw new CodedError('private.ticket_invalid');
  // A kiosk's clock that is ahead gives no more time than one that is right.
  const until = Math.min(issuedAt, parts.clock.now()) + validMs;
  return { route: { via: 'ticket', device, rating, transaction }, until };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
