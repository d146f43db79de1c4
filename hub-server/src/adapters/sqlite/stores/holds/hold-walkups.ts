/**
 * Purpose: footage of a counter around a bad rating that names no turn. Nobody's turn says what it is about, so the hold reaches back like
 * one of a service whose opening is not known. Refuses: to name an officer or a turn. See hub-server/DESIGN.md, "Holds".
 */
import { besideBy } from '../../../../domain/footage/clock-step.ts';
import { heldUntil, heldWindow, walkupFacts } from '../../../../domain/footage/hold.ts';
import { type Db, many, one, run } from '../../op.ts';
import { clockSteps } from '../cameras/clock-step-rows.ts';
import { DAY_MS, type KeepTimes, placeAt, ruleOf } from './hold-rows.ts';

interface Walkup {
  readonly counterId: string;
  readonly openedAt: number;
  readonly boundMs: number | null;
  readonly closeAfterMs: number;
}

const walkupRequest = (id: string): string => `walkup:${id}`;

/** Queued ones: at most `limit`. How many are left does not matter: the caller asks until none is. */
export function holdWalkups(db: Db, { at, aged }: KeepTimes, limit: number): number {
  const due = many<{ id: string }>(db, `SELECT walkup_id AS id FROM walkup_hold_due LIMIT ${limit}`);
  const { withinDays, days } = ruleOf(db, 'rating');
  const steps = clockSteps(db);
  for (const { id } of due) {
    run(db, 'DELETE FROM walkup_hold_due WHERE walkup_id = ?', id);
    const walkup = one<Walkup>(
      db,
      `SELECT counter_id AS counterId, opened_at AS openedAt, opened_bound AS boundMs, close_after_ms AS closeAfterMs
       FROM walkup WHERE id = ? AND opened_at IS NOT NULL`,
      id,
    );
    if (!walkup || walkup.openedAt < aged - withinDays * DAY_MS) continue;
    const { counterId, openedAt, closeAfterMs } = walkup;
    const besideMs = besideBy(steps, openedAt, openedAt + closeAfterMs);
    const boundMs = walkup.boundMs === null || besideMs === null ? null : walkup.boundMs + besideMs;
    const turn = { facts: walkupFacts(openedAt, closeAfterMs), boundMs };
    const window = heldWindow(turn);
    const request = walkupRequest(id);
    const until = heldUntil(turn, days, aged);
    const asked = { request, kind: 'rating', subject: null, at, until } as const;
    placeAt(db, { counterId, window }, asked, request);
  }
  return due.length;
}
