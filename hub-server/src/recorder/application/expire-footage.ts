/**
 * Purpose: footage goes when it is old enough or the disk needs it, in the order of domain/retention-rule.ts: fact and row
 * first, then the file, so that a crash between leaves a file that the next start removes, never a row that promises nothing.
 * Refuses: held footage, always; any deletion while the hub has not told holds and reports.
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { type DiskLimits, excessBytes, mustPause } from '../domain/disk-rule.ts';
import { ageRound, type Orders, type Round, spaceRound, takeFrom } from '../domain/retention-rule.ts';
import type { FootageLedger } from './footage-ledger.ts';
import { nextTurn } from './next-turn.ts';
import type { FootageFiles, FootageIndex, KeptQuery, KeptSegment, Log } from './ports.ts';

export interface ExpiryParts {
  readonly index: FootageIndex;
  readonly files: FootageFiles;
  readonly ledger: FootageLedger;
  readonly limits: DiskLimits;
  readonly clock: Clock;
  readonly log: Log;
}

const DAY_MS = 86_400_000;
const PAGE = 200;

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
  for (const [camera, days] of known.retentionDays) {
    const before = clock.now() - days * DAY_MS;
    await remove(parts, { camera, before }, known.orders, (orders) => ageRound(orders, before));
  }
  const wanted = await excessOf(parts, known.orders());
  if (wanted > 0) {
    const round = (of: 'reported' | 'unreported', bytes: number) =>
      remove(parts, {}, known.orders, (orders) => spaceRound(orders, bytes, of));
    const rest = wanted - (await round('reported', wanted));
    const unreported = rest <= 0 ? 0 : await round('unreported', rest);
    if (unreported > 0) log(`${unreported} B: footage.unreported_deleted`);
    exhausted = unreported < rest && known.orders() !== null;
  }
  const disk = { keptBytes: index.keptBytes(), freeBytes: await files.freeBytes() };
  return mustPause(limits, disk, { paused: known.paused, exhausted });
}

/** Held bytes are summed only where they can matter. */
async function excessOf({ index, files, limits }: ExpiryParts, orders: Orders | null): Promise<number> {
  if (orders === null) return 0;
  const disk = { keptBytes: index.keptBytes(), freeBytes: await files.freeBytes() };
  if (excessBytes(limits, { ...disk, heldBytes: 0 }) === 0) return 0;
  const heldBytes = orders.held.reduce(
    (sum, { camera, from, to }) => sum + index.bytesBetween(camera, from, to),
    0,
  );
  return excessBytes(limits, { ...disk, heldBytes });
}

/** Removes the files whose rows are gone; also after a crash between row and file. */
export async function removeDoomed({ index, files }: Pick<ExpiryParts, 'index' | 'files'>): Promise<void> {
  for (;;) {
    const doomed = index.toRemove(PAGE);
    for (const file of doomed) {
      await files.remove(file);
      index.removed(file);
    }
    if (doomed.length < PAGE) return;
  }
}

/** Bytes that went. A page is judged and its facts are written without a pause in between: no hold can come too late. */
async function remove(
  parts: ExpiryParts,
  query: KeptQuery,
  now: () => Orders | null,
  roundOf: (orders: Orders) => Round,
): Promise<number> {
  let freed = 0;
  let after: KeptSegment | undefined;
  for (let orders = now(); orders !== null; orders = now()) {
    const round = roundOf(orders);
    if (freed >= round.wantedBytes) break;
    const page = parts.index.kept(after === undefined ? query : { ...query, after }, PAGE);
    const taken = takeFrom(page, round, freed);
    freed = taken.freed;
    if (taken.going.length > 0) {
      const ids = taken.going.map((segment) => segment.id);
      parts.ledger.deleted(ids, round.reason);
    }
    await removeDoomed(parts);
    after = page.at(-1);
    if (page.length < PAGE) break;
    await nextTurn();
  }
  return freed;
}
