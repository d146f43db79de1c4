/**
 * Purpose: the audit log as a witnessed tree, in one pass: every row hashes to its leaf, none is missing, the stored
 *   nodes and every signed checkpoint are those of these rows, each log names the one it follows, and what a row
 *   committed to (chain heads, footage) is still what is held.
 * Refuses: nothing; it finds. Rows come in order of seq, checkpoints in order of (origin, size).
 * Document: hub-server/DESIGN.md, "Verify", "Audit log and witnesses".
 */
import { type Sha256, toHex } from '@hailong/shared/edge/event.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import {
  appendLeaf,
  type CompactRange,
  EMPTY_RANGE,
  leafHash,
  rootOfRange,
} from '@hailong/shared/log/merkle.ts';
import type { Succession } from '@hailong/shared/protocol/edge.ts';
import type { CameraRoot, HeadsBody, LoggedHead } from '../audit/log-leaf.ts';
import { sameBytes } from '../transactions/chain-judge.ts';
import type { Verdict } from './finding.ts';

export interface HeldLeaf {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly reason: string | null;
  /** JSON as stored. */
  readonly body: string | null;
  readonly leafHash: Uint8Array;
}
export interface HeldOrigin {
  readonly id: number;
  readonly origin: string;
  readonly lineage: string;
  readonly firstSeq: number;
  readonly size: number;
  readonly from: LogHead | null;
  /** The recovery key's word for it, read and found good; null: none, or not good. */
  readonly succession: Succession | null;
  /** A statement is held, good or not. */
  readonly stated: boolean;
}
export interface HeldCheckpoint {
  readonly originId: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly text: string;
}
export interface LogTools {
  readonly sha256: Sha256;
  /** The note as the hub's key signed it; null: it did not. */
  open(text: string): LogHead | null;
  node(originId: number, level: number, index: number): Uint8Array | null;
  /** Whether the chain holds this event. */
  holdsHead(head: LoggedHead): boolean;
  /** The roots over the rows that are marked as committed to by this log row. */
  footageRoots(seq: number): { segments: readonly CameraRoot[]; mappings: readonly CameraRoot[] };
  progress(rows: number): void;
}

const utf8 = new TextEncoder();

/** The exact bytes of domain/audit/audit-entry.ts, from the columns; a body is taken as it is stored. */
export function storedLeafText(leaf: HeldLeaf): string {
  const { seq, at, actor, action, object, reason, body } = leaf;
  return `${JSON.stringify({ seq, at, actor, action, object, reason }).slice(0, -1)},"body":${body ?? 'null'}}`;
}

/** One origin while its rows pass. */
class Origin {
  readonly row: HeldOrigin;
  range: CompactRange = EMPTY_RANGE;
  constructor(row: HeldOrigin) {
    this.row = row;
  }
  head(sha256: Sha256): LogHead {
    const { size } = this.range;
    return { origin: this.row.origin, size, root: toHex(rootOfRange(sha256, this.range)) };
  }
}

export function checkLog(
  origins: readonly HeldOrigin[],
  leaves: Iterable<HeldLeaf>,
  checkpoints: Iterable<HeldCheckpoint>,
  tools: LogTools,
  verdict: Verdict,
): void {
  const { sha256 } = tools;
  const waiting = checkpoints[Symbol.iterator]();
  let next = waiting.next();
  let position = -1;
  let current: Origin | null = null;
  let last = 0;

  /** Checkpoints of exactly the state reached. */
  const pass = (): void => {
    while (!next.done && current && next.value.originId === current.row.id) {
      const held = next.value;
      if (held.size > current.range.size) return;
      const head = current.head(sha256);
      const signed = tools.open(held.text);
      const good =
        held.size === head.size &&
        toHex(held.root) === head.root &&
        signed?.origin === head.origin &&
        signed.size === head.size &&
        signed.root === head.root;
      if (!good) verdict.find('log.checkpoint', { size: held.size }, current.row.origin);
      next = waiting.next();
    }
  };
  const close = (): void => {
    if (!current) return;
    while (!next.done && next.value.originId === current.row.id) {
      verdict.find('log.checkpoint', { size: next.value.size }, `the log ends at ${current.range.size}`);
      next = waiting.next();
    }
    if (current.row.size > current.range.size)
      verdict.find('log.hole', { leaf: last + 1 }, `${current.row.size} rows were in the tree`);
  };

  for (const leaf of leaves) {
    if (leaf.seq !== last + 1) verdict.find('log.hole', { leaf: last + 1 });
    last = leaf.seq;
    const row = origins[position + 1];
    if (row && leaf.seq >= row.firstSeq) {
      const before: Origin | null = current;
      close();
      position++;
      current = new Origin(row);
      pass();
      checkOrigin(current.row, before, leaf, tools, verdict);
    }
    if (!current) {
      verdict.find('log.hole', { leaf: leaf.seq }, 'a row before the first log');
      continue;
    }
    if (!sameBytes(leafHash(sha256, utf8.encode(storedLeafText(leaf))), leaf.leafHash))
      verdict.find('log.leaf', { leaf: leaf.seq });
    grow(current, leaf, tools, verdict);
    pass();
    if (leaf.action === 'log.heads') checkCommitments(leaf, tools, verdict);
    tools.progress(1);
  }
  close();
  for (const row of origins.slice(position + 1))
    verdict.find('log.hole', { leaf: row.firstSeq }, `log ${row.origin} has no row`);
  if (!next.done) verdict.find('log.checkpoint', { size: next.value.size }, 'of no log');
}

