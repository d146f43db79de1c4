/**
 * Purpose: one evidence package, in order: masters, copies for watching, what they are, everything the database told,
 *   the manifest, the paper with the manifest's hash, the list of hashes, the hub's signature over it, and only then its
 *   name. The key that signs stays with the hub.
 * Refuses: to shorten silently: a segment that is gone or changed is a gap with its reason. What was deleted since it was looked up
 *   is not called lost (`evidence.footage_went`).
 * Document: hub-server/DESIGN.md, "Evidence package".
 */
import { readFileSync, rmSync } from 'node:fs';
import type { FfmpegPlace } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import { deliveredOf } from '@hailong/shared/evidence/delivered.ts';
import { formatHubKey } from '@hailong/shared/evidence/hub-key.ts';
import type {
  FileRole,
  NotProvenCode,
  PackageCamera,
  PackageGap,
  PackageManifest,
  TimelineSegment,
} from '@hailong/shared/evidence/manifest.ts';
import {
  BEYOND_MANIFEST,
  CHECK_PAGE,
  GUIDE,
  HUB_KEY,
  MANIFEST,
  MASTERS,
  PACKAGE_VERSION,
  PAPER,
  SUMS,
  SUMS_SIGNATURE,
  TIMELINE,
  WORKING,
} from '@hailong/shared/evidence/package-files.ts';
import { formText } from '@hailong/shared/evidence/read-form.ts';
import { silencesOf } from '@hailong/shared/evidence/silences.ts';
import { mergeSpans, type Span, uncoveredSpans, withoutSpans } from '@hailong/shared/evidence/spans.ts';
import { formatSums } from '@hailong/shared/evidence/sums.ts';
import type { FromWriter, WriterJob, WriterSegment } from '@hailong/shared/protocol/evidence-writer.ts';
import { type CopiedMaster, copyMaster, type SpoiltSegment } from './copy-masters.ts';
import { guideText } from './guide.ts';
import { PackageFolder } from './package-folder.ts';
import { drawPaper } from './paper.ts';
import { groupsOf, writeCopy } from './working-copies.ts';

export interface WriterParts {
  readonly ffmpeg: FfmpegPlace | null;
  /** Bytes of footage handled, of all. */
  progress(done: number, total: number): void;
  /** False: these went by rule or request meanwhile, and the hub knows it by now. */
  stand(lost: readonly string[]): Promise<boolean>;
  /** The hub's signature over SHA256SUMS, base64url. */
  sign(sums: string): Promise<string>;
}
export type WrittenPackage = Omit<Extract<FromWriter, { type: 'written' }>, 'type'>;

