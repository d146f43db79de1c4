/**
 * Purpose: whether every master and clock mapping is what a row of the log committed to, whether any other leaf of that time or name
 *   lies in that log, and whether what its times do not prove is said.
 * Refuses: by findings. See shared/PROTOCOL.md, "Evidence package", "Log".
 */
import { z } from 'zod';
import { fromHex, type Sha256, toHex } from '../edge/event.ts';
import { segmentId } from '../ids.ts';
import { leafHash, rootOfLeaves, verifyInclusion } from '../log/merkle.ts';
import type { CheckContext } from './check-context.ts';
import type { Findings } from './findings.ts';
import { logLimits } from './log-limits.ts';
import type { TimelineSegment } from './manifest.ts';
import { PROOFS } from './package-files.ts';
import { type PackageProofs, type SegmentProof, TREE_LEAVES_MAX } from './proofs.ts';
import { isCovered, mergeSpans } from './spans.ts';

/** The root (hex) by `camera` and how many leaves. */
export type Roots = ReadonlyMap<string, string>;
/** As a row of the log has them: camera, how many, root. */
export const rootsOf = (said: readonly (readonly [string, number, string])[]): Roots =>
  new Map(said.map(([camera, count, root]) => [`${camera} ${count}`, root]));
/** What a `log.heads` row commits to of footage. */
export interface FootageRoots {
  readonly segments: Roots;
  readonly mappings: Roots;
}
type Leaf = Pick<SegmentProof, 'camera' | 'index' | 'count' | 'text' | 'proof'>;

const utf8 = new TextEncoder();
const segmentLeaf = z.strictObject({
  ...{ id: segmentId, run: z.uuid(), mediaStartMs: z.int(), mediaEndMs: z.int(), bytes: z.int() },
  sha256: z.string(),
});
type SegmentLeaf = z.infer<typeof segmentLeaf>;
const mappingLeaf = z.strictObject({
  ...{ run: z.uuid(), version: z.int(), method: z.string(), offsetMs: z.int(), latencyMs: z.int() },
  boundMs: z.int(),
});

export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Under the camera's root of the row that it names. */
export function isLeaf(leaf: Leaf, roots: Roots | undefined, sha256: Sha256): boolean {
  const root = roots?.get(`${leaf.camera} ${leaf.count}`);
  return (
    root !== undefined &&
    /^[0-9a-f]{64}$/.test(root) &&
    verifyInclusion(sha256, {
      ...{ index: leaf.index, size: leaf.count, root: fromHex(root) },
      ...{ leaf: leafHash(sha256, utf8.encode(leaf.text)), proof: leaf.proof.map(fromHex) },
    })
  );
}

export function checkFootageLeaves(
  { sha256, manifest, timeline }: CheckContext,
  proofs: PackageProofs,
  commitments: ReadonlyMap<number, FootageRoots>,
  found: Findings,
): void {
  const segments = timeline?.segments ?? [];
  const byId = new Map(proofs.segments.map((each) => [each.segment as string, each]));
  const listed = listedLeaves(sha256, proofs, commitments, found);
  for (const segment of segments) {
    const proof = byId.get(segment.segment);
    if (!proof) continue;
    const isWhole = proof.count > TREE_LEAVES_MAX || listed.trees.has(`${proof.row} ${proof.camera}`);
    if (
      !isWhole ||
      !isSegment(segment, segmentLeaf.safeParse(parse(proof.text)).data) ||
      proof.camera !== segment.camera ||
      !isLeaf(proof, commitments.get(proof.row)?.segments, sha256)
    )
      found.find('audit.segment', segment.path);
  }
  // What is listed for this name is what is delivered under it, in whatever row.
  for (const segment of segments)
    for (const leaf of listed.leaves.get(segment.segment) ?? [])
      if (!isSegment(segment, leaf)) found.find('audit.segment', segment.path);
  const gone = manifest.cameras.flatMap(({ gaps }) =>
    gaps.flatMap(({ deletion }) => deletion?.segments ?? []),
  );
  for (const code of logLimits({ segments, mappings: timeline?.mappings ?? [] }, proofs, gone, manifest.at))
    if (!manifest.notProven.includes(code)) found.find('manifest.unsaid', code);
  checkOmitted(manifest, timeline, proofs, listed, found);
  const clocks = new Map((timeline?.mappings ?? []).map((each) => [each.run as string, each]));
  for (const proof of proofs.mappings) {
    const said = mappingLeaf.safeParse(parse(proof.text)).data;
    const used = clocks.get(proof.run);
    const isSame =
      said?.run === proof.run &&
      said.version === proof.version &&
      (used?.version !== said.version ||
        (used.method === said.method &&
          used.offsetMs === said.offsetMs &&
          used.boundMs === said.boundMs &&
          used.latencyMs === said.latencyMs));
    if (!isSame || !isLeaf(proof, commitments.get(proof.row)?.mappings, sha256))
      found.find('audit.segment', `run ${proof.run}`);
  }
}

