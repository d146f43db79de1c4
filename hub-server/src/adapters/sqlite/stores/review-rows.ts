/** What a person must look at, read from the projections; kinds in ports/inbox.ts. */
import { ONE_PHONE_MIN, type ReviewItem } from '../../../application/ports/inbox.ts';
import { type Db, many } from '../op.ts';

const FLAGGED = 'SELECT id AS "transaction", month FROM service_transaction';
const QUERIES: Readonly<Record<ReviewItem['kind'], string>> = {
  provisional: `${FLAGGED} WHERE provisional = 1`,
  month_edge: `${FLAGGED} WHERE month_uncertain = 1`,
  same_dossier: `${FLAGGED} WHERE twin = 1`,
  both_routes: `SELECT e.transaction_id AS "transaction", t.month FROM effective_rating e
    JOIN service_transaction t ON t.id = e.transaction_id WHERE e.review = 1`,
  one_phone: `SELECT DISTINCT v.transaction_id AS "transaction", t.month FROM vote v
    LEFT JOIN service_transaction t ON t.id = v.transaction_id
    WHERE v.phone IN (SELECT phone FROM vote WHERE phone IS NOT NULL GROUP BY phone
      HAVING count(DISTINCT transaction_id) >= ${ONE_PHONE_MIN})`,
  same_code: `SELECT DISTINCT c.transaction_id AS "transaction", t.month FROM slip_claim c
    JOIN event e ON e.id = c.event_id LEFT JOIN service_transaction t ON t.id = c.transaction_id
    WHERE c.slip IN (SELECT slip FROM slip_vote)
      AND (e.branch > 0
        OR EXISTS (SELECT 1 FROM slip_claim o WHERE o.slip = c.slip AND o.transaction_id <> c.transaction_id))`,
};

export function reviewItems(db: Db, { month, limit }: { month: string | null; limit: number }): ReviewItem[] {
  return (Object.keys(QUERIES) as ReviewItem['kind'][]).flatMap((kind) =>
    many<Omit<ReviewItem, 'kind'>>(
      db,
      `SELECT * FROM (${QUERIES[kind]}) WHERE @month IS NULL OR month = @month
       ORDER BY month, "transaction" LIMIT @limit`,
      { month, limit },
    ).map((item) => ({ kind, ...item })),
  );
}
