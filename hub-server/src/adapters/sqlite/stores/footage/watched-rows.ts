/**
 * Who watched footage in which an officer may be: of the own transactions, and of intervals of a counter while on duty there. What
 * duties come later, from a kiosk that was away, counts too: it is asked of the facts as they are now.
 * Pictures by which a camera's latency was measured, and its still frames, are of no case: they are told at once.
 * Refuses: cases that have not told their officer; denunciations for ever. See hub-server/DESIGN.md, "Cases and who watched".
 */
import type { WatchedAnswer } from '@hailong/shared/protocol/cases.ts';
import type { Interval } from '../../../../domain/footage/window.ts';
import { type Db, many } from '../../op.ts';

const SHOWN_MAX = 200;
/** What a duty lasts at most: a day and a night. */
const OPEN_DUTY_MS = 24 * 3_600_000;

/** Single pictures outside cases. */
const LOOKS = `SELECT 'measuring' AS picture, camera_id, viewer_name, frame_at, at FROM camera_look
  UNION ALL SELECT 'still', camera_id, viewer_name, frame_at, at FROM camera_still_look`;

export function watchedBy(db: Db, officerId: string): WatchedAnswer['views'] {
  return many<WatchedAnswer['views'][number]>(
    db,
    `SELECT NULL AS picture, v.at, v.viewer_name AS viewer, c.number AS caseNumber, c.type AS caseType,
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
     UNION ALL
     SELECT l.picture, l.at, l.viewer_name, NULL, NULL, NULL, NULL, k.number, coalesce(m.name, l.camera_id), l.frame_at, l.frame_at
     FROM duty d JOIN camera_counter s ON s.counter_id = d.counter_id
       JOIN (${LOOKS}) l ON l.camera_id = s.camera_id AND l.frame_at >= s.from_at AND (s.to_at IS NULL OR l.frame_at <= s.to_at)
         AND l.frame_at BETWEEN d.started_at AND coalesce(d.ended_at, d.started_at + :open)
       LEFT JOIN camera m ON m.id = l.camera_id LEFT JOIN counter k ON k.id = d.counter_id
     WHERE d.officer_id = :officer
     ORDER BY 2 DESC, 10 DESC LIMIT ${SHOWN_MAX}`,
    { officer: officerId, open: OPEN_DUTY_MS },
  ).map((row) => ({ ...row, counter: row.counter ?? '' }));
}

/** Names of the officers who were on duty at a counter at some time of the interval, in the order they began. */
export function onDutyAt(
  db: Db,
  { counterId, from, to }: Interval & { readonly counterId: string },
): string[] {
  return many<{ name: string }>(
    db,
    `SELECT coalesce(o.name, d.officer_code) AS name FROM duty d LEFT JOIN officer o ON o.id = d.officer_id
     WHERE d.counter_id = :counter AND d.started_at BETWEEN :from - :open AND :to
       AND coalesce(d.ended_at, d.started_at + :open) >= :from
     GROUP BY name ORDER BY min(d.started_at)`,
    { counter: counterId, from, to, open: OPEN_DUTY_MS },
  ).map(({ name }) => name);
}
