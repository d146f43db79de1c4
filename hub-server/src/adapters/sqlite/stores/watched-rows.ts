/**
 * Who watched footage in which an officer may be: of the own transactions, and of intervals of a counter while on duty there. What
 * duties come later, from a kiosk that was away, counts too: it is asked of the facts as they are now.
 * Refuses: cases that have not told their officer; denunciations for ever. See hub-server/DESIGN.md, "Cases and who watched".
 */
import type { WatchedAnswer } from '@hailong/shared/protocol/cases.ts';
import { type Db, many } from '../op.ts';

const SHOWN_MAX = 200;
/** What a duty lasts at most: a day and a night. */
const OPEN_DUTY_MS = 24 * 3_600_000;

export function watchedBy(db: Db, officerId: string): WatchedAnswer['views'] {
  return many<WatchedAnswer['views'][number]>(
    db,
    `SELECT v.at, v.viewer_name AS viewer, c.number AS caseNumber, c.type AS caseType,
       v.transaction_id AS transactionId, t.queue_number AS queueNumber, k.number AS counter,
       coalesce(m.name, v.camera_id) AS camera, v.from_at AS "from", v.to_at AS "to"
     FROM case_file c JOIN footage_view v ON v.case_id = c.id
     LEFT JOIN service_transaction t ON t.id = v.transaction_id
     LEFT JOIN camera m ON m.id = v.camera_id LEFT JOIN counter k ON k.id = v.counter_id
     WHERE c.told_at IS NOT NULL AND c.type <> 'denunciation' AND
       CASE WHEN v.transaction_id IS NOT NULL THEN t.officer_id = :officer ELSE EXISTS (
         SELECT 1 FROM duty d WHERE d.counter_id = v.counter_id AND d.officer_id = :officer
           AND d.started_at BETWEEN v.from_at - :open AND v.to_at
           AND coalesce(d.ended_at, d.started_at + :open) >= v.from_at) END
     ORDER BY v.at DESC LIMIT ${SHOWN_MAX}`,
    { officer: officerId, open: OPEN_DUTY_MS },
  ).map((row) => ({ ...row, counter: row.counter ?? '' }));
}
