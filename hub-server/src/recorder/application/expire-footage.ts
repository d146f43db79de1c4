/**
 * Purpose: footage goes when it is old enough or the disk needs it, oldest first: row and fact first, then the file, so
 * that a crash between leaves a file that the next start removes, never a row that promises nothing.
 * Refuses: held footage, always; any deletion while the hub's holds are not known.
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { type DiskLimits, excessBytes, mustPause } from '../domain/disk-rule.ts';
import type { IsHeld } from '../domain/holds.ts';
import type { FootageLedger } from './footage-ledger.ts';
import type { FootageFiles, FootageIndex, KeptQuery, KeptSegment } from './ports.ts';

export interface ExpiryParts {
  readonly index: FootageIndex;
  readonly files: FootageFiles;
  readonly ledger: FootageLedger;
  readonly limits: DiskLimits;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;
const PAGE = 200;

/** One pass. Answers whether recording has to pause for want of space. */
export async function expireFootage(
  parts: ExpiryParts,
  known: {
    /** Null: the hub has not told them on this line. */
    readonly isHeld: IsHeld | null;
    readonly retentionDays: ReadonlyMap<CameraId, number>;
    readonly paused: boolean;
  },
): Promise<boolean> {
  const { index, files, limits, clock } = parts;
  const { isHeld } = known;
  if (isHeld !== null) {
    for (const [camera, days] of known.retentionDays)
      await remove(parts, { camera, before: clock.now() - days * DAY_MS }, 'expired', isHeld, Infinity);
    const excess = excessBytes(limits, { keptBytes: index.keptBytes(), freeBytes: await files.freeBytes() });
    if (excess > 0) await remove(parts, {}, 'budget', isHeld, excess);
  }
  return mustPause(limits, await files.freeBytes(), known.paused);
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

async function remove(
  parts: ExpiryParts,
  query: KeptQuery,
  reason: 'expired' | 'budget',
  isHeld: IsHeld,
  wantedBytes: number,
): Promise<void> {
  let freed = 0;
  let after: KeptSegment | undefined;
  while (freed < wantedBytes) {
    const page = parts.index.kept(after === undefined ? query : { ...query, after }, PAGE);
    const going: KeptSegment[] = [];
    for (const segment of page) {
      if (freed >= wantedBytes) break;
      if (isHeld(segment.camera, segment.wallFrom, segment.wallTo)) continue;
      going.push(segment);
      freed += segment.bytes;
    }
    if (going.length > 0)
      parts.ledger.deleted(
        going.map((segment) => segment.id),
        reason,
      );
    await removeDoomed(parts);
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}
