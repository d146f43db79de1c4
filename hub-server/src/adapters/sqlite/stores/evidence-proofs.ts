/**
 * Proofs into the present log, at the size of the checkpoint that goes along: rows of the log, segments and clock mappings
 * under a camera's root in the row that committed to them, and the rows that committed to a chain's head.
 * What lies in an older log, or is not committed to yet, is left out; the package says so.
 */
import { toHex } from '@hailong/shared/edge/event.ts';
import type {
  DeletionProof,
  LogRow,
  MappingProof,
  PackageProofs,
  SegmentProof,
} from '@hailong/shared/evidence/proofs.ts';
import {
  appendLeaf,
  EMPTY_RANGE,
  inclusionProof,
  leafHash,
  type ReadNode,
  rootOfRange,
} from '@hailong/shared/log/merkle.ts';
import type { EvidencePort } from '../../../application/ports/evidence.ts';
import { auditLeafText } from '../../../domain/audit/audit-entry.ts';
import {
  type CameraRoot,
  type DeletionLeaf,
  deletionLeafText,
  type HeadsBody,
  type MappingLeaf,
  mappingLeafText,
  type SegmentLeaf,
  segmentLeafText,
} from '../../../domain/audit/log-leaf.ts';
import { sha256 } from '../../sha256.ts';
import { type Db, many, one, sql } from '../op.ts';
import type { DeletionsBody } from './deletion-leaves.ts';
import { firstSince } from './evidence-rows.ts';
import { currentOrigin, readerOf } from './log-tree.ts';

type Asked = Parameters<EvidencePort['proofs']>[0];
const utf8 = new TextEncoder();

interface Tree {
  readonly count: number;
  readonly root: string;
  readonly read: ReadNode;
  /** Index by key of the leaf. */
  readonly at: ReadonlyMap<string, { readonly index: number; readonly text: string }>;
}

/** A camera's small tree as it was built when its row was written. */
function treeOf<Row>(rows: readonly Row[], keyOf: (row: Row) => string, textOf: (row: Row) => string): Tree {
  const nodes = new Map<string, Uint8Array>();
  const at = new Map<string, { index: number; text: string }>();
  let range = EMPTY_RANGE;
  for (const [index, row] of rows.entries()) {
    const text = textOf(row);
    at.set(keyOf(row), { index, text });
    const grown = appendLeaf(sha256, range, leafHash(sha256, utf8.encode(text)));
    for (const node of grown.nodes) nodes.set(`${node.level} ${node.index}`, node.hash);
    range = grown.range;
  }
  return {
    ...{ count: range.size, root: toHex(rootOfRange(sha256, range)), at },
    read: (level, index) => nodes.get(`${level} ${index}`) ?? new Uint8Array(0),
  };
}

export function proofsFor(db: Db, asked: Asked): Omit<PackageProofs, 'v'> & { readonly firstSeq: number } {
  const origin = currentOrigin(db);
  if (!origin) return { firstSeq: 0, rows: [], segments: [], mappings: [], deletions: [] };
  const nodes = readerOf(db, origin);
  const rows = new Map<number, LogRow>();
  const isHere = (seq: number): boolean => seq >= origin.first_seq && seq - origin.first_seq < asked.size;
  const take: Take = (seq) => {
    if (!isHere(seq)) return null;
    const row = one<{
      at: number;
      actor: string;
      action: never;
      object: string;
      reason: string | null;
      body: string | null;
    }>(db, 'SELECT at, actor, action, object, reason, body FROM audit_log WHERE seq = ?', seq);
    if (!row) return null;
    const body = row.body === null ? null : JSON.parse(row.body);
    const index = seq - origin.first_seq;
    const proof = inclusionProof(sha256, nodes, index, asked.size).map(toHex);
    rows.set(seq, { seq, index, text: auditLeafText(seq, { ...row, body }), proof });
    return body as Committed;
  };
  for (const seq of asked.rows) take(seq);
  const byId = (segment: string): Wanted => ({ key: segment, name: { segment } });
  const segments = leafProofs<SegmentProof, SegmentLeaf>(db, take, SEGMENTS, asked.segments.map(byId));
  const mappings = leafProofs<MappingProof, MappingLeaf>(
    db,
    take,
    MAPPINGS,
    asked.mappings.map(({ run, version }) => ({ key: `${run} ${version}`, name: { run, version } })),
  );
  const deletions = leafProofs<DeletionProof, DeletionLeaf>(db, take, DELETIONS, asked.deletions.map(byId));
  for (const head of asked.heads) takeHead(db, head, take);
  return {
    firstSeq: origin.first_seq,
    segments,
    mappings,
    deletions,
    rows: [...rows.values()].sort((a, b) => a.seq - b.seq),
  };
}

/** `log.heads` or `footage.deleted`: a row has the roots of its own kind alone. */
type Committed = Partial<HeadsBody & DeletionsBody>;
type Take = (seq: number) => Committed | null;

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
/** `name`: what the proof calls it, and in this order what `place` asks for. */
interface Wanted {
  readonly key: string;
  readonly name: Readonly<Record<string, string | number>>;
}

