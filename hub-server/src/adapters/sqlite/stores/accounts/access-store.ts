/**
 * Logins on SQLite: throttles, people on the web, sessions, stations, API keys, enrolment codes.
 * Every change commits with its audit row. Refuses: leaving the hub without an administrator.
 */

import type { CounterId, OfficerId } from '@hailong/shared/ids.ts';
import type {
  AccessPort,
  ApiKeyRow,
  LockedFor,
  NewUser,
  WebUser,
} from '../../../../application/ports/access.ts';
import {
  countAttempt,
  THROTTLE_RULES,
  type ThrottleState,
  takeBack,
} from '../../../../domain/access/throttle.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { auditRows } from '../log/audit-rows.ts';
import { endSessions } from './session-rows.ts';
import { revokeTokens } from './tokens-store.ts';

/** Long past every limit of a session; who was logged in when stands in the audit log. */
const SESSION_KEPT_MS = 30 * 86_400_000;

interface UserRow {
  id: string;
  username: string;
  name: string;
  roles: string;
  password_hash: string;
  active: number;
}
const userOf = (row: UserRow): WebUser => ({
  id: row.id,
  username: row.username,
  name: row.name,
  roles: JSON.parse(row.roles) as WebUser['roles'],
  active: row.active === 1,
});

interface KeyRow {
  id: string;
  name: string;
  counter_ids: string | null;
  reads_ratings: number;
  created_at: number;
  revoked_at: number | null;
}
const keyOf = (row: KeyRow): ApiKeyRow => ({
  id: row.id,
  name: row.name,
  counterIds: row.counter_ids === null ? null : (JSON.parse(row.counter_ids) as string[]),
  readsRatings: row.reads_ratings === 1,
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
});

function throttleState(db: Db, key: string): ThrottleState | null {
  return (
    one<ThrottleState>(
      db,
      'SELECT attempts, window_from AS windowFrom, blocked_until AS blockedUntil FROM throttle WHERE key = ?',
      key,
    ) ?? null
  );
}

function saveThrottle(db: Db, key: string, state: ThrottleState): void {
  run(
    db,
    `INSERT INTO throttle (key, attempts, window_from, blocked_until) VALUES (?,?,?,?) ON CONFLICT (key) DO UPDATE
     SET attempts = excluded.attempts, window_from = excluded.window_from, blocked_until = excluded.blocked_until`,
    key,
    state.attempts,
    state.windowFrom,
    state.blockedUntil,
  );
}

function insertUser(db: Db, user: NewUser): void {
  run(
    db,
    'INSERT INTO web_user (id, username, name, roles, password_hash, active, demo) VALUES (?,?,?,?,?,?,?)',
    user.id,
    user.username,
    user.name,
    JSON.stringify(user.roles),
    user.passwordHash,
    user.active ? 1 : 0,
    user.demo ? 1 : 0,
  );
}

/** Active administrators other than the one named. */
function otherAdmins(db: Db, id: string): number {
  return many<UserRow>(db, 'SELECT * FROM web_user WHERE active = 1 AND id <> ?', id).filter((row) =>
    userOf(row).roles.includes('admin'),
  ).length;
}

