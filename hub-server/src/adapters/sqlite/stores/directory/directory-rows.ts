/** Rows of units, officers, counters, procedures: read and saved by the directory store and by an import. */
import type { UnitId } from '@hailong/shared/ids.ts';
import type { OutcomeReason } from '@hailong/shared/model/counter-config.ts';
import type { Counter, Officer, OfficeSettings, Procedure, Unit } from '@hailong/shared/model/directory.ts';
import { type Db, many, one, run } from '../../op.ts';

const bool = <T extends { active: number }>(row: T) => ({ ...row, active: row.active === 1 });

export const units = (db: Db): Unit[] => many<Unit>(db, 'SELECT id, code, name FROM unit ORDER BY code');
export const officers = (db: Db): Officer[] =>
  many<Omit<Officer, 'active'> & { active: number }>(
    db,
    'SELECT id, code, name, position, unit_id AS unitId, photo, active FROM officer ORDER BY code',
  ).map(bool);
export const counters = (db: Db): Counter[] =>
  many<Omit<Counter, 'active'> & { active: number }>(
    db,
    'SELECT id, number, name, unit_id AS unitId, active FROM counter ORDER BY length(number), number',
  ).map(bool);
export const counterOf = (db: Db, id: string): Counter | null => {
  const row = one<Omit<Counter, 'active'> & { active: number }>(
    db,
    'SELECT id, number, name, unit_id AS unitId, active FROM counter WHERE id = ?',
    id,
  );
  return row ? bool(row) : null;
};
export const procedures = (db: Db): Procedure[] =>
  many<Omit<Procedure, 'active'> & { active: number }>(
    db,
    'SELECT code, name, active FROM procedure ORDER BY code',
  ).map(bool);
export type HeldReason = OutcomeReason & { readonly active: boolean };
/** Also those that are given no more: a fact may state one. */
export const allReasons = (db: Db): HeldReason[] =>
  many<{ key: string; outcome: OutcomeReason['outcome']; vi: string; en: string; active: number }>(
    db,
    'SELECT key, outcome, vi, en, active FROM outcome_reason ORDER BY outcome, place, key',
  ).map(({ key, outcome, vi, en, active }) => ({ key, outcome, name: { vi, en }, active: active === 1 }));
export const outcomeReasons = (db: Db): OutcomeReason[] =>
  allReasons(db)
    .filter(({ active }) => active)
    .map(({ active: _, ...reason }) => reason);
export const officeOf = (db: Db): OfficeSettings | null =>
  one<OfficeSettings>(
    db,
    'SELECT name, place, phone, retention_days AS retentionDays, private_url AS privateUrl FROM office',
  ) ?? null;

/** An officer as a kiosk shows them; completed by a WHERE on `o`. */
export const PROFILE = `SELECT o.id, o.code, o.name, o.position, o.unit_id AS unitId,
  ifnull(u.name, '') AS unitName, o.photo, o.revision FROM officer o LEFT JOIN unit u ON u.id = o.unit_id`;

export const unitExists = (db: Db, id: UnitId): boolean =>
  one(db, 'SELECT 1 AS x FROM unit WHERE id = ?', id) !== undefined;

export function saveOfficerRow(
  db: Db,
  officer: Omit<Officer, 'photo'>,
  pinHash: string | null,
  create: boolean,
  demo: boolean,
): void {
  if (create)
    run(
      db,
      `INSERT INTO officer (id, code, name, position, unit_id, pin_hash, active, revision, demo)
       VALUES (?,?,?,?,?,?,?,1,?)`,
      officer.id,
      officer.code,
      officer.name,
      officer.position,
      officer.unitId,
      pinHash,
      officer.active ? 1 : 0,
      demo ? 1 : 0,
    );
  else
    run(
      db,
      `UPDATE officer SET code = ?, name = ?, position = ?, unit_id = ?, pin_hash = ifnull(?, pin_hash), active = ?,
       revision = revision + 1 WHERE id = ?`,
      officer.code,
      officer.name,
      officer.position,
      officer.unitId,
      pinHash,
      officer.active ? 1 : 0,
      officer.id,
    );
}

export function saveUnitRow(db: Db, unit: Unit, create: boolean, demo: boolean): void {
  if (create)
    run(
      db,
      'INSERT INTO unit (id, code, name, demo) VALUES (?,?,?,?)',
      unit.id,
      unit.code,
      unit.name,
      demo ? 1 : 0,
    );
  else {
    run(db, 'UPDATE unit SET code = ?, name = ? WHERE id = ?', unit.code, unit.name, unit.id);
    run(db, 'UPDATE officer SET revision = revision + 1 WHERE unit_id = ?', unit.id);
  }
}

export function saveCounterRow(db: Db, counter: Counter, create: boolean, demo: boolean): void {
  const active = counter.active ? 1 : 0;
  if (create)
    run(
      db,
      'INSERT INTO counter (id, number, name, unit_id, active, demo) VALUES (?,?,?,?,?,?)',
      counter.id,
      counter.number,
      counter.name,
      counter.unitId,
      active,
      demo ? 1 : 0,
    );
  else
    run(
      db,
      'UPDATE counter SET number = ?, name = ?, unit_id = ?, active = ? WHERE id = ?',
      counter.number,
      counter.name,
      counter.unitId,
      active,
      counter.id,
    );
}

export function saveProcedureRow(db: Db, procedure: Procedure, demo: boolean): void {
  run(
    db,
    `INSERT INTO procedure (code, name, active, demo) VALUES (?,?,?,?)
     ON CONFLICT (code) DO UPDATE SET name = excluded.name, active = excluded.active`,
    procedure.code,
    procedure.name,
    procedure.active ? 1 : 0,
    demo ? 1 : 0,
  );
}
