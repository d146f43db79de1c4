/**
 * Whether footage, timeline and manifest of a package say the same: every master once, in the order of its working copy,
 * its pictures bit for bit, its wall time by the mapping named, and every second of the asked interval either delivered
 * or stated as a gap. Refuses: by findings. See shared/PROTOCOL.md, "Evidence package".
 */
import { type CopyTable, MasterPictures } from './copy-table.ts';
import { deliveredOf } from './delivered.ts';
import type { Findings } from './findings.ts';
import type { PackageCamera, PackageManifest, PackageTimeline, TimelineSegment } from './manifest.ts';
import { FIRST_VERSION } from './package-files.ts';
import type { FileTimes } from './sample-times.ts';
import { silencesOf } from './silences.ts';
import { ARRIVAL_BOUND_MS, isWithin, mergeSpans, type Span, uncoveredSpans } from './spans.ts';

export interface MediaFacts {
  /** Hash of the pictures alone; null: no footage. */
  readonly pictures: string | null;
  /** Its boxes fit together. */
  readonly whole: boolean;
  /** When its pictures come; null: no master, or one that cannot be read so. */
  readonly times: FileTimes | null;
  /** How it plays; null: no working copy, or one that cannot be read so. */
  readonly table: CopyTable | null;
}
export interface MediaInput {
  readonly manifest: PackageManifest;
  readonly timeline: PackageTimeline;
  readonly hashed: ReadonlyMap<string, MediaFacts & { readonly sha256: string; readonly bytes: number }>;
  /** Hash of the pictures of these masters, one after the other; `pictures` hears them. */
  picturesOf(masters: readonly string[], pictures: MasterPictures): Promise<string>;
}

export async function checkMedia(input: MediaInput, found: Findings): Promise<void> {
  const { manifest, timeline, hashed } = input;
  const byPath = new Map<string, TimelineSegment>();
  for (const each of timeline.segments) {
    const held = hashed.get(each.path);
    const isSame = held?.sha256 === each.sha256 && held.bytes === each.bytes;
    if (byPath.has(each.path) || (held && !isSame)) found.find('timeline.differs', each.path);
    byPath.set(each.path, each);
  }
  for (const { path, role } of manifest.files)
    if (role === 'master' && !byPath.has(path)) found.find('timeline.differs', path);
  const roles = new Map(manifest.files.map(({ path, role }) => [path, role]));
  for (const path of byPath.keys()) if (roles.get(path) !== 'master') found.find('timeline.differs', path);
  checkClocks(input, found);

  const shown = new Set<string>();
  for (const camera of manifest.cameras) {
    const segments = timeline.segments.filter((each) => each.camera === camera.id);
    checkGaps(camera, segments, manifest, found);
    checkSilences(camera, segments, input, found);
    for (const copy of camera.working) await checkCopy(input, camera, copy, byPath, shown, found);
  }
  if (
    manifest.transaction !== null &&
    manifest.kioskBoundMs === null &&
    !manifest.notProven.includes('kiosk-unplaced')
  )
    found.find('manifest.unsaid', 'kiosk-unplaced');
  const isUnlogged = manifest.cameras.some(({ gaps }) => gaps.some(({ deletion }) => deletion === undefined));
  if (isUnlogged && !manifest.notProven.includes('gap-unlogged'))
    found.find('manifest.unsaid', 'gap-unlogged');
  for (const { path } of timeline.segments) if (!shown.has(path)) found.find('timeline.differs', path);
  const copies = new Set(manifest.cameras.flatMap(({ working }) => working.map(({ path }) => path)));
  for (const { path, role } of manifest.files)
    if ((role === 'working') !== copies.has(path)) found.find('timeline.differs', path);
}

/** Wall time is what the run's one mapping makes of media time; a run without one is placed by its arrival. Stated bounds are no less. */
function checkClocks(
  { timeline, manifest: { cameras } }: Pick<MediaInput, 'timeline' | 'manifest'>,
  found: Findings,
): void {
  const clocks = new Map(timeline.mappings.map((each) => [each.run, each]));
  if (clocks.size !== timeline.mappings.length) found.find('timeline.differs', 'mappings');
  for (const each of timeline.segments) {
    const clock = clocks.get(each.run);
    const offset = clock?.offsetMs ?? each.arrivalAt - each.mediaEndMs;
    const boundMs = clock?.boundMs ?? ARRIVAL_BOUND_MS;
    const { boundBeforeMs = 0, boundAfterMs = 0 } = cameras.find(({ id }) => id === each.camera) ?? {};
    if (boundBeforeMs < boundMs || boundAfterMs < boundMs)
      found.find('timeline.differs', `${each.path} · bound`);
    if (each.wallFrom !== offset + each.mediaStartMs || each.wallTo !== offset + each.mediaEndMs)
      found.find('timeline.differs', each.path);
  }
}

