/**
 * Purpose: how long a login lives. Idle and absolute limits; the last use is written at most once a minute, so that
 * reading pages does not write the database at every request.
 * Refuses: a session past either limit, ended, or from the future.
 */
export type SessionKind = 'user' | 'officer';

export interface SessionLimits {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** An officer sits through a working day at one counter; a web login guards footage and is shorter when idle. */
export const SESSION_LIMITS: Record<SessionKind, SessionLimits> = {
  user: { idleMs: 30 * MINUTE, absoluteMs: 12 * HOUR },
  officer: { idleMs: 4 * HOUR, absoluteMs: 14 * HOUR },
};
export const TOUCH_AFTER_MS = MINUTE;

export interface SessionTimes {
  readonly createdAt: number;
  readonly usedAt: number;
  readonly endedAt: number | null;
}

export function sessionAlive(kind: SessionKind, times: SessionTimes, now: number): boolean {
  const limits = SESSION_LIMITS[kind];
  if (times.endedAt !== null) return false;
  return now - times.usedAt < limits.idleMs && now - times.createdAt < limits.absoluteMs;
}
