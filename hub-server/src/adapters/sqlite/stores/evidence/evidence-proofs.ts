/**
 * Proofs into the present log, at the size of the checkpoint that goes along: rows of the log, segments and clock mappings
 * under a camera's root in the row that committed to them, the whole trees of the asked time, and the rows that committed to a chain's head.
 * What lies in an older log, or is not committed to yet, is left out; the package says so.
 * Refuses: rows that are no longer what their log row committed to (`evidence.log_contradicts`), whatever log it lies in.
 */
import { toHex } from '@hailong/shared/edge/event.ts';
import { LOGGED_WITHIN_MS } from '@hailong/shared/evidence/log-limits.ts';
import {
  type DeletionProof,
  type LeafTree,
  type LogRow,
  type MappingProof,
  type SegmentProof,
  TREE_LEAVES_MAX,
} from '@hailong/shared/evidence/proofs.ts';
import { consistencyProof, inclusionProof } from '@hailong/shared/log/merkle.ts';
import type { RunMapping } from '@hailong/shared/protocol/footage.ts';
import type { EvidencePort } from '../../../../application/ports/evidence.ts';
import { auditLeafText } from '../../../../domain/audit/audit-entry.ts';
import type { DeletionLeaf, HeadsBody, MappingLeaf, SegmentLeaf } from '../../../../domain/audit/log-leaf.ts';
import { sha256 } from '../../../sha256.ts';
import { type Db, many, one, sql } from '../../op.ts';
import { CameraTrees, DELETIONS, MAPPINGS, SEGMENTS } from '../cameras/camera-trees.ts';
import { currentOrigin, readerOf } from '../log/log-tree.ts';
import { firstSince } from './evidence-rows.ts';

type Asked = Parameters<EvidencePort['proofs']>[0];
type Proofs = Awaited<ReturnType<EvidencePort['proofs']>>;

export function proofsFor(db: Db, asked: Asked): Proofs {
  const origin = currentOrigin(db);
  if (!origin)
    return {
      ...{ firstSeq: 0, clocks: [], rows: [], segments: [], mappings: [], trees: [], deletions: [] },
      consistency: [],
    };
  const nodes = readerOf(db, origin);
  const rows = new Map<number, LogRow>();
  const take: Take = (seq) => {
    if (seq < origin.first_seq || seq - origin.first_seq >= asked.size) return false;
    const row = one<AuditRow>(
      db,
      'SELECT at, actor, action, object, reason, body FROM audit_log WHERE seq = ?',
      seq,
    );
    if (!row) return false;
    const body = row.body === null ? null : JSON.parse(row.body);
    const index = seq - origin.first_seq;
    const proof = inclusionProof(sha256, nodes, index, asked.size).map(toHex);
    rows.set(seq, { seq, index, text: auditLeafText(seq, { ...row, body }), proof });
    return true;
  };
  for (const seq of asked.rows) take(seq);
  const byId = (segment: string): Wanted => ({ key: segment, name: { segment } });
  const trees = new CameraTrees(db, SEGMENTS);
  const segments = leafProofs<SegmentProof, SegmentLeaf>(db, take, trees, asked.segments.map(byId));
  const clockTrees = new CameraTrees(db, MAPPINGS);
  const listed = listedTrees(db, take, trees, clockTrees, asked);
  const ids = listed.flatMap(({ leaves }) => leaves.map(({ id }) => id));
  const deletions = leafProofs<DeletionProof, DeletionLeaf>(
    db,
    take,
    new CameraTrees(db, DELETIONS),
    [...new Set([...asked.deletions, ...ids])].map(byId),
  );
  const clocks = clocksOf(db, asked, [
    ...new Set(listed.flatMap(({ leaves }) => leaves.map(({ run }) => run))),
  ]);
  const mappings = leafProofs<MappingProof, MappingLeaf>(
    db,
    take,
    clockTrees,
    [...clocks, ...earlierClocks(db, clocks, asked.footage)].map(({ run, version }) => ({
      ...{ key: `${run} ${version}`, name: { run, version } },
    })),
  );
  for (const head of asked.heads) takeHead(db, head, take);
  // Where some of it lies in an older log: the row with which the present one begins says until when.
  if (segments.length < asked.segments.length) take(origin.first_seq);
  return {
    ...{ firstSeq: origin.first_seq, clocks, segments, mappings, deletions },
    consistency: witnessedSizes(asked, origin.origin).map((size) => ({
      size,
      proof: consistencyProof(sha256, nodes, size, asked.size).map(toHex) as never,
    })),
    trees: listed.map(({ tree }) => tree),
    rows: [...rows.values()].sort((a, b) => a.seq - b.seq),
  };
}

/** A larger one has no proof, and what is read from the package says so. */
function witnessedSizes({ witnessed, size }: Asked, origin: string): readonly number[] {
  const sizes = witnessed.flatMap((each) => (each.origin === origin ? [each.size] : []));
  return [...new Set(sizes)].filter((each) => each > 0 && each <= size).sort((one, other) => one - other);
}

