/**
 * Purpose: each hour packages whose time is over go: the order with its row of the log, the folder, the proof with its row. What
 *   an earlier pass did not finish is finished first.
 * Refuses: what domain/evidence/package-retention.ts refuses; a clock that was set ahead (keep-age.ts): what it let go would not come back.
 * Document: hub-server/DESIGN.md, "Packages on the disk".
 */
import { basenameOf } from '../../domain/evidence/package-name.ts';
import type { AgedTime } from '../footage/keep-age.ts';
import type { Job } from '../keep-jobs.ts';
import type { EvidenceParts } from './evidence-parts.ts';

export type ExpireParts = Pick<EvidenceParts, 'clock' | 'folders'> & {
  readonly storage: Pick<EvidenceParts['storage'], 'evidence'>;
};

const HOUR_MS = 3_600_000;

/** Removes what was ordered to go; answers how many. One that cannot be removed keeps its order, holds up no other, and throws at the end. */
export async function removeOrdered({ storage, clock, folders }: ExpireParts): Promise<number> {
  const going = await storage.evidence.going();
  const failures: unknown[] = [];
  for (const { id, folder } of going)
    try {
      if (folder !== null) await folders.remove(basenameOf(folder));
      await storage.evidence.recordGone({ id, at: clock.now() });
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
  return going.length;
}

export async function expirePackages(parts: ExpireParts, aged: AgedTime): Promise<number> {
  await parts.storage.evidence.orderRemovals({ at: await aged.now() });
  return removeOrdered(parts);
}

export const expirePackagesJob = (parts: ExpireParts, aged: AgedTime): Job => ({
  name: 'packages',
  dueAt: (at) => Math.floor(at / HOUR_MS) * HOUR_MS,
  async run() {
    await expirePackages(parts, aged);
    return true;
  },
});
