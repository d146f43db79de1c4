/**
 * Forms on SQLite: a version is inserted and never touched again, where it is asked is a dated row that is ended. Every
 * change commits with its log row and a new directory revision.
 * Refuses: a save on another base than what is held, a place or form that does not exist, a reason that would vanish.
 * See hub-server/DESIGN.md, "Instruments".
 */
import { hash } from 'node:crypto';
import type { Instrument, InstrumentRef } from '@hailong/shared/model/instrument.ts';
import type { KioskSettings, OfficeReasons, UsePlace } from '@hailong/shared/protocol/instruments.ts';
import type { HeldVersion, InstrumentsPort, Who } from '../../../../application/ports/instruments.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { bumpDirectory } from '../meta.ts';
import { allReasons } from './directory-rows.ts';
import { formOf, newestOf, usesNow } from './instrument-rows.ts';

const VERSIONS = 'SELECT id, version, since FROM instrument ORDER BY id, version DESC';

export function insertVersion(db: Db, form: Instrument, { at, actor }: Who): void {
  const content = JSON.stringify(form);
  run(
    db,
    'INSERT INTO instrument (id, version, content, since) VALUES (?,?,?,?)',
    ...[form.id, form.version, content, at],
  );
  appendAudit(db, {
    ...{ at, actor, action: 'instrument.saved', object: `instrument:${form.id}`, reason: null },
    body: { version: form.version, sha256: hash('sha256', content, 'hex') },
  });
}

/** Ends what is asked there now and begins the other; null only ends. */
export function putUse(db: Db, place: UsePlace, ref: InstrumentRef | null, { at, actor }: Who): void {
  const key = [place.counterId ?? '', place.procedureCode ?? '', place.stage ?? ''];
  run(
    db,
    `UPDATE instrument_use SET to_at = ? WHERE counter_id = ? AND procedure_code = ? AND stage = ? AND to_at IS NULL`,
    ...[at, ...key],
  );
  if (ref)
    run(
      db,
      `INSERT OR REPLACE INTO instrument_use (counter_id, procedure_code, stage, from_at, instrument_id, version)
       VALUES (?,?,?,?,?,?)`,
      ...[...key, at, ref.id, ref.version],
    );
  appendAudit(db, {
    ...{ at, actor, action: 'instrument.used', object: `instrument-use:${key.join('/')}`, reason: null },
    body: {
      ...{ counterId: place.counterId, procedureCode: place.procedureCode, stage: place.stage },
      instrument: ref,
    },
  });
}

function isPlace(db: Db, { counterId, procedureCode }: UsePlace): boolean {
  const has = (table: string, column: string, value: string | null): boolean =>
    value === null || one(db, `SELECT 1 FROM ${table} WHERE ${column} = ?`, value) !== undefined;
  return has('counter', 'id', counterId) && has('procedure', 'code', procedureCode);
}

interface SettingRow {
  readonly walkup: number | null;
  readonly month: string | null;
  readonly received: number;
  readonly mended: number;
  readonly languages: string;
  readonly pinDays: number | null;
  readonly voices: number;
}
interface ReasonRow {
  readonly key: string;
  readonly outcome: string;
  readonly vi: string;
  readonly en: string;
  readonly place: number;
  readonly active: number;
}
const REASONS = 'SELECT key, outcome, vi, en, place, active FROM outcome_reason';

/** The list by its values; the order counts within an outcome, as it does at the station's keys. */
const written = (reasons: OfficeReasons['reasons']): string =>
  JSON.stringify(
    reasons
      .map(({ key, outcome, name, active }) => [outcome, key, name.vi, name.en, active] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : Number(one > other))),
  );

/** Until an administrator says otherwise. */
const PIN_DAYS = 30;

export function kioskSettings(db: Db): KioskSettings {
  const row = one<SettingRow>(
    db,
    `SELECT walkup_interval_ms AS walkup, month, received, mended, languages, pin_days AS pinDays, voices
     FROM kiosk_setting`,
  );
  if (!row) return { walkup: null, lastMonth: null, languages: [], pinDays: PIN_DAYS, voices: false };
  const { walkup, month, received, mended, languages, pinDays, voices } = row;
  return {
    walkup: walkup === null ? null : { minIntervalMs: walkup },
    lastMonth: month === null ? null : { month, received, mended },
    languages: JSON.parse(languages) as string[],
    pinDays: pinDays ?? PIN_DAYS,
    voices: voices === 1,
  };
}

