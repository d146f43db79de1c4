/** A transaction's and a duty's state as rows and back. What the fold did not change is not written. */
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { Outcome, ReasonKey } from '@hailong/shared/model/transaction.ts';
import type { DutyState } from '../../../../domain/ratings/duty-fold.ts';
import {
  eventsOf,
  type HeldChips,
  type HeldVote,
  monthOf,
  monthUncertain,
  type TransactionState,
} from '../../../../domain/ratings/transaction-fold.ts';
import { type Db, many, one, run } from '../../op.ts';

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
  opened_bound: number | null;
  opened_event: number;
  finished_at: number | null;
  finished_bound: number | null;
  finished_event: number;
  provisional: number;
  twin: number;
  others: string | null;
  chips: string | null;
  outcome: Outcome;
  finished_by: string;
  reason: ReasonKey | null;
  annotated: Outcome | null;
  annotated_reason: ReasonKey | null;
  annotated_event: number;
  rating_id: string | null;
  instrument_id: string;
  instrument_version: number;
  opened_by: 'officer' | 'citizen';
  close_after_ms: number;
  prompt_at: number | null;
  prompt_bound: number | null;
  prompt_event: number;
  shown: number;
  closed_at: number | null;
  closed_bound: number | null;
  closed_event: number;
  close_reason: BodyOf<'rating.closed'>['reason'];
  drained: number;
}
type VoteRow = Omit<HeldVote, 'inTime' | 'level'> & { inTime: number; level: number };

