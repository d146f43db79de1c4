/**
 * Purpose: until when a written package is kept on the hub, and by which rule it goes then.
 * Refuses: to let one go while its case is open or held, or while an address of it still lives.
 * Document: hub-server/DESIGN.md, "Packages on the disk".
 */
export interface PackageRule {
  /** Days after it was fetched last. */
  readonly fetchedDays: number;
  /** Days after its case closed, fetched or not; of one that was written later, after that. */
  readonly closedDays: number;
}
export interface KeptPackage {
  readonly writtenAt: number;
  /** When it was fetched last; null: never. */
  readonly fetchedAt: number | null;
  /** When its case closed; null: it is open. */
  readonly caseClosedAt: number | null;
  /** When the last hold of its case ends; null: nobody knows yet; 0: none lives. */
  readonly heldUntil: number | null;
  /** Up to then it may be fetched by an address that was given. */
  readonly addressUntil: number;
}
export type RemovalRule = 'fetched' | 'case-closed';
export interface PackageEnd {
  readonly at: number;
  readonly rule: RemovalRule;
}

const DAY_MS = 86_400_000;

/** Null: nobody can say yet. Two rules, whichever comes first; never before its case's holds are over. */
export function packageEnd(kept: KeptPackage, rule: PackageRule): PackageEnd | null {
  const { writtenAt, fetchedAt, caseClosedAt, heldUntil, addressUntil } = kept;
  if (caseClosedAt === null || heldUntil === null) return null;
  // Written after its case closed, it has its days all the same.
  const closedAt = Math.max(caseClosedAt, writtenAt);
  const closed: PackageEnd = { at: closedAt + rule.closedDays * DAY_MS, rule: 'case-closed' };
  const fetched: PackageEnd | null =
    fetchedAt === null ? null : { at: fetchedAt + rule.fetchedDays * DAY_MS, rule: 'fetched' };
  const first = fetched !== null && fetched.at < closed.at ? fetched : closed;
  return { at: Math.max(first.at, caseClosedAt, heldUntil, addressUntil), rule: first.rule };
}
