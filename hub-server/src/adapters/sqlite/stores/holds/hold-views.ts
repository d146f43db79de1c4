/**
 * Holds as inspectors and administrators see them: one line a request, over all its cameras. Never read for an officer. A page at a time,
 * by a cursor; those held longest, by people and for cases, stand first, however many ratings are held.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { HoldAnswer, HoldList } from '@hailong/shared/protocol/holds.ts';
import type { HoldPage, HoldsPort } from '../../../../application/ports/holds.ts';
import { type Db, many, one } from '../../op.ts';

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
  WHERE h.request IN (SELECT value FROM json_each(?)) GROUP BY h.request`;

/**
 * A request's place in the list: ended behind living, by kind, in them newest first, asked or ended. All rows of a request are asked, dated
 * and ended together, so that any of them says its place, and an index has each part of the list in its order (048, 057).
 */
interface Place {
  readonly request: string;
  readonly ended: 0 | 1;
  readonly rank: number;
  /** When it was asked, or ended. */
  readonly at: number;
}
/** In the order of the list. */
const KINDS: readonly HoldAnswer['kind'][] = ['manual', 'case', 'officer', 'rating'];
const PARTS = [
  { state: 'ended_at IS NULL', at: 'asked_at' },
  { state: 'ended_at > @since', at: 'ended_at' },
] as const;

const cursorOf = ({ ended, rank, at, request }: Place): string => `${ended}.${rank}.${at}.${request}`;
function placeOf(cursor: string): Place {
  const [, ended, rank, at, request] = /^([01])\.([0-3])\.(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (request === undefined) throw new CodedError('request.invalid', 'after');
  return { ended: ended === '1' ? 1 : 0, rank: Number(rank), at: Number(at), request };
}

/** Behind `after`, at most `limit`. Each look goes straight to where the last one ended. */
function placesAfter(
  db: Db,
  { since, kind }: { readonly since: number; readonly kind: HoldAnswer['kind'] | null },
  after: Place | null,
  limit: number,
): Place[] {
  const found: Place[] = [];
  for (const ended of [0, 1] as const)
    for (const [rank, of] of KINDS.entries()) {
      if (kind !== null && kind !== of) continue;
      if (after && (ended < after.ended || (ended === after.ended && rank < after.rank))) continue;
      const begun = after?.ended === ended && after.rank === rank ? after : null;
      const { state, at } = PARTS[ended];
      const look = (where: string): void => {
        if (found.length >= limit) return;
        const rows = many<Pick<Place, 'request' | 'at'>>(
          db,
          `SELECT request, ${at} AS at FROM footage_hold WHERE kind = @of AND ${state} ${where}
           GROUP BY ${at}, request ORDER BY ${at} DESC, request LIMIT @left`,
          { of, since, at: begun?.at ?? 0, request: begun?.request ?? '', left: limit - found.length },
        );
        for (const row of rows) found.push({ ...row, ended, rank });
      };
      if (begun) look(`AND ${at} = @at AND request > @request`);
      look(begun ? `AND ${at} < @at` : '');
    }
  return found;
}

function countOf(
  db: Db,
  { since, kind }: { readonly since: number; readonly kind: HoldAnswer['kind'] | null },
): HoldList['count'] {
  // Those that ended long ago are many in time, and not looked at; rows of a request lie side by side.
  const ended = one<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM (SELECT 1 FROM footage_hold WHERE ended_at > ? AND (? IS NULL OR kind = ?)
       GROUP BY ended_at, kind, request)`,
    ...[since, kind, kind],
  )!.n;
  const living = KINDS.filter((each) => kind === null || kind === each).reduce(
    (sum, of) =>
      sum +
      one<{ n: number }>(
        db,
        `SELECT count(*) AS n FROM (SELECT 1 FROM footage_hold WHERE kind = ? AND ended_at IS NULL GROUP BY asked_at, request)`,
        of,
      )!.n,
    0,
  );
  return { living, ended };
}

/** One look for a page, in its order. */
function rowsOf(db: Db, page: readonly Place[]): Row[] {
  const ids = page.map(({ request }) => request);
  const rows = new Map(many<Row>(db, ROWS, JSON.stringify(ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** `isCounted` false: no count, which looks at all there are. */
export function listHolds(
  db: Db,
  { readerId, at, kind, after, limit, isCounted }: Parameters<HoldsPort['list']>[0],
): HoldPage {
  const shown = { since: at - SHOWN_MS, kind };
  const found = placesAfter(db, shown, after === null ? null : placeOf(after), limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    holds: rowsOf(db, page).map((row) => answerOf(row, readerId)),
    count: isCounted ? countOf(db, shown) : null,
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
