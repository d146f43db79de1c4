/**
 * Whether what the package shows of the hub's log lies under one checkpoint that the hub's key signed: its rows, the
 * masters and clock mappings under a camera's root, and every act of the custody log.
 * Refuses: by findings. See shared/PROTOCOL.md, "Evidence package", "Log".
 */
import { z } from 'zod';
import { fromHex, type Sha256 } from '../edge/event.ts';
import { type CheckpointBody, openCheckpoint, type VerifySignature } from '../log/checkpoint.ts';
import { leafHash, verifyInclusion } from '../log/merkle.ts';
import { DELETED_AS } from '../protocol/coverage.ts';
import { deletionReason } from '../protocol/footage.ts';
import { readCustody } from './custody.ts';
import type { Findings } from './findings.ts';
import type { PackageManifest, PackageTimeline } from './manifest.ts';
import { CHECKPOINT, CUSTODY, PROOFS } from './package-files.ts';
import {
  type DeletionProof,
  type LogRow,
  type MappingProof,
  packageProofs,
  type SegmentProof,
} from './proofs.ts';
import { readForm } from './read-form.ts';

export interface CheckContext {
  readonly hubKey: string;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  readonly manifest: PackageManifest;
  readonly timeline: PackageTimeline | null;
}
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
type Heads = z.infer<typeof heads>['body'];
/** What a `footage.deleted` row commits to. */
const deleted = z.object({
  action: z.literal('footage.deleted'),
  body: z.object({ deletions: z.array(z.tuple([z.string(), z.int(), z.string()])) }),
});
type Roots = Heads['segments'];
const segmentLeaf = z.strictObject({
  ...{ id: z.string(), run: z.string(), mediaStartMs: z.int(), mediaEndMs: z.int(), bytes: z.int() },
  sha256: z.string(),
});
const mappingLeaf = z.strictObject({
  ...{ run: z.string(), version: z.int(), method: z.string(), offsetMs: z.int(), latencyMs: z.int() },
  boundMs: z.int(),
});

const deletionLeaf = z.strictObject({
  ...{ id: z.string(), at: z.int(), reason: deletionReason, by: z.string().nullable() },
});
/** What a stated gap must say who deleted it and when. */
const DELETIONS: ReadonlySet<string> = new Set(Object.values(DELETED_AS));

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Heads of chains that the log committed to: `device epoch seq hash`. */
export function checkLog(context: CheckContext, { text }: LogInput, found: Findings): ReadonlySet<string> {
  const committed = new Set<string>();
  const { hubKey, sha256, verify, manifest } = context;
  const note = text[CHECKPOINT];
  const checkpoint = note === null ? null : openCheckpoint(note, hubKey, verify, sha256);
  if (checkpoint === null) {
    if (note !== null) found.find('audit.checkpoint', CHECKPOINT);
    return committed;
  }
  const proofs = readForm(text[PROOFS] ?? '', packageProofs);
  if (proofs === null) {
    if (text[PROOFS] !== null) found.find('audit.form', PROOFS);
    return committed;
  }
  const rows = new Map<number, string>();
  const commitments = new Map<number, Heads>();
  const deletions = new Map<number, Roots>();
  for (const row of proofs.rows) {
    if (!isRow(row, checkpoint, sha256) || rows.has(row.seq))
      found.find('audit.proof', `${PROOFS} · row ${row.seq}`);
    rows.set(row.seq, row.text);
    const gone = deleted.safeParse(parse(row.text));
    if (gone.success) deletions.set(row.seq, gone.data.body.deletions);
    const body = heads.safeParse(parse(row.text));
    if (!body.success) continue;
    commitments.set(row.seq, body.data.body);
    for (const head of body.data.body.heads) committed.add(head.join(' '));
  }
  checkLeaves(context, proofs, commitments, found);
  checkDeletions(context, proofs.deletions ?? [], deletions, found);
  checkCustody(context, manifest.id, text[CUSTODY], rows, found);
  return committed;
}

function isRow(row: LogRow, checkpoint: CheckpointBody, sha256: Sha256): boolean {
  const value = parse(row.text);
  if (typeof value !== 'object' || value === null || !('seq' in value) || value.seq !== row.seq) return false;
  return verifyInclusion(sha256, {
    ...{ index: row.index, size: checkpoint.size, root: fromHex(checkpoint.root) },
    ...{ leaf: leafHash(sha256, utf8.encode(row.text)), proof: row.proof.map(fromHex) },
  });
}