export async function writePackage(job: WriterJob, parts: WriterParts): Promise<WrittenPackage> {
  const folder = new PackageFolder(job.into, job.name);
  try {
    return await fill(folder, job, parts);
  } catch (error) {
    rmSync(folder.part, { recursive: true, force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOSPC') throw new CodedError('program.disk_full', job.into);
    throw error;
  }
}

/** Of masters whose single pictures cannot be placed. */
const timeLimits = (masters: readonly CopiedMaster[]): NotProvenCode[] =>
  masters.some(({ times }) => times === null) ? ['times-unread'] : [];
/** Of gaps the log commits to deletions alone. */
const gapLimits = (cameras: readonly PackageCamera[]): NotProvenCode[] =>
  cameras.some(({ gaps }) => gaps.some(({ deletion }) => deletion === undefined)) ? ['gap-unlogged'] : [];

type JobCamera = WriterJob['cameras'][number];

async function fill(folder: PackageFolder, job: WriterJob, parts: WriterParts): Promise<WrittenPackage> {
  const total = job.cameras.reduce(
    (sum, { segments }) => sum + segments.reduce((bytes, each) => bytes + each.bytes, 0) * 2,
    0,
  );
  let done = 0;
  const heard = (bytes: number): void => {
    done = Math.min(done + bytes, total);
    parts.progress(done, total);
  };
  const cameras: PackageCamera[] = [];
  const timeline: TimelineSegment[] = [];
  const spoilt: SpoiltSegment[] = [];
  const masters: CopiedMaster[] = [];
  const copyLimits: NotProvenCode[] = [];
  for (const [index, each] of job.cameras.entries()) {
    const written = await writeCamera(folder, job, parts, each, `camera-${index + 1}`, heard);
    cameras.push(written.camera);
    if (!written.isPlain && copyLimits.length === 0) copyLimits.push('copy-unread');
    timeline.push(...written.segments);
    spoilt.push(...written.spoilt);
    masters.push(...written.masters);
  }
  const lost = spoilt.filter(({ reason }) => reason === 'lost').map(({ segment }) => segment.segment);
  if (lost.length > 0 && !(await parts.stand(lost))) throw new CodedError('evidence.footage_went');
  folder.writeWhole(TIMELINE, formText({ v: PACKAGE_VERSION, segments: timeline, mappings: job.mappings }));
  for (const [path, text] of Object.entries(job.texts)) folder.writeWhole(path, text);
  folder.writeWhole(HUB_KEY, formatHubKey(job.manifest.hub.key));
  const page = folder.writeWhole(CHECK_PAGE, readFileSync(job.checkPage));
  folder.writeWhole(GUIDE, guideText(job.manifest, page.sha256));

  const manifest: PackageManifest = {
    ...job.manifest,
    cameras,
    notProven: [...job.manifest.notProven, ...gapLimits(cameras), ...timeLimits(masters), ...copyLimits],
    files: folder.files
      .filter(({ path }) => !BEYOND_MANIFEST.has(path))
      .map(({ path, bytes, sha256 }) => ({ path, size: bytes, sha256, role: roleOf(path) }))
      .sort((one, other) => (one.path < other.path ? -1 : 1)),
  };
  const packageHash = folder.writeWhole(MANIFEST, formText(manifest)).sha256;
  folder.writeWhole(PAPER, await drawPaper(manifest, packageHash));
  const sums = formatSums(new Map(folder.files.map(({ path, sha256 }) => [path, sha256])));
  folder.writeWhole(SUMS, sums);
  folder.writeWhole(SUMS_SIGNATURE, Buffer.from(await parts.sign(sums), 'base64url'));
  return {
    ...{ folder: await folder.finish(), packageHash },
    files: folder.files.map(({ path, bytes, crc32 }) => ({ path, bytes, crc32 })),
    spoilt: spoilt.map(({ segment, reason }) => ({ segment: segment.segment, reason })),
  };
}

interface WrittenCamera {
  readonly camera: PackageCamera;
  readonly segments: readonly TimelineSegment[];
  readonly spoilt: readonly SpoiltSegment[];
  /** Its copies play the masters' pictures one by one. */
  readonly isPlain: boolean;
  readonly masters: readonly CopiedMaster[];
}

async function writeCamera(
  folder: PackageFolder,
  job: WriterJob,
  { ffmpeg }: WriterParts,
  { camera, segments }: JobCamera,
  name: string,
  heard: (bytes: number) => void,
): Promise<WrittenCamera> {
  const masters: CopiedMaster[] = [];
  const spoilt: SpoiltSegment[] = [];
  for (const [index, segment] of segments.entries()) {
    const number = String(index + 1).padStart(5, '0');
    const copied = copyMaster(folder, job.footageRoot, segment, `${name}-${number}`);
    if ('path' in copied) masters.push(copied);
    else spoilt.push(copied);
    heard(segment.bytes);
  }
  folder.syncSoon();
  const working: PackageCamera['working'] = [];
  let isPlain = true;
  const placed: TimelineSegment[] = [];
  for (const [index, group] of groupsOf(masters).entries()) {
    if (ffmpeg === null) throw new CodedError('ffmpeg.missing');
    const written = await writeCopy(
      folder,
      ffmpeg,
      `${name}-copy-${index + 1}`,
      group,
      job.manifest.askedMoment,
    );
    working.push(written.copy);
    isPlain &&= written.isPlain;
    placed.push(...written.segments);
    heard(group.reduce((sum, each) => sum + each.segment.bytes, 0));
  }
  const { asked } = job.manifest;
  const silent = masters.flatMap(({ segment, times }) => (times ? silencesOf(asked, segment, times) : []));
  const stated = withSilences(camera.gaps, silent);
  const delivered = deliveredOf(asked, placed, stated) as PackageCamera['delivered'];
  const gaps = explained(uncoveredSpans(asked, delivered), stated, spoilt);
  const state = delivered.length === 0 ? 'missing' : gaps.length === 0 ? 'ready' : 'partial';
  return {
    camera: { ...camera, state, delivered, gaps, working },
    segments: placed,
    spoilt,
    isPlain,
    masters,
  };
}

/** What masters say themselves comes before what the ledger knows of it: it may have been another program's, or written before. */
function withSilences(stated: readonly PackageGap[], silent: readonly Span[]): PackageGap[] {
  const silences = mergeSpans(silent).map(
    (each) => ({ ...each, reason: 'camera-silent', detail: null }) as PackageGap,
  );
  const others = stated.flatMap((gap) =>
    withoutSpans([gap], silences).map((each) => ({ ...gap, ...each }) as PackageGap),
  );
  return [...silences, ...others].sort((one, other) => one.from - other.from);
}

/**
 * Every hole with its reason: the ledger's, or that the file of a segment was gone or changed. What is delivered over a stated
 * gap's edge makes it shorter; what nobody explains is `unknown`.
 */
function explained(
  holes: readonly Span[],
  stated: readonly PackageGap[],
  spoilt: readonly SpoiltSegment[],
): PackageGap[] {
  const lost = spoilt.map(({ segment, reason }): PackageGap => {
    const { wallFrom: from, wallTo: to } = segment;
    return { from, to, reason, detail: detailOf(segment) };
  });
  const reasons = [...lost, ...stated].sort((one, other) => one.from - other.from);
  return holes.flatMap((hole) => {
    const parts: PackageGap[] = [];
    let at = hole.from;
    // A silence inside a file that is gone is that file's gap.
    for (const each of reasons) {
      const [from, to] = [Math.max(each.from, at), Math.min(each.to, hole.to)];
      if (to <= from) continue;
      parts.push({ ...each, from, to } as PackageGap);
      at = to;
    }
    const open = uncoveredSpans(hole, parts).map(
      (each): PackageGap => ({ ...each, reason: 'unknown', detail: null }) as PackageGap,
    );
    return [...parts, ...open].sort((one, other) => one.from - other.from);
  });
}

const detailOf = (segment: WriterSegment): string => `segment ${segment.segment}, sha256 ${segment.sha256}`;

function roleOf(path: string): FileRole {
  if (path.startsWith(MASTERS)) return 'master';
  if (path.startsWith(WORKING)) return 'working';
  if (path.startsWith('rating/')) return 'rating';
  if (path.startsWith('audit/')) return 'audit';
  const known: Readonly<Record<string, FileRole>> = {
    ...{ [TIMELINE]: 'timeline', [HUB_KEY]: 'key', [GUIDE]: 'guide', [CHECK_PAGE]: 'verifier' },
  };
  return known[path] ?? 'custody';
}