export const accessStore: Store<AccessPort> = {
  admitAttempt: write((db, { keys, at }) => {
    const judged = keys.map(({ scope, key }) => {
      const name = `${scope}:${key}`;
      return { name, ...countAttempt(throttleState(db, name), THROTTLE_RULES[scope], at) };
    });
    if (judged.some((each) => !each.admitted)) return false;
    for (const each of judged) saveThrottle(db, each.name, each.next);
    run(db, 'DELETE FROM throttle WHERE window_from < ? AND blocked_until < ?', at - 86_400_000, at);
    return true;
  }),
  takeBackAttempt: write((db, { keys }) => {
    for (const { scope, key } of keys) {
      const name = `${scope}:${key}`;
      const next = takeBack(throttleState(db, name), scope);
      if (next) saveThrottle(db, name, next);
      else run(db, 'DELETE FROM throttle WHERE key = ?', name);
    }
    return null;
  }),

  anyUser: read((db) => one(db, 'SELECT 1 AS x FROM web_user LIMIT 1') !== undefined),
  firstUser: write((db, { user, audit }) => {
    if (one(db, 'SELECT 1 AS x FROM web_user LIMIT 1')) return false;
    insertUser(db, user);
    appendAudit(db, audit);
    return true;
  }),
  userByName: read((db, { username }) => {
    const row = one<UserRow>(db, 'SELECT * FROM web_user WHERE username = ?', username);
    return row ? { ...userOf(row), passwordHash: row.password_hash } : null;
  }),
  users: read((db) => many<UserRow>(db, 'SELECT * FROM web_user ORDER BY username').map(userOf)),
  saveUser: write((db, { user, create, audit }) => {
    if (one(db, 'SELECT 1 AS x FROM web_user WHERE username = ? AND id <> ?', user.username, user.id))
      return { result: 'taken' as const, ended: [] };
    if (create) {
      insertUser(db, user);
      appendAudit(db, audit);
      return { result: 'saved' as const, ended: [] };
    }
    const held = one<UserRow>(db, 'SELECT * FROM web_user WHERE id = ?', user.id);
    if (!held) return { result: 'gone' as const, ended: [] };
    const remains = user.active && user.roles.includes('admin');
    if (
      userOf(held).roles.includes('admin') &&
      held.active === 1 &&
      !remains &&
      otherAdmins(db, user.id) === 0
    )
      return { result: 'last-admin' as const, ended: [] };
    run(
      db,
      'UPDATE web_user SET username = ?, name = ?, roles = ?, password_hash = ?, active = ? WHERE id = ?',
      user.username,
      user.name,
      JSON.stringify(user.roles),
      user.passwordHash ?? held.password_hash,
      user.active ? 1 : 0,
      user.id,
    );
    const sameRights =
      user.passwordHash === null &&
      user.active &&
      JSON.stringify(user.roles) === held.roles &&
      held.active === 1;
    const ended = sameRights ? [] : endSessions(db, 'subject_id', user.id, audit.at);
    // A new password or other rights: what was handed out before is void, on the command line too.
    if (!sameRights) revokeTokens(db, user.id, audit.at);
    appendAudit(db, audit);
    return { result: 'saved' as const, ended };
  }),

  openUserSession: write((db, { sessionId, tokenHash, userId, at, audit }) => {
    run(db, 'DELETE FROM session WHERE created_at < ?', at - SESSION_KEPT_MS);
    run(
      db,
      `INSERT INTO session (id, token_hash, kind, subject_id, created_at, used_at) VALUES (?,?,'user',?,?,?)`,
      sessionId,
      tokenHash,
      userId,
      at,
      at,
    );
    appendAudit(db, audit);
    return null;
  }),
  userSession: read((db, { tokenHash }) => {
    const row = one<
      UserRow & { sessionId: string; createdAt: number; usedAt: number; endedAt: number | null }
    >(
      db,
      `SELECT u.*, s.id AS sessionId, s.created_at AS createdAt, s.used_at AS usedAt, s.ended_at AS endedAt
       FROM session s JOIN web_user u ON u.id = s.subject_id
       WHERE s.token_hash = ? AND s.kind = 'user' AND u.active = 1`,
      tokenHash,
    );
    if (!row) return null;
    const { sessionId, createdAt, usedAt, endedAt } = row;
    return { sessionId, createdAt, usedAt, endedAt, user: userOf(row) };
  }),
  openOfficerSession: write((db, { sessionId, tokenHash, stationId, officerId, dutyId, at, audit }) => {
    const ended = endSessions(db, 'station_id', stationId, at);
    run(
      db,
      `INSERT INTO session (id, token_hash, kind, subject_id, station_id, duty_id, created_at, used_at)
       VALUES (?,?,'officer',?,?,?,?,?)`,
      sessionId,
      tokenHash,
      officerId,
      stationId,
      dutyId,
      at,
      at,
    );
    appendAudit(db, audit);
    return { ended };
  }),
  officerSession: read((db, { tokenHash }) => {
    const row = one<{
      sessionId: string;
      stationId: string;
      officerId: string;
      dutyId: string | null;
      lockedFor: LockedFor | null;
      createdAt: number;
      usedAt: number;
      endedAt: number | null;
    }>(
      db,
      `SELECT s.id AS sessionId, s.station_id AS stationId, s.subject_id AS officerId, s.duty_id AS dutyId,
              s.locked_for AS lockedFor,
              s.created_at AS createdAt, s.used_at AS usedAt, s.ended_at AS endedAt
       FROM session s JOIN officer o ON o.id = s.subject_id
       WHERE s.token_hash = ? AND s.kind = 'officer' AND o.active = 1`,
      tokenHash,
    );
    return row ? { ...row, officerId: row.officerId as OfficerId } : null;
  }),
  lockSession: write((db, { sessionId, why, at, audit }) => {
    const locked =
      run(
        db,
        'UPDATE session SET locked_at = ?, locked_for = ? WHERE id = ? AND ended_at IS NULL AND locked_at IS NULL',
        ...[at, why, sessionId],
      ) > 0;
    if (locked) appendAudit(db, audit);
    return locked;
  }),
  unlockSession: write((db, { sessionId, at, audit }) => {
    const awake =
      run(
        db,
        `UPDATE session SET locked_at = NULL, locked_for = NULL, used_at = max(used_at, ?)
         WHERE id = ? AND ended_at IS NULL AND locked_at IS NOT NULL`,
        ...[at, sessionId],
      ) > 0;
    if (awake) appendAudit(db, audit);
    return awake;
  }),
  touchSession: write((db, { sessionId, at }) => {
    run(db, 'UPDATE session SET used_at = max(used_at, ?) WHERE id = ?', at, sessionId);
    return null;
  }),
  endSession: write((db, { sessionId, at, audit }) => {
    if (run(db, 'UPDATE session SET ended_at = ? WHERE id = ? AND ended_at IS NULL', at, sessionId) > 0)
      appendAudit(db, audit);
    return null;
  }),

  issueEnrolCode: write((db, { codeHash, kind, counterId, expiresAt, asks, replaces, audit }) => {
    if (!one(db, 'SELECT 1 AS x FROM counter WHERE id = ? AND active = 1', counterId)) return false;
    const replaced = 'SELECT 1 AS x FROM device WHERE id = ? AND counter_id = ? AND revoked_at IS NULL';
    if (replaces && !one(db, replaced, replaces, counterId)) return false;
    run(db, 'DELETE FROM enrol_code WHERE expires_at < ?', audit.at - 86_400_000);
    run(
      db,
      'INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at, asks, replaces) VALUES (?,?,?,?,?,?)',
      ...[codeHash, kind, counterId, expiresAt, asks ? 1 : 0, replaces ?? null],
    );
    appendAudit(db, audit);
    return true;
  }),
  redeemStationCode: write((db, { codeHash, at, stationId, tokenHash, audit }) => {
    const code = one<{ counter_id: string }>(
      db,
      `SELECT counter_id FROM enrol_code
       WHERE code_hash = ? AND kind = 'station' AND used_at IS NULL AND expires_at > ?`,
      codeHash,
      at,
    );
    if (!code || !one(db, 'SELECT 1 AS x FROM counter WHERE id = ? AND active = 1', code.counter_id))
      return null;
    run(db, 'UPDATE enrol_code SET used_at = ? WHERE code_hash = ?', at, codeHash);
    run(
      db,
      'INSERT INTO station (id, counter_id, token_hash, enrolled_at, last_seen_at) VALUES (?,?,?,?,?)',
      stationId,
      code.counter_id,
      tokenHash,
      at,
      at,
    );
    appendAudit(db, { ...audit, object: `counter:${code.counter_id}` });
    return { counterId: code.counter_id as CounterId };
  }),
  station: read((db, { tokenHash }) => {
    const row = one<{ stationId: string; counterId: string }>(
      db,
      'SELECT id AS stationId, counter_id AS counterId FROM station WHERE token_hash = ? AND revoked_at IS NULL',
      tokenHash,
    );
    return row ? { stationId: row.stationId, counterId: row.counterId as CounterId } : null;
  }),
  stations: read((db) =>
    many<{
      id: string;
      counterId: CounterId;
      enrolledAt: number;
      revokedAt: number | null;
      lastSeenAt: number | null;
    }>(
      db,
      `SELECT id, counter_id AS counterId, enrolled_at AS enrolledAt, revoked_at AS revokedAt,
              last_seen_at AS lastSeenAt
       FROM station ORDER BY enrolled_at, id`,
    ),
  ),
  stationSeen: write((db, { stationId, at }) => {
    run(db, 'UPDATE station SET last_seen_at = ? WHERE id = ?', at, stationId);
    return null;
  }),
  revokeStation: write((db, { stationId, at, audit }) => {
    const revoked =
      run(db, 'UPDATE station SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', at, stationId) > 0;
    if (!revoked) return { revoked, ended: [] };
    const ended = endSessions(db, 'station_id', stationId, at);
    appendAudit(db, audit);
    return { revoked, ended };
  }),

  createApiKey: write((db, { id, name, keyHash, counterIds, readsRatings, at, demo, audit }) => {
    run(
      db,
      `INSERT INTO api_key (id, name, key_hash, counter_ids, reads_ratings, created_at, demo)
       VALUES (?,?,?,?,?,?,?)`,
      id,
      name,
      keyHash,
      counterIds === null ? null : JSON.stringify(counterIds),
      readsRatings ? 1 : 0,
      at,
      demo ? 1 : 0,
    );
    appendAudit(db, audit);
    return null;
  }),
  apiKey: read((db, { keyHash }) => {
    const row = one<KeyRow>(db, 'SELECT * FROM api_key WHERE key_hash = ? AND revoked_at IS NULL', keyHash);
    return row ? keyOf(row) : null;
  }),
  apiKeys: read((db) => many<KeyRow>(db, 'SELECT * FROM api_key ORDER BY created_at').map(keyOf)),
  revokeApiKey: write((db, { id, at, audit }) => {
    const revoked =
      run(db, 'UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', at, id) > 0;
    if (revoked) appendAudit(db, audit);
    return revoked;
  }),

  audit: read((db, input) => auditRows(db, input)),
  record: write((db, { audit }) => {
    appendAudit(db, audit);
    return null;
  }),
};
