/**
 * Holds as inspectors and administrators see them: one line a request, over all its cameras. Never read for an officer. A page at a time,
 * by a cursor; those held longest, by people and for cases, stand first, however many ratings are held.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { HoldAnswer, HoldList } from '@hailong/shared/protocol/holds.ts';
import type { HoldsPort } from '../../../application/ports/holds.ts';
import { type Db, many, one } from '../op.ts';

/** Ended ones are shown this long. */
const SHOWN_MS = 30 * 86_400_000;

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
  readonly counter: string | null;
  readonly walkup_at: number | null;
}

const ROWS = `SELECT h.request AS id, h.kind, h.subject, min(h.from_at) AS "from", max(h.to_at) AS "to", h.asked_by, h.asked_at,
    h.until, CASE WHEN count(h.ended_at) = count(*) THEN max(h.ended_at) END AS ended_at, h.ended_by, h.reason,
    json_group_array(DISTINCT json_object('id', h.camera_id, 'name', ifnull(k.name, '?'))) AS cameras,
    o.name AS officer, p.asked_name AS asker, p.decided_name AS second, e.asked_name AS ender, e.decided_name AS end_second,
    c.id AS case_id, c.number, c.type, c.assignee_id, c.assignee_name,
    nullif(c.transaction_id, '') AS transaction_id, n.number AS counter, w.opened_at AS walkup_at
  FROM footage_hold h
    LEFT JOIN camera k ON k.id = h.camera_id
    LEFT JOIN officer o ON h.kind = 'officer' AND o.id = h.asked_by
    LEFT JOIN two_person_act p ON h.kind = 'manual' AND p.id = h.request
    LEFT JOIN two_person_act e ON e.id = h.ended_by
    LEFT JOIN case_file c ON h.kind IN ('case', 'manual') AND c.id = h.subject
    LEFT JOIN walkup w ON h.kind = 'rating' AND h.subject IS NULL AND w.id = substr(h.request, 8)
    LEFT JOIN counter n ON n.id = h.counter_id
  WHERE h.request = ? GROUP BY h.request`;

/** A request's place in the list: ended behind living, by kind, newest first. */
interface Place {
  readonly request: string;
  readonly ended: number;
  readonly rank: number;
  readonly asked: number;
}
const KIND_RANK = "CASE kind WHEN 'manual' THEN 0 WHEN 'case' THEN 1 WHEN 'officer' THEN 2 ELSE 3 END";
const PLACES = `SELECT request, count(ended_at) = count(*) AS ended, ${KIND_RANK} AS rank, max(asked_at) AS asked
  FROM footage_hold WHERE (ended_at IS NULL OR ended_at > @since) AND (@kind IS NULL OR kind = @kind) GROUP BY request`;

const cursorOf = ({ ended, rank, asked, request }: Place): string => `${ended}.${rank}.${asked}.${request}`;
function placeOf(cursor: string): Place {
  const [, ended, rank, asked, request] = /^([01])\.([0-3])\.(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (request === undefined) throw new CodedError('request.invalid', 'after');
  return { ended: Number(ended), rank: Number(rank), asked: Number(asked), request };
}

export function listHolds(
  db: Db,
  { readerId, at, kind, after, limit }: Parameters<HoldsPort['list']>[0],
): HoldList {
  const shown = { since: at - SHOWN_MS, kind };
  const found = many<Place>(
    db,
    `SELECT * FROM (${PLACES}) WHERE @request IS NULL OR (ended, rank, -asked, request) > (@ended, @rank, -@asked, @request)
     ORDER BY ended, rank, -asked, request LIMIT ${limit + 1}`,
    { ...shown, ...(after === null ? { request: null, ended: 0, rank: 0, asked: 0 } : placeOf(after)) },
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    holds: page.flatMap(({ request }) => many<Row>(db, ROWS, request).map((row) => answerOf(row, readerId))),
    count: one<HoldList['count']>(
      db,
      `SELECT count(*) FILTER (WHERE NOT ended) AS living, count(*) FILTER (WHERE ended) AS ended FROM (${PLACES})`,
      shown,
    )!,
    next: last !== undefined && found.length > limit ? cursorOf(last) : null,
  };
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
    case: secret || row.case_id === null ? null : { id: row.case_id, number: row.number, type: row.type },
    transactionId: secret ? null : turn,
    walkup: row.walkup_at === null ? null : { counter: row.counter ?? '?', at: row.walkup_at },
    cameras: secret ? [] : JSON.parse(row.cameras),
    ...{ from: secret ? null : row.from, to: secret ? null : row.to },
    ...{ askedAt: row.asked_at, until: row.until, endedAt: row.ended_at },
    endedBy: secret || row.ended_by === null ? null : [row.ender ?? '?', row.end_second ?? '?'],
    reason: secret ? null : row.reason,
  } as HoldAnswer;
}
