/** Personal tokens on SQLite. Each made or revoked commits with its row of the log. */
import type { WebUser } from '../../../../application/ports/access.ts';
import type { TokenRow, TokensPort } from '../../../../application/ports/tokens.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { firstSince } from '../evidence/evidence-rows.ts';
import { appendAudit } from '../log/audit.ts';

/** Long past: who made and revoked it stands in the log. */
const KEPT_MS = 365 * 86_400_000;

type Row = Omit<TokenRow, 'scopes'> & { readonly scopes: string };
const COLUMNS = `id, name, scopes, created_at AS createdAt, expires_at AS expiresAt, revoked_at AS revokedAt,
  used_at AS usedAt`;

/** Ends what a person's commands could do, with the session rights that end. */
export function revokeTokens(db: Db, userId: string, at: number): void {
  run(db, 'UPDATE user_token SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL', at, userId);
}

/** A clock that was set back meanwhile. */
const SLACK_MS = 3_600_000;

/** The log's row of who made it; `via` is `token:ID`. Null: the log has none, so it was nobody's to make. */
export function issuedToken(db: Db, via: string): { readonly seq: number; readonly actor: string } | null {
  const made = one<{ at: number }>(
    db,
    'SELECT created_at AS at FROM user_token WHERE id = ?',
    via.slice('token:'.length),
  );
  if (!made) return null;
  return (
    one<{ seq: number; actor: string }>(
      db,
      "SELECT seq, actor FROM audit_log WHERE seq >= ? AND action = 'token.issued' AND object = ? ORDER BY seq LIMIT 1",
      ...[firstSince(db, made.at - SLACK_MS), via],
    ) ?? null
  );
}

type Used = NonNullable<Awaited<ReturnType<TokensPort['use']>>>;

/** As it and its person stand now. */
function living(db: Db, tokenHash: string, at: number): Used | null {
  const row = one<{
    readonly id: string;
    readonly scopes: string;
    readonly usedAt: number | null;
    readonly userId: string;
    readonly username: string;
    readonly name: string;
    readonly roles: string;
  }>(
    db,
    `SELECT t.id, t.scopes, t.used_at AS usedAt, u.id AS userId, u.username, u.name, u.roles
     FROM user_token t JOIN web_user u ON u.id = t.user_id
     WHERE t.token_hash = ? AND t.revoked_at IS NULL AND t.expires_at > ? AND u.active = 1`,
    ...[tokenHash, at],
  );
  if (!row) return null;
  const { id, usedAt, userId, username, name } = row;
  return {
    ...{ id, usedAt, scopes: JSON.parse(row.scopes) as TokenRow['scopes'] },
    user: { id: userId, username, name, roles: JSON.parse(row.roles) as WebUser['roles'], active: true },
  };
}

/** `via`: a session, or `token:ID`. */
export const isRevoked = (db: Db, via: string): boolean =>
  via.startsWith('token:') &&
  one(db, 'SELECT 1 FROM user_token WHERE id = ? AND revoked_at IS NOT NULL', via.slice('token:'.length)) !==
    undefined;

export const tokensStore: Store<TokensPort> = {
  issue: write((db, { id, userId, tokenHash, name, scopes, expiresAt, audit }) => {
    run(db, 'DELETE FROM user_token WHERE expires_at < ?', audit.at - KEPT_MS);
    run(
      db,
      `INSERT INTO user_token (id, user_id, name, token_hash, scopes, created_at, expires_at) VALUES (?,?,?,?,?,?,?)`,
      ...[id, userId, name, tokenHash, JSON.stringify(scopes), audit.at, expiresAt],
    );
    appendAudit(db, audit);
    return null;
  }),
  of: read((db, { userId }) =>
    many<Row>(
      db,
      `SELECT ${COLUMNS} FROM user_token WHERE user_id = ? ORDER BY created_at DESC LIMIT 100`,
      userId,
    ).map((row) => ({ ...row, scopes: JSON.parse(row.scopes) as TokenRow['scopes'] })),
  ),
  revoke: write((db, { id, userId, audit }) => {
    const revoked =
      run(
        db,
        'UPDATE user_token SET revoked_at = ? WHERE id = ? AND (? IS NULL OR user_id = ?) AND revoked_at IS NULL',
        ...[audit.at, id, userId, userId],
      ) > 0;
    if (revoked) appendAudit(db, audit);
    return revoked;
  }),
  use: write((db, { tokenHash, at }) => {
    const used = living(db, tokenHash, at);
    if (used) run(db, 'UPDATE user_token SET used_at = ? WHERE id = ?', at, used.id);
    return used;
  }),
  look: read((db, { tokenHash, at }) => living(db, tokenHash, at)),
};
