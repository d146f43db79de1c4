/**
 * Purpose: make index and disk agree: files whose row the hub alone has (this index was lost or set back) are taken over under it;
 * others without a row are indexed as recovered, broken ones removed; rows without a file are told as lost. Runs once the hub is
 * there, before anything records, and then once in a while.
 * Refuses: judging a file that ffprobe or the hub could not be asked about; believing that most footage vanished at once (an
 * unmounted disk looks like that); removing a file that a hold covers, also one that no player can read.
 */
import { type CameraId, cameraId } from '@hailong/shared/ids.ts';
import { HELD_ROWS_MAX, type HeldRow, type Segment } from '@hailong/shared/protocol/footage.ts';
import type { Clock } from '@hailong/shared/time.ts';
import type { IsHeld } from '../domain/holds.ts';
import type { FootageLedger } from './footage-ledger.ts';
import { nextTurn } from './next-turn.ts';
import type { FootageFiles, FootageIndex, Hub, Ids, InspectFile, KeptSegment, Log } from './ports.ts';
import { forgetTorn, isKeptTorn, keepTorn, placeBefore } from './torn-files.ts';

export interface ReconcileParts {
  readonly index: FootageIndex;
  readonly files: FootageFiles;
  readonly inspect: InspectFile;
  readonly ledger: FootageLedger;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly hub: Pick<Hub, 'heldRows' | 'factsRecorded'>;
  /** Null: the hub has not told what is held. */
  readonly held: () => IsHeld | null;
  readonly log: Log;
}

/** A recovered file's last frame was written at its modification time, give or take a key frame interval, ms. */
export const RECOVERED_BOUND_MS = 2_000;
/** Assumed until the camera's own latency is known, ms (hub-server/DESIGN.md, "Recording"). */
const LATENCY_MS = 2_000;
/** Files read in one pass: about 0.1 s each; recording waits for the first pass. */
const PASS_FILES = 300;
const PAGE = 5_000;
/** More rows than this, and more than half of all, missing at once: not believed. */
const LOST_MAX = 50;
/** Lost rows and strange files that a pass remembers, however many there are. */
const FOUND_MAX = 5_000;
/** Rows told as lost in one transaction. */
const TOLD_AT_ONCE = 500;

export interface Orphan {
  readonly file: string;
  readonly camera: CameraId;
  readonly modifiedAt: number;
}

/** `quietMs`: leave files modified since, a recorder may be writing them. Answers whether work is left. */
export async function reconcile(parts: ReconcileParts, quietMs: number): Promise<boolean> {
  const lostLeft = await tellLost(parts);
  await forgetTorn(parts.index, parts.files);
  const orphans = await findOrphans(parts, quietMs);
  const sorted = await sortOrphans(parts, orphans.newest);
  if (sorted === null) return true;
  takeOver(parts, sorted.known);
  for (const { file } of sorted.gone) await ofOne(parts, file, () => parts.files.remove(file));
  let { waits } = orphans;
  for (const orphan of sorted.strange.slice(-PASS_FILES))
    await ofOne(parts, orphan.file, async () => {
      if ((await recover(parts, orphan)) === 'waits') waits = true;
    });
  return waits || lostLeft || orphans.count > orphans.newest.length || sorted.strange.length > PASS_FILES;
}

/** One file that the disk does not give, or does not let go, keeps nobody from the others. False: it was that. */
export async function ofOne(
  { log }: Pick<ReconcileParts, 'log'>,
  file: string,
  work: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log(`${file}: footage.unreachable_file ${String(error)}`);
    return false;
  }
}

