/**
 * Removes the demo office: its people, places, logins, keys, stations and kiosks' enrolment. Facts stay: nothing in
 * an event points here. Refuses: leaving the hub without an administrator of its own.
 */
import type { AuditEntry } from '../../../../domain/audit/audit-entry.ts';
import { type Db, many, run } from '../../op.ts';
import { endSessions } from '../accounts/session-rows.ts';
import { deviceGone } from '../inbox/recovery-store.ts';
import { appendAudit } from '../log/audit.ts';
import { bumpDirectory } from '../meta.ts';
import { usesNow } from './instrument-rows.ts';
import { putUse } from './instruments-store.ts';

export function removeDemo(
  db: Db,
  at: number,
  audit: AuditEntry,
): { result: 'removed' | 'last-admin'; ended: string[]; counterIds: string[] } {
  const admins = many<{ roles: string }>(db, 'SELECT roles FROM web_user WHERE active = 1 AND demo = 0');
  if (!admins.some((row) => (JSON.parse(row.roles) as string[]).includes('admin')))
    return { result: 'last-admin', ended: [], counterIds: [] };
  const ids = (table: string) =>
    many<{ id: string }>(db, `SELECT id FROM ${table} WHERE demo = 1`).map((row) => row.id);
  const counterIds = ids('counter');
  const ended: string[] = [];
  for (const id of [...ids('web_user'), ...ids('officer')])
    ended.push(...endSessions(db, 'subject_id', id, at));
  for (const id of counterIds) {
    for (const station of many<{ id: string }>(db, 'SELECT id FROM station WHERE counter_id = ?', id))
      ended.push(...endSessions(db, 'station_id', station.id, at));
    for (const kind of ['station', 'device'] as const)
      for (const machine of many<{ id: string }>(
        db,
        `UPDATE ${kind} SET revoked_at = ? WHERE counter_id = ? AND revoked_at IS NULL RETURNING id`,
        ...[at, id],
      )) {
        appendAudit(db, { ...audit, action: `${kind}.revoked`, object: `${kind}:${machine.id}` });
        if (kind === 'device') deviceGone(db, machine.id, at);
      }
    run(db, 'DELETE FROM enrol_code WHERE counter_id = ?', id);
    run(db, 'UPDATE camera_counter SET to_at = ? WHERE counter_id = ? AND to_at IS NULL', at, id);
    for (const use of usesNow(db))
      if (use.counterId === id) putUse(db, use, null, { at, actor: audit.actor });
  }
  for (const id of ids('camera'))
    run(db, 'UPDATE camera_counter SET to_at = ? WHERE camera_id = ? AND to_at IS NULL', at, id);
  // What is gone is named in the log: officers and camera maps are committed to by it.
  const removed: Record<string, string[]> = {};
  const remove = (table: string, key: string, where: string): void => {
    removed[table] = many<{ key: string }>(
      db,
      `DELETE FROM ${table} WHERE demo = 1 ${where} RETURNING ${key} AS key`,
    ).map((row) => row.key);
  };
  for (const table of ['web_user', 'officer', 'camera', 'counter', 'api_key']) remove(table, 'id', '');
  remove('procedure', 'code', '');
  // A unit that real people or places were added to stays, as theirs.
  const used = 'SELECT unit_id FROM officer UNION SELECT unit_id FROM counter';
  remove('unit', 'id', `AND id NOT IN (${used})`);
  run(db, 'UPDATE unit SET demo = 0 WHERE demo = 1');
  bumpDirectory(db);
  appendAudit(db, { ...audit, body: removed });
  return { result: 'removed', ended, counterIds };
}
