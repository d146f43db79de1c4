/** A transaction's state as rows and back. What the fold did not change is not written. */
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import { type HeldVote, monthOf, type TransactionState } from '../../../domain/ratings/transaction-fold.ts';
import { type Db, many, one, run } from '../op.ts';

interface Row {
  counter_id: string | null;
  officer_id: string;
  officer_code: string;
  unit_id: string;
  duty_id: string;
  procedure_code: string | null;
  stage: string;
  queue_number: string | null;
  dossier_codes: string;
  opened_at: number | null;
  opened_event: number;
  finished_at: number | null;
  finished_event: number;
  outcome: Outcome;
  finished_by: string;
  annotated: Outcome | null;
  annotated_event: number;
  rating_id: string | null;
  instrument_id: string;
  instrument_version: number;
  opened_by: 'officer' | 'citizen';
  close_after_ms: number;
  prompt_at: number | null;
  prompt_event: number;
  closed_at: number | null;
  closed_event: number;
  close_reason: BodyOf<'rating.closed'>['reason'];
  drained: number;
}
type VoteRow = Omit<HeldVote, 'inTime' | 'level'> & { inTime: number; level: number };

export function loadTransaction(db: Db, id: string): TransactionState | null {
  const row = one<Row>(
    db,
    `SELECT t.*, p.rating_id, p.instrument_id, p.instrument_version, p.opened_by, p.close_after_ms,
            p.opened_at AS prompt_at, p.opened_event AS prompt_event,
            p.closed_at, p.closed_event, p.close_reason, p.drained
     FROM service_transaction t LEFT JOIN rating_prompt p ON p.transaction_id = t.id WHERE t.id = ?`,
    id,
  );
  if (!row) return null;
  const votes = many<VoteRow>(
    db,
    `SELECT id, rating_id AS ratingId, question, attempt, level, via, button, at, in_time AS inTime, event_id AS event
     FROM vote WHERE transaction_id = ?`,
    id,
  );
  return {
    id,
    service:
      row.counter_id === null
        ? null
        : {
            counterId: row.counter_id,
            officerId: row.officer_id,
            officerCode: row.officer_code,
            unitId: row.unit_id,
            dutyId: row.duty_id,
            procedureCode: row.procedure_code,
            stage: row.stage,
            dossierCodes: JSON.parse(row.dossier_codes) as string[],
          },
    opened:
      row.opened_at === null
        ? null
        : { at: row.opened_at, event: row.opened_event, queueNumber: row.queue_number },
    finished:
      row.finished_at === null
        ? null
        : { at: row.finished_at, event: row.finished_event, outcome: row.outcome, by: row.finished_by },
    annotated: row.annotated === null ? null : { outcome: row.annotated, event: row.annotated_event },
    prompt:
      row.rating_id === null
        ? null
        : {
            ratingId: row.rating_id,
            opened:
              row.prompt_at === null
                ? null
                : {
                    instrumentId: row.instrument_id,
                    instrumentVersion: row.instrument_version,
                    by: row.opened_by,
                    closeAfterMs: row.close_after_ms,
                    at: row.prompt_at,
                    event: row.prompt_event,
                  },
            closed:
              row.closed_at === null
                ? null
                : {
                    at: row.closed_at,
                    event: row.closed_event,
                    reason: row.close_reason,
                    drained: row.drained === 1,
                  },
          },
    votes: votes.map((vote) => ({ ...vote, inTime: vote.inTime === 1, level: vote.level as LevelKey })),
  };
}

export function saveTransaction(db: Db, before: TransactionState, now: TransactionState): void {
  const { service, opened, finished, annotated, prompt } = now;
  run(
    db,
    `INSERT OR REPLACE INTO service_transaction (id, counter_id, officer_id, officer_code, unit_id, duty_id,
       procedure_code, stage, queue_number, dossier_codes, opened_at, opened_event, finished_at, finished_event,
       outcome, finished_by, annotated, annotated_event, month)
     VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    ...[
      now.id,
      service?.counterId,
      service?.officerId,
      service?.officerCode,
      service?.unitId,
      service?.dutyId,
    ],
    ...[
      service?.procedureCode,
      service?.stage,
      opened?.queueNumber,
      JSON.stringify(service?.dossierCodes ?? []),
    ],
    ...[opened?.at, opened?.event, finished?.at, finished?.event, finished?.outcome, finished?.by],
    ...[annotated?.outcome, annotated?.event, monthOf(now)],
  );
  if (before.service !== service && service) {
    if (before.service) run(db, 'DELETE FROM transaction_dossier WHERE transaction_id = ?', now.id);
    for (const code of service.dossierCodes)
      run(
        db,
        'INSERT OR IGNORE INTO transaction_dossier (dossier_code, transaction_id) VALUES (?,?)',
        code,
        now.id,
      );
  }
  if (before.prompt !== prompt && prompt)
    run(
      db,
      `INSERT OR REPLACE INTO rating_prompt (transaction_id, rating_id, instrument_id, instrument_version, opened_by,
         close_after_ms, opened_at, opened_event, closed_at, closed_event, close_reason, drained)
       VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
      ...[
        now.id,
        prompt.ratingId,
        prompt.opened?.instrumentId,
        prompt.opened?.instrumentVersion,
        prompt.opened?.by,
      ],
      ...[prompt.opened?.closeAfterMs, prompt.opened?.at, prompt.opened?.event],
      ...[prompt.closed?.at, prompt.closed?.event, prompt.closed?.reason],
      prompt.closed ? Number(prompt.closed.drained) : null,
    );
  for (const vote of now.votes) {
    if (before.votes.includes(vote)) continue;
    run(
      db,
      `INSERT OR REPLACE INTO vote (id, transaction_id, rating_id, question, attempt, level, via, button, at, in_time,
         event_id) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
      ...[vote.id, now.id, vote.ratingId, vote.question, vote.attempt, vote.level, vote.via, vote.button],
      ...[vote.at, Number(vote.inTime), vote.event],
    );
  }
}

export function saveEffective(db: Db, transaction: string, effective: EffectiveRating | null): void {
  if (effective === null) {
    run(db, 'DELETE FROM effective_rating WHERE transaction_id = ?', transaction);
    return;
  }
  run(
    db,
    `INSERT OR REPLACE INTO effective_rating (transaction_id, route, overall, criteria, votes, review)
     VALUES (?,?,?,?,?,?)`,
    ...[transaction, effective.route, effective.overall, JSON.stringify(effective.criteria)],
    ...[JSON.stringify(effective.votes), Number(effective.review)],
  );
}