/** Stored nodes are a cache for proofs: each must be what these leaves make, as far as the tree has been grown. */
function grow(current: Origin, leaf: HeldLeaf, tools: LogTools, verdict: Verdict): void {
  const grown = appendLeaf(tools.sha256, current.range, leaf.leafHash);
  current.range = grown.range;
  if (current.range.size > current.row.size) return;
  for (const { level, index, hash } of grown.nodes) {
    if (level === 0) continue;
    const held = tools.node(current.row.id, level, index);
    if (held === null || !sameBytes(held, hash))
      verdict.find('log.node', { leaf: leaf.seq, key: `${level}/${index}` }, current.row.origin);
  }
}

/** The first row of a log says which one it is and which it follows, and the recovery key says so too, or nobody. */
function checkOrigin(
  row: HeldOrigin,
  before: Origin | null,
  leaf: HeldLeaf,
  tools: LogTools,
  verdict: Verdict,
): void {
  const place = { leaf: leaf.seq };
  let said: { origin?: unknown; from?: LogHead } = {};
  try {
    said = JSON.parse(leaf.body ?? '{}') as typeof said;
  } catch {
    verdict.find('row.unreadable', place);
  }
  // Data from before logs had origins: the naming row is not the first one.
  const names = leaf.action === 'log.started' || leaf.action === 'log.origin_started';
  if (names && said.origin !== row.origin) verdict.find('log.succession', place, row.origin);
  if (before === null) {
    if (row.from !== null) verdict.find('log.succession', place, 'follows a log that is not held');
    return;
  }
  const head = before.head(tools.sha256);
  const same = (other: LogHead | null | undefined): boolean =>
    other != null && other.origin === head.origin && other.size === head.size && other.root === head.root;
  if (!same(row.from) || !same(said.from))
    verdict.find('log.succession', place, 'names another state of the log before');
  if (row.stated) {
    const { succession } = row;
    if (
      !succession ||
      succession.origin !== row.origin ||
      succession.lineage !== row.lineage ||
      !same(succession.from)
    )
      verdict.find('log.succession', place, row.origin);
  } else verdict.cannotProve('log.unsigned_lineage', place, row.lineage);
}

function checkCommitments(leaf: HeldLeaf, tools: LogTools, verdict: Verdict): void {
  let body: HeadsBody;
  try {
    body = JSON.parse(leaf.body ?? '') as HeadsBody;
    if (!Array.isArray(body.heads) || !Array.isArray(body.segments) || !Array.isArray(body.mappings))
      throw new Error('form');
  } catch {
    verdict.find('row.unreadable', { leaf: leaf.seq });
    return;
  }
  for (const head of body.heads)
    if (!tools.holdsHead(head))
      verdict.find('log.contradicts', {
        ...{ leaf: leaf.seq, device: head[0], epoch: head[1], seq: head[2] },
      });
  const held = tools.footageRoots(leaf.seq);
  for (const table of ['segments', 'mappings'] as const)
    if (JSON.stringify(held[table]) !== JSON.stringify(body[table]))
      verdict.find('log.contradicts', {
        ...{ leaf: leaf.seq, table: table === 'segments' ? 'segment' : 'run_mapping' },
      });
}
