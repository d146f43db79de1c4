/**
 * Whether an officer may have the footage of a turn kept, for which interval and until when. The answer follows from the
 * request alone, never from what else is held. Refuses: a colleague's turn, one that goes on, one too long ago.
 * See hub-server/DESIGN.md, "Holds".
 */
import { servedSpan, type TurnFacts } from './served-span.ts';
import { type Interval, transactionWindow } from './window.ts';

const DAY_MS = 86_400_000;
/** Of a kiosk whose clock was never anchored: generous, since nobody can say. */
const UNPLACED_MS = 3_600_000;

export interface HoldRule {
  readonly withinDays: number;
  readonly days: number;
}
export interface HeldTurn {
  readonly officerId: string;
  readonly facts: TurnFacts;
  readonly boundMs: number | null;
}
export type HoldRefusal =
  | 'intent.unknown_transaction'
  | 'access.refused'
  | 'hold.not_finished'
  | 'hold.too_late';
export type HoldAsked =
  | { readonly ok: true; readonly window: Interval; readonly until: number }
  | { readonly ok: false; readonly code: HoldRefusal };

export function askHold(turn: HeldTurn | null, officerId: string, rule: HoldRule, now: number): HoldAsked {
  if (turn === null) return { ok: false, code: 'intent.unknown_transaction' };
  if (turn.officerId !== officerId) return { ok: false, code: 'access.refused' };
  const { finishedAt } = turn.facts;
  if (finishedAt === null) return { ok: false, code: 'hold.not_finished' };
  if (finishedAt < now - rule.withinDays * DAY_MS) return { ok: false, code: 'hold.too_late' };
  return { ok: true, window: heldWindow(turn), until: heldUntil(turn, rule.days, now) };
}

/**
 * So many days from now, but never from before the turn itself: a hub whose clock stands behind dates nothing into the past. What a
 * kiosk without an anchored clock says of its own time proves nothing.
 */
export function heldUntil(turn: Omit<HeldTurn, 'officerId'>, days: number, now: number): number {
  return Math.max(now, turn.boundMs === null ? now : heldWindow(turn).to) + days * DAY_MS;
}

/**
 * What a hold of a turn keeps: what an inspector would see of it, its prompt to the end, which may still run. What the counter did
 * before and after shortens no hold: where it was placed wrongly, a later fact mends the view, but not what is deleted by then.
 */
export function heldWindow({ facts, boundMs }: Omit<HeldTurn, 'officerId'>): Interval {
  const whole = { ...facts, before: null, after: null };
  return transactionWindow(servedSpan(whole), boundMs ?? UNPLACED_MS, Number.MAX_SAFE_INTEGER);
}

/**
 * A rating by somebody whom no transaction says to be served, as a turn: what it is about came before it, and nothing says when that
 * began. Held like a service whose opening is not known.
 */
export const walkupFacts = (openedAt: number, closeAfterMs: number): TurnFacts => ({
  ...{ openedAt: null, finishedAt: null, byRestart: false, pressedAt: null, before: null, after: null },
  prompt: { from: openedAt, to: null, closeAfterMs },
});

/** A hold by hand: of how much footage at once, and for how long. */
const MANUAL_MAX_MS = 31 * DAY_MS;
const MANUAL_UNTIL_MS = 2 * 366 * DAY_MS;

/** Null: it may be asked. Footage of days to come may be held too. */
export function judgeHold({ from, to }: Interval, until: number, now: number): 'hold.interval' | null {
  const possible = to > from && to - from <= MANUAL_MAX_MS;
  return possible && until > now && until <= now + MANUAL_UNTIL_MS ? null : 'hold.interval';
}