export const instrumentsStore: Store<InstrumentsPort> = {
  list: read((db) => {
    const versions = many<HeldVersion>(db, VERSIONS);
    const ids = [...new Set(versions.map(({ id }) => id))];
    const forms = ids.map((id) => formOf(db, newestOf(db, id)!)!);
    return { forms, versions, uses: usesNow(db) };
  }),
  version: read((db, ref) => formOf(db, ref)),
  seeded: read(
    (db, { ids }) =>
      one(db, 'SELECT 1 FROM instrument_use LIMIT 1') !== undefined &&
      ids.every((id) => newestOf(db, id) !== null),
  ),
  seed: write((db, { instruments, first, at }) => {
    const by: Who = { at, actor: 'hub' };
    const versions = new Set(many<HeldVersion>(db, VERSIONS).map(({ id, version }) => `${id} ${version}`));
    const held = new Set(first ? [] : many<HeldVersion>(db, VERSIONS).map(({ id }) => id));
    const asked = one<InstrumentRef>(
      db,
      'SELECT id, version FROM instrument ORDER BY since DESC, version DESC LIMIT 1',
    );
    for (const form of instruments)
      if (!held.has(form.id) && !versions.has(`${form.id} ${form.version}`)) insertVersion(db, form, by);
    const everywhere = first ?? asked;
    if (everywhere && !one(db, 'SELECT 1 FROM instrument_use LIMIT 1'))
      putUse(db, { counterId: null, procedureCode: null, stage: null }, everywhere, by);
    bumpDirectory(db);
    return null;
  }),
  save: write((db, { instrument: form, base, inUse, ...by }) => {
    const newest = newestOf(db, form.id)?.version ?? null;
    if (newest === null && base !== null) return { result: 'gone' };
    if (newest !== base) return { result: 'conflict' };
    const version = (newest ?? 0) + 1;
    insertVersion(db, { ...form, version }, by);
    if (inUse)
      for (const use of usesNow(db))
        if (use.instrument.id === form.id && use.instrument.version === base) {
          const { counterId, procedureCode, stage } = use;
          putUse(db, { counterId, procedureCode, stage }, { id: form.id, version }, by);
        }
    bumpDirectory(db);
    return { result: 'saved', version };
  }),
  use: write((db, { place, instrument: ref, ...by }) => {
    if (!isPlace(db, place) || (ref && !formOf(db, ref))) return 'unknown';
    putUse(db, place, ref, by);
    bumpDirectory(db);
    return 'saved';
  }),
  settings: read(kioskSettings),
  saveSettings: write((db, { settings, at, actor }) => {
    const { walkup, lastMonth, languages, pinDays, voices } = settings;
    const row = {
      walkupIntervalMs: walkup?.minIntervalMs ?? null,
      ...{ month: lastMonth?.month ?? null, received: lastMonth?.received ?? null },
      ...{ mended: lastMonth?.mended ?? null, languages: [...new Set(languages)].sort() },
      ...{ pinDays, voices },
    };
    run(
      db,
      `INSERT OR REPLACE INTO kiosk_setting
         (one, walkup_interval_ms, month, received, mended, languages, pin_days, voices) VALUES (1,?,?,?,?,?,?,?)`,
      ...[row.walkupIntervalMs, row.month, row.received, row.mended, JSON.stringify(row.languages)],
      ...[pinDays, Number(voices)],
    );
    const object = 'kiosk-setting:kiosks';
    appendAudit(db, { at, actor, action: 'kiosk_setting.saved', object, reason: null, body: row });
    bumpDirectory(db);
    return null;
  }),
  reasons: read((db) => allReasons(db)),
  saveReasons: write((db, { base, reasons, at, actor }) => {
    // Two pages give new reasons the same key: without this, the second would put its words under the facts of the first.
    if (written(base) !== written(allReasons(db))) return 'conflict';
    const held = new Map(many<ReasonRow>(db, REASONS).map(({ key, ...row }) => [key, row]));
    const given = new Map(reasons.map((each) => [each.key, each.outcome]));
    for (const [key, { outcome }] of held) if (given.get(key) !== outcome) return 'gone';
    for (const [index, { key, outcome, name, active }] of reasons.entries()) {
      const row = { outcome, vi: name.vi, en: name.en, place: index + 1, active: Number(active) };
      if (JSON.stringify(held.get(key)) === JSON.stringify(row)) continue;
      run(
        db,
        'INSERT OR REPLACE INTO outcome_reason (key, outcome, vi, en, place, active) VALUES (?,?,?,?,?,?)',
        ...[key, ...Object.values(row)],
      );
      const object = `outcome-reason:${key}`;
      appendAudit(db, { at, actor, action: 'reason.saved', object, reason: null, body: { ...row, active } });
    }
    bumpDirectory(db);
    return 'saved';
  }),
};
