/**
 * The private route's rows: which code is ours, which phone it is bound to, what was voted and what became of it. The first
 * vote counts; later ones are facts too and answered the same. A rating's ticket and its code are one way once its opening
 * has come: the phone that was first by either has both.
 * Refuses: a code nobody issued, a ticket about another kiosk's rating, a second phone.
 */
import { hash } from 'node:crypto';
import { readEvent } from '@hailong/shared/edge/event.ts';
import { type ChipKey, chipsAt, type Instrument } from '@hailong/shared/model/instrument.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { PrivateAnswers } from '@hailong/shared/protocol/private.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type {
  OwnPlace,
  PrivateAsk,
  PrivateOpened,
  PrivateReceived,
  PrivateRefusal,
  PrivateRoute,
} from '../../../../application/ports/own-chain.ts';
import { VOTES_OF_ONE_MAX, voteInTime } from '../../../../domain/ratings/private-vote.ts';
import { type Db, many, one, run } from '../../op.ts';
import { formOf, formsAt } from '../directory/instrument-rows.ts';
import { getMeta, setMeta } from '../meta.ts';
import { routeKey } from '../own-chain/own-rows.ts';

/** One phone cannot be followed from one hub to another. */
function saltOf(db: Db): string {
  const held = getMeta(db, 'private.salt');
  if (held !== null) return held;
  const salt = one<{ salt: string }>(db, 'SELECT lower(hex(randomblob(16))) AS salt')!.salt;
  setMeta(db, 'private.salt', salt);
  return salt;
}
export const phoneHash = (db: Db, phone: string): string =>
  hash('sha256', `hailong-phone-v1\n${saltOf(db)}\n${phone}\n`, 'hex');

interface Rating {
  readonly transaction: string;
  readonly rating: string;
  /** Effective; null: its opening has not come yet. */
  readonly openedAt: number | null;
  /** Null: without an anchor. */
  readonly openedBound: number | null;
  readonly openedEvent: number | null;
  readonly instrumentId: string | null;
  readonly instrumentVersion: number | null;
  readonly counterId: string | null;
}
const RATING = `SELECT p.transaction_id AS "transaction", p.rating_id AS rating, p.opened_at AS openedAt,
  p.opened_bound AS openedBound, p.opened_event AS openedEvent, p.instrument_id AS instrumentId,
  p.instrument_version AS instrumentVersion, t.counter_id AS counterId
  FROM rating_prompt p LEFT JOIN service_transaction t ON t.id = p.transaction_id`;

function ratingOf(db: Db, route: PrivateRoute): Rating | undefined {
  return route.via === 'ticket'
    ? one<Rating>(db, `${RATING} WHERE p.transaction_id = ?`, route.transaction)
    : one<Rating>(
        db,
        // A code on two papers says of neither when it was opened.
        `${RATING} WHERE p.transaction_id = (SELECT min(transaction_id) FROM slip_claim WHERE slip = ?
           HAVING count(DISTINCT transaction_id) = 1)`,
        route.slip,
      );
}

/** A code that this data forgot is known again by the rating that carries it. */
function isKnown(db: Db, route: PrivateRoute, rating: Rating | undefined): boolean {
  if (route.via === 'ticket' || rating) return true;
  return ['slip_code', 'slip_claim'].some(
    (table) => one(db, `SELECT 1 FROM ${table} WHERE slip = ?`, route.slip) !== undefined,
  );
}

/** A kiosk speaks of its own ratings only. */
function isForeign(db: Db, route: PrivateRoute, rating: Rating | undefined): boolean {
  if (route.via !== 'ticket' || rating?.openedEvent == null) return false;
  return (
    one(
      db,
      'SELECT 1 FROM event e JOIN device_epoch d ON d.id = e.epoch_id WHERE e.id = ? AND d.device = ?',
      ...[rating.openedEvent, route.device],
    ) === undefined
  );
}

/** Every way to the same rating, as far as is known: its code on paper and its ticket are one for a phone. */
function waysTo(db: Db, route: PrivateRoute, rating: Rating | undefined): string[] {
  const own = routeKey(route);
  if (!rating) return [own];
  const slips = many<{ slip: string }>(
    db,
    `SELECT slip FROM slip_claim WHERE slip IN (SELECT slip FROM slip_claim WHERE transaction_id = ?)
     GROUP BY slip HAVING count(DISTINCT transaction_id) = 1`,
    rating.transaction,
  );
  return [...new Set([own, `ticket:${rating.rating}`, ...slips.map(({ slip }) => `slip:${slip}`)])];
}