/** Under the camera's root of the row that it names. */
function isLeaf(
  leaf: SegmentProof | MappingProof | DeletionProof,
  roots: Roots | undefined,
  sha256: Sha256,
): boolean {
  const root = roots?.find(([camera, count]) => camera === leaf.camera && count === leaf.count)?.[2];
  return (
    root !== undefined &&
    /^[0-9a-f]{64}$/.test(root) &&
    verifyInclusion(sha256, {
      ...{ index: leaf.index, size: leaf.count, root: fromHex(root) },
      ...{ leaf: leafHash(sha256, utf8.encode(leaf.text)), proof: leaf.proof.map(fromHex) },
    })
  );
}

function checkLeaves(
  { sha256, manifest, timeline }: CheckContext,
  proofs: { readonly segments: readonly SegmentProof[]; readonly mappings: readonly MappingProof[] },
  commitments: ReadonlyMap<number, Heads>,
  found: Findings,
): void {
  const byId = new Map(proofs.segments.map((each) => [each.segment as string, each]));
  let unlogged = 0;
  for (const segment of timeline?.segments ?? []) {
    const proof = byId.get(segment.segment);
    if (!proof) {
      unlogged++;
      continue;
    }
    const said = segmentLeaf.safeParse(parse(proof.text));
    const { run, mediaStartMs, mediaEndMs, bytes } = segment;
    const isSame =
      said.success &&
      said.data.id === segment.segment &&
      said.data.sha256 === segment.sha256 &&
      [
        said.data.run === run,
        said.data.mediaStartMs === mediaStartMs,
        said.data.mediaEndMs === mediaEndMs,
      ].every(Boolean) &&
      said.data.bytes === bytes &&
      proof.camera === segment.camera;
    if (!isSame || !isLeaf(proof, commitments.get(proof.row)?.segments, sha256))
      found.find('audit.segment', segment.path);
  }
  if (unlogged > 0 && !manifest.notProven.includes('segment-unlogged'))
    found.find('manifest.unsaid', 'segment-unlogged');
  for (const proof of proofs.mappings) {
    const said = mappingLeaf.safeParse(parse(proof.text));
    const used = timeline?.mappings.find(
      ({ run, version }) => run === proof.run && version === proof.version,
    );
    const isSame =
      said.success &&
      said.data.run === proof.run &&
      said.data.version === proof.version &&
      used?.offsetMs === said.data.offsetMs &&
      used.boundMs === said.data.boundMs &&
      used.latencyMs === said.data.latencyMs;
    if (!isSame || !isLeaf(proof, commitments.get(proof.row)?.mappings, sha256))
      found.find('audit.segment', `run ${proof.run}`);
  }
}

/** Of deleted footage the manifest says what the log committed to when it went: by which rule, who asked, when. */
function checkDeletions(
  { sha256, manifest }: CheckContext,
  proofs: readonly DeletionProof[],
  commitments: ReadonlyMap<number, Roots>,
  found: Findings,
): void {
  const byId = new Map(proofs.map((each) => [each.segment as string, each]));
  let unlogged = 0;
  for (const { id, gaps } of manifest.cameras)
    for (const { from, reason, deletion } of gaps) {
      const where = `camera ${id} · ${from}`;
      if (deletion === undefined) {
        if (DELETIONS.has(reason)) found.find('audit.deletion', where);
        continue;
      }
      const times: number[] = [];
      let isSame = true;
      for (const segment of deletion.segments) {
        const proof = byId.get(segment);
        if (!proof) {
          unlogged++;
          continue;
        }
        const said = deletionLeaf.safeParse(parse(proof.text)).data;
        if (said) times.push(said.at);
        isSame &&=
          said?.id === segment &&
          DELETED_AS[said.reason] === reason &&
          said.by === (deletion.by?.actor ?? null) &&
          proof.camera === id &&
          isLeaf(proof, commitments.get(proof.row), sha256);
      }
      const [first, last] = [times.reduce(lesser, deletion.lastAt), times.reduce(greater, deletion.firstAt)];
      const isTimed =
        times.length === deletion.segments.length
          ? first === deletion.firstAt && last === deletion.lastAt
          : first >= deletion.firstAt && last <= deletion.lastAt;
      if (!isSame || !isTimed || !DELETIONS.has(reason)) found.find('audit.deletion', where);
    }
  if (unlogged > 0 && !manifest.notProven.includes('deletion-unlogged'))
    found.find('manifest.unsaid', 'deletion-unlogged');
}
const lesser = (one: number, other: number): number => Math.min(one, other);
const greater = (one: number, other: number): number => Math.max(one, other);

function checkCustody(
  { sha256 }: CheckContext,
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
    if (rows.get(line.seq) !== line.rowText) found.find('custody.unproven', `${CUSTODY} · ${line.n}`);
}