async function checkCopy(
  { hashed, picturesOf, manifest }: MediaInput,
  camera: PackageCamera,
  copy: PackageCamera['working'][number],
  byPath: ReadonlyMap<string, TimelineSegment>,
  shown: Set<string>,
  found: Findings,
): Promise<void> {
  let at = 0;
  let isOrdered = true;
  const pieces: TimelineSegment[] = [];
  for (const path of copy.masters) {
    const master = byPath.get(path);
    if (!master || shown.has(path) || master.camera !== camera.id) isOrdered = false;
    else {
      isOrdered &&= master.working === copy.path && master.workingFromMs === at;
      at += master.mediaEndMs - master.mediaStartMs;
      pieces.push(master);
    }
    shown.add(path);
  }
  if (
    !isOrdered ||
    at !== copy.durationMs ||
    Math.abs(playFromOf(pieces, manifest.askedMoment) - copy.playFrom) > 0.001
  ) {
    found.find('timeline.differs', copy.path);
    return;
  }
  const { pictures, streamHash } = copy;
  const isSame = hashed.get(copy.path)?.pictures === pictures && streamHash.masters === streamHash.working;
  // Read again only where every master is there once: a forged list must not make a verifier read for ever.
  const played = new MasterPictures();
  const masters = copy.masters.filter((path) => hashed.has(path));
  if (!isSame || (await picturesOf(masters, played)) !== pictures) {
    found.find('media.reencoded', copy.path);
    return;
  }
  const isSaid = manifest.v === FIRST_VERSION || manifest.notProven.includes('copy-unread');
  if (!isSaid && !played.isPlayedBy(hashed.get(copy.path)?.table ?? null))
    found.find('media.copy', copy.path);
}

/** Seconds of a copy at which the asked moment stands, or the first one after it. */
export function playFromOf(
  pieces: readonly Pick<TimelineSegment, 'wallFrom' | 'wallTo' | 'workingFromMs'>[],
  asked: number,
): number {
  for (const piece of pieces) {
    if (asked < piece.wallFrom) return piece.workingFromMs / 1000;
    if (asked < piece.wallTo) return (piece.workingFromMs + asked - piece.wallFrom) / 1000;
  }
  return 0;
}

/** A pause of the camera is in the sample times of its masters, whatever the hub's ledger says of it. */
function checkSilences(
  { gaps }: PackageCamera,
  segments: readonly TimelineSegment[],
  { manifest: { asked, notProven }, hashed }: MediaInput,
  found: Findings,
): void {
  const stated = mergeSpans(gaps);
  let isUnread = false;
  for (const segment of segments) {
    const held = hashed.get(segment.path);
    const times = held?.times;
    for (const silence of times ? silencesOf(asked, segment, times) : [])
      for (const { from, to } of uncoveredSpans(silence, stated))
        found.find('media.silence', `${segment.path} · ${shownTime(from)} – ${shownTime(to)}`);
    isUnread ||= held?.times === null;
  }
  // Once a camera: a package has thousands of masters.
  if (isUnread && !notProven.includes('times-unread')) found.find('manifest.unsaid', 'times-unread');
}
const shownTime = (at: number): string => new Date(at).toISOString();

function checkGaps(
  camera: PackageCamera,
  segments: readonly TimelineSegment[],
  { asked }: PackageManifest,
  found: Findings,
): void {
  const covered = deliveredOf(asked, segments, camera.gaps);
  const holes = mergeSpans(uncoveredSpans(asked, covered));
  const stated = mergeSpans(camera.gaps);
  const isSame = (one: readonly Span[], other: readonly Span[]): boolean =>
    one.length === other.length && one.every((each, i) => isWithin(each, other[i]!));
  const state = covered.length === 0 ? 'missing' : camera.gaps.length === 0 ? 'ready' : 'partial';
  if (!isSame(holes, stated) || !isSame(covered, camera.delivered) || state !== camera.state)
    found.find('manifest.gap', `camera ${camera.id}`);
}
