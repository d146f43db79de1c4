/** Changing an intent's state, shared by the inbox (facts) and the intents store (expiry, what a device said). */
import {
  type IntentState,
  type Resolution,
  resolve,
} from '../../../domain/transactions/intent-resolution.ts';
import { type Db, many, one, run } from '../op.ts';

interface Held {
  readonly counter_id: string;
  readonly kind: string;
  readonly transaction_id: string | null;
  readonly state: IntentState;
}

/** Answers the counters whose view changed. A finish falls with its opening. */
export function applyResolution(db: Db, said: Resolution, at: number): string[] {
  const held = one<Held>(
    db,
    'SELECT counter_id, kind, transaction_id, state FROM intent WHERE id = ?',
    said.intentId,
  );
  if (!held) return [];
  const state = resolve(held.state, said.state);
  if (state === held.state) return [];
  run(
    db,
    'UPDATE intent SET state = ?, code = ?, resolved_at = ? WHERE id = ?',
    ...[state, state === 'accepted' ? null : said.code, at, said.intentId],
  );
  if (held.kind === 'transaction.open' && state !== 'accepted' && held.transaction_id !== null)
    for (const finish of many<{ id: string }>(
      db,
      "SELECT id FROM intent WHERE transaction_id = ? AND kind = 'transaction.finish' AND state = 'pending'",
      held.transaction_id,
    ))
      run(
        db,
        "UPDATE intent SET state = 'refused', code = 'intent.open_fell', resolved_at = ? WHERE id = ?",
        ...[at, finish.id],
      );
  return [held.counter_id];
}
