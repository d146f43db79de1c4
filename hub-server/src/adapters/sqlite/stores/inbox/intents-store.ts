/**
 * Intents in the database. Minting and every refusal happen in one operation, so that the same id asked twice at once
 * gets one answer. Refuses: a used id for other content, a finish of an unknown or fallen transaction, a silent
 * outcome without a reason of the list. See hub-server/DESIGN.md, "Intents".
 */
import type { Intent } from '@hailong/shared/protocol/edge.ts';
import { resolveIntent } from '../../../../application/inbox/resolve-intent.ts';
import type {
  CreateIntent,
  CreateIntentResult,
  IntentRow,
  IntentsPort,
} from '../../../../application/ports/intents.ts';
import { INTENT_GRACE_MS } from '../../../../domain/transactions/intent-resolution.ts';
import { isReasonGiven } from '../../../../domain/transactions/outcome-reason.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { outcomeReasons } from '../directory/directory-rows.ts';
import { deviceOfCounter } from '../kiosks/device-rows.ts';
import { decideHere, keptByHub } from '../own-chain/own-counters.ts';
import { intentRows } from './inbox-rows.ts';
import { projectPending } from './projection-rows.ts';

/** Where a finish goes: the counter of its transaction, or of the opening still on its way. */
function counterOfTransaction(
  db: Db,
  transaction: string,
): { ok: true; counterId: string } | { ok: false; code: 'intent.unknown_transaction' | 'intent.open_fell' } {
  const known = (): string | null =>
    one<{ counter_id: string | null }>(
      db,
      'SELECT counter_id FROM service_transaction WHERE id = ?',
      transaction,
    )?.counter_id ?? null;
  const opening = one<{ counter_id: string; state: string }>(
    db,
    "SELECT counter_id, state FROM intent WHERE transaction_id = ? AND kind = 'transaction.open'",
    transaction,
  );
  let counterId = known();
  if (counterId === null && !opening) {
    // Opened at the kiosk itself a moment ago, perhaps: what waits is projected first.
    projectPending(db);
    counterId = known();
  }
  if (counterId !== null) return { ok: true, counterId };
  if (!opening) return { ok: false, code: 'intent.unknown_transaction' };
  if (opening.state === 'refused' || opening.state === 'expired')
    return { ok: false, code: 'intent.open_fell' };
  return { ok: true, counterId: opening.counter_id };
}

function create(db: Db, { intent: asked, request, at, expiresAt, own }: CreateIntent): CreateIntentResult {
  const held = one<{ request: string; content: string }>(
    db,
    'SELECT request, content FROM intent WHERE id = ?',
    asked.intentId,
  );
  if (held)
    return held.request === request
      ? { ok: true, intent: JSON.parse(held.content) as Intent, created: false, own: null }
      : { ok: false, code: 'intent.reused' };

  let intent: Intent;
  if (asked.kind === 'transaction.finish') {
    const place = counterOfTransaction(db, asked.transaction);
    if (!place.ok) return place;
    if (!isReasonGiven(asked, outcomeReasons(db))) return { ok: false, code: 'intent.reason_needed' };
    intent = { ...asked, counterId: place.counterId as Intent['counterId'] };
  } else intent = asked;

  run(
    db,
    `INSERT INTO intent (id, counter_id, kind, content, request, transaction_id, duty_id, created_at, expires_at, state)
     VALUES (?,?,?,?,?,?,?,?,?,'pending')`,
    ...[intent.intentId, intent.counterId, intent.kind, JSON.stringify(intent), request],
    ...[
      'transaction' in intent ? intent.transaction : null,
      'duty' in intent ? intent.duty : null,
      at,
      expiresAt,
    ],
  );
  if (!keptByHub(db, intent.counterId)) return { ok: true, intent, created: true, own: null };
  return { ok: true, intent, created: true, own: decideHere(db, intent, own, at) };
}

export const INTENT_COLUMNS = `id AS intentId, counter_id AS counterId, kind, transaction_id AS transactionId,
  duty_id AS dutyId, state, code, created_at AS createdAt, expires_at AS expiresAt, resolved_at AS resolvedAt`;

/** A log-in from before its officer was deactivated or moved to another unit: no device makes it true any more. */
const OF_SOMEBODY_GONE = `i.kind = 'duty.start' AND EXISTS (
  SELECT 1 FROM officer o WHERE o.id = json_extract(i.content, '$.profile.id')
    AND (o.active = 0 OR o.unit_id <> json_extract(i.content, '$.profile.unitId')))`;

export const intentsStore: Store<IntentsPort> = {
  create: write(create),
  get: read((db, id) => one<IntentRow>(db, `SELECT ${INTENT_COLUMNS} FROM intent WHERE id = ?`, id) ?? null),
  sendable: read((db, { counterId, at }) => ({
    device: deviceOfCounter(db, counterId),
    pending: many<{ content: string; expires_at: number }>(
      db,
      `SELECT content, expires_at FROM intent i WHERE counter_id = ? AND state = 'pending' AND expires_at > ?
         AND NOT (${OF_SOMEBODY_GONE}) ORDER BY seq`,
      ...[counterId, at],
    ).map((row) => ({ intent: JSON.parse(row.content) as Intent, expiresInMs: row.expires_at - at })),
  })),
  seen: write((db, { intentId, counterId, state, code, at }) => {
    const mine = one(db, 'SELECT 1 FROM intent WHERE id = ? AND counter_id = ?', intentId, counterId);
    const counter = mine ? resolveIntent(intentRows(db), { intentId, state, code }, at) : null;
    return counter === null ? [] : [counter];
  }),
  expire: write((db, at) => {
    const counters = new Set<string>();
    for (const { id } of many<{ id: string }>(
      db,
      "SELECT id FROM intent WHERE state = 'pending' AND expires_at < ? ORDER BY seq",
      at - INTENT_GRACE_MS,
    )) {
      const said = { intentId: id, state: 'expired', code: 'intent.expired' } as const;
      const counter = resolveIntent(intentRows(db), said, at);
      if (counter !== null) counters.add(counter);
    }
    return [...counters];
  }),
};
