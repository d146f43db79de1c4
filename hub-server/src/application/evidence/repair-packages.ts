/**
 * Purpose: where folders of packages and their rows disagree: said first, mended with `apply` in the name of whoever asked. A
 *   package whose folder is gone is `lost`; a folder that no package names, or whose package was removed, goes.
 * Refuses: to touch what may just be written or removed (two minutes), or what a waiting package writes.
 * Document: hub-server/DESIGN.md, "Packages on the disk".
 */
import { basenameOf, kindOf } from '../../domain/evidence/package-name.ts';
import { type ExpireParts, removeOrdered } from './expire-packages.ts';

export interface PackageFaults {
  /** Ids of packages without their folder. */
  readonly missing: readonly string[];
  /** Names of folders that no kept package has. */
  readonly strange: readonly string[];
  /** Ids of packages that were ordered to go and are not gone. */
  readonly unfinished: readonly string[];
}

const QUIET_MS = 120_000;

export async function findPackageFaults({ storage, clock, folders }: ExpireParts): Promise<PackageFaults> {
  const [ready, going, lying, waiting] = [
    await storage.evidence.readyFolders(),
    await storage.evidence.going(),
    await folders.list(),
    await storage.evidence.waiting(),
  ];
  const kept = new Set(ready.map(({ folder }) => basenameOf(folder ?? '')));
  const names = new Set(lying.map(({ name }) => name));
  const isBusy = (name: string): boolean => waiting.some((id) => name.includes(id));
  const before = clock.now() - QUIET_MS;
  return {
    missing: ready.filter(({ folder }) => !names.has(basenameOf(folder ?? ''))).map(({ id }) => id),
    strange: lying
      .filter(({ name, changedAt }) => changedAt < before && !kept.has(name))
      .filter(({ name }) => !(kindOf(name) === 'part' && isBusy(name)))
      .filter(({ name }) => !going.some(({ folder }) => name.startsWith(basenameOf(folder ?? '?'))))
      .map(({ name }) => name)
      .sort(),
    unfinished: going.map(({ id }) => id),
  };
}

/** The row of the log that says who mends what is written before anything is. */
export async function repairPackages(parts: ExpireParts, actor: string): Promise<PackageFaults> {
  const { storage, clock, folders } = parts;
  const faults = await findPackageFaults(parts);
  await storage.evidence.recordRepair({ at: clock.now(), actor, faults });
  for (const name of faults.strange) await folders.remove(name);
  await removeOrdered(parts);
  return faults;
}
