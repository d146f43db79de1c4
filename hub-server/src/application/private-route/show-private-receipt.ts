/**
 * What became of a phone's vote: kept, in the figures, of which month. Binds nothing, and says the same for every level.
 * Refuses: what `withPrivateRoute` refuses, another phone than the one that is bound.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { PrivateReceipt } from '@hailong/shared/protocol/private.ts';
import type { WebParts } from '../web-parts.ts';
import { type PrivateInput, withPrivateRoute } from './read-private-route.ts';

export async function showPrivateReceipt(parts: WebParts, input: PrivateInput): Promise<PrivateReceipt> {
  const done = await withPrivateRoute(
    parts,
    input,
    (ask) => parts.storage.ownChain.receiptPrivate(ask),
    'receipt',
  );
  if (!done.ok) throw new CodedError(done.code);
  const { state, month, at } = done;
  return { state, month, at };
}
