/*
 * Purpose: wait for something another process does. Polls until a value arrives or the deadline passes; then it fails
 * with what it waited for and the last thing it saw. Unit tests do not use it: they have fake clocks.
 */
export interface PollOptions {
  /** What is awaited, for the failure's sentence. */
  readonly what: string;
  /** Deadline; a minute unless told: a kiosk whose hub was away tries again after up to 20 s, on a busy machine later. */
  readonly timeoutMs?: number;
  /** Pause between looks; 50 ms unless told. */
  readonly everyMs?: number;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Resolves with the first value that is neither undefined, null nor false; an exception counts as "not yet". */
export async function poll<T>(
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  options: PollOptions,
): Promise<T> {
  const { what, timeoutMs = 60_000, everyMs = 50 } = options;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await look();
      if (value !== undefined && value !== null && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeoutMs} ms for ${what}; last seen: ${String(last)}`);
    }
    await pause(everyMs);
  }
}