export function loadTransaction(db: Db, id: string): TransactionState | null {
  const row = one<Row>(
    db,
    `SELECT t.*, p.rating_id, p.instrument_id, p.instrument_version, p.opened_by, p.close_after_ms,
            p.opened_at AS prompt_at, p.opened_bound AS prompt_bound, p.opened_event AS prompt_event, p.shown,
            p.closed_at, p.closed_bound, p.closed_event, p.close_reason, p.drained
     FROM service_transaction t LEFT JOIN rating_prompt p ON p.transaction_id = t.id WHERE t.id = ?`,
    id,
  );
  if (!row) return null;
  const votes = many<VoteRow>(
    db,
    `SELECT id, rating_id AS ratingId, question, attempt, level, via, button, at, in_time AS inTime,
            place AS "order", phone, event_id AS event
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
        : {
            ...{ at: row.opened_at, bound: row.opened_bound, event: row.opened_event },
            queueNumber: row.queue_number,
          },
    finished:
      row.finished_at === null
        ? null
        : {
            ...{ at: row.finished_at, bound: row.finished_bound, event: row.finished_event },
            ...{ outcome: row.outcome, by: row.finished_by, reason: row.reason },
            provisional: row.provisional === 1,
          },
    annotated:
      row.annotated === null
        ? null
        : { outcome: row.annotated, reason: row.annotated_reason, event: row.annotated_event },
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
                    shown: row.shown === 1,
                    ...{ at: row.prompt_at, bound: row.prompt_bound, event: row.prompt_event },
                  },
            closed:
              row.closed_at === null
                ? null
                : {
                    ...{ at: row.closed_at, bound: row.closed_bound, event: row.closed_event },
                    reason: row.close_reason,
                    drained: row.drained === 1,
                  },
          },
    votes: votes.map((vote) => ({ ...vote, inTime: vote.inTime === 1, level: vote.level as LevelKey })),
    chips: row.chips === null ? [] : (JSON.parse(row.chips) as HeldChips[]),
    others: row.others === null ? [] : (JSON.parse(row.others) as number[]),
    twin: row.twin === 1,
  };
}

/** In the order of their events, so that the row is the same whatever came first. */
function chipsText({ chips }: TransactionState): string | null {
  return chips.length === 0 ? null : JSON.stringify([...chips].sort((a, b) => a.event - b.event));
}

const listOf = (others: readonly number[]): string | null =>
  others.length === 0 ? null : JSON.stringify(others);

export function saveTransaction(db: Db, before: TransactionState, now: TransactionState): void {
  const { service, opened, finished, annotated, prompt } = now;
  if (eventsOf(now).size === 0) run(db, 'DELETE FROM service_transaction WHERE id = ?', now.id);
  else
    run(
      db,
      `INSERT OR REPLACE INTO service_transaction (id, counter_id, officer_id, officer_code, unit_id, duty_id,
       procedure_code, stage, queue_number, dossier_codes, opened_at, opened_bound, opened_event,
       finished_at, finished_bound, finished_event, outcome, finished_by, provisional, annotated, annotated_event,
       month, month_uncertain, twin, others, reason, annotated_reason, chips)
     VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
      ...[now.id, service?.counterId, service?.officerId, service?.officerCode, service?.unitId],
      ...[service?.dutyId, service?.procedureCode, service?.stage, opened?.queueNumber],
      ...[JSON.stringify(service?.dossierCodes ?? []), opened?.at, opened?.bound, opened?.event],
      ...[finished?.at, finished?.bound, finished?.event, finished?.outcome, finished?.by],
      ...[Number(finished?.provisional ?? false), annotated?.outcome, annotated?.event, monthOf(now)],
      ...[Number(monthUncertain(now)), Number(now.twin), listOf(now.others)],
      ...[finished?.reason, annotated?.reason, chipsText(now)],
    );
  if (before.service !== service || before.opened?.at !== opened?.at) saveDossiers(db, before, now);
  if (before.prompt !== prompt) savePrompt(db, now);
  if (before.votes === now.votes) return;
  const same = (a: HeldVote, b: HeldVote): boolean => a.id === b.id && a.question === b.question;
  for (const vote of before.votes)
    if (!now.votes.some((each) => same(each, vote)))
      run(db, 'DELETE FROM vote WHERE id = ? AND question = ?', vote.id, vote.question);
  for (const vote of now.votes) {
    if (before.votes.includes(vote)) continue;
    run(
      db,
      `INSERT OR REPLACE INTO vote (id, question, transaction_id, rating_id, attempt, level, via, button, at, in_time,
         place, phone, event_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
      ...[vote.id, vote.question, now.id, vote.ratingId, vote.attempt, vote.level, vote.via, vote.button],
      ...[vote.at, Number(vote.inTime), vote.order, vote.phone, vote.event],
    );
  }
}

function saveDossiers(db: Db, before: TransactionState, now: TransactionState): void {
  for (const code of before.service?.dossierCodes ?? [])
    run(
      db,
      `DELETE FROM transaction_dossier
       WHERE dossier_code = ? AND counter_id = ? AND opened_at = ? AND transaction_id = ?`,
      ...[code, before.service?.counterId, before.opened?.at ?? 0, now.id],
    );
  for (const code of now.service?.dossierCodes ?? [])
    run(
      db,
      `INSERT OR IGNORE INTO transaction_dossier (dossier_code, counter_id, opened_at, transaction_id)
       VALUES (?,?,?,?)`,
      ...[code, now.service?.counterId, now.opened?.at ?? 0, now.id],
    );
}

function savePrompt(db: Db, { id, prompt }: TransactionState): void {
  if (!prompt) {
    run(db, 'DELETE FROM rating_prompt WHERE transaction_id = ?', id);
    return;
  }
  const { opened, closed } = prompt;
  run(
    db,
    `INSERT OR REPLACE INTO rating_prompt (transaction_id, rating_id, instrument_id, instrument_version, opened_by,
       close_after_ms, shown, opened_at, opened_bound, opened_event, closed_at, closed_bound, closed_event,
       close_reason, drained)
     VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    ...[id, prompt.ratingId, opened?.instrumentId, opened?.instrumentVersion, opened?.by],
    ...[opened?.closeAfterMs, Number(opened?.shown ?? true), opened?.at, opened?.bound, opened?.event],
    ...[closed?.at, closed?.bound, closed?.event, closed?.reason, closed ? Number(closed.drained) : null],
  );
}

interface DutyRow {
  device: string;
  counter_id: string;
  officer_id: string;
  officer_code: string;
  unit_id: string;
  started_at: number;
  started_event: number | null;
  ended_at: number;
  end_reason: string;
  ended_event: number | null;
  others: string | null;
}

export function loadDuty(db: Db, id: string): DutyState | null {
  const row = one<DutyRow>(db, 'SELECT * FROM duty WHERE id = ?', id);
  if (!row) return null;
  return {
    id,
    started:
      row.started_event === null
        ? null
        : {
            ...{ event: row.started_event, at: row.started_at, device: row.device },
            ...{ counterId: row.counter_id, officerId: row.officer_id, officerCode: row.officer_code },
            unitId: row.unit_id,
          },
    ended:
      row.ended_event === null ? null : { event: row.ended_event, at: row.ended_at, reason: row.end_reason },
    others: row.others === null ? [] : (JSON.parse(row.others) as number[]),
  };
}

export function saveDuty(db: Db, { id, started, ended, others }: DutyState): void {
  if (!started && !ended && others.length === 0) {
    run(db, 'DELETE FROM duty WHERE id = ?', id);
    return;
  }
  run(
    db,
    `INSERT OR REPLACE INTO duty (id, device, counter_id, officer_id, officer_code, unit_id, started_at, started_event,
       ended_at, end_reason, ended_event, others) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
    ...[id, started?.device, started?.counterId, started?.officerId, started?.officerCode, started?.unitId],
    ...[started?.at, started?.event, ended?.at, ended?.reason, ended?.event, listOf(others)],
  );
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
