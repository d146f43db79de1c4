/**
 * Purpose: what is done when a kiosk's window is closed, crashes, hangs, shows another page or gets a second window
 *   beside it. Pure: (state, input, now) → state and effects; both shells run it. Times are ms of a monotonic clock.
 * Refuses: to start the window again without a pause when it keeps ending; to call a page hung that nobody could hear.
 * Document: kiosk-app/LOCK.md, "Who watches".
 */

/** A page beats every second; a slow machine that swaps is late by two or three. */
export const HANG_AFTER_MS = 5_000;
/** From the start of the program to its first beat, with a cold disk on the slowest machine we promise. */
export const FIRST_BEAT_MS = 30_000;
/** So many starts within a minute are at once: what a bored person does. After them each pause doubles. */
export const STARTS_AT_ONCE = 5;
const MINUTE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 30_000;

/** In a locked session nothing else takes the keyboard or room from the page: a dialog, a bar or a menu does. */
export const COVERED_AFTER_MS = 600;

export type Why = 'closed' | 'crashed' | 'hung' | 'strayed' | 'covered' | 'reload' | 'size';

export interface WatchdogState {
  /** `waiting`: for the agent, without which there is no page; `pausing`: until `startAt`. */
  readonly phase: 'waiting' | 'pausing' | 'running' | 'stopping';
  readonly agentUp: boolean;
  readonly agentUpSince: number;
  readonly startedAt: number;
  /** Null: it has not been heard since its start. */
  readonly lastBeatAt: number | null;
  /** It filled the display and had the keyboard once. Where it never does (no keyboard, a desk), that says nothing. */
  readonly wasWhole: boolean;
  /** Since when it does no more; null: it does. */
  readonly partSince: number | null;
  readonly startAt: number;
  /** Starts of the last minute. */
  readonly starts: readonly number[];
  readonly counts: Readonly<Record<Why | 'foreign', number>>;
}

export type WatchdogInput =
  | { readonly type: 'agent'; readonly up: boolean }
  /** `whole`: the page fills the display and has the keyboard. */
  | { readonly type: 'beat'; readonly whole: boolean }
  /** The program ended by itself, or because it was stopped. */
  | { readonly type: 'ended' }
  | { readonly type: 'closed' | 'crashed' | 'hung' | 'strayed' | 'reload' | 'size' }
  /** Another window than ours, by the name its program gives it. */
  | { readonly type: 'foreign'; readonly target: string }
  | { readonly type: 'tick' };

export type WatchdogEffect =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop'; readonly why: Why }
  | { readonly kind: 'close'; readonly target: string }
  | { readonly kind: 'noticed'; readonly why: Why | 'foreign' };

export interface WatchdogStep {
  readonly state: WatchdogState;
  readonly effects: readonly WatchdogEffect[];
}

export function startWatchdog(now: number): WatchdogState {
  return {
    phase: 'waiting',
    agentUp: false,
    agentUpSince: now,
    startedAt: now,
    lastBeatAt: null,
    wasWhole: false,
    partSince: null,
    startAt: now,
    starts: [],
    counts: { closed: 0, crashed: 0, hung: 0, strayed: 0, covered: 0, reload: 0, size: 0, foreign: 0 },
  };
}

/** How often something was wrong with the page, for the device's health: not what was asked for, nor the first look at the display. */
export function restartsOf({ counts }: WatchdogState): number {
  const { closed, crashed, hung, strayed, covered } = counts;
  return closed + crashed + hung + strayed + covered;
}

const still = (state: WatchdogState): WatchdogStep => ({ state, effects: [] });

const counted = (state: WatchdogState, why: Why | 'foreign'): WatchdogState => ({
  ...state,
  counts: { ...state.counts, [why]: state.counts[why] + 1 },
});

/** How long the next start waits, with so many behind it in the last minute. */
export function pauseMs(starts: number): number {
  const over = starts - STARTS_AT_ONCE;
  return over < 0 ? 0 : Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** over);
}

function begin(state: WatchdogState, now: number): WatchdogStep {
  const starts = [...state.starts.filter((at) => now - at < MINUTE_MS), now];
  const fresh = { lastBeatAt: null, wasWhole: false, partSince: null };
  const running: WatchdogState = { ...state, ...fresh, phase: 'running', startedAt: now, starts };
  return { state: running, effects: [{ kind: 'start' }] };
}

function beginSoon(state: WatchdogState, now: number): WatchdogStep {
  if (!state.agentUp) return still({ ...state, phase: 'waiting' });
  const pause = pauseMs(state.starts.filter((at) => now - at < MINUTE_MS).length);
  if (pause === 0) return begin(state, now);
  return still({ ...state, phase: 'pausing', startAt: now + pause });
}

/** The program is asked to end; its end, which is awaited, begins it anew. */
function end(state: WatchdogState, why: Why): WatchdogStep {
  if (state.phase !== 'running') return still(state);
  return {
    state: { ...counted(state, why), phase: 'stopping' },
    effects: [
      { kind: 'noticed', why },
      { kind: 'stop', why },
    ],
  };
}

function beaten(state: WatchdogState, whole: boolean, now: number): WatchdogState {
  const partSince = whole || !state.wasWhole ? null : (state.partSince ?? now);
  return { ...state, lastBeatAt: now, wasWhole: state.wasWhole || whole, partSince };
}

function tick(state: WatchdogState, now: number): WatchdogStep {
  if (state.phase === 'pausing' && now >= state.startAt)
    return state.agentUp ? begin(state, now) : still({ ...state, phase: 'waiting' });
  const { partSince } = state;
  if (state.phase === 'running' && partSince !== null && now - partSince >= COVERED_AFTER_MS)
    return end(state, 'covered');
  // Without the agent no beat arrives, whatever the page does; after its return the page needs a moment to find it.
  if (state.phase !== 'running' || !state.agentUp) return still(state);
  const silentFrom = Math.max(state.lastBeatAt ?? state.startedAt, state.agentUpSince);
  const silentMax = state.lastBeatAt === null ? FIRST_BEAT_MS : HANG_AFTER_MS;
  return now - silentFrom >= silentMax ? end(state, 'hung') : still(state);
}

export function stepWatchdog(state: WatchdogState, input: WatchdogInput, now: number): WatchdogStep {
  switch (input.type) {
    case 'agent': {
      if (input.up === state.agentUp) return still(state);
      const next = { ...state, agentUp: input.up, agentUpSince: now };
      return input.up && next.phase === 'waiting' ? beginSoon(next, now) : still(next);
    }
    case 'beat':
      return still(state.phase === 'running' ? beaten(state, input.whole, now) : state);
    case 'ended': {
      if (state.phase === 'stopping') return beginSoon(state, now);
      if (state.phase !== 'running') return still(state);
      const { state: next, effects } = beginSoon(counted(state, 'closed'), now);
      return { state: next, effects: [{ kind: 'noticed', why: 'closed' }, ...effects] };
    }
    case 'closed':
    case 'crashed':
    case 'hung':
    case 'strayed':
    case 'reload':
    case 'size':
      return end(state, input.type);
    case 'foreign':
      return {
        state: counted(state, 'foreign'),
        effects: [
          { kind: 'noticed', why: 'foreign' },
          { kind: 'close', target: input.target },
        ],
      };
    case 'tick':
      return tick(state, now);
  }
}
