/**
 * The hub's clock by this browser's monotonic one: asked several times, the quickest answer counts, and it ages.
 * Refuses: to go on showing a time that nobody has confirmed for a while. Pure but for what is handed in.
 */
export interface Reading {
  /** hub time = performance.now() + offsetMs, within ± boundMs. */
  readonly offsetMs: number;
  readonly boundMs: number;
  /** performance.now() of the reading. */
  readonly readAt: number;
}

/** A quartz may run so far off. */
const DRIFT = 100 / 1_000_000;
/** After so long without an answer the digits go. */
export const STALE_MS = 30_000;
/** Looser than this is no clock to measure by. */
export const BOUND_MAX_MS = 250;

export function readAnswer(sentAt: number, at: number, heardAt: number): Reading {
  return {
    offsetMs: at - (sentAt + heardAt) / 2,
    // The hub tells whole milliseconds.
    boundMs: (heardAt - sentAt) / 2 + 1,
    readAt: heardAt,
  };
}

const boundAt = (reading: Reading, now: number): number =>
  reading.boundMs + Math.abs(now - reading.readAt) * DRIFT;

/** The better of two for now; a reading that went stale is no better than none. */
export function better(held: Reading | null, next: Reading): Reading {
  return held !== null &&
    boundAt(held, next.readAt) < next.boundMs &&
    next.readAt - held.readAt < STALE_MS / 2
    ? held
    : next;
}

export type HubTime =
  | { readonly state: 'waiting' | 'away' | 'loose' }
  | { readonly state: 'good'; readonly at: number; readonly boundMs: number };

/** `heardAt`: when the hub last answered; null: never. */
export function hubTime(held: Reading | null, heardAt: number | null, now: number): HubTime {
  if (held === null || heardAt === null) return { state: 'waiting' };
  if (now - heardAt > STALE_MS) return { state: 'away' };
  const boundMs = boundAt(held, now);
  return boundMs > BOUND_MAX_MS ? { state: 'loose' } : { state: 'good', at: held.offsetMs + now, boundMs };
}
