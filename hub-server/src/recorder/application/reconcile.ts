/**
 * Purpose: make index and disk agree: complete files without a row are indexed as recovered, broken ones removed, rows
 * without a file told as lost. Runs at the start, before anything records, and then once in a while.
 * Refuses: judging a file that ffprobe could not be asked about; believing that most footage vanished at once (an
 * unmounted disk looks like that).
 */
import { type CameraId, cameraId } from '@hailong/shared/ids.ts';
import type { Segment } from '@hailong/shared/protocol/footage.ts';
import type { Clock } from '@hailong/shared/time.ts';
import type { FootageLedger } from './footage-ledger.ts';
import type { FootageFiles, FootageIndex, Ids, InspectFile, KeptSegment, Log } from './ports.ts';

export interface ReconcileParts {
  readonly index: FootageIndex;
  readonly files: FootageFiles;
  readonly inspect: InspectFile;
  readonly ledger: FootageLedger;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
}

/** A recovered file's last frame was written at its modification time, give or take a key frame interval, ms. */
export const RECOVERED_BOUND_MS = 2_000;
/** Assumed until the camera's own latency is known, ms (hub-server/DESIGN.md, "Recording"). */
const LATENCY_MS = 2_000;
/** Files asked about in one pass: about 0.1 s each; recording waits for the first pass. */
const PASS_FILES = 300;
const PAGE = 5_000;
/** More rows than this, and more than half of all, missing at once: not believed. */
const LOST_MAX = 50;

interface Orphan {
  readonly file: string;
  readonly camera: CameraId;
  readonly modifiedAt: number;
}

/** `quietMs`: leave files modified since, a recorder may be writing them. Answers whether work is left. */
export async function reconcile(parts: ReconcileParts, quietMs: number): Promise<boolean> {
  const names = await parts.files.list();
  await tellLost(parts, new Set(names));
  const orphans = await findOrphans(parts, names, quietMs);
  for (const orphan of orphans.slice(-PASS_FILES)) await recover(parts, orphan);
  return orphans.length > PASS_FILES;
}

async function tellLost(parts: ReconcileParts, present: ReadonlySet<string>): Promise<void> {
  const lost = await lostRows(parts, present);
  if (lost.length === 0) return;
  const rows = lost.length + present.size;
  parts.log(`${lost.length}/${rows}: footage.missing`);
  if (lost.length > LOST_MAX && lost.length * 2 > rows) return;
  deleteLost(parts, lost);
}

/** Kept rows whose file is not there: not among those listed, nor now, since a camera goes on recording behind a listing. */
export async function lostRows(
  { index, files }: ReconcileParts,
  present: ReadonlySet<string>,
): Promise<KeptSegment[]> {
  const lost: KeptSegment[] = [];
  let after: KeptSegment | undefined;
  for (;;) {
    const page = index.kept(after === undefined ? {} : { after }, PAGE);
    for (const row of page)
      if (!present.has(row.file) && (await files.modifiedAt(row.file)) === null) lost.push(row);
    after = page.at(-1);
    if (page.length < PAGE) return lost;
  }
}

/** `by`: a person asked for it. What was deleted meanwhile keeps that reason. */
export function deleteLost(
  { index, ledger }: ReconcileParts,
  lost: readonly KeptSegment[],
  by?: string,
): void {
  const ids = lost.filter(({ file }) => index.placeOf(file) !== null).map(({ id }) => id);
  if (ids.length > 0) ledger.deleted(ids, 'lost', by);
}

/** Oldest first; the newest are handled first when there are many, because coverage begins at their end. */
export async function findOrphans(
  parts: ReconcileParts,
  names: readonly string[],
  quietMs: number,
): Promise<Orphan[]> {
  const before = parts.clock.now() - quietMs;
  const orphans: Orphan[] = [];
  for (const file of names) {
    if (parts.index.hasFile(file)) continue;
    const camera = cameraId.safeParse(file.split('/')[0]);
    if (!camera.success || file.split('/').length < 2) continue;
    const modifiedAt = await parts.files.modifiedAt(file);
    if (modifiedAt !== null && modifiedAt <= before) orphans.push({ file, camera: camera.data, modifiedAt });
  }
  return orphans.sort((a, b) => a.modifiedAt - b.modifiedAt);
}

export async function recover(parts: ReconcileParts, orphan: Orphan): Promise<void> {
  try {
    await recoverFile(parts, orphan);
  } catch (error) {
    // Taken away meanwhile.
    if ((await parts.files.modifiedAt(orphan.file)) !== null) throw error;
  }
}

async function recoverFile(parts: ReconcileParts, { file, camera, modifiedAt }: Orphan): Promise<void> {
  const { files, ledger, ids, clock, log } = parts;
  const content = await parts.inspect(files.path(file));
  if (content.kind === 'unknown') return;
  if (content.kind === 'broken') {
    log(`${file}: unreadable, removed`);
    return files.remove(file);
  }
  const { bytes, sha256 } = await files.seal(file);
  // The recorder's own queue may have kept it meanwhile.
  if (parts.index.hasFile(file)) return;
  const before = placeBefore(parts.index, file);
  const start = before?.mediaEndMs ?? 0;
  const end = start + content.durationMs;
  ledger.segment(
    {
      ...{
        camera,
        run: before?.run ?? ids.uuid(),
        file,
        mediaStartMs: start,
        mediaEndMs: end,
        bytes,
        sha256,
      },
      arrivalAt: modifiedAt as Segment['arrivalAt'],
      arrivalMonoMs: clock.monotonic(),
      codec: content.codec,
      ...(content.initBytes === undefined ? {} : { initBytes: content.initBytes }),
      flags: ['recovered'],
    },
    before?.mapping ?? {
      ...{ method: 'recovered', offsetMs: modifiedAt - content.durationMs },
      ...{ latencyMs: LATENCY_MS, boundMs: RECOVERED_BOUND_MS },
    },
    content.stalls,
  );
  log(`${file}: recovered, ${content.durationMs} ms`);
}

/** Where the file before it in the same folder ended, when that one is kept: the run goes on in this one. */
function placeBefore(index: FootageIndex, file: string) {
  const numbered = /^(.*\/)(\d{6,9})\.mp4$/.exec(file);
  if (!numbered || Number(numbered[2]) === 0) return null;
  const number = String(Number(numbered[2]) - 1).padStart(6, '0');
  const place = index.placeOf(`${numbered[1]}${number}.mp4`);
  const mapping = place && index.lastMapping(place.run);
  return mapping ? { ...place, mapping } : null;
}
