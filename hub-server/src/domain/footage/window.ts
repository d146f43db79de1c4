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
/** A crystal's drift between the anchor and the event. */
const DRIFT_PPM = 100;

export interface AnchorSeen {
  /** The kiosk's claimed time and boot time of its anchor event. */
  readonly at: number;
  readonly mono: number;
  readonly hubAt: number;
  readonly rttMs: number;
}

/** How far the kiosk's claimed time may be off the hub's, ± ms; null without an anchor of the same boot. */
export function kioskBound(anchor: AnchorSeen | null, event: { readonly mono: number }): number | null {
  if (!anchor) return null;
  const offset = Math.abs(anchor.at - (anchor.hubAt + anchor.rttMs / 2));
  const drift = (Math.abs(event.mono - anchor.mono) * DRIFT_PPM) / 1_000_000;
  return Math.ceil(offset + anchor.rttMs / 2 + drift);
}

/** A transaction still served is shown up to `now`. */
export function transactionWindow(
  served: { readonly openedAt: number; readonly endedAt: number | null },
  kioskBoundMs: number,
  now: number,
): Interval {
  return {
    from: served.openedAt - PADDING_MS - kioskBoundMs,
    to: Math.min(now, (served.endedAt ?? now) + PADDING_MS + kioskBoundMs),
  };
}
