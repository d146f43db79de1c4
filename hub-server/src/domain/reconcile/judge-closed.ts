/**
 * Purpose: was anybody asked about a dossier that the provincial system closed? By the dossier's code and a prompt that was
 *   shown, never by "prompted" alone: a mark that asks nobody is the evasion to list, in a column of its own.
 * Refuses: an accusation while a kiosk may still hold the answer (`unknown`), and by the clock of a kiosk that nobody can place.
 * See hub-server/DESIGN.md, "Reconciliation".
 */
export type ClosedState = 'asked' | 'unasked' | 'silent' | 'unknown';

export interface ReconcileRule {
  readonly nearMs: number;
  readonly reportedMs: number;
  readonly againDays: number;
  readonly keepDays: number;
}
/** A transaction that carries the dossier. */
export interface CarryingTurn {
  readonly counterId: string;
  readonly at: number;
  /** Its time rests on a claim: it is taken to be near. */
  readonly provisional: boolean;
  readonly shown: boolean;
  readonly voted: boolean;
  /** No-show, test or accident. */
  readonly marked: boolean;
}
export interface ReportingKiosk {
  readonly lastSeenAt: number | null;
  readonly unsynced: number;
  readonly oldestUnsyncedMs: number;
}
export interface ClosedVerdict {
  readonly state: ClosedState;
  readonly turnCounter: string | null;
}

export function judgeClosed(
  closedAt: number,
  turns: readonly CarryingTurn[],
  kiosks: readonly ReportingKiosk[],
  rule: ReconcileRule,
): ClosedVerdict {
  const near = turns.filter(({ at, provisional }) => provisional || Math.abs(at - closedAt) <= rule.nearMs);
  const asked = near.find(({ shown, voted }) => shown || voted);
  if (asked) return { state: 'asked', turnCounter: asked.counterId };
  const turnCounter = near[0]?.counterId ?? null;
  if (!kiosks.every((kiosk) => hasReported(kiosk, closedAt + rule.reportedMs)))
    return { state: 'unknown', turnCounter };
  const silent = near.find(({ marked }) => marked);
  return silent ? { state: 'silent', turnCounter: silent.counterId } : { state: 'unasked', turnCounter };
}

function hasReported({ lastSeenAt, unsynced, oldestUnsyncedMs }: ReportingKiosk, until: number): boolean {
  return lastSeenAt !== null && lastSeenAt - (unsynced === 0 ? 0 : oldestUnsyncedMs) >= until;
}