interface Binding {
  readonly route: string;
  readonly phone: string;
  readonly at: number;
}
/** The first that was bound comes first. */
const bindings = (db: Db, ways: readonly string[]): Binding[] =>
  many<Binding>(
    db,
    `SELECT route, phone, bound_at AS at FROM private_binding WHERE route IN (SELECT value FROM json_each(?))
     ORDER BY bound_at, route`,
    JSON.stringify(ways),
  );

export type Admitted =
  | {
      readonly ok: true;
      readonly phone: string;
      readonly inTime: boolean;
      readonly rating: Rating | undefined;
      readonly ways: readonly string[];
    }
  | { readonly ok: false; readonly code: PrivateRefusal };

/** Known, and bound to this phone from now on. */
export function admitPhone(db: Db, { route, phone: token, validMs, revoked, at }: PrivateAsk): Admitted {
  const rating = ratingOf(db, route);
  if (!isKnown(db, route, rating)) return { ok: false, code: 'private.code_unknown' };
  if (isForeign(db, route, rating)) return { ok: false, code: 'private.ticket_invalid' };
  const [key, phone] = [routeKey(route), phoneHash(db, token)];
  const ways = waysTo(db, route, rating);
  const held = bindings(db, ways);
  if (held[0] && held[0].phone !== phone) return { ok: false, code: 'private.other_phone' };
  const mine = held.find((each) => each.route === key);
  if (!mine) run(db, 'INSERT INTO private_binding (route, phone, bound_at) VALUES (?,?,?)', key, phone, at);
  const { openedAt = null, openedBound = null } = rating ?? {};
  const opened = openedAt === null ? null : { at: openedAt, bound: openedBound };
  // What the kiosk's clock said when it signed is judged nowhere: where no anchor places the opening, time runs from here.
  const from = opened !== null && opened.bound !== null ? opened.at + opened.bound : (mine?.at ?? at);
  const until = validMs === null ? null : from + validMs;
  const inTime = !revoked && voteInTime({ at, until, opened });
  return { ok: true, phone, rating, inTime, ways };
}

/** The form that the rating froze, else the one that the ticket names, else the one in use. */
function formAsked(db: Db, rating: Rating | undefined, said: PrivateAsk['said']): Instrument | null {
  const frozen = rating?.instrumentId != null && {
    ...{ id: rating.instrumentId, version: rating.instrumentVersion ?? 0 },
  };
  const ref = frozen || said.instrument;
  return (ref ? formOf(db, ref) : null) ?? formsAt(db, rating?.counterId ?? '')?.instrument ?? null;
}

export function opened(db: Db, ask: PrivateAsk): PrivateOpened {
  const admitted = admitPhone(db, ask);
  if (!admitted.ok) return admitted;
  const { rating, inTime, phone, ways } = admitted;
  const form = formAsked(db, rating, ask.said);
  return {
    ...{ ok: true, inTime, voted: firstVote(db, ways, phone) !== null },
    instrument: form && JSON.stringify(form),
    stage: stageAsked(db, rating) ?? ask.said.stage,
    counter: counterOfRoute(db, ask.route, rating),
    openedAt: rating && rating.openedBound !== null ? rating.openedAt : null,
  };
}

function stageAsked(db: Db, rating: Rating | undefined): Stage | null {
  if (rating?.openedEvent == null) return null;
  const row = one<{ bytes: Uint8Array }>(db, 'SELECT bytes FROM event WHERE id = ?', rating.openedEvent);
  const read = row && readEvent(row.bytes);
  if (!read?.ok || read.event.body.type !== 'rating.opened') return null;
  return read.event.body.stageAsked ?? read.event.body.stage;
}

function counterOfRoute(
  db: Db,
  route: PrivateRoute,
  rating: Rating | undefined,
): { number: string; name: string } | null {
  const device =
    route.via === 'ticket'
      ? route.device
      : one<{ device: string }>(db, 'SELECT device FROM slip_code WHERE slip = ?', route.slip)?.device;
  const id =
    rating?.counterId ??
    one<{ id: string }>(db, 'SELECT counter_id AS id FROM device WHERE id = ?', device ?? '')?.id;
  return (
    one<{ number: string; name: string }>(db, 'SELECT number, name FROM counter WHERE id = ?', id ?? '') ??
    null
  );
}

