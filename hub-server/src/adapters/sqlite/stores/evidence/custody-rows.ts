/**
 * Who did what with a package's footage: the log's rows about its case, about what held this footage, about changes of its counter's map
 * of cameras, about pictures of it that were opened; and who watched it for other cases. Refuses: any row of another case or of another citizen's turn. What may be told of
 * another case, and when, is in hub-server/DESIGN.md, "Evidence package".
 */
import type { OtherView } from '@hailong/shared/evidence/custody.ts';
import type { CustodyAsked } from '../../../../application/ports/evidence.ts';
import { type AuditEntry, auditLeafText } from '../../../../domain/audit/audit-entry.ts';
import { type Db, many } from '../../op.ts';
import { firstSince } from './evidence-rows.ts';

interface AuditRow extends Omit<AuditEntry, 'body'> {
  readonly seq: number;
  readonly body: string | null;
}

const SLACK_MS = 3_600_000;

/** Whatever was held for this turn (a bad rating, its officer's request) or for this case. */
const HOLDS = `SELECT request FROM footage_hold
  WHERE kind IN ('rating', 'officer') AND subject = @transactionId OR kind IN ('case', 'manual') AND subject = @caseId`;

/**
 * Whatever changed which cameras saw this counter then, said since. Rows of a camera's form (`camera.saved`) change no time before they were
 * written and name its address in the office's network, which is nobody's outside.
 */
const MAP_CHANGED = `action IN ('camera.mapped', 'camera.unmapped') AND json_extract(body, '$.counterId') = @counterId AND (
    action = 'camera.mapped' AND json_extract(body, '$.from') < @to
      AND ifnull(json_extract(body, '$.to'), @to) > @from
    OR EXISTS (SELECT 1 FROM camera_counter_was w WHERE 'camera:' || w.camera_id = object AND w.counter_id = @counterId
      AND w.from_at = coalesce(json_extract(body, '$.was'), json_extract(body, '$.from'))
      AND w.from_at < @to AND w.to_at > @from))`;

export function custodyRows(
  db: Db,
  { caseId, number, transactionId, since, counterId, asked, segments }: CustodyAsked,
): { seq: number; at: number; text: string }[] {
  return many<AuditRow>(
    db,
    `SELECT seq, at, actor, action, object, reason, body FROM audit_log
     WHERE seq >= @first AND action <> 'log.heads' AND (object = @case OR json_extract(body, '$.case') = @caseId
       OR object = 'transaction:' || @transactionId AND action LIKE 'hold.%'
       OR object IN (SELECT 'hold:' || request FROM (${HOLDS}))
       OR ${MAP_CHANGED}
       OR action = 'camera.frame_opened' AND json_extract(body, '$.segmentId') IN (SELECT value FROM json_each(@segments)))
     ORDER BY seq`,
    {
      ...{ first: firstSince(db, since - SLACK_MS), case: `case:${number}`, caseId, transactionId },
      ...{ segments: JSON.stringify(segments), counterId, from: asked.from, to: asked.to },
    },
  ).map(({ seq, body, ...entry }) => ({
    ...{ seq, at: entry.at },
    text: auditLeafText(seq, { ...entry, body: body === null ? null : JSON.parse(body) }),
  }));
}

/** As for the officer filmed: not before that case has told its officer, never of a denunciation. */
export function otherViews(db: Db, { caseId, asked, cameras }: CustodyAsked): OtherView[] {
  return many<{ at: number; camera: string }>(
    db,
    `SELECT v.at, v.camera_id AS camera FROM footage_view v JOIN case_file c ON c.id = v.case_id
     WHERE v.case_id <> @caseId AND c.type <> 'denunciation' AND c.told_at IS NOT NULL
       AND v.camera_id IN (SELECT value FROM json_each(@cameras)) AND v.from_at < @to AND v.to_at > @from
     ORDER BY v.at, v.camera_id`,
    { caseId, cameras: JSON.stringify(cameras), from: asked.from, to: asked.to },
  ).map(({ at, camera }) => ({ action: 'watched', at, camera, role: 'inspector' }) as OtherView);
}
