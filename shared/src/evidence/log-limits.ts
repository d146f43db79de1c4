/**
 * Purpose: what must be said of the times at which the log heard of a package's footage, its clocks and its deletions. Each is committed to
 *   within a minute or two; what came under a root long after, or under none, could have been said otherwise until then.
 * Refuses: to take a missing proof for an old log's: that log must end after the segment, and the row that ends it lies in the package.
 * Document: shared/PROTOCOL.md, "Evidence package"; hub-server/DESIGN.md, "Evidence package".
 */
import { z } from 'zod';
import type { NotProvenCode, PackageTimeline, TimelineSegment } from './manifest.ts';
import type { PackageProofs } from './proofs.ts';

/** From a last picture to its row of the log: closed in 20 s, sealed each minute; a hub that restarts is back by then. */
export const LOGGED_WITHIN_MS = 300_000;
/** A segment gets its id when it is closed; lines of ffmpeg came up to 7.7 s late. */
const CLOSED_WITHIN_MS = 30_000;

const timed = z.object({ at: z.int() });
const clock = z.object({ method: z.string(), offsetMs: z.int(), boundMs: z.int() });
type Clock = z.infer<typeof clock> & { readonly version: number; readonly at: number };

interface Told {
  readonly segments: readonly Pick<
    TimelineSegment,
    'segment' | 'run' | 'mediaStartMs' | 'mediaEndMs' | 'wallTo'
  >[];
  readonly mappings: readonly PackageTimeline['mappings'][number][];
}

