/**
 * People and places on SQLite. Every change commits with its audit row and, where a kiosk shows it, a new directory
 * revision. Camera maps are dated, so that an old transaction keeps the camera that saw it.
 * Refuses: a reference to a unit or counter that does not exist; removing the last administrator with the demo.
 */

import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import type { DirectoryPort } from '../../../../application/ports/directory.ts';
import { planImport } from '../../../../domain/directory/import-plan.ts';
import { type Db, one, read, run, type Store, write } from '../../op.ts';
import { endSessions } from '../accounts/session-rows.ts';
import { cameraMapRows, cameras } from '../cameras/camera-rows.ts';
import { changeCameraMap, removeCameraMap, saveCamera } from '../cameras/mapped-cameras.ts';
import { appendAudit } from '../log/audit.ts';
import { bumpDirectory } from '../meta.ts';
import { removeDemo } from './demo-rows.ts';
import {
  allReasons,
  counterOf,
  counters,
  officeOf,
  officers,
  outcomeReasons,
  PROFILE,
  procedures,
  saveCounterRow,
  saveOfficerRow,
  saveProcedureRow,
  saveUnitRow,
  unitExists,
  units,
} from './directory-rows.ts';
import { applyImport, importState } from './import-rows.ts';

const has = (db: Db, text: string, ...values: unknown[]) => one(db, text, ...values) !== undefined;

export const directoryStore: Store<DirectoryPort> = {
  office: read(officeOf),
  saveOffice: write((db, { office, audit }) => {
    run(
      db,
      `INSERT INTO office (one, name, place, phone, retention_days, private_url) VALUES (1,?,?,?,?,?)
       ON CONFLICT (one) DO UPDATE SET name = excluded.name, place = excluded.place, phone = excluded.phone,
         retention_days = excluded.retention_days, private_url = excluded.private_url`,
      office.name,
      office.place,
      office.phone,
      office.retentionDays,
      office.privateUrl ?? null,
    );
    bumpDirectory(db);
    appendAudit(db, audit);
    return null;
  }),

  units: read(units),
  officers: read(officers),
  counters: read(counters),
  procedures: read(procedures),
  outcomeReasons: read(outcomeReasons),
  allReasons: read(allReasons),
  cameras: read((db) => cameras(db).map(({ sealedPassword: _, ...camera }) => camera)),
  camerasWithSecrets: read(cameras),
  counter: read((db, { id }) => counterOf(db, id)),
  profile: read((db, { id }) => one<OfficerProfile>(db, `${PROFILE} WHERE o.id = ?`, id) ?? null),
  officerLogin: read((db, { code }) => {
    const profile = one<OfficerProfile>(db, `${PROFILE} WHERE o.code = ? AND o.active = 1`, code);
    if (!profile) return null;
    const { pin_hash } = one<{ pin_hash: string | null }>(
      db,
      'SELECT pin_hash FROM officer WHERE id = ?',
      profile.id,
    )!;
    return { profile, pinHash: pin_hash };
  }),

  saveUnit: write((db, { unit, create, demo, audit }) => {
    if (has(db, 'SELECT 1 FROM unit WHERE code = ? AND id <> ?', unit.code, unit.id)) return 'taken';
    if (!create && !unitExists(db, unit.id)) return 'gone';
    saveUnitRow(db, unit, create, demo);
    bumpDirectory(db);
    appendAudit(db, audit);
    return 'saved';
  }),
  saveOfficer: write((db, { officer, pinHash, create, demo, audit }) => {
    if (has(db, 'SELECT 1 FROM officer WHERE code = ? AND id <> ?', officer.code, officer.id))
      return { result: 'taken' as const, ended: [] };
    if (!create && !has(db, 'SELECT 1 FROM officer WHERE id = ?', officer.id))
      return { result: 'gone' as const, ended: [] };
    if (!unitExists(db, officer.unitId)) return { result: 'no-unit' as const, ended: [] };
    saveOfficerRow(db, officer, pinHash, create, demo);
    const ended =
      officer.active && pinHash === null ? [] : endSessions(db, 'subject_id', officer.id, audit.at);
    bumpDirectory(db);
    appendAudit(db, audit);
    return { result: 'saved' as const, ended };
  }),
  setPhoto: write((db, { id, photo, audit }) => {
    if (run(db, 'UPDATE officer SET photo = ?, revision = revision + 1 WHERE id = ?', photo, id) === 0)
      return false;
    bumpDirectory(db);
    appendAudit(db, audit);
    return true;
  }),
  saveCounter: write((db, { counter, create, demo, audit }) => {
    const { id, number, unitId } = counter;
    if (has(db, 'SELECT 1 FROM counter WHERE unit_id = ? AND number = ? AND id <> ?', unitId, number, id))
      return 'taken';
    if (!create && !has(db, 'SELECT 1 FROM counter WHERE id = ?', id)) return 'gone';
    if (!unitExists(db, unitId)) return 'no-unit';
    saveCounterRow(db, counter, create, demo);
    bumpDirectory(db);
    appendAudit(db, audit);
    return 'saved';
  }),
  saveProcedure: write((db, { procedure, create, demo, audit }) => {
    const held = has(db, 'SELECT 1 FROM procedure WHERE code = ?', procedure.code);
    if (create && held) return 'taken';
    if (!create && !held) return 'gone';
    saveProcedureRow(db, procedure, demo);
    bumpDirectory(db);
    appendAudit(db, audit);
    return 'saved';
  }),
  saveCamera: write((db, { camera, sealedPassword, create, demo, at, audit }) => {
    if (has(db, 'SELECT 1 FROM camera WHERE name = ? AND id <> ?', camera.name, camera.id)) return 'taken';
    if (!create && !has(db, 'SELECT 1 FROM camera WHERE id = ?', camera.id)) return 'gone';
    for (const id of camera.counterIds)
      if (!has(db, 'SELECT 1 FROM counter WHERE id = ?', id)) return 'no-counter';
    saveCamera(db, { camera, sealedPassword, create, demo, at }, audit);
    bumpDirectory(db);
    return 'saved';
  }),

  cameraMap: read((db, { cameraId }) => cameraMapRows(db, cameraId)),
  changeCameraMap: write((db, { cameraId, change, audit }) => {
    if (!has(db, 'SELECT 1 FROM camera WHERE id = ?', cameraId)) return 'gone';
    if (!has(db, 'SELECT 1 FROM counter WHERE id = ?', change.counterId)) return 'no-counter';
    const result = changeCameraMap(db, cameraId, change, audit);
    if (result === 'saved') bumpDirectory(db);
    return result;
  }),
  removeCameraMap: write((db, { cameraId, row, audit }) => {
    const result = removeCameraMap(db, cameraId, row, audit);
    if (result === 'removed') bumpDirectory(db);
    return result;
  }),

  planImport: read((db, { kind, rows }) => planImport(kind, rows, importState(db))),
  applyImport: write((db, input) => applyImport(db, input)),
  removeDemo: write((db, { at, audit }) => removeDemo(db, at, audit)),
  demoPresent: read(
    (db) => has(db, 'SELECT 1 FROM unit WHERE demo = 1') || has(db, 'SELECT 1 FROM officer WHERE demo = 1'),
  ),
};
