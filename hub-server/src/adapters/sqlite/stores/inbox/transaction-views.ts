/**
 * A transaction and its ratings as answers. Names come from the directory when it still has them, else the codes. A prompt
 * is open and closed by the clock (shown-prompt.ts); only the lanes of a timeline say when it really closed.
 */
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import { type Instrument, instrument as instrumentForm } from '@hailong/shared/model/instrument.ts';
import type { RatingsAnswer, TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { TransactionLanes } from '../../../../application/ports/views.ts';
import { besideBy } from '../../../../domain/footage/clock-step.ts';
import type { TurnFacts } from '../../../../domain/footage/served-span.ts';
import { shownPrompt } from '../../../../domain/ratings/shown-prompt.ts';
import { type Db, many, one } from '../../op.ts';
import { clockSteps } from '../cameras/clock-step-rows.ts';

interface Row {
  id: string;
  counter_id: string;
  officer_id: string;
  officer_code: string;
  procedure_code: string | null;
  stage: TransactionAnswer['stage'];
  queue_number: string | null;
  dossier_codes: string;
  opened_at: number | null;
  finished_at: number | null;
  outcome: TransactionAnswer['outcome'];
  annotated: TransactionAnswer['outcome'];
  finished_by: string | null;
  prompt_at: number | null;
  prompt_received: number | null;
  close_after: number | null;
  opened_event: number | null;
  prompt_event: number | null;
  closed_at: number | null;
  shown: number | null;
  opened_bound: number | null;
  finished_bound: number | null;
  prompt_bound: number | null;
  closed_bound: number | null;
  duty_id: string | null;
  rating_id: string | null;
  number: string | null;
  counter_name: string | null;
  officer_name: string | null;
  procedure_name: string | null;
}

/** A duty lasts a day and a night at most. */
const DUTY_MAX_MS = 24 * 3_600_000;
const SELECT = `SELECT t.id, t.counter_id, t.officer_id, t.officer_code, t.procedure_code, t.stage, t.queue_number,
    t.dossier_codes, t.opened_at, t.finished_at, t.finished_by, t.outcome, t.annotated, t.duty_id,
    p.opened_at AS prompt_at, pe.received_at AS prompt_received, p.close_after_ms AS close_after, t.opened_event, p.opened_event AS prompt_event, p.closed_at, p.rating_id,
    p.shown, t.opened_bound, t.finished_bound, p.opened_bound AS prompt_bound, p.closed_bound,
    c.number, c.name AS counter_name, o.name AS officer_name, pr.name AS procedure_name
  FROM service_transaction t
  LEFT JOIN rating_prompt p ON p.transaction_id = t.id
  LEFT JOIN event pe ON pe.id = p.opened_event
  LEFT JOIN counter c ON c.id = t.counter_id
  LEFT JOIN officer o ON o.id = t.officer_id
  LEFT JOIN procedure pr ON pr.code = t.procedure_code`;

/** Null: nothing was shown at the counter, or its opening is not known. */
function promptOf(row: Row, now: number): ReturnType<typeof shownPrompt> | null {
  if (row.prompt_at === null || row.shown !== 1) return null;
  const [receivedAt, closeAfterMs] = [row.prompt_received ?? row.prompt_at, row.close_after ?? 0];
  return shownPrompt({ openedAt: row.prompt_at, receivedAt, closeAfterMs }, now);
}

function answer(row: Row, now: number): TransactionAnswer {
  const openedAt = row.opened_at ?? row.prompt_at ?? row.finished_at ?? 0;
  // A no-show, test or accident leaves the private route only: nothing was shown at the counter.
  const prompt = promptOf(row, now);
  return {
    transactionId: row.id,
    counter: { id: row.counter_id, number: row.number ?? '', name: row.counter_name ?? '' },
    officer: { id: row.officer_id, code: row.officer_code, name: row.officer_name ?? row.officer_code },
    procedure:
      row.procedure_code === null
        ? null
        : { code: row.procedure_code, name: row.procedure_name ?? row.procedure_code },
    stage: row.stage,
    dossierCodes: JSON.parse(row.dossier_codes) as string[],
    queueNumber: row.queue_number,
    openedAt,
    ...(row.opened_at === null ? { begin: 'unknown' as const } : {}),
    finishedAt: row.finished_at,
    outcome: row.annotated ?? row.outcome,
    prompt: prompt ? { openedAt: row.prompt_at, closedAt: prompt.closedAt } : null,
    state: row.finished_at === null ? 'serving' : prompt?.closedAt === null ? 'rating' : 'closed',
  } as TransactionAnswer;
}

/** Null also while only a later fact of it is known: without officer and counter there is nothing to show. */
export function transactionView(db: Db, id: string, now: number): TransactionAnswer | null {
  const row = one<Row>(db, `${SELECT} WHERE t.id = ? AND t.counter_id IS NOT NULL`, id);
  return row ? answer(row, now) : null;
}

export function dossierView(db: Db, code: string, now: number): TransactionAnswer[] {
  return many<Row>(
    db,
    `${SELECT} JOIN transaction_dossier d ON d.transaction_id = t.id
     WHERE d.dossier_code = ? AND t.counter_id IS NOT NULL ORDER BY coalesce(t.opened_at, t.finished_at) DESC LIMIT 200`,
    code,
  ).map((row) => answer(row, now));
}

/** A queue number comes again each day, so it is asked with a time: of the opening, or of the end where the opening never came. */
export function queueView(
  db: Db,
  { queueNumber, from, to, now }: { queueNumber: string; from: number; to: number; now: number },
): TransactionAnswer[] {
  return many<Row>(
    db,
    `${SELECT} WHERE t.queue_number = ? AND t.counter_id IS NOT NULL
       AND (t.opened_at BETWEEN ? AND ? OR t.opened_at IS NULL AND t.finished_at BETWEEN ? AND ?)
     ORDER BY coalesce(t.opened_at, t.finished_at) DESC LIMIT 200`,
    ...[queueNumber, from, to, from, to],
  ).map((row) => answer(row, now));
}

export interface Latest {
  readonly transaction: TransactionAnswer;
  /** When its prompt is shown closed; null: nothing was shown. */
  readonly until: number | null;
}

/** The newest at a counter, in the order the hub received their opening. */
export function latestAt(db: Db, counterId: string, limit: number, now: number): Latest[] {
  return many<Row>(
    db,
    `${SELECT} WHERE t.counter_id = ? AND t.opened_event IS NOT NULL ORDER BY t.opened_event DESC LIMIT ?`,
    ...[counterId, limit],
  ).map((row) => ({ transaction: answer(row, now), until: promptOf(row, now)?.until ?? null }));
}

interface VoteRow {
  id: string;
  rating_id: string;
  question: string;
  level: number;
  attempt: number;
  via: 'panel' | 'touch' | 'private';
  button: number | null;
  at: number;
  received_at: number;
  device: string;
  epoch: string;
  seq: number;
  hash: Buffer;
}

function formAsked(
  db: Db,
  transaction: string,
): { ref: RatingsAnswer['instrument']; form: Instrument | null } {
  const used = one<{ id: string | null; version: number; content: string | null }>(
    db,
    `SELECT p.instrument_id AS id, p.instrument_version AS version, i.content
     FROM rating_prompt p LEFT JOIN instrument i ON i.id = p.instrument_id AND i.version = p.instrument_version
     WHERE p.transaction_id = ?`,
    transaction,
  );
  if (!used || used.id === null) return { ref: null, form: null };
  return {
    ref: { id: used.id, version: used.version },
    form: used.content === null ? null : instrumentForm.parse(JSON.parse(used.content)),
  };
}

const OVERALL = { vi: 'Mức độ hài lòng chung', en: 'Overall satisfaction' };

export function ratingsView(db: Db, transaction: string): RatingsAnswer | null {
  if (!one(db, 'SELECT 1 FROM service_transaction WHERE id = ?', transaction)) return null;
  const effective = one<Record<keyof EffectiveRating, string | number>>(
    db,
    'SELECT route, overall, criteria, votes, review FROM effective_rating WHERE transaction_id = ?',
    transaction,
  );
  const form = one<{ votes: string }>(
    db,
    'SELECT votes FROM form_rating WHERE transaction_id = ?',
    transaction,
  );
  const counting = effective?.votes ?? form?.votes;
  const counted = new Set(
    counting === undefined ? [] : Object.values(JSON.parse(String(counting)) as Record<string, string>),
  );
  const used = formAsked(db, transaction);
  const name = (question: string) =>
    question === 'overall'
      ? OVERALL
      : (used.form?.criteria.find((each) => each.key === question)?.name ?? { vi: question, en: question });
  const wordOf = ({ question, level }: Pick<VoteRow, 'question' | 'level'>) =>
    (used.form?.criteria.find((each) => each.key === question)?.options ?? used.form?.levels)?.find(
      ({ key }) => key === level,
    )?.word ?? null;
  return {
    transactionId: transaction,
    instrument: used.ref,
    effective: effective
      ? {
          overall: effective.overall,
          criteria: JSON.parse(String(effective.criteria)),
          route: effective.route,
          review: effective.review === 1,
        }
      : null,
    votes: many<VoteRow>(
      db,
      `SELECT v.id, coalesce(nullif(v.rating_id, ''), p.rating_id, '') AS rating_id, v.question, v.level, v.attempt, v.via, v.button, v.at,
              e.received_at, e.seq, e.hash, de.device, de.epoch
       FROM vote v LEFT JOIN rating_prompt p ON p.transaction_id = v.transaction_id
         JOIN event e ON e.id = v.event_id JOIN device_epoch de ON de.id = e.epoch_id
       WHERE v.transaction_id = ? ORDER BY v.event_id`,
      transaction,
    ).map((vote) => ({
      voteId: vote.id,
      ratingId: vote.rating_id,
      question: vote.question,
      questionName: name(vote.question),
      level: vote.level,
      word: wordOf(vote),
      attempt: vote.attempt,
      via: vote.via,
      button: vote.button,
      at: vote.at,
      receivedAt: vote.received_at,
      effective: counted.has(vote.id),
      event: { device: vote.device, epoch: vote.epoch, seq: vote.seq, hash: vote.hash.toString('hex') },
    })),
  } as RatingsAnswer;
}

/** The widest bound of what the timeline shows; null: one of them has none. */
function boundOf(row: Row): number | null {
  const bounds = [
    ...(row.opened_event === null ? [] : [row.opened_bound]),
    ...(row.finished_at === null ? [] : [row.finished_bound]),
    ...(row.prompt_event === null ? [] : [row.prompt_bound]),
    ...(row.closed_at === null ? [] : [row.closed_bound]),
  ];
  let widest: number | null = bounds.length === 0 ? null : 0;
  for (const bound of bounds) widest = bound === null || widest === null ? null : Math.max(widest, bound);
  return widest;
}

/** With what the hub's clock stood beside the footage's then. */
function besideClock(
  db: Db,
  boundMs: number | null,
  { openedAt, finishedAt, prompt }: TransactionAnswer,
): number | null {
  const end = Math.max(finishedAt ?? openedAt + DUTY_MAX_MS, prompt?.closedAt ?? 0);
  const besideMs = besideBy(clockSteps(db), openedAt, end);
  return boundMs === null || besideMs === null ? null : boundMs + besideMs;
}

/** The first officer on duty at a counter within an interval. */
export function dutyLane(
  db: Db,
  { counterId, from, to }: { counterId: string; from: number; to: number },
): TransactionLanes['duty'] {
  return (
    one<NonNullable<TransactionLanes['duty']>>(
      db,
      `SELECT d.started_at AS "from", d.ended_at AS "to", coalesce(o.name, d.officer_code) AS officerName
       FROM duty d LEFT JOIN officer o ON o.id = d.officer_id
       WHERE d.counter_id = ? AND d.started_at BETWEEN ? AND ? AND (d.ended_at IS NULL OR d.ended_at >= ?)
       ORDER BY d.started_at LIMIT 1`,
      ...[counterId, from - DUTY_MAX_MS, to, from],
    ) ?? null
  );
}

/**
 * What else the counter did: the end of the turn before and the duty's start, the next opening and the duty's end. A turn that nothing
 * places on a clock says nothing. Asked only where the turn itself does not say when it began or ended.
 */
function neighboursOf(
  db: Db,
  { counter_id, id }: Pick<Row, 'counter_id' | 'id'>,
  known: number,
  duty: { readonly from: number | null; readonly to: number | null } | undefined,
): Pick<TurnFacts, 'before' | 'after'> {
  const previous = one<{ at: number }>(
    db,
    `SELECT CASE WHEN finished_at <= :known THEN finished_at ELSE opened_at END AS at FROM service_transaction
     WHERE counter_id = :counter AND opened_at <= :known AND opened_bound IS NOT NULL AND id <> :id
     ORDER BY opened_at DESC LIMIT 1`,
    { counter: counter_id, known, id },
  );
  const next = one<{ at: number }>(
    db,
    `SELECT opened_at AS at FROM service_transaction
     WHERE counter_id = ? AND opened_at > ? AND opened_bound IS NOT NULL AND id <> ? ORDER BY opened_at LIMIT 1`,
    ...[counter_id, known, id],
  );
  const before = [previous?.at, duty?.from].filter((at) => at != null && at <= known) as number[];
  const after = [next?.at, duty?.to].filter((at) => at != null && at >= known) as number[];
  return {
    before: before.length === 0 ? null : Math.max(...before),
    after: after.length === 0 ? null : Math.min(...after),
  };
}

function factsOf(
  db: Db,
  row: Row,
  duty: { readonly from: number | null; readonly to: number | null } | undefined,
  presses: TransactionLanes['presses'],
): TurnFacts {
  const byRestart = row.finished_by === 'restart';
  const isWhole = row.opened_at !== null && row.finished_at !== null && !byRestart;
  const known = row.opened_at ?? Math.min(...[row.finished_at, row.prompt_at].filter((at) => at !== null));
  return {
    ...{ openedAt: row.opened_at, finishedAt: row.finished_at, byRestart },
    prompt:
      row.rating_id === null
        ? null
        : {
            ...{ from: row.prompt_at, to: row.closed_at },
            closeAfterMs: row.shown === 1 ? row.close_after : 0,
          },
    pressedAt: presses.at(-1)?.at ?? null,
    ...(isWhole ? { before: null, after: null } : neighboursOf(db, row, known, duty)),
  };
}

export function lanesView(db: Db, transaction: string): TransactionLanes | null {
  const row = one<Row>(db, `${SELECT} WHERE t.id = ? AND t.counter_id IS NOT NULL`, transaction);
  if (!row) return null;
  const view = answer(row, 0);
  const duty = row.duty_id
    ? one<{ from: number; to: number | null }>(
        db,
        'SELECT started_at AS "from", ended_at AS "to" FROM duty WHERE id = ?',
        row.duty_id,
      )
    : undefined;
  const ratings = ratingsView(db, transaction);
  const votes = (ratings?.votes ?? []).flatMap((vote) =>
    vote.via === 'private'
      ? []
      : [
          {
            ...{ at: vote.at, button: vote.button, via: vote.via, counted: vote.effective },
            ...{ level: vote.level, reason: null },
          },
        ],
  );
  const strays = row.rating_id
    ? many<{ at: number; button: number; reason: string }>(
        db,
        'SELECT at, button, reason FROM stray_press WHERE rating_id = ? ORDER BY event_id',
        row.rating_id,
      ).map((press) => ({ ...press, via: 'panel' as const, counted: false, level: null }))
    : [];
  const presses = [...votes, ...strays].sort((a, b) => a.at - b.at);
  return {
    boundMs: besideClock(db, boundOf(row), view),
    ...{ counterId: row.counter_id, officerId: row.officer_id },
    facts: factsOf(db, row, duty, presses),
    prompt: view.prompt ? { from: view.prompt.openedAt, to: row.closed_at } : null,
    duty: duty ? { ...duty, officerName: view.officer.name } : null,
    presses,
  };
}
