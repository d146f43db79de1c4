/** What a person must look at, read from the projections; kinds in ports/inbox.ts. Pages go on behind their last item. */
import type { ReviewKind } from '@hailong/shared/protocol/http.ts';
import { type InboxPort, ONE_PHONE_MIN, type ReviewItem } from '../../../../application/ports/inbox.ts';
import { type Db, many } from '../../op.ts';

const FLAGGED = 'SELECT id AS "transaction", month FROM service_transaction';
const QUERIES: Readonly<Record<ReviewKind, string>> = {
  provisional: `${FLAGGED} WHERE provisional = 1`,
  month_edge: `${FLAGGED} WHERE month_uncertain = 1`,
  same_dossier: `${FLAGGED} WHERE twin = 1`,
  both_routes: `SELECT id AS "transaction", month FROM service_transaction WHERE id IN (
    SELECT transaction_id FROM effective_rating WHERE review = 1
    UNION ALL SELECT transaction_id FROM form_rating WHERE review = 1)`,
  one_phone: `SELECT DISTINCT v.transaction_id AS "transaction", t.month FROM vote v
    LEFT JOIN service_transaction t ON t.id = v.transaction_id
    WHERE v.phone IN (SELECT phone FROM vote WHERE phone IS NOT NULL GROUP BY phone
      HAVING count(DISTINCT transaction_id) >= ${ONE_PHONE_MIN})`,
  two_phones: `SELECT v.transaction_id AS "transaction", t.month FROM vote v
    LEFT JOIN service_transaction t ON t.id = v.transaction_id
    WHERE v.phone IS NOT NULL GROUP BY v.transaction_id HAVING count(DISTINCT v.phone) > 1`,
  same_code: `SELECT DISTINCT c.transaction_id AS "transaction", t.month FROM slip_claim c
    JOIN event e ON e.id = c.event_id LEFT JOIN service_transaction t ON t.id = c.transaction_id
    WHERE c.slip IN (SELECT slip FROM slip_vote)
      AND (e.branch > 0
        OR EXISTS (SELECT 1 FROM slip_claim o WHERE o.slip = c.slip AND o.transaction_id <> c.transaction_id))`,
};

export function reviewItems(
  db: Db,
  { month, after, limit }: Parameters<InboxPort['review']>[0],
): ReviewItem[] {
  const kinds = Object.keys(QUERIES) as ReviewKind[];
  const items: ReviewItem[] = [];
  for (const kind of kinds.slice(after ? kinds.indexOf(after.kind) : 0)) {
    if (items.length >= limit) break;
    const from = after?.kind === kind ? after : null;
    const found = many<Omit<ReviewItem, 'kind'>>(
      db,
      `SELECT * FROM (${QUERIES[kind]}) WHERE (@month IS NULL OR month = @month)
         AND (@id IS NULL OR (coalesce(month, ''), "transaction") > (@from, @id))
       ORDER BY coalesce(month, ''), "transaction" LIMIT @left`,
      { month, from: from?.month ?? '', id: from?.transaction ?? null, left: limit - items.length },
    );
    for (const item of found) items.push({ kind, ...item });
  }
  return items;
}
