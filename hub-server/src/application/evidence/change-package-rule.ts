/** How long written packages are kept: said, or changed with its row of the log. See hub-server/DESIGN.md, "Packages on the disk". */
import type { PackageRule } from '../../domain/evidence/package-retention.ts';
import type { AdminParts } from '../web-parts.ts';

/** Null: as it is. */
export async function changePackageRule(
  { storage, clock }: Pick<AdminParts, 'storage' | 'clock'>,
  actor: string,
  asked: { readonly fetchedDays: number | null; readonly closedDays: number | null },
): Promise<PackageRule> {
  const held = await storage.evidence.rule();
  const { fetchedDays, closedDays } = asked;
  if (fetchedDays === null && closedDays === null) return held;
  const rule = {
    fetchedDays: fetchedDays ?? held.fetchedDays,
    closedDays: closedDays ?? held.closedDays,
  };
  await storage.evidence.setRule({ rule, at: clock.now(), actor });
  return rule;
}
