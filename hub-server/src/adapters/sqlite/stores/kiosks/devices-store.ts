/** Kiosks: how they are let in and end is in enrolment-rows.ts and revocation-rows.ts; here what they say, and their return. */

import type { DeviceStatus } from '@hailong/shared/protocol/edge.ts';
import type { DeviceRow, DevicesPort } from '../../../../application/ports/devices.ts';
import { many, one, read, run, type Store, write } from '../../op.ts';
import { judgeFromStart } from '../inbox/quarantine-rows.ts';
import { heldSeq } from '../inbox/recovery-store.ts';
import { appendAudit } from '../log/audit.ts';
import { getMeta, setMeta } from '../meta.ts';
import { decideEnrolment, enrol, roster, waiting } from './enrolment-rows.ts';
import { weighDevice } from './fleet-rows.ts';
import { askWriteOff, revoke, writeOff } from './revocation-rows.ts';

/** Of a kiosk that was revoked before it told anything. */
const neverSaid = (build: string): DeviceStatus => ({
  ...{ build, panel: 'none', unsynced: 0, oldestUnsyncedMs: 0, screens: 0, configRevision: 0 },
  diskFreeBytes: null,
});

export const devicesStore: Store<DevicesPort> = {
  enrol: write(enrol),
  waiting: read(waiting),
  decideEnrolment: write(decideEnrolment),
  roster: read(roster),
  readmit: write((db, { device, publicKey, counterId, serial, at }) => {
    const added = run(
      db,
      `INSERT INTO device (id, counter_id, public_key, enrol_serial, enrolled_at) VALUES (?,?,?,?,?)
       ON CONFLICT (id) DO UPDATE SET counter_id = excluded.counter_id, enrol_serial = excluded.enrol_serial,
         enrolled_at = excluded.enrolled_at
       WHERE excluded.enrol_serial > device.enrol_serial AND device.revoked_at IS NULL`,
      ...[device, counterId, publicKey, serial, at],
    );
    if (added === 0) return null;
    run(
      db,
      'INSERT OR IGNORE INTO device_enrolment (device, counter_id, serial, at) VALUES (?,?,?,?)',
      ...[device, counterId, serial, at],
    );
    judgeFromStart(db, device);
    if (Number(getMeta(db, 'enrol.serial') ?? '0') < serial) setMeta(db, 'enrol.serial', String(serial));
    run(
      db,
      `INSERT INTO readmission (device, counter_id, serial, at) VALUES (?,?,?,?)
       ON CONFLICT (device) DO UPDATE SET counter_id = excluded.counter_id, serial = excluded.serial, at = excluded.at,
         confirmed_by = NULL`,
      ...[device, counterId, serial, at],
    );
    appendAudit(db, {
      ...{ at, actor: `device:${device}`, action: 'device.readmitted', object: `counter:${counterId}` },
      ...{ reason: null, body: { serial } },
    });
    return null;
  }),
  list: read((db) =>
    many<DeviceRow>(
      db,
      `SELECT id, counter_id AS counterId, enrolled_at AS enrolledAt, revoked_at AS revokedAt,
              last_seen_at AS lastSeenAt, build, status, alarm,
              written_off AS writtenOff, write_off_asked AS writeOffAsked FROM device ORDER BY enrol_serial`,
    ),
  ),
  said: write((db, { device, at, build, status }) => {
    run(
      db,
      'UPDATE device SET last_seen_at = ?, build = ?, status = ? WHERE id = ?',
      ...[at, build, status, device],
    );
    weighDevice(db, device, at);
    return null;
  }),
  refused: write((db, { device, epochs, more, at }) => {
    const lacking = epochs.map(({ epoch, seq }) => Math.max(0, seq - heldSeq(db, device, epoch)));
    const row = one<{ build: string; status: string | null }>(
      db,
      'SELECT build, status FROM device WHERE id = ? AND revoked_at IS NOT NULL',
      device,
    );
    if (!row) return null;
    const said: Pick<DeviceStatus, 'unsynced'> = row.status
      ? JSON.parse(row.status)
      : neverSaid(row.build || 'unknown');
    const sum = lacking.reduce((all, each) => all + each, 0);
    const status = { ...said, unsynced: more ? Math.max(sum, said.unsynced) : sum };
    run(
      db,
      'UPDATE device SET last_seen_at = ?, status = ? WHERE id = ?',
      ...[at, JSON.stringify(status), device],
    );
    return null;
  }),
  seen: write((db, { device, at }) => {
    run(db, 'UPDATE device SET last_seen_at = ? WHERE id = ?', at, device);
    return null;
  }),
  writeOff: write(writeOff),
  askWriteOff: write(askWriteOff),
  revoke: write(revoke),
};