interface AuditRow {
  readonly at: number;
  readonly actor: string;
  readonly action: never;
  readonly object: string;
  readonly reason: string | null;
  readonly body: string | null;
}
/** Puts a row of the log among those that go along; false: it lies in another log, or came later. */
type Take = (seq: number) => boolean;
/** `name`: what the proof calls it, and in this order what `place` asks for. */
interface Wanted {
  readonly key: string;
  readonly name: Readonly<Record<string, string | number>>;
}

function leafProofs<Proof, Leaf>(
  db: Db,
  take: Take,
  trees: CameraTrees<Leaf>,
  asked: readonly Wanted[],
): Proof[] {
  return asked.flatMap(({ key, name }): Proof[] => {
    const place = one<{ camera: string; row: number | null }>(db, trees.kind.place, ...Object.values(name));
    if (!place || place.row === null) return [];
    const { camera, row } = place;
    const tree = trees.at(row, camera);
    const leaf = tree.at.get(key);
    if (!leaf || !take(row)) return [];
    const proof = inclusionProof(sha256, tree.read, leaf.index, tree.count).map(toHex);
    return [{ ...name, camera, row, ...leaf, count: tree.count, proof } as Proof];
  });
}

/** Of the asked time and of whatever is delivered: each tree with all of its leaves, so that none can be left out. Clocks of that time hold too. */
function listedTrees(
  db: Db,
  take: Take,
  trees: CameraTrees<SegmentLeaf>,
  clocks: CameraTrees<MappingLeaf>,
  { segments, deletions, footage }: Asked,
): { readonly tree: LeafTree; readonly leaves: readonly SegmentLeaf[] }[] {
  const wanted = new Map<string, { row: number; camera: string }>();
  const want = (row: number, camera: string) => wanted.set(`${row} ${camera}`, { row, camera });
  for (const id of [...segments, ...deletions]) {
    const place = one<{ camera: string; row: number | null }>(db, SEGMENTS.place, id);
    if (place && place.row !== null) want(place.row, place.camera);
  }
  const timed: (readonly [number, string])[] = [];
  const rows = sql(
    db,
    "SELECT seq, at, body FROM audit_log WHERE seq >= ? AND action = 'log.heads' ORDER BY seq",
  ).iterate(firstSince(db, footage.from)) as Iterable<{ seq: number; at: number; body: string }>;
  for (const { seq, at, body } of rows) {
    if (at > footage.to + LOGGED_WITHIN_MS) break;
    const said = JSON.parse(body) as HeadsBody;
    for (const [camera] of said.segments) if (footage.cameras.includes(camera)) want(seq, camera);
    for (const [camera] of said.mappings) if (footage.cameras.includes(camera)) timed.push([seq, camera]);
  }
  for (const [row, camera] of timed) clocks.at(row, camera);
  return [...wanted.values()]
    .sort((one, other) => one.row - other.row || (one.camera < other.camera ? -1 : 1))
    .flatMap(({ row, camera }) => {
      const { count, at } = trees.at(row, camera);
      if (count > TREE_LEAVES_MAX || !take(row)) return [];
      const texts = [...at.values()].map(({ text }) => text);
      const tree = { camera, row, leaves: texts } as LeafTree;
      return [{ tree, leaves: texts.map((text) => JSON.parse(text) as SegmentLeaf) }];
    });
}

const CLOCK = `SELECT run, camera_id AS camera, version, method, offset_ms AS offsetMs, latency_ms AS latencyMs, bound_ms AS boundMs
  FROM run_mapping WHERE run = ?`;

/** The clock of each run: the version by which its footage was placed, of others the newest. */
function clocksOf(db: Db, { mappings }: Asked, runs: readonly string[]): RunMapping[] {
  const used = new Map(mappings.map(({ run, version }) => [run, version]));
  return [...new Set([...used.keys(), ...runs])].flatMap((run) => {
    const version = used.get(run);
    return version === undefined
      ? many<RunMapping>(db, `${CLOCK} ORDER BY version DESC LIMIT 1`, run)
      : many<RunMapping>(db, `${CLOCK} AND version = ?`, run, version);
  });
}

/** All that the log ever said of these clocks since the footage was filmed, and the last version before. */
function earlierClocks(
  db: Db,
  clocks: readonly RunMapping[],
  { from }: Asked['footage'],
): { readonly run: string; readonly version: number }[] {
  return clocks.flatMap(({ run, version: used }) => {
    const rows = many<{ version: number; at: number }>(
      db,
      `SELECT m.version, a.at FROM run_mapping m JOIN audit_log a ON a.seq = m.logged_in
       WHERE m.run = ? ORDER BY m.version`,
      run,
    );
    const first = Math.max(
      0,
      rows.findLastIndex(({ at }) => at < from),
    );
    return rows.slice(first).flatMap(({ version }) => (version === used ? [] : [{ run, version }]));
  });
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
