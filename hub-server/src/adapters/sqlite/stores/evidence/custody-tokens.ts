/** Acts of a custody log that went by a personal token stand beside the log's row of who made that token: its person, or the hub's shell. */
import type { AuditEntry } from '../../../../domain/audit/audit-entry.ts';
import { auditLeafText } from '../../../../domain/audit/audit-entry.ts';
import { type Db, one } from '../../op.ts';
import { issuedToken } from '../accounts/tokens-store.ts';

interface LogText {
  readonly seq: number;
  readonly at: number;
  readonly text: string;
}

export function withTokens(db: Db, rows: readonly LogText[]): LogText[] {
  const held = new Set(rows.map(({ seq }) => seq));
  const made = [...new Set(rows.flatMap(({ text }) => tokensIn(text)))].flatMap((via) => {
    const seq = issuedToken(db, via)?.seq;
    return seq === undefined || held.has(seq) ? [] : [textOf(db, seq)];
  });
  return [...rows, ...made].sort((one, other) => one.seq - other.seq);
}

function tokensIn(text: string): string[] {
  const { body } = JSON.parse(text) as { body: { via?: string | readonly string[] } | null };
  return [body?.via ?? []].flat().filter((via) => via.startsWith('token:'));
}

function textOf(db: Db, seq: number): LogText {
  const { body, ...entry } = one<Omit<AuditEntry, 'body'> & { body: string | null }>(
    db,
    'SELECT at, actor, action, object, reason, body FROM audit_log WHERE seq = ?',
    seq,
  )!;
  return {
    seq,
    at: entry.at,
    text: auditLeafText(seq, { ...entry, body: body === null ? null : JSON.parse(body) }),
  };
}
