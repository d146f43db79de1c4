/**
 * Counters that the hub's own chain keeps: one without a kiosk, or handed over because its kiosk is broken. An intent is
 * decided at once by the pure counter of the domain, its facts are stated in the same transaction; the kiosk's acceptance
 * ends what is open and gives the counter back. See hub-server/DESIGN.md, "The hub's own chain".
 */
import { stageAsked } from '@hailong/shared/counter/counter-forms.ts';
import type { CounterId, DeviceId, HandoverId, RatingId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { BodyOf, EventBody } from '@hailong/shared/model/event.ts';
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import type { Intent } from '@hailong/shared/protocol/edge.ts';
import { resolveIntent } from '../../../../application/inbox/resolve-intent.ts';
import type { OwnFresh } from '../../../../application/ports/own-chain.ts';
import {
  decideOwn,
  type OwnCounter,
  type RatingGiven,
  release,
} from '../../../../domain/transactions/own-counter.ts';
import { type Db, many, one, run } from '../../op.ts';
import { formFor } from '../directory/instrument-rows.ts';
import { inboxState, intentRows } from '../inbox/inbox-rows.ts';
import { projectPending } from '../inbox/projection-rows.ts';
import { deviceOfCounter } from '../kiosks/device-rows.ts';
import { appendAudit } from '../log/audit.ts';
import { ownCounter, stateOwn } from './own-rows.ts';

/** The open hand-over; null: its kiosk states the counter's facts. */
export const holdOf = (db: Db, counterId: string): string | null => inboxState(db).openHandover(counterId);

/** Asked with every batch: at most hubs nothing is open. */
export const anyHeld = (db: Db): boolean => one(db, 'SELECT 1 FROM own_counter LIMIT 1') !== undefined;

export function keptByHub(db: Db, counterId: string): boolean {
  return holdOf(db, counterId) !== null || deviceOfCounter(db, counterId) === null;
}

/** The act itself: from here on the counter's facts are the hub's chain's. */
export function takeCounter(
  db: Db,
  fresh: OwnFresh,
  act: {
    readonly counterId: string;
    readonly reason: string;
    readonly by: string;
    /** The intent that is being decided. */
    readonly but?: string;
  },
): { readonly handover: string; readonly device: string | null } {
  const { counterId, reason, by, but = '' } = act;
  const device = deviceOfCounter(db, counterId);
  const fact: BodyOf<'counter.handed_over'> = {
    ...{ type: 'counter.handed_over', handover: fresh.handover as HandoverId, reason, by },
    ...{ counter: counterId as CounterId, device: device as DeviceId | null },
  };
  stateOwn(db, fresh.writer, [fact]);
  const at = fresh.writer.at;
  // What still waits for the kiosk would be done twice.
  for (const { id } of many<{ id: string }>(
    db,
    "SELECT id FROM intent WHERE counter_id = ? AND state = 'pending' AND id <> ?",
    ...[counterId, but],
  ))
    resolveIntent(intentRows(db), { intentId: id, state: 'refused', code: 'kiosk.handed_over' }, at);
  appendAudit(db, {
    ...{ at, actor: by, action: 'counter.handed_over', object: `counter:${counterId}`, reason },
    body: { handover: fresh.handover, device },
  });
  return { handover: fresh.handover, device };
}

/** Decides an intent that lies in its row already; answers the rating that was opened. */
export function decideHere(
  db: Db,
  intent: Intent,
  fresh: OwnFresh,
  at: number,
): { readonly rating: string | null } {
  const { counterId, intentId } = intent;
  const state = ownCounter(db, counterId);
  // Few pass here, and what is known of a transaction must be as of now.
  projectPending(db);
  const step = decideOwn(state, intent, {
    ...ratingGiven(db, fresh, state, 'outcome' in intent ? intent.outcome : 'completed'),
    ...{ counter: counterId, known: knownAs(db, intent) },
  });
  if (!step.ok) {
    resolveIntent(intentRows(db), { intentId, state: 'refused', code: step.code }, at);
    return { rating: null };
  }
  if (step.facts.length > 0 && holdOf(db, counterId) === null)
    takeCounter(db, fresh, { counterId, reason: 'no device', by: 'hub', but: intentId });
  say(db, fresh, step.facts, at);
  // A repeated login leaves no fact that would accept it.
  resolveIntent(intentRows(db), { intentId, state: 'accepted', code: null }, at);
  return { rating: step.facts.some(({ type }) => type === 'rating.opened') ? fresh.rating : null };
}

function say(db: Db, fresh: OwnFresh, facts: readonly EventBody[], at: number): void {
  if (facts.length === 0) return;
  stateOwn(db, fresh.writer, facts);
  if (facts.some(({ type }) => type === 'rating.opened'))
    run(
      db,
      'INSERT OR IGNORE INTO slip_code (slip, device, issued_at, bound) VALUES (?,?,?,1)',
      ...[fresh.slip, fresh.writer.device, at],
    );
}

/** The kiosk has its counter again: what is open here ends, in the transaction that took its acceptance. */
export function endTakenBack(db: Db, device: string, fresh: OwnFresh, at: number): boolean {
  const counterId = one<{ id: string }>(db, 'SELECT counter_id AS id FROM device WHERE id = ?', device)?.id;
  if (counterId === undefined || keptByHub(db, counterId)) return false;
  const state = ownCounter(db, counterId);
  const facts = release(state, ratingGiven(db, fresh, state, 'completed'), 'handover', null);
  say(db, fresh, facts, at);
  return facts.length > 0;
}

/** The form is the one that its kiosk would choose for whoever is served. */
function ratingGiven(db: Db, fresh: OwnFresh, { serving }: OwnCounter, outcome: Outcome): RatingGiven {
  const form =
    serving &&
    formFor(db, {
      ...{ counterId: serving.counter, procedure: serving.procedure },
      stage: stageAsked(serving.stage, outcome),
    });
  return { instrument: form, rating: fresh.rating as RatingId, slip: fresh.slip as Sha256Hex };
}

function knownAs(db: Db, intent: Intent): 'unknown' | 'open' | 'finished' {
  if (!('transaction' in intent)) return 'unknown';
  const row = one<{ finished: number | null }>(
    db,
    'SELECT finished_event AS finished FROM service_transaction WHERE id = ?',
    intent.transaction,
  );
  return row ? (row.finished === null ? 'open' : 'finished') : 'unknown';
}
