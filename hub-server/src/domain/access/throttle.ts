/**
 * Purpose: how many wrong logins are borne: per name, per address or station, and in all. An attempt is counted
 * before the costly hash is computed, so that attempts side by side cannot slip past; a right one is taken back.
 * Refuses: telling a known name from an unknown one (both are counted). See hub-server/DESIGN.md, "Security".
 */
export interface ThrottleRule {
  /** Attempts allowed in one window. */
  readonly attempts: number;
  readonly windowMs: number;
  /** How long it stays shut once the attempts are used up. */
  readonly blockMs: number;
}

export interface ThrottleState {
  readonly attempts: number;
  readonly windowFrom: number;
  readonly blockedUntil: number;
}

const MINUTE = 60_000;
/** Five wrong ones by name (the sentence of `access.wrong_pin` says five); an address may hold a whole office. */
export const THROTTLE_RULES = {
  name: { attempts: 5, windowMs: 15 * MINUTE, blockMs: 5 * MINUTE },
  place: { attempts: 30, windowMs: 15 * MINUTE, blockMs: 5 * MINUTE },
  global: { attempts: 300, windowMs: 15 * MINUTE, blockMs: MINUTE },
} as const satisfies Record<string, ThrottleRule>;
export type ThrottleScope = keyof typeof THROTTLE_RULES;

export interface ThrottleKey {
  readonly scope: ThrottleScope;
  readonly key: string;
}

const FRESH: ThrottleState = { attempts: 0, windowFrom: 0, blockedUntil: 0 };

/** Counts one attempt, or refuses it. A refused one changes nothing: waiting always helps. */
export function countAttempt(
  held: ThrottleState | null,
  rule: ThrottleRule,
  now: number,
): { admitted: boolean; next: ThrottleState } {
  const state = held ?? FRESH;
  if (now < state.blockedUntil) return { admitted: false, next: state };
  const expired = state.blockedUntil > 0 || now - state.windowFrom >= rule.windowMs || now < state.windowFrom;
  const attempts = expired ? 1 : state.attempts + 1;
  const windowFrom = expired ? now : state.windowFrom;
  const blockedUntil = attempts >= rule.attempts ? now + rule.blockMs : 0;
  return { admitted: true, next: { attempts, windowFrom, blockedUntil } };
}

/** After a right login: the name starts afresh, a shared count only gives this attempt back. */
export function takeBack(held: ThrottleState | null, scope: ThrottleScope): ThrottleState | null {
  if (!held || scope === 'name') return null;
  const attempts = Math.max(0, held.attempts - 1);
  return { ...held, attempts, blockedUntil: 0 };
}
