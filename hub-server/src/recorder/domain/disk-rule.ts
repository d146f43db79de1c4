/**
 * How much must go and when recording has to pause, pure. The floor of free space comes before the budget: a full disk
 * stops the hub's database too.
 */
export interface DiskLimits {
  /** Footage may take this much, bytes; null: as much as the floor leaves. */
  readonly budgetBytes: number | null;
  /** Free space that footage leaves to others, bytes. */
  readonly floorBytes: number;
}

export interface DiskState {
  readonly keptBytes: number;
  readonly freeBytes: number;
}

/** Recording resumes only when this much more than the floor is free, so that it does not start and stop, bytes. */
export const RESUME_BYTES = 64 * 1024 * 1024;

/** Bytes to delete, oldest first, unless held. */
export function excessBytes(limits: DiskLimits, disk: DiskState): number {
  const overBudget = limits.budgetBytes === null ? 0 : disk.keptBytes - limits.budgetBytes;
  return Math.max(0, overBudget, limits.floorBytes - disk.freeBytes);
}

/** Whether recording pauses; `paused` is whether it does already. The budget alone never pauses it. */
export function mustPause(limits: DiskLimits, freeBytes: number, paused: boolean): boolean {
  return freeBytes < limits.floorBytes + (paused ? RESUME_BYTES : 0);
}
