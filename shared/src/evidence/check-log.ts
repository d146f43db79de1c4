/**
 * Whether what the package shows of the hub's log lies under one checkpoint that the hub's key signed: its rows, the
 * masters and clock mappings under a camera's root, and every act of the custody log.
 * Refuses: by findings. See shared/PROTOCOL.md, "Evidence package", "Log".
 */
import { z } from 'zod';
import { fromHex, type Sha256 } from '../edge/event.ts';
import { type CheckpointBody, logOrigin, openCheckpoint } from '../log/checkpoint.ts';
import { leafHash, verifyInclusion } from '../log/merkle.ts';
import { DELETED_AS } from '../protocol/coverage.ts';
import { deletionReason } from '../protocol/footage.ts';
import type { CheckContext } from './check-context.ts';
import {
  checkFootageLeaves,
  type FootageRoots,
  isLeaf,
  parse,
  type Roots,
  rootsOf,
} from './check-footage-leaves.ts';
import { checkMap } from './check-map.ts';
import { readCustody } from './custody.ts';
import type { Findings } from './findings.ts';
import { hubOf } from './hub-key.ts';
import { LOGGED_WITHIN_MS, rowTimes } from './log-limits.ts';
import { CHECKPOINT, CUSTODY, FIRST_VERSION, MANIFEST, PROOFS } from './package-files.ts';
import { type LogRow, type PackageProofs, packageProofs } from './proofs.ts';
import { readForm } from './read-form.ts';

interface LogInput {
  readonly text: Readonly<Record<typeof CHECKPOINT | typeof PROOFS | typeof CUSTODY, string | null>>;
}

const utf8 = new TextEncoder();

/** What a `log.heads` row commits to; other rows have none of it. */
const heads = z.object({
  action: z.literal('log.heads'),
  body: z.object({
    heads: z.array(z.tuple([z.string(), z.string(), z.int(), z.string()])).default([]),
    segments: z.array(z.tuple([z.string(), z.int(), z.string()])).default([]),
    mappings: z.array(z.tuple([z.string(), z.int(), z.string()])).default([]),
  }),
});
/** By whom an export was asked for and approved. The id of a package is that of its act. */
const approved = z.object({
  action: z.literal('act.approved'),
  body: z.object({
    act: z.string(),
    kind: z.literal('evidence-export'),
    by: z.tuple([z.string(), z.string()]),
  }),
});
/** What a `footage.deleted` row commits to. */
const deleted = z.object({
  action: z.literal('footage.deleted'),
  body: z.object({ deletions: z.array(z.tuple([z.string(), z.int(), z.string()])) }),
});
const deletionLeaf = z.strictObject({
  ...{ id: z.string(), at: z.int(), reason: deletionReason, by: z.string().nullable() },
});
type DeletionLeaf = z.infer<typeof deletionLeaf> & { readonly camera: string };
/** What a stated gap must say who deleted it and when. */
const DELETIONS: ReadonlySet<string> = new Set(Object.values(DELETED_AS));

export interface CheckedLog {
  /** Heads of chains that the log committed to: `device epoch seq hash`. */
  readonly committed: ReadonlySet<string>;
  /** Null: there is none that could be read. */
  readonly proven: { readonly checkpoint: CheckpointBody; readonly proofs: PackageProofs } | null;
}

export function checkLog(context: CheckContext, { text }: LogInput, found: Findings): CheckedLog {
  const committed = new Set<string>();
  const none: CheckedLog = { committed, proven: null };
  const { hubKey, sha256, verify, manifest } = context;
  const note = text[CHECKPOINT];
  const checkpoint = note === null ? null : openCheckpoint(note, hubKey, verify, sha256);
  const origin = logOrigin(hubOf(sha256, hubKey), manifest.hub.lineage);
  if (note !== null && checkpoint?.origin !== origin) found.find('audit.checkpoint', CHECKPOINT);
  if (checkpoint === null) return none;
  const proofs = readForm(text[PROOFS] ?? '', packageProofs);
  if (proofs === null) {
    if (text[PROOFS] !== null) found.find('audit.form', PROOFS);
    return none;
  }
  const rows = new Map<number, string>();
  const commitments = new Map<number, FootageRoots>();
  const deletions = new Map<number, Roots>();
  for (const row of proofs.rows) {
    if (!isRow(row, checkpoint, sha256) || rows.has(row.seq))
      found.find('audit.proof', `${PROOFS} · row ${row.seq}`);
    rows.set(row.seq, row.text);
    const gone = deleted.safeParse(parse(row.text));
    if (gone.success) deletions.set(row.seq, rootsOf(gone.data.body.deletions));
    const body = heads.safeParse(parse(row.text));
    if (!body.success) continue;
    const said = body.data.body;
    commitments.set(row.seq, { segments: rootsOf(said.segments), mappings: rootsOf(said.mappings) });
    for (const head of said.heads) committed.add(head.join(' '));
  }
  checkFootageLeaves(context, proofs, commitments, found);
  checkDeletions(context, proofs, deletions, found);
  checkCustody(context, manifest.id, text[CUSTODY], rows, found);
  checkApproval(context, rows.values(), found);
  return { committed, proven: { checkpoint, proofs } };
}

