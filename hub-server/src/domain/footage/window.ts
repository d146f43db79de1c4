/**
 * Which interval of a camera's wall clock may be viewed for a transaction. Bounds add and widen both ends: a frame
 * whose true time lies inside must not be cut off. Refuses: a kiosk clock without an anchor: "cannot be placed",
 * never a guess. See hub-server/DESIGN.md, "Footage".
 */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What is shown before the opening and after the end of a transaction: people approach and leave. */
export const PADDING_MS = 10_000;
/** Never into what is yet to come. */
export function transactionWindow(served: Interval, kioskBoundMs: number, now: number): Interval {
  return {
    from: served.from - PADDING_MS - kioskBoundMs,
    to: Math.min(now, served.to + PADDING_MS + kioskBoundMs),
  };
}
