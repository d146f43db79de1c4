/**
 * Purpose: the small trees of a camera's segments, clock mappings and deletions as they were built when their row of the log was written.
 * Refuses: rows that no longer make the root that the log committed to (`evidence.log_contradicts`): one that was altered, removed, or
 *   moved to another row of the log is never passed over in silence.
 * Document: hub-server/DESIGN.md, "Evidence package", "Audit log and witnesses".
 */
import { toHex } from '@hailong/shared/edge/event.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import { appendLeaf, EMPTY_RANGE, leafHash, type ReadNode, rootOfRange } from '@hailong/shared/log/merkle.ts';
import {
  type CameraRoot,
  type DeletionLeaf,
  deletionLeafText,
  type HeadsBody,
  type MappingLeaf,
  mappingLeafText,
  type SegmentLeaf,
  segmentLeafText,
} from '../../../../domain/audit/log-leaf.ts';
import { sha256 } from '../../../sha256.ts';
import { type Db, many, one } from '../../op.ts';
import type { DeletionsBody } from '../log/deletion-leaves.ts';

/** `log.heads` or `footage.deleted`: a row has the roots of its own kind alone. */
type Committed = Partial<HeadsBody & DeletionsBody>;

/** Leaves of one kind: where one lies in the log, which lie there with it, and their roots in that row of the log. */
interface LeafKind<Leaf> {
  /** SQL for camera and log row of what is asked. */
  readonly place: string;
  /** SQL for the leaves of a log row and camera, in their order. */
  readonly leaves: string;
  keyOf(leaf: Leaf): string;
  textOf(leaf: Leaf): string;
  rootsIn(committed: Committed): readonly CameraRoot[] | undefined;
}

export const SEGMENTS: LeafKind<SegmentLeaf> = {
  place: 'SELECT camera_id AS camera, logged_in AS row FROM segment WHERE id = ?',
  leaves: `SELECT id, run, media_start_ms AS mediaStartMs, media_end_ms AS mediaEndMs, bytes, sha256 FROM segment
    WHERE logged_in = ? AND camera_id = ? ORDER BY id`,
  keyOf: ({ id }) => id,
  textOf: segmentLeafText,
  rootsIn: ({ segments }) => segments,
};
export const MAPPINGS: LeafKind<MappingLeaf> = {
  place: 'SELECT camera_id AS camera, logged_in AS row FROM run_mapping WHERE run = ? AND version = ?',
  leaves: `SELECT run, version, method, offset_ms AS offsetMs, latency_ms AS latencyMs, bound_ms AS boundMs FROM run_mapping
    WHERE logged_in = ? AND camera_id = ? ORDER BY run, version`,
  keyOf: ({ run, version }) => `${run} ${version}`,
  textOf: mappingLeafText,
  rootsIn: ({ mappings }) => mappings,
};
export const DELETIONS: LeafKind<DeletionLeaf> = {
  place: 'SELECT camera_id AS camera, deletion_logged_in AS row FROM segment WHERE id = ?',
  leaves: `SELECT id, deleted_at AS at, deleted_reason AS reason, deleted_by AS "by" FROM segment
    WHERE deletion_logged_in = ? AND camera_id = ? AND deleted_at IS NOT NULL ORDER BY id`,
  keyOf: ({ id }) => id,
  textOf: deletionLeafText,
  rootsIn: ({ deletions }) => deletions,
};

interface Tree {
  readonly count: number;
  readonly root: string;
  readonly read: ReadNode;
  /** Index by key of the leaf, in order. */
  readonly at: ReadonlyMap<string, { readonly index: number; readonly text: string }>;
}

const utf8 = new TextEncoder();

/** Each is built once, however many of its leaves are asked for. */
export class CameraTrees<Leaf> {
  readonly #db: Db;
  readonly #held = new Map<string, Tree>();
  readonly kind: LeafKind<Leaf>;

  constructor(db: Db, kind: LeafKind<Leaf>) {
    this.#db = db;
    this.kind = kind;
  }

  at(row: number, camera: string): Tree {
    const key = `${row} ${camera}`;
    const held = this.#held.get(key);
    if (held) return held;
    const tree = this.#build(row, camera);
    const stored = one<{ body: string | null }>(this.#db, 'SELECT body FROM audit_log WHERE seq = ?', row);
    const roots = this.kind.rootsIn(JSON.parse(stored?.body ?? '{}') as Committed) ?? [];
    if (!roots.some(([each, count, root]) => each === camera && count === tree.count && root === tree.root))
      throw new CodedError('evidence.log_contradicts', `log row ${row}, camera ${camera}`);
    this.#held.set(key, tree);
    return tree;
  }

  #build(row: number, camera: string): Tree {
    const nodes = new Map<string, Uint8Array>();
    const at = new Map<string, { index: number; text: string }>();
    let range = EMPTY_RANGE;
    for (const [index, leaf] of many<Leaf>(this.#db, this.kind.leaves, row, camera).entries()) {
      const text = this.kind.textOf(leaf);
      at.set(this.kind.keyOf(leaf), { index, text });
      const grown = appendLeaf(sha256, range, leafHash(sha256, utf8.encode(text)));
      for (const node of grown.nodes) nodes.set(`${node.level} ${node.index}`, node.hash);
      range = grown.range;
    }
    return {
      ...{ count: range.size, root: toHex(rootOfRange(sha256, range)), at },
      read: (level, index) => nodes.get(`${level} ${index}`) ?? new Uint8Array(0),
    };
  }
}
