/** Applies an import: judged again inside the transaction that writes it, all rows or none. */

import type { CameraId, CounterId, OfficerId, UnitId } from '@hailong/shared/ids.ts';
import type { DirectoryPort } from '../../../../application/ports/directory.ts';
import type { AuditAction, AuditEntry } from '../../../../domain/audit/audit-entry.ts';
import {
  type ImportChange,
  type ImportKind,
  type ImportPlan,
  type ImportState,
  planImport,
} from '../../../../domain/directory/import-plan.ts';
import type { Db } from '../../op.ts';
import { endSessions } from '../accounts/session-rows.ts';
import { cameras } from '../cameras/camera-rows.ts';
import { saveCamera } from '../cameras/mapped-cameras.ts';
import { appendAudit } from '../log/audit.ts';
import { bumpDirectory } from '../meta.ts';
import {
  counters,
  officeOf,
  officers,
  procedures,
  saveCounterRow,
  saveOfficerRow,
  saveProcedureRow,
  saveUnitRow,
  units,
} from './directory-rows.ts';

/** Days; the number the camera notice names when no office has been described yet. */
const DEFAULT_RETENTION_DAYS = 30;

export function importState(db: Db): ImportState {
  return {
    units: units(db),
    officers: officers(db),
    counters: counters(db),
    procedures: procedures(db),
    cameras: cameras(db),
    retentionDays: officeOf(db)?.retentionDays ?? DEFAULT_RETENTION_DAYS,
  };
}

const ACTION: Record<ImportKind, AuditAction> = {
  units: 'unit.saved',
  officers: 'officer.saved',
  counters: 'counter.saved',
  procedures: 'procedure.saved',
  cameras: 'camera.saved',
};
const NOUN: Record<ImportKind, string> = {
  units: 'unit',
  officers: 'officer',
  counters: 'counter',
  procedures: 'procedure',
  cameras: 'camera',
};

/** The same row as one saved by form: the log commits to each change by itself. */
function rowOf(
  change: ImportChange,
  newIds: readonly string[],
  secrets: readonly (string | null)[],
  audit: AuditEntry,
): AuditEntry {
  const { kind, value } = change;
  const id = kind === 'procedures' ? change.value.code : (change.id ?? newIds[change.row]!);
  const changed = (secrets[change.row] ?? null) !== null;
  const secret =
    kind === 'officers' ? { pinChanged: changed } : kind === 'cameras' ? { passwordChanged: changed } : {};
  return {
    ...{
      at: audit.at,
      actor: audit.actor,
      action: ACTION[kind],
      object: `${NOUN[kind]}:${id}`,
      reason: null,
    },
    body: { ...value, ...secret },
  };
}

export function applyImport(db: Db, input: Parameters<DirectoryPort['applyImport']>[0]): ImportPlan {
  const { kind, rows, newIds, secrets, at, audit } = input;
  const plan = planImport(kind, rows, importState(db));
  if (plan.answer.errors > 0) return plan;
  for (const change of plan.changes) {
    const create = change.id === null;
    const id = change.id ?? newIds[change.row]!;
    const secret = secrets[change.row] ?? null;
    const said = rowOf(change, newIds, secrets, audit);
    switch (change.kind) {
      case 'units':
        saveUnitRow(db, { id: id as UnitId, ...change.value }, create, false);
        break;
      case 'officers':
        saveOfficerRow(db, { id: id as OfficerId, ...change.value }, secret, create, false);
        if (!change.value.active || secret !== null) endSessions(db, 'subject_id', id, at);
        break;
      case 'counters':
        saveCounterRow(db, { id: id as CounterId, ...change.value }, create, false);
        break;
      case 'procedures':
        saveProcedureRow(db, change.value, false);
        break;
      case 'cameras':
        saveCamera(
          db,
          {
            camera: { id: id as CameraId, ...change.value },
            ...{ sealedPassword: secret, create, demo: false, at },
          },
          said,
        );
        continue;
    }
    appendAudit(db, said);
  }
  bumpDirectory(db);
  appendAudit(db, { ...audit, body: { kind, rows: plan.answer.rows } });
  return { ...plan, answer: { ...plan.answer, applied: true } };
}