/** By what the hub holds of them. Null: it cannot be asked now. */
export async function sortOrphans(
  { hub, log }: Pick<ReconcileParts, 'hub' | 'log'>,
  orphans: readonly Orphan[],
): Promise<{
  readonly strange: readonly Orphan[];
  /** Kept by a row of the hub. */
  readonly known: readonly HeldRow[];
  /** Deleted by one. */
  readonly gone: readonly Orphan[];
  /** Deleted by one, and a hold covers it. */
  readonly held: readonly Orphan[];
} | null> {
  const rows = new Map<string, HeldRow>();
  for (let at = 0; at < orphans.length; at += HELD_ROWS_MAX) {
    const some = orphans.slice(at, at + HELD_ROWS_MAX);
    const held = await hub.heldRows(some.map(({ file, modifiedAt }) => ({ file, modifiedAt })));
    if (held === null) return null;
    for (const row of held) rows.set(row.segment.file, row);
  }
  const of = (wanted: (row: HeldRow | undefined) => boolean) =>
    orphans.filter(({ file }) => wanted(rows.get(file)));
  const held = of((row) => row?.deleted === true && row.held);
  for (const { file } of held) log(`${file}: deleted by its row, held now, left`);
  return {
    ...{ strange: of((row) => row === undefined), held },
    known: [...rows.values()].filter((row) => !row.deleted),
    gone: of((row) => row?.deleted === true && !row.held),
  };
}

/** Rows whose file is there and that no row here names. */
export function takeOver({ index, hub, log }: ReconcileParts, rows: readonly HeldRow[]): void {
  if (rows.length === 0) return;
  for (const row of rows) if (!index.hasFile(row.segment.file)) index.takeOver(row, null);
  hub.factsRecorded();
  log(`${rows.length} files: rows taken over from the hub`);
}

async function tellLost(parts: ReconcileParts): Promise<boolean> {
  const lost = await lostRows(parts);
  if (lost.count === 0) return false;
  const isBelieved = lost.count <= LOST_MAX || lost.count * 2 <= lost.of;
  parts.log(`${lost.count}/${lost.of}: ${isBelieved ? 'footage.lost' : 'footage.missing'}`);
  if (!isBelieved) return false;
  await deleteLost(parts, lost.rows);
  return lost.count > lost.rows.length;
}

type Row = Pick<KeptSegment, 'id' | 'file'>;

/**
 * Kept rows whose file is not there: rows older than the look at its folder, each looked at once more by itself, since
 * cameras go on recording and footage goes on expiring. `rows` are the first of `count`, out of `of`.
 */
export async function lostRows(parts: ReconcileParts): Promise<{
  readonly count: number;
  readonly of: number;
  readonly rows: readonly Row[];
}> {
  const { index, files } = parts;
  const upTo = index.newestRow();
  const missing: Row[] = [];
  let [count, of, folder] = [0, 0, ''];
  let names: Awaited<ReturnType<FootageFiles['inFolder']>> | null = null;
  /** Where the disk does not say what is there, nothing is lost. */
  const inFolder = async (name: string) => {
    let found: { has(name: string): boolean } = { has: () => true };
    await ofOne(parts, name, async () => {
      found = await files.inFolder(name);
    });
    return found;
  };
  let page: readonly Row[] = [];
  do {
    page = index.rowsByFile(page.at(-1)?.file ?? null, upTo, PAGE);
    of += page.length;
    for (const row of page) {
      const end = row.file.lastIndexOf('/');
      const inside = row.file.slice(0, Math.max(0, end));
      if (names === null || inside !== folder) names = await inFolder(inside);
      folder = inside;
      if (names.has(row.file.slice(end + 1))) continue;
      count += 1;
      if (missing.length < FOUND_MAX) missing.push(row);
    }
    await nextTurn();
  } while (page.length === PAGE);
  const rows: Row[] = [];
  for (const row of missing)
    await ofOne(parts, row.file, async () => {
      if ((await files.modifiedAt(row.file)) === null && index.placeOf(row.file) !== null) rows.push(row);
    });
  return { count: count - (missing.length - rows.length), of, rows };
}

/** `by`: a person asked for it. What was deleted meanwhile keeps that reason. */
export async function deleteLost(
  { index, ledger }: ReconcileParts,
  lost: readonly Row[],
  by?: string,
): Promise<void> {
  for (let at = 0; at < lost.length; at += TOLD_AT_ONCE) {
    const some = lost.slice(at, at + TOLD_AT_ONCE).filter(({ file }) => index.placeOf(file) !== null);
    const ids = some.map(({ id }) => id);
    if (ids.length > 0) ledger.deleted(ids, 'lost', by);
    await nextTurn();
  }
}