const read = <T>(text: string, form: z.ZodType<T>): T | null => {
  try {
    return form.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** When each row of the log was written, by its number. */
export function rowTimes({ rows }: Pick<PackageProofs, 'rows'>): ReadonlyMap<number, number> {
  return new Map(
    rows.flatMap(({ seq, text }): [number, number][] => {
      const said = read(text, timed);
      return said === null ? [] : [[seq, said.at]];
    }),
  );
}

/** Codes that a manifest over this must have. Writer and verifiers ask here, so that they cannot differ. */
export function logLimits(
  timeline: Told,
  proofs: Omit<PackageProofs, 'v'>,
  /** Segments that a gap names as deleted. */
  deleted: readonly string[],
): ReadonlySet<NotProvenCode> {
  const times = rowTimes(proofs);
  return new Set([
    ...segmentLimits(timeline, proofs, times),
    ...clockLimits(timeline, proofs, times),
    ...deletionLimits(proofs, times, deleted),
  ]);
}

function* segmentLimits(
  { segments }: Told,
  proofs: Omit<PackageProofs, 'v'>,
  times: ReadonlyMap<number, number>,
): Iterable<NotProvenCode> {
  const now = [...times.values()].reduce((last, at) => Math.max(last, at), 0);
  const first = proofs.rows.find(({ index }) => index === 0);
  const begunAt = (first && times.get(first.seq)) ?? null;
  const rows = new Map(proofs.segments.map(({ segment, row }) => [segment as string, row]));
  for (const { segment, wallTo } of segments) {
    const at = times.get(rows.get(segment) ?? -1);
    if (at !== undefined) {
      if (at - wallTo > LOGGED_WITHIN_MS) yield 'segment-late';
      if (wallTo - at > CLOSED_WITHIN_MS) yield 'time-moved';
    } else if (now - wallTo <= LOGGED_WITHIN_MS) yield 'segment-unlogged';
    else yield begunAt !== null && wallTo < begunAt ? 'segment-older-log' : 'segment-late';
  }
}

/** A segment's time is the log's where the versions that the log had then say it, within the larger of both bounds. */
function* clockLimits(
  { segments, mappings }: Told,
  proofs: Omit<PackageProofs, 'v'>,
  times: ReadonlyMap<number, number>,
): Iterable<NotProvenCode> {
  const proven = new Set<string>();
  const clocks = new Map<string, Clock[]>();
  for (const { run, version, row, text } of proofs.mappings) {
    const [said, at] = [read(text, clock), times.get(row)];
    if (said === null || at === undefined) continue;
    proven.add(`${run} ${version}`);
    clocks.set(run, [...(clocks.get(run) ?? []), { ...said, version, at }]);
  }
  const used = new Map(mappings.map((each) => [each.run, each]));
  for (const { run, version } of mappings)
    if (!isWholeFrom(clocks.get(run) ?? [], firstEnd(segments, run), version)) yield 'mapping-partial';
  if (mappings.some(({ run, version }) => !proven.has(`${run} ${version}`))) yield 'mapping-unlogged';
  for (const { segment, run, wallTo } of segments) {
    const mapping = used.get(run);
    if (!mapping) {
      yield 'time-unmapped';
      continue;
    }
    const all = clocks.get(run) ?? [];
    const said = saidThen(all, wallTo);
    const since = all.filter(({ method, at }) => method !== 'unplaced' && at > wallTo);
    const isAsSaidThen =
      said.length > 0 &&
      [...said, ...since].every(
        ({ offsetMs, boundMs }) =>
          Math.abs(offsetMs - mapping.offsetMs) <= Math.max(boundMs, mapping.boundMs),
      );
    const closedAt = mintedAt(segment);
    const isClosedThen = closedAt !== null && Math.abs(closedAt - wallTo) <= CLOSED_WITHIN_MS;
    if (!isAsSaidThen || !isClosedThen) yield 'time-moved';
  }
  // Of what is listed beside: without a clock nobody can say whether it belongs here.
  const listed = proofs.trees.flatMap(({ leaves }) => leaves);
  if (listed.some((text) => !used.has(read(text, z.object({ run: z.string() }))?.run ?? '')))
    yield 'time-unmapped';
}

const firstEnd = (segments: Told['segments'], run: string): number =>
  segments.reduce((first, each) => (each.run === run ? Math.min(first, each.wallTo) : first), Infinity);

/**
 * A recorder numbers the versions of a run's clock from 1 without a hole. Whether none is left out, from the one that held when the first
 * picture was filmed: it came under a root by then, or is the run's first. One that is under no root is said by another code.
 */
function isWholeFrom(clocks: readonly Clock[], firstAt: number, used: number): boolean {
  const versions = new Set(clocks.map(({ version }) => version));
  if (versions.size === 0) return true;
  const first = Math.min(...versions);
  const begins = clocks.some(({ version, at }) => version === first && (first === 1 || at < firstAt));
  const last = Math.max(used, ...versions);
  for (let version = first; version <= last; version += 1)
    if (!versions.has(version) && version !== used) return false;
  return begins;
}

/** Versions that came under a root in the minutes around that time; where none did, the last one before. */
function saidThen(clocks: readonly Clock[], wallTo: number): readonly Clock[] {
  const placed = clocks.filter(({ method }) => method !== 'unplaced');
  const around = placed.filter(({ at }) => Math.abs(at - wallTo) <= LOGGED_WITHIN_MS);
  if (around.length > 0) return around;
  const before = placed.filter(({ at }) => at < wallTo);
  return before.length === 0 ? [] : [before.reduce((last, each) => (each.at >= last.at ? each : last))];
}

/** UTC ms of a UUIDv7; null: another kind. */
function mintedAt(id: string): number | null {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}

function* deletionLimits(
  { deletions }: Omit<PackageProofs, 'v'>,
  times: ReadonlyMap<number, number>,
  deleted: readonly string[],
): Iterable<NotProvenCode> {
  const rows = new Map(deletions.map((each) => [each.segment as string, each]));
  for (const id of deleted) {
    const proof = rows.get(id);
    const [said, at] = [proof && read(proof.text, timed), proof && times.get(proof.row)];
    if (!said || at === undefined) yield 'deletion-unlogged';
    else if (at - said.at > LOGGED_WITHIN_MS) yield 'deletion-late';
  }
}
