/**
 * Whether nothing waits at a kiosk, as its station is told: yes or no, never how much, since every touch is an event. Both limits
 * are far wider than a round trip, so that one touch more or less never changes the answer.
 * See hub-server/DESIGN.md, "A silent station".
 */

/** What is younger may be on its way. A line that has just come back is taken to be sending, whatever it had. */
export const SENDING_MS = 60_000;

export function isAllSent(
  status: { readonly unsynced: number; readonly oldestUnsyncedMs: number } | null,
  onlineSince: number | null,
  now: number,
): boolean {
  if (status === null || onlineSince === null || now - onlineSince < SENDING_MS) return false;
  return status.unsynced === 0 || status.oldestUnsyncedMs < SENDING_MS;
}