/**
 * Files that no row names; the newest of them, oldest first, because coverage begins at their end. `torn`: held ones that nobody can
 * read are none of them, however many there are. `waits`: whether they are held is not known yet.
 */
export async function findOrphans(
  parts: ReconcileParts,
  quietMs: number,
): Promise<{
  readonly count: number;
  readonly newest: readonly Orphan[];
  readonly torn: readonly string[];
  readonly waits: boolean;
}> {
  const { index, files } = parts;
  const torn: string[] = [];
  let waits = false;
  const before = files.now() - quietMs;
  let count = 0;
  let found: Orphan[] = [];
  const newest = () => found.sort((a, b) => a.modifiedAt - b.modifiedAt).slice(-FOUND_MAX);
  for await (const page of files.list())
    for (const file of index.withoutRow(page)) {
      const camera = cameraId.safeParse(file.split('/')[0]);
      if (!camera.success || file.split('/').length < 2) continue;
      let modifiedAt: number | null = null;
      await ofOne(parts, file, async () => {
        modifiedAt = await files.modifiedAt(file);
      });
      // Kept or removed while others were looked at.
      if (modifiedAt === null || modifiedAt > before || index.hasFile(file)) continue;
      const orphan = { file, camera: camera.data, modifiedAt };
      const isTorn = isKeptTorn(index, orphan, parts.held());
      if (isTorn === null) waits = true;
      if (isTorn === true && torn.length < FOUND_MAX) torn.push(file);
      if (isTorn !== false) continue;
      count += 1;
      found.push(orphan);
      if (found.length >= 2 * FOUND_MAX) found = newest();
    }
  return { count, newest: newest(), torn, waits };
}

/** `waits`: whether it may go is known once the hub has told what is held. */
export async function recover(parts: ReconcileParts, orphan: Orphan): Promise<'done' | 'waits'> {
  try {
    return await recoverFile(parts, orphan);
  } catch (error) {
    // Taken away meanwhile.
    if ((await parts.files.modifiedAt(orphan.file)) !== null) throw error;
    return 'done';
  }
}

/** Nobody can play it, but what a hold covers is kept for whoever can read more of it than a player does. */
async function removeBroken(parts: ReconcileParts, orphan: Orphan): Promise<'done' | 'waits'> {
  const { file } = orphan;
  const held = parts.held();
  if (held === null) return 'waits';
  if (keepTorn(parts.index, orphan, held)) {
    parts.log(`${file}: unreadable, held, left`);
    return 'done';
  }
  parts.log(`${file}: unreadable, removed`);
  await parts.files.remove(file);
  return 'done';
}

async function recoverFile(parts: ReconcileParts, orphan: Orphan): Promise<'done' | 'waits'> {
  const { file, camera, modifiedAt } = orphan;
  const { files, ledger, ids, clock, log } = parts;
  const content = await parts.inspect(files.path(file));
  if (content.kind === 'unknown') return 'done';
  if (content.kind === 'broken') return removeBroken(parts, orphan);
  const { bytes, sha256 } = await files.seal(file);
  // The recorder's own queue may have kept it meanwhile.
  if (parts.index.hasFile(file)) return 'done';
  const before = placeBefore(parts.index, file);
  const start = before?.mediaEndMs ?? 0;
  const end = start + content.durationMs;
  const endedAt = byClock(modifiedAt, clock.now(), files.now());
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
      ...{ method: 'recovered', offsetMs: endedAt - content.durationMs },
      ...{ latencyMs: LATENCY_MS, boundMs: RECOVERED_BOUND_MS },
    },
    content.stalls,
  );
  log(`${file}: recovered, ${content.durationMs} ms`);
  return 'done';
}

/**
 * When a file was last written, by the clock that footage is placed by. Where the machine's was set ahead and is not believed, what
 * has a date that is still to come was written since; nobody can say so of one that was set back.
 */
function byClock(modifiedAt: number, now: number, machineNow: number): number {
  return modifiedAt > now && machineNow > now ? modifiedAt - (machineNow - now) : modifiedAt;
}
