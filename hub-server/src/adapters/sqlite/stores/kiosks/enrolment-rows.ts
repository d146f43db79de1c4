/**
 * Purpose: how a kiosk is let in. A code is bound to the first key that brings it; where the code asks, that key waits until
 *   somebody has compared its fingerprint. Letting in uses the code up, and ends the kiosk that is replaced, in one operation.
 * Refuses: a second key on one code (and says to whoever decides that there was one), a key that was revoked.
 * Document: hub-server/DESIGN.md, "Enrolment".
 */

import type {
  EnrolInput,
  EnrolResult,
  RosterRow,
  WaitingRow,
} from '../../../../application/ports/devices.ts';
import type { AuditEntry } from '../../../../domain/audit/audit-entry.ts';
import { type Db, many, one, run } from '../../op.ts';
import { judgeFromStart } from '../inbox/quarantine-rows.ts';
import { appendAudit } from '../log/audit.ts';
import { checkpointOf, currentOrigin } from '../log/log-tree.ts';
import { nextNumber } from '../meta.ts';
import { revoke } from './revocation-rows.ts';

/** From when it was brought, and again from when it was approved: the kiosk asks every few seconds. */
const DECIDED_WITHIN_MS = 10 * 60_000;

interface CodeRow {
  readonly counterId: string;
  readonly asks: number;
  readonly replaces: string | null;
  readonly key: Buffer | null;
  readonly approved: number | null;
  readonly decidedAt: number | null;
  readonly decidedBy: string | null;
  readonly originId: number | null;
  readonly logSize: number | null;
}

const CODE = `SELECT counter_id AS counterId, asks, replaces, claimed_key AS key, approved, decided_at AS decidedAt,
   decided_by AS decidedBy, log_origin_id AS originId, log_size AS logSize
 FROM enrol_code WHERE code_hash = ? AND kind = 'kiosk' AND used_at IS NULL AND expires_at > ?`;

export function enrol(db: Db, input: EnrolInput): EnrolResult {
  const { codeHash, device, publicKey, at } = input;
  const code = one<CodeRow>(db, CODE, codeHash, at);
  if (!code) return { ok: false, code: 'enrol.code_unknown' };
  if (code.key !== null && Buffer.compare(code.key, publicKey) !== 0) {
    run(db, 'UPDATE enrol_code SET contested = 1 WHERE code_hash = ?', codeHash);
    return { ok: false, code: 'enrol.code_unknown' };
  }
  if (code.approved === 0) return { ok: false, code: 'enrol.refused' };
  if (code.asks === 1 && code.approved === null) {
    if (code.key === null) claim(db, input);
    return { ok: false, code: 'enrol.waiting' };
  }
  run(db, 'UPDATE enrol_code SET used_at = ? WHERE code_hash = ?', at, codeHash);
  const held = one<{ revoked_at: number | null }>(db, 'SELECT revoked_at FROM device WHERE id = ?', device);
  if (held && held.revoked_at !== null) return { ok: false, code: 'device.revoked' };
  const serial = admit(db, input, code, held !== undefined);
  const replaced = code.replaces !== null && replace(db, code.replaces, device, code.decidedBy, at);
  const origin = currentOrigin(db);
  const shown = origin?.id === code.originId ? (code.logSize ?? undefined) : undefined;
  const checkpoint = origin ? checkpointOf(db, origin, shown) : null;
  return {
    ...{ ok: true, counterId: code.counterId, serial, checkpoint },
    replaced: replaced ? code.replaces : null,
  };
}

function claim(db: Db, { codeHash, publicKey, build, at }: EnrolInput): void {
  run(
    db,
    'UPDATE enrol_code SET claimed_key = ?, claimed_build = ?, claimed_at = ?, expires_at = ? WHERE code_hash = ?',
    ...[publicKey, build, at, at + DECIDED_WITHIN_MS, codeHash],
  );
}

function admit(db: Db, { device, publicKey, build, at }: EnrolInput, code: CodeRow, again: boolean): number {
  const serial = nextNumber(db, 'enrol.serial');
  run(
    db,
    `INSERT INTO device (id, counter_id, public_key, enrol_serial, enrolled_at, build) VALUES (?,?,?,?,?,?)
     ON CONFLICT (id) DO UPDATE SET counter_id = excluded.counter_id, enrol_serial = excluded.enrol_serial,
       enrolled_at = excluded.enrolled_at, build = excluded.build`,
    ...[device, code.counterId, publicKey, serial, at, build],
  );
  run(
    db,
    `INSERT INTO device_enrolment (device, counter_id, serial, at, approved_by, approved_at) VALUES (?,?,?,?,?,?)`,
    ...[device, code.counterId, serial, at, code.decidedBy, code.decidedAt],
  );
  // What it said of this counter before it was enrolled here is good from now on.
  judgeFromStart(db, device);
  const approved = code.decidedBy === null ? {} : { approvedBy: code.decidedBy };
  appendAudit(db, {
    ...{ at, actor: `device:${device}`, action: 'device.enrolled', object: `counter:${code.counterId}` },
    ...{ reason: null, body: { serial, build, again, ...approved } },
  });
  return serial;
}

function replace(db: Db, old: string, by: string, actor: string | null, at: number): boolean {
  if (old === by) return false;
  const audit: AuditEntry = {
    ...{ at, actor: actor ?? 'operator', action: 'device.revoked', object: `device:${old}` },
    reason: `device:${by}`,
  };
  return revoke(db, { id: old, at, audit }) !== null;
}

export function waiting(db: Db, { at }: { readonly at: number }): WaitingRow[] {
  return many<WaitingRow>(
    db,
    `SELECT code_hash AS id, counter_id AS counterId, claimed_key AS publicKey, claimed_build AS build,
       claimed_at AS claimedAt, expires_at AS expiresAt, contested, replaces FROM enrol_code
     WHERE asks = 1 AND used_at IS NULL AND claimed_key IS NOT NULL AND approved IS NULL AND expires_at > ?
     ORDER BY claimed_at, code_hash LIMIT 200`,
    at,
  );
}

export function decideEnrolment(
  db: Db,
  input: {
    readonly id: string;
    readonly approve: boolean;
    readonly by: string;
    readonly at: number;
    readonly audit: AuditEntry;
  },
): boolean {
  const { id, approve, by, at, audit } = input;
  const done = run(
    db,
    `UPDATE enrol_code SET approved = ?, decided_by = ?, decided_at = ?, expires_at = ?
     WHERE code_hash = ? AND asks = 1 AND claimed_key IS NOT NULL AND approved IS NULL AND used_at IS NULL AND expires_at > ?`,
    ...[approve ? 1 : 0, by, at, at + DECIDED_WITHIN_MS, id, at],
  );
  if (done === 0) return false;
  appendAudit(db, audit);
  return true;
}

export function roster(db: Db): RosterRow[] {
  return many<RosterRow>(
    db,
    `SELECT e.serial, e.device, e.counter_id AS counterId, ifnull(c.number, '?') AS counter,
       ifnull(c.name, '') AS counterName, e.at AS enrolledAt, e.approved_by AS approvedBy, e.approved_at AS approvedAt,
       d.revoked_at AS revokedAt, d.status, d.written_off AS writtenOff
     FROM device_enrolment e LEFT JOIN device d ON d.id = e.device LEFT JOIN counter c ON c.id = e.counter_id
     ORDER BY e.serial DESC`,
  );
}