function isRow(row: LogRow, checkpoint: CheckpointBody, sha256: Sha256): boolean {
  const value = parse(row.text);
  if (typeof value !== 'object' || value === null || !('seq' in value) || value.seq !== row.seq) return false;
  return verifyInclusion(sha256, {
    ...{ index: row.index, size: checkpoint.size, root: fromHex(checkpoint.root) },
    ...{ leaf: leafHash(sha256, utf8.encode(row.text)), proof: row.proof.map(fromHex) },
  });
}

/** Of deleted footage the manifest says what the log committed to when it went: by which rule, who asked, when. */
function checkDeletions(
  { sha256, manifest }: CheckContext,
  { deletions, rows }: Pick<PackageProofs, 'deletions' | 'rows'>,
  commitments: ReadonlyMap<number, Roots>,
  found: Findings,
): void {
  const times = rowTimes({ rows });
  const byId = new Map<string, DeletionLeaf>();
  for (const proof of deletions) {
    const said = deletionLeaf.safeParse(parse(proof.text)).data;
    const isCommitted = isLeaf(proof, commitments.get(proof.row), sha256);
    // The log heard of it after it happened, or a clock was set back a little.
    const isPast = said !== undefined && said.at - (times.get(proof.row) ?? 0) <= LOGGED_WITHIN_MS;
    if (said?.id !== proof.segment || !isCommitted || !isPast)
      found.find('audit.deletion', `segment ${proof.segment}`);
    else byId.set(proof.segment, { ...said, camera: proof.camera });
  }
  for (const { id, gaps } of manifest.cameras)
    for (const { from, reason, deletion } of gaps) {
      const where = `camera ${id} · ${from}`;
      if (deletion === undefined) {
        if (DELETIONS.has(reason)) found.find('audit.deletion', where);
        continue;
      }
      const moments: number[] = [];
      let isSame = true;
      for (const segment of deletion.segments) {
        const said = byId.get(segment);
        // What the log does not say is in `notProven` (log-limits.ts).
        if (!said) continue;
        moments.push(said.at);
        isSame &&=
          DELETED_AS[said.reason] === reason &&
          said.by === (deletion.by?.actor ?? null) &&
          said.camera === id;
      }
      const first = moments.reduce(lesser, deletion.lastAt);
      const last = moments.reduce(greater, deletion.firstAt);
      const isTimed =
        moments.length === deletion.segments.length
          ? first === deletion.firstAt && last === deletion.lastAt
          : first >= deletion.firstAt && last <= deletion.lastAt;
      if (!isSame || !isTimed || !DELETIONS.has(reason)) found.find('audit.deletion', where);
    }
}
const lesser = (one: number, other: number): number => Math.min(one, other);
const greater = (one: number, other: number): number => Math.max(one, other);

const SAID_BY_ALL = ['custody-others'] as const;

function checkCustody(
  { sha256, manifest }: CheckContext,
  packageId: string,
  text: string | null,
  rows: ReadonlyMap<number, string>,
  found: Findings,
): void {
  if (text === null) return;
  const read = readCustody(sha256, packageId, text);
  if (!read.ok) {
    found.find(read.why === 'chain' ? 'custody.chain' : 'custody.form', `${CUSTODY} · ${read.line}`);
    return;
  }
  for (const line of read.lines)
    if (line.rowText !== null && rows.get(line.seq) !== line.rowText)
      found.find('custody.unproven', `${CUSTODY} · ${line.n}`);
  checkMap(manifest, read.lines, found);
  // Said always: that it is said only where there is something would tell of it.
  const always = manifest.v === FIRST_VERSION ? SAID_BY_ALL : [...SAID_BY_ALL, 'cameras-stated' as const];
  for (const code of always) if (!manifest.notProven.includes(code)) found.find('manifest.unsaid', code);
}

/** Who asked and who approved, where this row of the log is the approval of that package; null: it is another. Writer and verifiers ask here. */
export function approvalIn(text: string, packageId: string): readonly [string, string] | null {
  const said = text.includes(packageId) ? approved.safeParse(parse(text)).data?.body : undefined;
  return said?.act === packageId ? said.by : null;
}

/** Two people, and those that the log has; a package whose approval lies in another log says so. */
function checkApproval({ manifest }: CheckContext, rows: Iterable<string>, found: Findings): void {
  const { v, requestedBy, approvedBy, notProven } = manifest;
  const named = [requestedBy.actor, approvedBy.actor];
  if (named[0] === named[1]) found.find('custody.people', MANIFEST);
  let isThere = false;
  for (const text of rows) {
    const by = approvalIn(text, manifest.id);
    if (by === null) continue;
    isThere = true;
    if (by.some((user, i) => `user:${user}` !== named[i])) found.find('custody.people', MANIFEST);
  }
  if (!isThere && v !== FIRST_VERSION && !notProven.includes('approval-unlogged'))
    found.find('manifest.unsaid', 'approval-unlogged');
}
