/**
 * The Merkle tree over the audit rows of one origin. Leaves are `audit_log.leaf_hash`, complete subtrees are stored
 * once when they become complete, so a root or a proof reads O(log n) rows. See hub-server/DESIGN.md, "Audit log".
 */
import { toHex } from '@hailong/shared/edge/event.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import { appendLeaf, type ReadNode, rangeOf, rootAt } from '@hailong/shared/log/merkle.ts';
import { sha256 } from '../../../sha256.ts';
import { type Db, many, one, run } from '../../op.ts';

export interface OriginRow {
  readonly id: number;
  readonly origin: string;
  readonly lineage: string;
  readonly first_seq: number;
  readonly size: number;
  readonly from_origin: string | null;
  readonly from_size: number | null;
  readonly from_root: Uint8Array | null;
  readonly statement: string | null;
  readonly statement_sig: string | null;
}

/** Leaves read at a time while the tree grows. */
const CHUNK = 5_000;

export const currentOrigin = (db: Db): OriginRow | null =>
  one<OriginRow>(db, 'SELECT * FROM log_origin ORDER BY id DESC LIMIT 1') ?? null;

export const originNamed = (db: Db, origin: string): OriginRow | null =>
  one<OriginRow>(db, 'SELECT * FROM log_origin WHERE origin = ?', origin) ?? null;

export function readerOf(db: Db, origin: OriginRow): ReadNode {
  return (level, index) => {
    const row =
      level === 0
        ? one<{ hash: Uint8Array }>(
            db,
            'SELECT leaf_hash AS hash FROM audit_log WHERE seq = ?',
            origin.first_seq + index,
          )
        : one<{ hash: Uint8Array }>(
            db,
            'SELECT hash FROM log_node WHERE origin_id = ? AND level = ? AND idx = ?',
            ...[origin.id, level, index],
          );
    if (!row) throw new Error(`log node ${origin.origin} ${level}/${index} is missing`);
    return row.hash;
  };
}

/** Takes every row that is not in the tree yet into it. Answers the origin as it then stands. */
export function extendTree(db: Db, origin: OriginRow): OriginRow {
  let range = rangeOf(readerOf(db, origin), origin.size);
  for (;;) {
    const rows = many<{ leaf_hash: Uint8Array }>(
      db,
      'SELECT leaf_hash FROM audit_log WHERE seq >= ? ORDER BY seq LIMIT ?',
      ...[origin.first_seq + range.size, CHUNK],
    );
    if (rows.length === 0) break;
    for (const { leaf_hash } of rows) {
      const grown = appendLeaf(sha256, range, leaf_hash);
      range = grown.range;
      for (const { level, index, hash } of grown.nodes)
        if (level > 0)
          run(
            db,
            'INSERT INTO log_node (origin_id, level, idx, hash) VALUES (?,?,?,?)',
            ...[origin.id, level, index, hash],
          );
    }
  }
  if (range.size !== origin.size)
    run(db, 'UPDATE log_origin SET size = ? WHERE id = ?', range.size, origin.id);
  return { ...origin, size: range.size };
}

export function headOf(db: Db, origin: OriginRow): LogHead {
  const root = rootAt(sha256, readerOf(db, origin), origin.size);
  return { origin: origin.origin, size: origin.size, root: toHex(root) };
}

/** The newest, or the one of exactly this size. */
export function checkpointOf(db: Db, origin: OriginRow, size?: number): Checkpoint | null {
  const row = one<{ size: number; root: Uint8Array; text: string }>(
    db,
    `SELECT size, root, text FROM log_checkpoint WHERE origin_id = ? AND size ${size === undefined ? '>=' : '='} ?
     ORDER BY size DESC LIMIT 1`,
    ...[origin.id, size ?? 0],
  );
  return row ? { origin: origin.origin, size: row.size, root: toHex(row.root), text: row.text } : null;
}
