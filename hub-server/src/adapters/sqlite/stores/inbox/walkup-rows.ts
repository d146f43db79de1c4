/** Walk-ups and forms as rows and back: each is one row, replaced whole. */
import type { EffectiveForm } from '@hailong/shared/counter/effective-form.ts';
import {
  eventsOfWalkup,
  type WalkupState,
  type WalkupVote,
  walkupLevel,
  walkupMonth,
} from '../../../../domain/ratings/walkup-fold.ts';
import { type Db, one, run } from '../../op.ts';

interface WalkupRow {
  readonly counter_id: string;
  readonly instrument_id: string;
  readonly version: number;
  readonly opened_at: number;
  readonly opened_bound: number | null;
  readonly close_after_ms: number;
  readonly opened_event: number | null;
  readonly closed_event: number | null;
  readonly close_reason: NonNullable<WalkupState['closed']>['reason'];
  readonly votes: string;
  readonly others: string | null;
}

export function loadWalkup(db: Db, id: string): WalkupState | null {
  const row = one<WalkupRow>(db, 'SELECT * FROM walkup WHERE id = ?', id);
  if (!row) return null;
  return {
    id,
    opened:
      row.opened_event === null
        ? null
        : {
            ...{ event: row.opened_event, at: row.opened_at, bound: row.opened_bound },
            ...{ counterId: row.counter_id, closeAfterMs: row.close_after_ms },
            ...{ instrumentId: row.instrument_id, instrumentVersion: row.version },
          },
    closed: row.closed_event === null ? null : { event: row.closed_event, reason: row.close_reason },
    votes: JSON.parse(row.votes) as WalkupVote[],
    others: row.others === null ? [] : (JSON.parse(row.others) as number[]),
  };
}

export function saveWalkup(db: Db, now: WalkupState): void {
  if (eventsOfWalkup(now).size === 0) {
    run(db, 'DELETE FROM walkup WHERE id = ?', now.id);
    return;
  }
  const { opened, closed, others } = now;
  const votes = [...now.votes].sort((a, b) => a.event - b.event);
  run(
    db,
    `INSERT OR REPLACE INTO walkup (id, month, counter_id, instrument_id, version, opened_at, opened_bound, close_after_ms,
       opened_event, closed_event, close_reason, votes, others, level) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    ...[now.id, walkupMonth(now), opened?.counterId, opened?.instrumentId, opened?.instrumentVersion],
    ...[opened?.at, opened?.bound, opened?.closeAfterMs, opened?.event, closed?.event, closed?.reason],
    ...[JSON.stringify(votes), others.length === 0 ? null : JSON.stringify(others), walkupLevel(now)],
  );
}

export function saveForm(db: Db, transaction: string, form: EffectiveForm | null): void {
  if (form === null) {
    run(db, 'DELETE FROM form_rating WHERE transaction_id = ?', transaction);
    return;
  }
  run(
    db,
    'INSERT OR REPLACE INTO form_rating (transaction_id, route, answers, votes, review, lowest) VALUES (?,?,?,?,?,?)',
    ...[
      transaction,
      form.route,
      JSON.stringify(form.answers),
      JSON.stringify(form.votes),
      Number(form.review),
      form.lowest,
    ],
  );
}
