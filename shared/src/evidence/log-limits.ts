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

/**
 * When each row of the log was written at the earliest, by its number: a row that says an earlier time than one before it was not
 * written before that one, whatever its clock was.
 */
export function rowTimes({ rows }: Pick<PackageProofs, 'rows'>): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  let last = 0;
  for (const { seq, text } of rows.toSorted((one, other) => one.index - other.index)) {
    const said = read(text, timed);
    if (said === null) continue;
    last = Math.max(last, said.at);
    times.set(seq, last);
  }
  return times;
}

/** Codes that a manifest over this must have. Writer and verifiers ask here, so that they cannot differ. */
export function logLimits(
  timeline: Told,
  proofs: Omit<PackageProofs, 'v'>,
  /** Segments that a gap names as deleted. */
  deleted: readonly string[],
  /** When the package was written. */
  at: number,
): ReadonlySet<NotProvenCode> {
  const times = rowTimes(proofs);
  return new Set([
    ...segmentLimits(timeline, proofs, times, at),
    ...clockLimits(timeline, proofs, times),
    ...deletionLimits(proofs, times, deleted),
  ]);
}

function* segmentLimits(
  { segments }: Told,
  proofs: Omit<PackageProofs, 'v'>,
  times: ReadonlyMap<number, number>,
  writtenAt: number,
): Iterable<NotProvenCode> {
  // Rows that were left out make nothing young.
  const now = [...times.values()].reduce((last, at) => Math.max(last, at), writtenAt);
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
  const versions = new Map<string, Clock[]>();
  for (const { run, version, row, text } of proofs.mappings) {
    const [said, at] = [read(text, clock), times.get(row)];
    if (said === null || at === undefined) continue;
    proven.add(`${run} ${version}`);
    const held = versions.get(run);
    if (held) held.push({ ...said, version, at });
    else versions.set(run, [{ ...said, version, at }]);
  }
  const used = new Map(mappings.map((each) => [each.run, each]));
  const firstEnds = new Map<string, number>();
  for (const { run, wallTo } of segments)
    firstEnds.set(run, Math.min(firstEnds.get(run) ?? Infinity, wallTo));
  for (const { run, version } of mappings)
    if (!isWholeFrom(versions.get(run) ?? [], firstEnds.get(run) ?? Infinity, version))
      yield 'mapping-partial';
  if (mappings.some(({ run, version }) => !proven.has(`${run} ${version}`))) yield 'mapping-unlogged';
  const clocks = new Map(
    [...used].map(([run, mapping]) => [run, new RunClock(versions.get(run) ?? [], mapping)]),
  );
  for (const { segment, run, wallTo } of segments) {
    const then = clocks.get(run);
    if (!then) {
      yield 'time-unmapped';
      continue;
    }
    const closedAt = mintedAt(segment);
    const isClosedThen = closedAt !== null && Math.abs(closedAt - wallTo) <= CLOSED_WITHIN_MS;
    if (!then.isAsSaid(wallTo) || !isClosedThen) yield 'time-moved';
  }
  // Of what is listed beside: without a clock nobody can say whether it belongs here.
  const listed = proofs.trees.flatMap(({ leaves }) => leaves);
  if (listed.some((text) => !used.has(read(text, z.object({ run: z.string() }))?.run ?? '')))
    yield 'time-unmapped';
}

/**
 * A recorder numbers the versions of a run's clock from 1 without a hole. Whether none is left out, from the one that held when the first
 * picture was filmed: it came under a root by then, or is the run's first. One that is under no root is said by another code.
 */
function isWholeFrom(clocks: readonly Clock[], firstAt: number, used: number): boolean {
  const versions = new Set(clocks.map(({ version }) => version));
  if (versions.size === 0) return true;
  const first = clocks.reduce((least, { version }) => Math.min(least, version), Infinity);
  const last = clocks.reduce((most, { version }) => Math.max(most, version), used);
  const begins = clocks.some(({ version, at }) => version === first && (first === 1 || at < firstAt));
  if (used >= first) versions.add(used);
  return begins && versions.size === last - first + 1;
}

/** What the log had of a run's clock at any time, against the version by which its footage is placed now. */
class RunClock {
  /** Those that place it, by when they came under a root. */
  readonly #placed: readonly { readonly at: number; readonly agrees: boolean }[];
  /** How many of the first n do not agree. */
  readonly #strange: readonly number[];

  constructor(versions: readonly Clock[], used: Pick<Clock, 'offsetMs' | 'boundMs'>) {
    this.#placed = versions
      .filter(({ method }) => method !== 'unplaced')
      .map(({ at, offsetMs, boundMs }) => ({
        at,
        agrees: Math.abs(offsetMs - used.offsetMs) <= Math.max(boundMs, used.boundMs),
      }))
      .sort((one, other) => one.at - other.at);
    const strange = [0];
    for (const { agrees } of this.#placed) strange.push((strange.at(-1) ?? 0) + (agrees ? 0 : 1));
    this.#strange = strange;
  }

  /**
   * Versions that came under a root in the minutes around that time, where none did the last one before, and every one since: they all put it
   * where it is shown.
   */
  isAsSaid(wallTo: number): boolean {
    const since = this.#firstFrom(wallTo + 1);
    if (!this.#agree(since, this.#placed.length)) return false;
    const from = this.#firstFrom(wallTo - LOGGED_WITHIN_MS);
    const to = this.#firstFrom(wallTo + LOGGED_WITHIN_MS + 1);
    if (to > from) return this.#agree(from, to);
    return from > 0 && this.#placed[from - 1]?.agrees === true;
  }

  #agree(from: number, to: number): boolean {
    return this.#strange[from] === this.#strange[to];
  }

  #firstFrom(at: number): number {
    let [low, high] = [0, this.#placed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#placed[middle]?.at ?? Infinity) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
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
