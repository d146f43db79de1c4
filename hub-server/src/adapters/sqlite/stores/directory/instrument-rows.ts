/** Rows of forms and of where each is asked now. A version never changes, so that each is parsed once a connection. */
import { questionsOf } from '@hailong/shared/counter/counter-forms.ts';
import { type InstrumentUse, instrumentUseAt } from '@hailong/shared/model/counter-config.ts';
import { type Instrument, type InstrumentRef, instrument } from '@hailong/shared/model/instrument.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { HeldUse } from '../../../../application/ports/instruments.ts';
import { DEFAULT_INSTRUMENT } from '../../../../domain/ratings/default-instrument.ts';
import { type Db, many, one } from '../../op.ts';

/** As many as `counter.config` takes. */
const FORMS_MAX = 20;
const USES_MAX = 2_000;

const parsed = new WeakMap<Db, Map<string, Instrument>>();

export function formOf(db: Db, { id, version }: InstrumentRef): Instrument | null {
  let held = parsed.get(db);
  if (!held) {
    held = new Map();
    parsed.set(db, held);
  }
  const key = `${id} ${version}`;
  const known = held.get(key);
  if (known) return known;
  const row = one<{ content: string }>(
    db,
    'SELECT content FROM instrument WHERE id = ? AND version = ?',
    ...[id, version],
  );
  if (!row) return null;
  const form = instrument.parse(JSON.parse(row.content));
  held.set(key, form);
  return form;
}

export const newestOf = (db: Db, id: string): InstrumentRef | null =>
  one<InstrumentRef>(
    db,
    'SELECT id, version FROM instrument WHERE id = ? ORDER BY version DESC LIMIT 1',
    id,
  ) ?? null;

interface UseRow {
  readonly counter: string;
  readonly procedure: string;
  readonly stage: string;
  readonly id: string;
  readonly version: number;
  readonly from: number;
}
const USES = `SELECT counter_id AS counter, procedure_code AS procedure, stage, instrument_id AS id, version,
  from_at AS "from" FROM instrument_use WHERE to_at IS NULL`;
const ORDER = 'ORDER BY counter_id, procedure_code, stage';

const heldUse = ({ counter, procedure, stage, id, version, from }: UseRow): HeldUse =>
  ({
    ...{ counterId: counter || null, procedureCode: procedure || null, stage: stage || null },
    ...{ instrument: { id, version }, from },
  }) as HeldUse;

export const usesNow = (db: Db): HeldUse[] => many<UseRow>(db, `${USES} ${ORDER}`).map(heldUse);

/** At one counter: its own row of a procedure and stage before the one for all counters. */
function usesAt(db: Db, counterId: string): InstrumentUse[] {
  const places = new Map<string, InstrumentUse>();
  for (const { procedureCode, stage, instrument: ref } of many<UseRow>(
    db,
    `${USES} AND counter_id IN ('', ?) ${ORDER} LIMIT ${USES_MAX}`,
    counterId,
  ).map(heldUse))
    places.set(`${procedureCode} ${stage}`, { procedure: procedureCode, stage, instrument: ref });
  return [...places.values()];
}

export interface CounterForms {
  readonly instrument: Instrument;
  readonly instruments: readonly Instrument[];
  readonly uses: readonly InstrumentUse[];
}

/** A kiosk that knows no other form shows this one: its questions are answered by its levels. */
const isPlainTap = (form: Instrument): boolean =>
  form.kind !== 'form' && form.criteria.every(({ options }) => options === undefined);

/** The same of uses that were in force at another time, in their order. */
function usesOf(held: readonly HeldUse[], counterId: string): InstrumentUse[] {
  const places = new Map<string, InstrumentUse>();
  for (const own of [false, true])
    for (const { counterId: of, procedureCode: procedure, stage, instrument: ref } of held)
      if (own ? of === counterId : of === null)
        places.set(`${procedure} ${stage}`, { procedure, stage, instrument: ref });
  return [...places.values()].slice(0, USES_MAX);
}

/** `held`: uses of another time than now. Null: this hub has no form yet. */
export function formsAt(
  db: Db,
  counterId: string,
  held: readonly HeldUse[] | null = null,
): CounterForms | null {
  const uses = held === null ? usesAt(db, counterId) : usesOf(held, counterId);
  const everywhere = uses.find(({ procedure, stage }) => procedure === null && stage === null);
  const inUse = everywhere ? formOf(db, everywhere.instrument) : null;
  const plain = inUse && isPlainTap(inUse) ? inUse : fallback(db);
  if (!plain) return null;
  const named = new Map<string, Instrument>();
  for (const { instrument: ref } of uses) {
    const form = formOf(db, ref);
    const isNew = form && !named.has(`${ref.id} ${ref.version}`);
    if (isNew && form !== plain && named.size < FORMS_MAX) named.set(`${ref.id} ${ref.version}`, form);
  }
  // One that is asked everywhere as `instrument` needs no row.
  const further = uses.filter((use) => use !== everywhere || inUse !== plain);
  return { instrument: plain, instruments: [...named.values()], uses: further };
}

/** Data in which nobody said where a form is asked: the newest. */
function fallback(db: Db): Instrument | null {
  const own = one(db, 'SELECT 1 FROM instrument_use LIMIT 1') ? newestOf(db, DEFAULT_INSTRUMENT.id) : null;
  const ref =
    own ??
    one<InstrumentRef>(db, 'SELECT id, version FROM instrument ORDER BY since DESC, version DESC LIMIT 1');
  return ref ? formOf(db, ref) : null;
}

/** What a rating at this counter is asked with, as its kiosk would choose. */
export function formFor(
  db: Db,
  { counterId, procedure, stage }: { counterId: string; procedure: string | null; stage: Stage },
): Instrument | null {
  const forms = formsAt(db, counterId);
  const use = forms && instrumentUseAt(forms.uses, { procedure, stage });
  const form = use && formOf(db, use.instrument);
  return form && questionsOf(form, stage).length > 0 ? form : (forms?.instrument ?? null);
}
