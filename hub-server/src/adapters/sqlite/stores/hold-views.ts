/** Holds as inspectors and administrators see them: one line a request, over all its cameras. Never read for an officer. */
import type { HoldAnswer } from '@hailong/shared/protocol/holds.ts';
import { type Db, many } from '../op.ts';

/** Ended ones are shown this long. */
const SHOWN_MS = 30 * 86_400_000;
const SHOWN_MAX = 2_000;

interface Row {
  readonly id: string;
  readonly kind: HoldAnswer['kind'];
  readonly subject: string | null;
  readonly from: number;
  readonly to: number;
  readonly asked_by: string;
  readonly asked_at: number;
  readonly until: number | null;
  readonly ended_at: number | null;
  readonly ended_by: string | null;
  readonly reason: string | null;
  readonly cameras: string;
  readonly officer: string | null;
  readonly asker: string | null;
  readonly second: string | null;
  readonly ender: string | null;
  readonly end_second: string | null;
  readonly case_id: string | null;
  readonly number: string | null;
  readonly type: string | null;
  readonly assignee_id: string | null;
  readonly assignee_name: string | null;
  readonly transaction_id: string | null;
}

const ROWS = `SELECT h.request AS id, h.kind, h.subject, min(h.from_at) AS "from", max(h.to_at) AS "to", h.asked_by, h.asked_at,
    h.until, max(h.ended_at) AS ended_at, h.ended_by, h.reason,
    json_group_array(DISTINCT json_object('id', h.camera_id, 'name', ifnull(k.name, '?'))) AS cameras,
    o.name AS officer, p.asked_name AS asker, p.decided_name AS second, e.asked_name AS ender, e.decided_name AS end_second,
    c.id AS case_id, c.number, c.type, c.assignee_id, c.assignee_name,
    nullif(c.transaction_id, '') AS transaction_id
  FROM footage_hold h
    LEFT JOIN camera k ON k.id = h.camera_id
    LEFT JOIN officer o ON h.kind = 'officer' AND o.id = h.asked_by
    LEFT JOIN two_person_act p ON h.kind = 'manual' AND p.id = h.request
    LEFT JOIN two_person_act e ON e.id = h.ended_by
    LEFT JOIN case_file c ON h.kind IN ('case', 'manual') AND c.id = h.subject
  WHERE h.ended_at IS NULL OR h.ended_at > ?
  GROUP BY h.request ORDER BY h.ended_at IS NOT NULL, h.asked_at DESC, h.request LIMIT ${SHOWN_MAX}`;

export function listHolds(db: Db, readerId: string, at: number): HoldAnswer[] {
  return many<Row>(db, ROWS, at - SHOWN_MS).map((row) => answerOf(row, readerId));
}

function answerOf(row: Row, readerId: string): HoldAnswer {
  const secret = row.type === 'denunciation' && row.assignee_id !== readerId;
  const manual = [row.asker, row.second].filter((each) => each !== null).join(', ');
  const owner = { officer: row.officer, manual, case: row.assignee_name, rating: null }[row.kind];
  const turn = row.kind === 'case' || row.kind === 'manual' ? row.transaction_id : row.subject;
  return {
    ...{ id: row.id, kind: row.kind, secret },
    state: row.ended_at === null ? 'living' : row.ended_by === null ? 'lapsed' : 'ended',
    owner: secret ? null : owner,
    case: secret || row.case_id === null ? null : { id: row.case_id, number: row.number ?? '' },
    transactionId: secret ? null : turn,
    cameras: JSON.parse(row.cameras),
    ...{ from: row.from, to: row.to, askedAt: row.asked_at, until: row.until, endedAt: row.ended_at },
    endedBy: row.ended_by === null ? null : [row.ender ?? '?', row.end_second ?? '?'],
    reason: secret ? null : row.reason,
  } as HoldAnswer;
}
