/**
 * From when to when a service lies by what the hub holds of it, where a fact may be missing: a kiosk that burned says no end, an
 * event in quarantine no beginning. Pure. Refuses: to reach further than a person may see without a second one; to call an end
 * what only a restart wrote, days later maybe. See hub-server/DESIGN.md, "Footage".
 */
import { type Interval, transactionWindow } from './window.ts';

/** How far a service is taken to reach from the moment that is known: as long as two people may open at once. */
export const SERVICE_MAX_MS = 4 * 3_600_000;
/** An instrument closes within ten minutes. */
const PROMPT_MAX_MS = 600_000;
/** Emptying the panel takes the kiosk a little longer. */
const DRAIN_MS = 3_000;

export interface TurnFacts {
  /** Null: `transaction.opened` is not held. */
  readonly openedAt: number | null;
  readonly finishedAt: number | null;
  /** It was written by the next start of the kiosk: the service ended at some time before. */
  readonly byRestart: boolean;
  /** Of `rating.opened`, which follows every finish at once; `from` null: not held, `closeAfterMs` 0: nothing was shown. */
  readonly prompt: {
    readonly from: number | null;
    readonly to: number | null;
    readonly closeAfterMs: number | null;
  } | null;
  /** The last press at the counter. */
  readonly pressedAt: number | null;
  /** What else the counter did before and after, as far as it was placed; null: nothing that is known. */
  readonly before: number | null;
  readonly after: number | null;
}
export interface ServedSpan extends Interval {
  readonly begin: 'recorded' | 'unknown';
  /** `cut`: it is recorded, and lies further away than one person may see. */
  readonly end: 'recorded' | 'unknown' | 'cut';
}

const least = (...times: readonly (number | null)[]): number =>
  Math.min(...times.filter((at): at is number => at !== null));

/** The prompt belongs to what is looked at: a dispute is often about it. It never goes on longer than its form lets it. */
function promptEnd({ prompt, finishedAt, pressedAt }: TurnFacts): number | null {
  const from = prompt?.from ?? finishedAt;
  if (from === null) return null;
  const longest = from + PROMPT_MAX_MS + DRAIN_MS;
  const planned = prompt?.closeAfterMs
    ? from + prompt.closeAfterMs + DRAIN_MS
    : prompt?.to == null
      ? from
      : longest;
  return Math.max(from, least(prompt?.to ?? null, planned, longest), least(pressedAt ?? from, longest));
}

export function servedSpan(facts: TurnFacts): ServedSpan {
  const { openedAt, finishedAt, byRestart, prompt, before, after } = facts;
  // Known of it first: without its opening the finish, or the prompt that came with it.
  const known = openedAt ?? least(finishedAt, prompt?.from ?? null);
  const from = openedAt ?? Math.max(known - SERVICE_MAX_MS, before !== null && before <= known ? before : 0);
  const begin = openedAt === null ? 'unknown' : 'recorded';
  const furthest = known + SERVICE_MAX_MS;
  const over = promptEnd(facts);
  if (finishedAt !== null && !byRestart) {
    const to = Math.max(from, finishedAt, over ?? finishedAt);
    return { from, to: Math.min(to, furthest), begin, end: to > furthest ? 'cut' : 'recorded' };
  }
  // The next thing at the counter, a restart, a prompt: by each of them the service was over.
  const next = after !== null && after >= known ? after : null;
  return { from, to: Math.max(from, least(furthest, next, finishedAt ?? over)), begin, end: 'unknown' };
}

/**
 * Until when at the latest a service goes on that nobody has said is over: what goes on is neither watched nor handed over by one person's
 * word. Null: it is over, or as good as.
 */
export function goesOnUntil(served: ServedSpan, kioskBoundMs: number, now: number): number | null {
  const { to } = transactionWindow(served, kioskBoundMs, Number.MAX_SAFE_INTEGER);
  return served.end === 'unknown' && to > now ? to : null;
}
