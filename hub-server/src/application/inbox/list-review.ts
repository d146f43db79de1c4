/**
 * Purpose: the transactions that a person must look at, a page at a time, with what is known of each. The place of the next
 *   page is a text that only this file reads: the last item shown, so that what is projected meanwhile moves no page.
 * Refuses: a place that it did not make.
 * Document: hub-server/DESIGN.md, "Projections".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { type TransactionId, transactionId } from '@hailong/shared/ids.ts';
import { type ReviewAnswer, reviewKind } from '@hailong/shared/protocol/http.ts';
import { z } from 'zod';
import type { ReviewItem } from '../ports/inbox.ts';
import type { WebParts } from '../web-parts.ts';

const place = z.tuple([reviewKind, z.string().max(20).nullable(), transactionId]);

export async function listReview(
  { storage, core }: Pick<WebParts, 'storage' | 'core'>,
  asked: { readonly month: string | null; readonly after: string | null; readonly limit: number },
): Promise<ReviewAnswer> {
  const after = asked.after === null ? null : itemAt(asked.after);
  const found = await storage.inbox.review({ month: asked.month, after, limit: asked.limit + 1 });
  const shown = found.slice(0, asked.limit);
  const items = await Promise.all(
    shown.map(async ({ kind, transaction, month }) => {
      const id = transaction as TransactionId;
      return { kind, transactionId: id, month, transaction: await core.transaction(id) };
    }),
  );
  const last = found.length > asked.limit ? shown.at(-1) : undefined;
  return { items, next: last === undefined ? null : placeOf(last) };
}

const placeOf = ({ kind, month, transaction }: ReviewItem): string =>
  Buffer.from(JSON.stringify([kind, month, transaction])).toString('base64url');

function itemAt(text: string): ReviewItem {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    read = null;
  }
  const parsed = place.safeParse(read);
  if (!parsed.success) throw new CodedError('request.invalid', 'after');
  const [kind, month, transaction] = parsed.data;
  return { kind, month, transaction };
}