const SEGMENTS: LeafKind<SegmentLeaf> = {
  place: 'SELECT camera_id AS camera, logged_in AS row FROM segment WHERE id = ?',
  leaves: `SELECT id, run, media_start_ms AS mediaStartMs, media_end_ms AS mediaEndMs, bytes, sha256 FROM segment
    WHERE logged_in = ? AND camera_id = ? ORDER BY id`,
  keyOf: ({ id }) => id,
  textOf: segmentLeafText,
  rootsIn: ({ segments }) => segments,
};
const MAPPINGS: LeafKind<MappingLeaf> = {
  place: 'SELECT camera_id AS camera, logged_in AS row FROM run_mapping WHERE run = ? AND version = ?',
  leaves: `SELECT run, version, method, offset_ms AS offsetMs, latency_ms AS latencyMs, bound_ms AS boundMs FROM run_mapping
    WHERE logged_in = ? AND camera_id = ? ORDER BY run, version`,
  keyOf: ({ run, version }) => `${run} ${version}`,
  textOf: mappingLeafText,
  rootsIn: ({ mappings }) => mappings,
};
const DELETIONS: LeafKind<DeletionLeaf> = {
  place: 'SELECT camera_id AS camera, deletion_logged_in AS row FROM segment WHERE id = ?',
  leaves: `SELECT id, deleted_at AS at, deleted_reason AS reason, deleted_by AS "by" FROM segment
    WHERE deletion_logged_in = ? AND camera_id = ? AND deleted_at IS NOT NULL ORDER BY id`,
  keyOf: ({ id }) => id,
  textOf: deletionLeafText,
  rootsIn: ({ deletions }) => deletions,
};

/** Each tree is built once, however many of its leaves are asked for. */
function leafProofs<Proof, Leaf>(
  db: Db,
  take: Take,
  kind: LeafKind<Leaf>,
  asked: readonly Wanted[],
): Proof[] {
  const trees = new Map<string, Tree | null>();
  return asked.flatMap(({ key, name }): Proof[] => {
    const place = one<{ camera: string; row: number | null }>(db, kind.place, ...Object.values(name));
    if (!place || place.row === null) return [];
    const { camera, row } = place;
    const at = `${row} ${camera}`;
    if (!trees.has(at)) {
      const tree = treeOf(many<Leaf>(db, kind.leaves, row, camera), kind.keyOf, kind.textOf);
      trees.set(at, isRoot(kind.rootsIn(take(row) ?? {}), camera, tree) ? tree : null);
    }
    return leafIn(trees.get(at), key, (leaf) => ({ ...name, camera, row, ...leaf }) as Proof);
  });
}

/** A row that was deleted since would change the tree: then nothing is claimed. */
const isRoot = (roots: readonly CameraRoot[] | undefined, camera: string, tree: Tree): boolean =>
  roots?.some(([each, count, root]) => each === camera && count === tree.count && root === tree.root) ??
  false;

function leafIn<Proof>(
  tree: Tree | null | undefined,
  key: string,
  made: (leaf: { index: number; count: number; text: string; proof: string[] }) => Proof,
): Proof[] {
  const leaf = tree?.at.get(key);
  if (!tree || !leaf) return [];
  const proof = inclusionProof(sha256, tree.read, leaf.index, tree.count).map(toHex);
  return [made({ ...leaf, count: tree.count, proof })];
}

/** Rows of a minute each: a kiosk's head that was not committed to by then is not found in what is handed over. */
const HEADS_LOOKED_AT = 5_000;

/** The row that committed to a head within the stretch; later heads of that epoch would need events of others. */
function takeHead(db: Db, { device, epoch, firstSeq, lastSeq }: Asked['heads'][number], take: Take): void {
  const came = one<{ at: number }>(
    db,
    `SELECT v.received_at AS at FROM event v JOIN device_epoch e ON e.id = v.epoch_id
     WHERE e.device = ? AND e.epoch = ? AND v.seq = ? AND v.branch = 0`,
    ...[device, epoch, firstSeq],
  )?.at;
  if (came === undefined) return;
  const rows = sql(
    db,
    `SELECT seq, body FROM audit_log WHERE seq >= ? AND action = 'log.heads' AND instr(body, ?) > 0
     ORDER BY seq LIMIT ${HEADS_LOOKED_AT}`,
  ).iterate(firstSince(db, came), epoch) as Iterable<{ seq: number; body: string }>;
  let found: number | null = null;
  for (const { seq, body } of rows) {
    const head = (JSON.parse(body) as HeadsBody).heads.find(([each, of]) => each === device && of === epoch);
    if (head && head[2] >= firstSeq && head[2] <= lastSeq) found = seq;
    if (head && head[2] >= lastSeq) break;
  }
  if (found !== null) take(found);
}
