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

/** Bytes to delete unless held: over the budget or under the floor, with the reserve of holds left open. */
export function excessBytes(limits: DiskLimits, { keptBytes, heldBytes, freeBytes }: DiskState): number {
  const space = Math.min(
    limits.budgetBytes ?? Number.POSITIVE_INFINITY,
    keptBytes + freeBytes - limits.floorBytes,
  );
  const reserved = Math.max(0, limits.holdReserveBytes - heldBytes);
  return Math.min(keptBytes, Math.max(0, keptBytes + reserved - space));
}

/**
 * Whether recording pauses, after what may go has gone; `paused` is whether it does already. Over the budget it pauses only
 * where `exhausted`: nothing but held footage is left. An absent hub never pauses it by the budget.
 */
export function mustPause(
  limits: DiskLimits,
  disk: Pick<DiskState, 'keptBytes' | 'freeBytes'>,
  { paused, exhausted }: { readonly paused: boolean; readonly exhausted: boolean },
): boolean {
  const more = paused ? RESUME_BYTES : 0;
  if (disk.freeBytes < limits.floorBytes + more) return true;
  if (limits.budgetBytes === null || !exhausted) return false;
  return disk.keptBytes + (paused ? Math.min(more, limits.budgetBytes / 20) : 0) > limits.budgetBytes;
}
