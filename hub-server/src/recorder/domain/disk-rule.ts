/**
 * How much must go and when recording has to pause, pure. The floor of free space is the reserve of ratings: a full disk
 * stops the hub's database too. The reserve of holds is space that unheld footage leaves to held footage that is still to come.
 */
export interface DiskLimits {
  /** Footage may take this much, bytes; null: as much as the floor leaves. */
  readonly budgetBytes: number | null;
  /** Free space that footage leaves to others, bytes. */
  readonly floorBytes: number;
  /** What unheld footage leaves to holds, bytes; held footage itself counts towards it. */
  readonly holdReserveBytes: number;
}

export interface DiskState {
  readonly keptBytes: number;
  /** Of these, held. */
  readonly heldBytes: number;
  readonly freeBytes: number;
}

/** Recording resumes only when this much more is free, so that it does not start and stop, bytes. */
export const RESUME_BYTES = 64 * 1024 * 1024;

/** A twentieth of a budget at most. */
const resumeInBudget = (budgetBytes: number): number => Math.min(RESUME_BYTES, budgetBytes / 20);

/**
 * Bytes to delete unless held: over the budget or under the floor, with the reserve of holds left open. Where recording has `paused`,
 * as much more as it needs to resume: nothing else would bring that about while footage that may go lies there.
 */
export function excessBytes(
  { budgetBytes, floorBytes, holdReserveBytes }: DiskLimits,
  { keptBytes, heldBytes, freeBytes }: DiskState,
  paused: boolean,
): number {
  const reserved = Math.max(0, holdReserveBytes - heldBytes);
  const open = (resumeBytes: number) => Math.max(reserved, paused ? resumeBytes : 0);
  const underFloor = floorBytes + open(RESUME_BYTES) - freeBytes;
  const overBudget = budgetBytes === null ? 0 : keptBytes + open(resumeInBudget(budgetBytes)) - budgetBytes;
  return Math.ceil(Math.min(keptBytes, Math.max(0, underFloor, overBudget)));
}

/**
 * Whether recording pauses, after what may go has gone; `paused` is whether it does already. Over the budget it pauses only
 * where `exhausted`: nothing but held footage is left. An absent hub never pauses it by the budget.
 */
export function mustPause(
  { budgetBytes, floorBytes }: Pick<DiskLimits, 'budgetBytes' | 'floorBytes'>,
  disk: Pick<DiskState, 'keptBytes' | 'freeBytes'>,
  { paused, exhausted }: { readonly paused: boolean; readonly exhausted: boolean },
): boolean {
  if (disk.freeBytes < floorBytes + (paused ? RESUME_BYTES : 0)) return true;
  if (budgetBytes === null || !exhausted) return false;
  return disk.keptBytes + (paused ? resumeInBudget(budgetBytes) : 0) > budgetBytes;
}
