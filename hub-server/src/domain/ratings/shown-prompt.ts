/**
 * Purpose: a prompt as everybody but the case's timeline sees it: open from `rating.opened` until a fixed time, then closed at a
 *   fixed time. What was tapped, corrected, left, taken to a phone or never begun is no input, so it cannot show.
 * Refuses: `rating.closed`. When it came tells about the citizen; only footage and the timeline of a case read it.
 * See hub-server/DESIGN.md, "A silent station".
 */

/** Emptying the panel takes the kiosk up to 2 s after the fixed time; the rest is the way here. */
export const SETTLE_MS = 3_000;
/** An anchor may be off by half its round trip of at most 10 s; what lies further ahead is a wrong clock without one. */
const AHEAD_MAX_MS = 10_000;
/** An instrument closes within ten minutes; a fact that says otherwise must not hold a station longer. */
const CLOSE_AFTER_MAX_MS = 600_000;

export interface OpenedPrompt {
  /** When it happened, by its kiosk's anchors or its own claim. */
  readonly openedAt: number;
  /** When the hub had it. */
  readonly receivedAt: number;
  readonly closeAfterMs: number;
}
export interface ShownPrompt {
  /** Null: still open, as shown. */
  readonly closedAt: number | null;
  /** From when on it is shown closed. */
  readonly until: number;
}

export function shownPrompt({ openedAt, receivedAt, closeAfterMs }: OpenedPrompt, now: number): ShownPrompt {
  // A kiosk whose clock runs ahead without an anchor cannot keep a station waiting for that day.
  const from = openedAt - receivedAt > AHEAD_MAX_MS ? receivedAt : openedAt;
  const closedAt = from + Math.min(closeAfterMs, CLOSE_AFTER_MAX_MS);
  const until = closedAt + SETTLE_MS;
  return { closedAt: now >= until ? closedAt : null, until };
}
