/**
 * Purpose: every rating that counts as one line of chained facts, in order of (device, epoch, seq) of the event that
 *   opened it: the same facts give the same bytes, whatever arrived when and whatever was restored in between.
 * Refuses: to hold more than one rating in memory; arrival, row numbers and the hub's clock enter no line.
 * Document: hub-server/DESIGN.md, "Export".
 */
import { readEvent } from '@hailong/shared/edge/event.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import { contribution } from '../../domain/ratings/rollup.ts';
import { chosenChips, ratedOf, type TransactionState } from '../../domain/ratings/transaction-fold.ts';
import { type Db, one, sql } from './op.ts';
import { formOf } from './stores/directory/instrument-rows.ts';
import { loadTransaction } from './stores/inbox/transaction-rows.ts';

interface Place {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly hash: string;
}
interface Row {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** One snapshot: the caller's read transaction. */
export function* ratingLines(db: Db): Generator<string> {
  const epochs = db.prepare('SELECT id FROM device_epoch ORDER BY device, epoch').all() as { id: number }[];
  const events = db.prepare(
    `SELECT id, bytes FROM event WHERE epoch_id = ? AND status <> 'quarantined'
       AND (type IN ('rating.opened','rating.voted','private.voted') OR branch > 0) ORDER BY seq, hash`,
  );
  for (const { id: epochId } of epochs)
    for (const row of events.iterate(epochId) as IterableIterator<Row>) {
      const line = lineOf(db, row);
      if (line !== null) yield line;
    }
}

/** The line of the rating that this event opened, or, of votes without an opening, that the first of them stands for. */
function lineOf(db: Db, { id, bytes }: Row): string | null {
  const read = readEvent(bytes);
  if (!read.ok) return null;
  const { body } = read.event;
  let transaction: string | undefined;
  if (body.type === 'rating.opened' || body.type === 'rating.voted') transaction = body.transaction;
  else if (body.type === 'private.voted')
    transaction = one<{ id: string }>(
      db,
      'SELECT transaction_id AS id FROM vote WHERE id = ? LIMIT 1',
      body.vote,
    )?.id;
  const state = transaction === undefined ? null : loadTransaction(db, transaction);
  if (!state || keyOf(db, state) !== id) return null;
  return `${JSON.stringify(lineFor(db, state, id))}\n`;
}

function placeOf(db: Db, event: number): Place {
  return sql(
    db,
    `SELECT device, epoch, event.seq, lower(hex(hash)) AS hash FROM event
     JOIN device_epoch ON device_epoch.id = epoch_id WHERE event.id = ?`,
  ).get(event) as Place;
}

const before = (a: Place, b: Place): number =>
  a.device !== b.device
    ? a.device < b.device
      ? -1
      : 1
    : a.epoch !== b.epoch
      ? a.epoch < b.epoch
        ? -1
        : 1
      : a.seq - b.seq || (a.hash < b.hash ? -1 : 1);

function keyOf(db: Db, state: TransactionState): number | null {
  if (state.prompt?.opened) return state.prompt.opened.event;
  const places = [...new Set(state.votes.map((vote) => vote.event))].map((event) => ({
    event,
    place: placeOf(db, event),
  }));
  return places.sort((a, b) => before(a.place, b.place))[0]?.event ?? null;
}

function lineFor(db: Db, state: TransactionState, key: number): Record<string, unknown> {
  const { service, finished, opened, annotated, prompt } = state;
  const rated = ratedOf(state, (ref) => formOf(db, ref));
  const { effective, form } = rated;
  const chips = chosenChips(state, effective);
  const counted = new Set(Object.values((effective ?? form)?.votes ?? {}));
  const votes = state.votes
    .map((vote) => ({ vote, place: placeOf(db, vote.event) }))
    .sort((a, b) => before(a.place, b.place) || (a.vote.question < b.vote.question ? -1 : 1))
    .map(({ vote, place }) => ({
      ...{ vote: vote.id, question: vote.question, attempt: vote.attempt, level: vote.level, via: vote.via },
      ...{ button: vote.button, at: vote.at, inTime: vote.inTime, effective: counted.has(vote.id) },
      ...place,
    }));
  return {
    ...placeOf(db, key),
    transaction: state.id,
    rating: prompt?.ratingId ?? null,
    ...{ counter: service?.counterId ?? null, unit: service?.unitId ?? null, duty: service?.dutyId ?? null },
    ...{ officer: service?.officerId ?? null, officerCode: service?.officerCode ?? null },
    ...{ procedure: service?.procedureCode ?? null, stage: service?.stage ?? null },
    dossierCodes: service?.dossierCodes ?? [],
    instrument: prompt?.opened
      ? { id: prompt.opened.instrumentId, version: prompt.opened.instrumentVersion }
      : null,
    ...{ openedAt: opened?.at ?? null, promptAt: prompt?.opened?.at ?? null },
    ...{ prompted: prompt?.opened?.shown ?? false, closed: prompt?.closed?.reason ?? null },
    ...{ finishedAt: finished?.at ?? null, boundMs: finished?.bound ?? null },
    provisional: finished?.provisional ?? null,
    month: finished ? vietnamMonth(finished.at) : null,
    ...{ outcome: finished?.outcome ?? null, annotated: annotated?.outcome ?? null },
    overall: effective?.overall ?? null,
    criteria: effective?.criteria ?? null,
    // Of a form of criteria, which has no overall level: the options that count.
    ...(form ? { form: form.answers } : {}),
    // Keys alone, the province's too: an operator's act, never an answer to the office.
    ...(chips.length > 0 ? { chips } : {}),
    route: (effective ?? form)?.route ?? null,
    review: (effective ?? form)?.review ?? false,
    sameDossier: state.twin,
    counts: (contribution(state, rated)?.counts[2] ?? 0) === 1,
    votes,
  };
}
