/**
 * Purpose: footage goes when it is old enough or the disk needs it, in the order of domain/retention-rule.ts: fact and row
 * first, then the file, so that a crash between leaves a file that the next start removes, never a row that promises nothing.
 * Refuses: held footage, always; any deletion while the hub has not told holds and reports, or while many files will not go:
 * rows would end for no space at all. One file that will not go ends nothing: it is told, counted as there and tried again.
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { Clock, UtcMs } from '@hailong/shared/time.ts';
import { type DiskLimits, excessBytes, mustPause } from '../domain/disk-rule.ts';
import {
  ageRound,
  type Orders,
  type Round,
  spaceRound,
  takeFrom,
  unplacedRound,
} from '../domain/retention-rule.ts';
import type { FootageLedger } from './footage-ledger.ts';
import { nextTurn } from './next-turn.ts';
import type { FootageFiles, FootageIndex, KeptSegment, Log } from './ports.ts';

export interface ExpiryParts {
  readonly index: FootageIndex;
  readonly files: FootageFiles;
  readonly ledger: FootageLedger;
  readonly limits: DiskLimits;
  readonly clock: Clock;
  readonly log: Log;
  /** Files that would not go, each told once, and since when, UTC ms. */
  readonly stuck?: Map<string, UtcMs>;
}

const DAY_MS = 86_400_000;
const PAGE = 200;
/** With more files than this that will not go, the disk is what is broken. */
const STUCK_MAX = 50;

/** One pass. Answers whether recording has to pause for want of space. */
export async function expireFootage(
  parts: ExpiryParts,
  known: {
    /** As they stand at that moment, since a pass can be long; null: the hub has not told them on this line. */
    orders(): Orders | null;
    readonly retentionDays: ReadonlyMap<CameraId, number>;
    readonly paused: boolean;
  },
): Promise<boolean> {
  const { index, files, limits, clock, log } = parts;
  let exhausted = false;
  await removeDoomed(parts);
  for (const [camera, days] of known.retentionDays) {
    const kept = days * DAY_MS;
    const before = clock.now() - kept;
    const page = (after?: KeptSegment) => index.kept({ camera, before, ...(after ? { after } : {}) }, PAGE);
    await remove(parts, page, known.orders, (orders) => ageRound(orders, Math.min(before, orders.at - kept)));
  }
  const wanted = await excessOf(parts, known.orders(), known.paused);
  if (wanted > 0) {
    // Before what is placed goes, and nobody knows any more what lay before.
    const since = index.unplacedSince();
    const oldest = (after?: KeptSegment) => index.kept(after ? { after } : {}, PAGE);
    const round = (of: 'reported' | 'unreported', bytes: number) =>
      remove(parts, oldest, known.orders, (orders) => spaceRound(orders, bytes, of));
    const rest = wanted - (await round('reported', wanted));
    const unreported = rest <= 0 ? 0 : await round('unreported', rest);
    const unplaced =
      rest - unreported <= 0 ? 0 : await removeUnplaced(parts, known.orders, rest - unreported, since);
    if (unreported + unplaced > 0) log(`${unreported + unplaced} B: footage.unreported_deleted`);
    exhausted = unreported + unplaced < rest && known.orders() !== null;
  }
  const disk = { keptBytes: index.keptBytes(), freeBytes: await files.freeBytes() };
  return mustPause(limits, disk, { paused: known.paused, exhausted });
}

function removeUnplaced(
  parts: ExpiryParts,
  orders: () => Orders | null,
  bytes: number,
  since: number,
): Promise<number> {
  const page = (after?: KeptSegment) => parts.index.keptUnplaced(after ?? null, PAGE);
  return remove(parts, page, orders, (now) => unplacedRound(now, bytes, since));
}

/** Held bytes are summed only where they can matter. */
async function excessOf(
  { index, files, limits }: ExpiryParts,
  orders: Orders | null,
  paused: boolean,
): Promise<number> {
  if (orders === null) return 0;
  const disk = { keptBytes: index.keptBytes(), freeBytes: await files.freeBytes() };
  if (excessBytes(limits, { ...disk, heldBytes: 0 }, paused) === 0) return 0;
  const heldBytes = orders.held.reduce(
    (sum, { camera, from, to }) => sum + index.bytesBetween(camera, from, to),
    0,
  );
  return excessBytes(limits, { ...disk, heldBytes }, paused);
}

/** Removes the files whose rows are gone; also after a crash between row and file. Answers which of them will not go now. */
export async function removeDoomed({
  index,
  files,
  clock,
  log,
  stuck = new Map(),
}: Pick<ExpiryParts, 'index' | 'files' | 'clock' | 'log' | 'stuck'>): Promise<ReadonlySet<string>> {
  const stayed = new Set<string>();
  let page: readonly string[] = [];
  do {
    page = index.toRemove(PAGE, page.at(-1) ?? null);
    for (const file of page) {
      try {
        await files.remove(file);
        index.removed(file);
      } catch (error) {
        stayed.add(file);
        if (stuck.has(file)) continue;
        log(`${file}: footage.undeletable ${String(error)}`);
        stuck.set(file, clock.now());
      }
    }
  } while (page.length === PAGE);
  for (const file of stuck.keys()) if (!stayed.has(file)) stuck.delete(file);
  return stayed;
}

/** Bytes that went. A page is judged and its facts are written without a pause in between: no hold can come too late. */
async function remove(
  parts: ExpiryParts,
  pageAfter: (after?: KeptSegment) => readonly KeptSegment[],
  now: () => Orders | null,
  roundOf: (orders: Orders) => Round,
): Promise<number> {
  let freed = 0;
  let after: KeptSegment | undefined;
  for (let orders = now(); orders !== null; orders = now()) {
    const round = roundOf(orders);
    if (freed >= round.wantedBytes || parts.index.toRemove(STUCK_MAX + 1, null).length > STUCK_MAX) break;
    const page = pageAfter(after);
    const taken = takeFrom(page, round, freed);
    freed = taken.freed;
    if (taken.going.length > 0) {
      const ids = taken.going.map((segment) => segment.id);
      parts.ledger.deleted(ids, round.reason);
    }
    const stayed = await removeDoomed(parts);
    const left = taken.going.filter(({ file }) => stayed.has(file));
    freed -= left.reduce((sum, { bytes }) => sum + bytes, 0);
    // What was taken is in no page any more: the same place gives others instead.
    if (left.length > 0) continue;
    after = page.at(-1);
    if (page.length < PAGE) break;
    await nextTurn();
  }
  return freed;
}