const SPOILT: ReadonlySet<string> = new Set(['lost', 'altered']);

/** Whatever the log committed to of the asked time is delivered, named as deleted or spoilt, or of when the camera saw another counter. */
function checkOmitted(
  { asked, cameras }: CheckContext['manifest'],
  timeline: CheckContext['timeline'],
  { deletions }: PackageProofs,
  { byCamera }: Listed,
  found: Findings,
): void {
  const clocks = new Map((timeline?.mappings ?? []).map((each) => [each.run as string, each]));
  const named = new Set<string>((timeline?.segments ?? []).map(({ segment }) => segment));
  const gone = new Set<string>(deletions.map(({ segment }) => segment));
  for (const { id: camera, gaps, delivered } of cameras) {
    const elsewhere = gaps.filter(({ reason }) => reason === 'not-configured');
    const known = mergeSpans(elsewhere);
    // One of two files of a time that went, where the other one is delivered, or went by another rule.
    const went = gaps.filter(({ deletion }) => deletion !== undefined);
    const knownOfGone = mergeSpans([...elsewhere, ...delivered, ...went]);
    for (const { reason, detail, deletion } of gaps) {
      for (const segment of deletion?.segments ?? []) named.add(segment);
      const [, spoilt] = (SPOILT.has(reason) && /^segment (\S+),/.exec(detail ?? '')) || [];
      if (spoilt !== undefined) named.add(spoilt);
    }
    for (const { id, run, mediaStartMs, mediaEndMs } of byCamera.get(camera) ?? []) {
      const clock = clocks.get(run);
      // Without one it cannot be placed, which `notProven` says (log-limits.ts).
      if (named.has(id) || !clock || clock.method === 'unplaced') continue;
      const from = Math.max(asked.from, clock.offsetMs + mediaStartMs);
      const to = Math.min(asked.to, clock.offsetMs + mediaEndMs);
      if (to > from && !isCovered({ from, to }, gone.has(id) ? knownOfGone : known))
        found.find('audit.omitted', `segment ${id}`);
    }
  }
}

function isSegment(segment: TimelineSegment, leaf: SegmentLeaf | undefined): boolean {
  return (
    leaf?.id === segment.segment &&
    leaf.sha256 === segment.sha256 &&
    leaf.bytes === segment.bytes &&
    leaf.run === segment.run &&
    leaf.mediaStartMs === segment.mediaStartMs &&
    leaf.mediaEndMs === segment.mediaEndMs
  );
}

function put(lists: Map<string, SegmentLeaf[]>, key: string, leaf: SegmentLeaf): void {
  const held = lists.get(key);
  if (held) held.push(leaf);
  else lists.set(key, [leaf]);
}

interface Listed {
  /** `row camera` */
  readonly trees: ReadonlySet<string>;
  /** By segment; one was committed to once, so more than one is a finding. */
  readonly leaves: ReadonlyMap<string, readonly SegmentLeaf[]>;
  readonly byCamera: ReadonlyMap<string, readonly SegmentLeaf[]>;
}

function listedLeaves(
  sha256: Sha256,
  { trees }: PackageProofs,
  commitments: ReadonlyMap<number, FootageRoots>,
  found: Findings,
): Listed {
  const whole = new Set<string>();
  const leaves = new Map<string, SegmentLeaf[]>();
  const byCamera = new Map<string, SegmentLeaf[]>();
  for (const { row, camera, leaves: texts } of trees) {
    const roots = commitments.get(row)?.segments;
    const root = toHex(
      rootOfLeaves(
        sha256,
        texts.map((text) => leafHash(sha256, utf8.encode(text))),
      ),
    );
    if (roots?.get(`${camera} ${texts.length}`) !== root || whole.has(`${row} ${camera}`))
      found.find('audit.proof', `${PROOFS} · row ${row}`);
    whole.add(`${row} ${camera}`);
    for (const text of texts) {
      const leaf = segmentLeaf.safeParse(parse(text)).data;
      if (!leaf) found.find('audit.form', `${PROOFS} · row ${row}`);
      else {
        put(leaves, leaf.id, leaf);
        put(byCamera, camera, leaf);
      }
    }
  }
  for (const [id, [, again]] of leaves) if (again) found.find('audit.segment', `segment ${id}`);
  return { trees: whole, leaves, byCamera };
}
