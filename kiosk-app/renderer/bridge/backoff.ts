/** Pauses before the next attempt to reach the agent on this machine: it restarts within a second or two. */
const FIRST_MS = 250;
const MOST_MS = 4_000;

export function pauseBeforeAttemptMs(failures: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
}
