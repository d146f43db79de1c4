/**
 * By which right a phone comes: a ticket that a kiosk of ours signed, or a typed code. Wrong ones are counted per address,
 * typed ones in all too, before anything is looked up, so that codes cannot be guessed; whoever guesses codes keeps nobody
 * with a ticket out. Receipts are counted apart from votes.
 * Refuses: a signature that does not hold, an unknown kiosk, too many attempts.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { fromBase64Url } from '@hailong/shared/log/base64.ts';
import type { SignedStatement } from '@hailong/shared/protocol/edge.ts';
import { voteTicket } from '@hailong/shared/protocol/private.ts';
import type { ThrottleKey } from '../../domain/access/throttle.ts';
import type { PrivateAsk } from '../ports/own-chain.ts';
import type { WebParts } from '../web-parts.ts';

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
  door: 'private' | 'receipt' = 'private',
): Promise<T> {
  const { storage, clock } = parts;
  const typed = input.code !== undefined;
  const keys: ThrottleKey[] = [
    { scope: 'place', key: `${door}${typed ? '' : '-ticket'}:${input.address}` },
    ...(typed ? [{ scope: 'global' as const, key: door }] : []),
  ];
  if (!(await storage.access.admitAttempt({ keys, at: clock.now() })))
    throw new CodedError('request.too_many');
  const done = await run({ ...(await routeOf(parts, input)), phone: input.phone, at: clock.now() });
  if (done.ok) await storage.access.takeBackAttempt({ keys });
  return done;
}

async function routeOf(
  parts: WebParts,
  { ticket, code }: PrivateInput,
): Promise<Omit<PrivateAsk, 'phone' | 'at'>> {
  if (code !== undefined)
    return {
      route: { via: 'slip', slip: parts.slipCodes.slipOf(code) as Sha256Hex },
      ...{ validMs: null, revoked: false, said: { stage: null, instrument: null } },
    };
  const bytes = ticket ? fromBase64Url(ticket.bytes) : null;
  const said = bytes ? voteTicket.safeParse(parse(bytes)) : null;
  if (!ticket || !bytes || !said?.success) throw new CodedError('private.ticket_invalid');
  const { device, rating, transaction, validMs, stage, instrument } = said.data;
  const known = await parts.storage.inbox.deviceKey(device);
  const key = known && Buffer.from(known.publicKey).toString('base64url');
  if (!key || !parts.verify(key, bytes, ticket.sig)) throw new CodedError('private.ticket_invalid');
  return {
    route: { via: 'ticket', device, rating, transaction },
    ...{ validMs, revoked: known.revoked },
    said: { stage: stage ?? null, instrument: instrument ?? null },
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
