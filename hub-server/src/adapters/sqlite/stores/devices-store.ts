/** Kiosks. A code is used up in the operation that admits the key; a revoked key is never admitted again. */

import type { DeviceStatus } from '@hailong/shared/protocol/edge.ts';
import type { DeviceRow, DevicesPort } from '../../../application/ports/devices.ts';
import { many, one, read, run, type Store, write } from '../op.ts';
import { appendAudit } from './audit.ts';
import { weighDevice } from './fleet-rows.ts';
import { checkpointOf, currentOrigin } from './log-tree.ts';
import { getMeta, nextNumber, setMeta } from './meta.ts';
import { judgeFromStart } from './quarantine-rows.ts';
import { deviceGone, heldSeq } from './recovery-store.ts';

/** Of a kiosk that was revoked before it told anything. */
const neverSaid = (build: string): DeviceStatus => ({
  ...{ build, panel: 'none', unsynced: 0, oldestUnsyncedMs: 0, screens: 0, configRevision: 0 },
  diskFreeBytes: null,
});

export const devicesStore: Store<DevicesPort> = {
  enrol: write((db, { codeHash, device, publicKey, build, at }) => {
    const code = one<{ counter_id: string; log_origin_id: number | null; log_size: number | null }>(
      db,
      `UPDATE enrol_code SET used_at = ? WHERE code_hash = ? AND kind = 'kiosk' AND used_at IS NULL AND expires_at > ?
       RETURNING counter_id, log_origin_id, log_size`,
      ...[at, codeHash, at],
    );
    if (!code) return { ok: false, code: 'enrol.code_unknown' };
    const held = one<{ revoked_at: number | null }>(db, 'SELECT revoked_at FROM device WHERE id = ?', device);
    if (held && held.revoked_at !== null) return { ok: false, code: 'device.revoked' };
    const serial = nextNumber(db, 'enrol.serial');
    run(
      db,
      `INSERT INTO device (id, counter_id, public_key, enrol_serial, enrolled_at, build) VALUES (?,?,?,?,?,?)
       ON CONFLICT (id) DO UPDATE SET counter_id = excluded.counter_id, enrol_serial = excluded.enrol_serial,
         enrolled_at = excluded.enrolled_at, build = excluded.build`,
      ...[device, code.counter_id, publicKey, serial, at, build],
    );
    run(
      db,
      'INSERT INTO device_enrolment (device, counter_id, serial, at) VALUES (?,?,?,?)',
      ...[device, code.counter_id, serial, at],
    );
    // What it said of this counter before it was enrolled here is good from now on.
    judgeFromStart(db, device);
    appendAudit(db, {
      ...{ at, actor: `device:${device}`, action: 'device.enrolled', object: `counter:${code.counter_id}` },
      ...{ reason: null, body: { serial, build, again: held !== undefined } },
    });
    const origin = currentOrigin(db);
    const shown = origin?.id === code.log_origin_id ? (code.log_size ?? undefined) : undefined;
    const checkpoint = origin ? checkpointOf(db, origin, shown) : null;
    return { ok: true, counterId: code.counter_id, serial, checkpoint };
  }),
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
              written_off AS writtenOff FROM device ORDER BY enrol_serial`,
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
  writeOff: write((db, { id, unsynced, by, reason, at }) => {
    const done = run(
      db,
      'UPDATE device SET written_off = ? WHERE id = ? AND revoked_at IS NOT NULL AND written_off IS NULL',
      ...[JSON.stringify({ by, reason, at, unsynced }), id],
    );
    if (done === 0) return false;
    appendAudit(db, {
      ...{ at, actor: by.join(', '), action: 'device.written_off', object: `device:${id}`, reason },
      body: { unsynced },
    });
    return true;
  }),
  revoke: write((db, { id, at, audit }) => {
    const row = one<{ counterId: string }>(
      db,
      'UPDATE device SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING counter_id AS counterId',
      ...[at, id],
    );
    if (!row) return null;
    appendAudit(db, audit);
    deviceGone(db, id, at);
    return row;
  }),
};