/** A tap has an overall answer; a form has none, and knows its questions and their options. */
export function answersFit(
  db: Db,
  rating: Rating | undefined,
  said: PrivateAsk['said'],
  answers: PrivateAnswers,
): boolean {
  const form = formAsked(db, rating, said);
  if (form?.kind !== 'form') return answers.some(({ question }) => question === 'overall');
  return answers.every(({ question, level }) =>
    form.criteria.find(({ key }) => key === question)?.options?.some(({ key }) => key === level),
  );
}

/** Whether these chips belong to the form's set for the overall answer. */
export function chipsFit(
  db: Db,
  rating: Rating | undefined,
  {
    said,
    answers,
    chips,
  }: Pick<PrivateAsk, 'said'> & {
    readonly answers: PrivateAnswers;
    readonly chips: readonly ChipKey[] | null;
  },
): boolean {
  if (chips === null || chips.length === 0) return true;
  const form = formAsked(db, rating, said);
  const overall = answers.find(({ question }) => question === 'overall')?.level;
  if (form === null || overall === undefined) return false;
  const set = chipsAt(form, overall);
  return chips.every((key) => set?.some((chip) => chip.key === key) ?? false);
}

/** Of this phone, by any way to the rating. */
function firstVote(db: Db, ways: readonly string[], phone: string): { at: number; inTime: boolean } | null {
  const row = one<{ bytes: Uint8Array }>(
    db,
    `SELECT e.bytes FROM private_binding b JOIN private_vote v ON v.route = b.route
       JOIN device_epoch d ON d.epoch = v.epoch
       JOIN event e ON e.epoch_id = d.id AND e.branch = 0 AND e.seq = v.seq
     WHERE b.phone = ? AND b.route IN (SELECT value FROM json_each(?))
     ORDER BY b.voted_at, d.id, v.seq LIMIT 1`,
    ...[phone, JSON.stringify(ways)],
  );
  const read = row && readEvent(row.bytes);
  if (!read?.ok || read.event.body.type !== 'private.voted') return null;
  return { at: read.event.at, inTime: read.event.body.inTime };
}

/** Nothing in it depends on a level, nor on which of two routes counts. */
export function receiptOf(db: Db, { route, phone: token }: PrivateAsk): PrivateReceived {
  const rating = ratingOf(db, route);
  if (!isKnown(db, route, rating)) return { ok: false, code: 'private.code_unknown' };
  const ways = waysTo(db, route, rating);
  const held = bindings(db, ways);
  // Without a binding there may be no salt yet, and a receipt writes nothing.
  if (held.length === 0) return NO_VOTE;
  const phone = phoneHash(db, token);
  if (held.every((each) => each.phone !== phone)) return { ok: false, code: 'private.other_phone' };
  const vote = firstVote(db, ways, phone);
  if (vote === null) return NO_VOTE;
  const at = vote.at as UtcMs;
  if (!vote.inTime) return { ok: true, state: 'late', month: null, at };
  const counted = rating && one<{ month: string | null }>(db, COUNTED, rating.transaction);
  return { ok: true, state: counted ? 'counted' : 'received', month: counted?.month ?? null, at };
}
const NO_VOTE = { ok: true, state: 'none', month: null, at: null } as const;
const COUNTED = `SELECT CASE WHEN t.provisional = 0 AND t.month_uncertain = 0 THEN t.month END AS month
  FROM service_transaction t WHERE t.id = ?
    AND EXISTS (SELECT 1 FROM effective_rating e WHERE e.transaction_id = t.id
      UNION ALL SELECT 1 FROM form_rating f WHERE f.transaction_id = t.id)`;

/** Where this very vote stands, or the last one once there are too many; null: it is to be recorded. */
export function standsAt(db: Db, route: PrivateRoute, vote: string): OwnPlace | null {
  const same = one<OwnPlace>(db, 'SELECT epoch, seq FROM private_vote WHERE vote = ?', vote);
  if (same) return same;
  const { n } = one<{ n: number }>(
    db,
    'SELECT count(*) AS n FROM private_vote WHERE route = ?',
    routeKey(route),
  )!;
  if (n < VOTES_OF_ONE_MAX) return null;
  return one<OwnPlace>(
    db,
    'SELECT epoch, seq FROM private_vote WHERE route = ? ORDER BY seq DESC LIMIT 1',
    routeKey(route),
  )!;
}
