/**
 * Where a log begins: the first of this data, and another one after a restore. The first row of an origin names it and
 * the log before it with size, root and who decided. Refuses: a statement that does not name the present log exactly.
 */
import { hash } from 'node:crypto';
import { fromHex, toHex } from '@hailong/shared/edge/event.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import { fromBase64Url } from '@hailong/shared/log/base64.ts';
import { logOrigin } from '@hailong/shared/log/checkpoint.ts';
import { type SignedStatement, succession } from '@hailong/shared/protocol/edge.ts';
import type { HubIdentity } from '../../../../application/ports/identity.ts';
import type { OriginInput, UnsignedStep } from '../../../../application/ports/log.ts';
import { type Db, many, one, run } from '../../op.ts';
import { getMeta, setMeta } from '../meta.ts';
import { appendAudit } from './audit.ts';
import { appendDeletions } from './deletion-leaves.ts';
import { appendHeads } from './log-leaves.ts';
import { currentOrigin, extendTree, headOf, type OriginRow } from './log-tree.ts';

export function identityOf(db: Db): HubIdentity | null {
  const text = getMeta(db, 'identity');
  return text === null ? null : (JSON.parse(text) as HubIdentity);
}

const hubDevice = (identity: HubIdentity): string =>
  hash('sha256', Buffer.from(identity.hubKey, 'base64url'), 'hex');

const nextSeq = (db: Db): number =>
  (one<{ seq: number | null }>(db, 'SELECT max(seq) AS seq FROM audit_log')?.seq ?? 0) + 1;

/** The log that grows. Data from before logs had origins gets its own over all rows it has. */
export function ensureOrigin(db: Db, at: number): OriginRow | null {
  const held = currentOrigin(db);
  if (held) return held;
  const identity = identityOf(db);
  if (!identity) return null;
  const origin = logOrigin(hubDevice(identity), identity.lineage);
  run(
    db,
    'INSERT INTO log_origin (origin, lineage, first_seq, started_at) VALUES (?,?,1,?)',
    ...[origin, identity.lineage, at],
  );
  appendAudit(db, {
    ...{ at, actor: 'hub', action: 'log.started', object: `log:${origin}`, reason: null },
    body: { origin, hubKey: identity.hubKey, recoveryKey: identity.recoveryKey },
  });
  return currentOrigin(db);
}

/** Whether a statement names exactly this step; its signature is its maker's and its readers' matter. */
function says(statement: SignedStatement, step: UnsignedStep): boolean {
  const text = new TextDecoder().decode(fromBase64Url(statement.bytes) ?? new Uint8Array());
  const said = succession.parse(JSON.parse(text));
  return (
    said.from.origin === step.from.origin &&
    said.from.size === step.from.size &&
    said.from.root === step.from.root &&
    said.origin === step.origin &&
    said.lineage === step.lineage
  );
}

export function unsignedSteps(db: Db): UnsignedStep[] {
  return many<OriginRow>(
    db,
    'SELECT * FROM log_origin WHERE statement IS NULL AND from_origin IS NOT NULL ORDER BY id',
  ).map((row) => ({
    ...{ origin: row.origin, lineage: row.lineage },
    from: {
      ...{ origin: row.from_origin ?? '', size: row.from_size ?? 0 },
      root: toHex(row.from_root ?? new Uint8Array()),
    },
  }));
}

/** An origin that began unsigned gets its statement; nothing else of it changes. */
export function signOrigin(
  db: Db,
  { statement, by, at }: { statement: SignedStatement; by: readonly string[]; at: number },
): boolean {
  const step = unsignedSteps(db).find((each) => says(statement, each));
  if (!step) return false;
  run(
    db,
    'UPDATE log_origin SET statement = ?, statement_sig = ? WHERE origin = ?',
    ...[statement.bytes, statement.sig, step.origin],
  );
  appendAudit(db, {
    ...{ at, actor: by.join(', '), action: 'log.origin_signed', object: `log:${step.origin}`, reason: null },
    body: { statement },
  });
  return true;
}

export function startOrigin(db: Db, input: OriginInput): string {
  const { lineage, by, reason, statement, at } = input;
  const identity = identityOf(db);
  const before = ensureOrigin(db, at);
  if (!identity || !before) throw new CodedError('internal.unexpected', 'no identity');
  const from = headOf(db, extendTree(db, before));
  const origin = logOrigin(hubDevice(identity), lineage);
  if (statement && !says(statement, { from, origin, lineage }))
    throw new CodedError('internal.unexpected', 'the statement names another log');
  run(
    db,
    `INSERT INTO log_origin (origin, lineage, first_seq, from_origin, from_size, from_root, statement, statement_sig,
       started_at) VALUES (?,?,?,?,?,?,?,?,?)`,
    ...[origin, lineage, nextSeq(db), from.origin, from.size, fromHex(from.root)],
    ...[statement?.bytes ?? null, statement?.sig ?? null, at],
  );
  setMeta(db, 'identity', JSON.stringify({ ...identity, lineage }));
  setMeta(db, 'lineage', lineage);
  appendAudit(db, {
    ...{ at, actor: by.length > 0 ? by.join(', ') : 'hub', action: 'log.origin_started' },
    ...{ object: `log:${origin}`, reason, body: { origin, from, by, statement } },
  });
  return origin;
}

/** Everything that came until now is in the tree. Null: this data has no identity yet. */
export function growLog(db: Db, at: number): OriginRow | null {
  const origin = ensureOrigin(db, at);
  if (!origin) return null;
  appendHeads(db, at);
  appendDeletions(db, at);
  return extendTree(db, origin);
}
