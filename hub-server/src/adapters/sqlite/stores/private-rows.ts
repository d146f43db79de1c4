/**
 * The private route's rows: which code is ours, which phone it is bound to, what was voted. The first vote counts; later
 * ones are facts too and answered the same. Refuses: a code nobody issued, a second phone.
 */
import { hash } from 'node:crypto';
import type {
  OwnPlace,
  PrivateAsk,
  PrivateOpened,
  PrivateRefusal,
  PrivateRoute,
} from '../../../application/ports/own-chain.ts';
import { VOTES_OF_ONE_MAX, voteInTime } from '../../../domain/ratings/private-vote.ts';
import { type Db, one, run } from '../op.ts';
import { getMeta, setMeta } from './meta.ts';
import { routeKey } from './own-rows.ts';

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
  /** Effective; null: its opening has not come yet. */
  readonly openedAt: number | null;
  /** Null: without an anchor. */
  readonly openedBound: number | null;
  readonly instrumentId: string | null;
  readonly instrumentVersion: number | null;
}
const RATING = `SELECT p.opened_at AS openedAt, p.opened_bound AS openedBound, p.instrument_id AS instrumentId,
  p.instrument_version AS instrumentVersion FROM rating_prompt p`;

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

export type Admitted =
  | {
      readonly ok: true;
      readonly phone: string;
      readonly inTime: boolean;
      readonly rating: Rating | undefined;
    }
  | { readonly ok: false; readonly code: PrivateRefusal };

/** Known, and bound to this phone from now on. */
export function admitPhone(db: Db, { route, phone: token, until, at }: PrivateAsk): Admitted {
  const rating = ratingOf(db, route);
  if (!isKnown(db, route, rating)) return { ok: false, code: 'private.code_unknown' };
  const [key, phone] = [routeKey(route), phoneHash(db, token)];
  const held = one<{ phone: string }>(db, 'SELECT phone FROM private_binding WHERE route = ?', key);
  if (held && held.phone !== phone) return { ok: false, code: 'private.other_phone' };
  if (!held) run(db, 'INSERT INTO private_binding (route, phone, bound_at) VALUES (?,?,?)', key, phone, at);
  const { openedAt = null, openedBound = null } = rating ?? {};
  const opened = openedAt === null ? null : { at: openedAt, bound: openedBound };
  return { ok: true, phone, rating, inTime: voteInTime({ at, until, opened }) };
}

export function opened(db: Db, ask: PrivateAsk): PrivateOpened {
  const admitted = admitPhone(db, ask);
  if (!admitted.ok) return admitted;
  const { rating, inTime } = admitted;
  const form = one<{ content: string }>(
    db,
    `SELECT content FROM instrument ORDER BY (id = ? AND version = ?) DESC, since DESC, version DESC LIMIT 1`,
    ...[rating?.instrumentId ?? '', rating?.instrumentVersion ?? 0],
  );
  return { ok: true, inTime, instrument: form?.content ?? null };
}

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
