/**
 * Until when written packages are kept, and their removal: the order and its row of the log in one transaction, the proof with
 * its row in another, once the folder is gone. See hub-server/DESIGN.md, "Packages on the disk".
 */
import type { UtcMs } from '@hailong/shared/time.ts';
import type { KeptEvidence, RemovalReason } from '../../../../application/ports/evidence.ts';
import {
  type KeptPackage,
  type PackageRule,
  packageEnd,
} from '../../../../domain/evidence/package-retention.ts';
import { type Db, many, one, run } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';

export const packageRule = (db: Db): PackageRule =>
  one<PackageRule>(
    db,
    'SELECT fetched_days AS fetchedDays, closed_days AS closedDays FROM package_rule',
  ) as PackageRule;

interface KeptRow extends Omit<KeptPackage, 'heldUntil' | 'addressUntil'> {
  readonly id: string;
  readonly number: string;
  readonly packageHash: string;
  readonly addressUntil: number | null;
  readonly holds: number;
  readonly endless: number;
  readonly heldUntil: number | null;
}
/** Holds of the case, by whomever, as they live at that time. */
const KEPT = `SELECT p.id, c.number, p.package_hash AS packageHash, p.written_at AS writtenAt, p.fetched_at AS fetchedAt,
    CASE WHEN c.status = 'closed' THEN c.closed_at END AS caseClosedAt,
    (SELECT max(expires_at) FROM evidence_ticket t WHERE t.package_id = p.id) AS addressUntil,
    count(h.id) AS holds, count(h.id) - count(h.until) AS endless, max(h.until) AS heldUntil
  FROM evidence_package p JOIN case_file c ON c.id = p.case_id
    LEFT JOIN footage_hold h ON h.subject = p.case_id AND h.kind IN ('case', 'manual') AND h.ended_at IS NULL
      AND (h.until IS NULL OR h.until > @at)
  WHERE p.state = 'ready' AND p.removed_at IS NULL`;

const keptOf = (row: KeptRow): KeptPackage => ({
  writtenAt: row.writtenAt,
  ...{ fetchedAt: row.fetchedAt, caseClosedAt: row.caseClosedAt, addressUntil: row.addressUntil ?? 0 },
  heldUntil: row.holds === 0 ? 0 : row.endless > 0 ? null : row.heldUntil,
});

/** Null: it is no ready package, or nobody can say yet. */
export function keptUntil(db: Db, id: string, at: number): UtcMs | null {
  const row = one<KeptRow>(db, `${KEPT} AND p.id = @id GROUP BY p.id`, { at, id });
  return ((row && packageEnd(keptOf(row), packageRule(db))?.at) ?? null) as UtcMs | null;
}

/** Order and row of the log, one transaction. */
export function orderRemoval(
  db: Db,
  row: Pick<KeptRow, 'id' | 'number' | 'packageHash'>,
  order: { readonly at: number; readonly reason: RemovalReason; readonly actor: string },
): void {
  const { at, reason, actor } = order;
  run(
    db,
    `UPDATE evidence_package SET removed_at = ?, removed_reason = ? WHERE id = ? AND state = 'ready' AND removed_at IS NULL`,
    ...[at, reason, row.id],
  );
  appendAudit(db, {
    ...{ at, actor, action: 'evidence.removal', object: `case:${row.number}`, reason: null },
    body: { package: row.id, packageHash: row.packageHash, why: reason },
  });
}

/** How many packages' time is over: each is ordered to go. */
export function orderRemovals(db: Db, at: number): number {
  const rule = packageRule(db);
  const over = many<KeptRow>(db, `${KEPT} GROUP BY p.id ORDER BY p.id`, { at }).flatMap((row) => {
    const end = packageEnd(keptOf(row), rule);
    return end !== null && end.at <= at ? [{ row, reason: end.rule }] : [];
  });
  for (const { row, reason } of over) orderRemoval(db, row, { at, reason, actor: 'hub' });
  return over.length;
}

/** A ready package whose folder is not there any more: said so, by whoever looked. */
export function orderLost(db: Db, id: string, at: number, actor: string): void {
  const row = one<KeptRow>(db, `${KEPT} AND p.id = @id GROUP BY p.id`, { at, id });
  if (row) orderRemoval(db, row, { at, reason: 'lost', actor });
}

/** Ordered, and the folder may still be there. */
export const going = (db: Db): readonly KeptEvidence[] =>
  many<KeptEvidence>(
    db,
    `SELECT id, folder FROM evidence_package WHERE removed_at IS NOT NULL AND gone_at IS NULL ORDER BY removed_at, id`,
  );
export const ready = (db: Db): readonly KeptEvidence[] =>
  many<KeptEvidence>(
    db,
    `SELECT id, folder FROM evidence_package WHERE state = 'ready' AND removed_at IS NULL ORDER BY id`,
  );

/** The proof: its folder is gone. */
export function recordGone(db: Db, id: string, at: number): void {
  const row = one<{ number: string; packageHash: string }>(
    db,
    `SELECT c.number, p.package_hash AS packageHash FROM evidence_package p JOIN case_file c ON c.id = p.case_id
     WHERE p.id = ? AND p.removed_at IS NOT NULL AND p.gone_at IS NULL`,
    id,
  );
  if (!row) return;
  run(db, 'UPDATE evidence_package SET gone_at = ? WHERE id = ?', ...[at, id]);
  appendAudit(db, {
    ...{ at, actor: 'hub', action: 'evidence.removed', object: `case:${row.number}`, reason: null },
    body: { package: id, packageHash: row.packageHash },
  });
}

export function setRule(db: Db, rule: PackageRule, at: number, actor: string): void {
  run(
    db,
    'UPDATE package_rule SET fetched_days = ?, closed_days = ?',
    ...[rule.fetchedDays, rule.closedDays],
  );
  appendAudit(db, {
    ...{ at, actor, action: 'evidence.rule', object: 'evidence', reason: null, body: { ...rule } },
  });
}
