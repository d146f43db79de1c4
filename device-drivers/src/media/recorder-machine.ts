/**
 * Purpose: the life of one camera's recording as a pure machine: check the stream, start ffmpeg, watch it, end it, wait,
 * again; every exit nobody asked for means another start. (state, input) → state + effects as data.
 * Refuses: trusting an exit code (a frozen camera ends ffmpeg with 0), a silent process, a clock that jumps; ending a run
 * because this process was held up.
 * See hub-server/DESIGN.md, "Recording". Times are monotonic ms and come in with each input.
 */
import { type ClockWatch, endByWall, freshClockWatch, watchClock } from './clock-watch.ts';

/** How often the open file is looked at: it grows by each key frame interval. */
export const LOOK_EVERY_MS = 2_000;
/** It has not grown (at the beginning of a run: nor was anything sent) for so long, or for twice as long as it pauses time and again: nothing comes any more. */
export const SILENCE_MS = 9_000;
/** What recurs among so many pauses is this camera's way: a minute or so. One stall alone says nothing of the next silence. */
const PAUSES_KEPT = 16;
/** A tick so late was held up by this process itself: silence is then judged by what the next look finds. */
export const LATE_MS = 2_000;
/** Lines that come so shortly after that came late with it: nothing follows from when. */
const BACKLOG_MS = 1_000;
/** Until it grows at all: ffmpeg reads 5 s to know the stream, and a key frame interval. */
export const FIRST_GROWTH_MS = 15_000;
/** It grows and no file is closed for so long, or for twice as long as it pauses time and again: the stream's clock stands still. */
export const UNCLOSED_MS = 40_000;
/** An exit so long after the last growth was a camera that went silent: twice the socket timeout, less one look. */
export const FROZEN_MS = 6_000;
/** A line so shortly before the exit is the last file, closed by the exit itself. */
const LAST_LINE_MS = 1_000;
/** Between retries of a camera that answers: 0.5 s doubling to 2 s; to 10 s where the fault is on our side. */
export const BACKOFF_MIN_MS = 500;
export const BACKOFF_MAX_MS = 2_000;
export const OWN_BACKOFF_MAX_MS = 10_000;
/** Where a person must act first: accounts lock. */
export const REFUSED_RETRY_MS = 30_000;
/**
 * While nobody answers there, its port is tried this often and nothing else: with a key frame every 2 s and a moment to
 * start, a try a second would bring the first stored picture later than 3 s after it listens again.
 */
export const KNOCK_EVERY_MS = 500;
/** From the polite request to end until the kill. */
export const END_GRACE_MS = 2_500;

export type StreamCode =
  | 'camera.unreachable'
  | 'camera.timeout'
  | 'camera.auth_refused'
  | 'camera.basic_refused'
  | 'camera.address_refused'
  | 'camera.redirected'
  | 'camera.no_tcp'
  | 'camera.stream_missing'
  | 'camera.wrong_codec'
  | 'camera.bad_reply'
  | 'camera.silent'
  | 'camera.clock_reset'
  | 'ffmpeg.missing'
  | 'ffmpeg.failed'
  | 'program.disk_full';

export type RecorderPhase = 'idle' | 'checking' | 'running' | 'ending' | 'waiting' | 'stopped';

export interface RecorderState {
  readonly phase: RecorderPhase;
  readonly stopping: boolean;
  /** Failures since the last segment. */
  readonly failures: number;
  /** Why the run is being ended, or why the machine waits. */
  readonly code: StreamCode | null;
  /** Start of the phase, last file closed, last growth of the open file, next retry, last knock, last look at the open file. */
  readonly since: number;
  readonly closedAt: number;
  readonly grewAt: number;
  /** The growth before it: a frozen camera's last file is closed only when ffmpeg gives up. */
  readonly grewBefore: number;
  readonly lookedAt: number;
  /** Name and size of the open file as last seen; null until it holds anything. */
  readonly seen: string | null;
  /** The newest look that found it otherwise. */
  readonly changedAt: number;
  /** The newest look that found it as it was, and no more sent. */
  readonly stillAt: number;
  /** What the camera had sent by the last look, bytes, and the newest look at which that was more than before. */
  readonly mediaBytes: number;
  readonly sentAt: number;
  /** When this process was last seen to have been held up. */
  readonly heldUpAt: number;
  /** Between the last growths of this run, ms. */
  readonly pauses: readonly number[];
  readonly retryAt: number;
  readonly knockedAt: number;
  /** The last failure was that nobody listens there: worth knocking. */
  readonly knocks: boolean;
  /** Segments closed by the running ffmpeg. */
  readonly segments: number;
  readonly clock: ClockWatch;
  readonly killed: boolean;
}

export type RecorderInput =
  | { readonly type: 'start'; readonly at: number }
  | { readonly type: 'stop'; readonly at: number }
  | { readonly type: 'checked'; readonly at: number; readonly code: StreamCode | null }
  | {
      readonly type: 'segment';
      readonly at: number;
      readonly mediaEndMs: number;
    }
  /** A line of stderr that means something; `clock` only counts once a segment is closed. */
  | { readonly type: 'noticed'; readonly at: number; readonly what: 'clock' | StreamCode }
  /** Name and size of the newest file of the run (null: there is none yet), and what the camera has sent in this run, bytes. */
  | {
      readonly type: 'looked';
      readonly at: number;
      readonly seen: string | null;
      readonly mediaBytes: number;
    }
  | { readonly type: 'exited'; readonly at: number }
  | { readonly type: 'reachable'; readonly at: number }
  | { readonly type: 'tick'; readonly at: number };

export type RecorderEffect =
  | { readonly do: 'check' }
  | { readonly do: 'launch' }
  | { readonly do: 'interrupt' }
  | { readonly do: 'kill' }
  | { readonly do: 'knock' }
  /** Look at the newest file of the run. */
  | { readonly do: 'look' }
  /** Pass the segment just given on, with these flags; it ends at `mediaEndMs` at the latest. */
  | { readonly do: 'keep'; readonly flags: readonly ('first' | 'reset')[]; readonly mediaEndMs: number }
  | { readonly do: 'run-ended' /** Null: we were asked to stop. */; readonly code: StreamCode | null }
  | {
      readonly do: 'state';
      readonly state: 'connecting' | 'recording' | 'down';
      readonly code: StreamCode | null;
    }
  | { readonly do: 'stopped' };

export interface RecorderStep {
  readonly state: RecorderState;
  readonly effects: readonly RecorderEffect[];
}

export const idleRecorder: RecorderState = {
  phase: 'idle',
  stopping: false,
  failures: 0,
  code: null,
  since: 0,
  closedAt: 0,
  grewAt: 0,
  grewBefore: 0,
  lookedAt: 0,
  seen: null,
  changedAt: 0,
  stillAt: 0,
  mediaBytes: 0,
  sentAt: 0,
  heldUpAt: Number.NEGATIVE_INFINITY,
  pauses: [],
  retryAt: 0,
  knockedAt: 0,
  knocks: false,
  segments: 0,
  clock: freshClockWatch(null),
  killed: false,
};

const step = (state: RecorderState, ...effects: RecorderEffect[]): RecorderStep => ({ state, effects });

export function stepRecorder(state: RecorderState, input: RecorderInput): RecorderStep {
  switch (input.type) {
    case 'start':
      return state.phase === 'idle' ? check(state, input.at, true) : step(state);
    case 'stop':
      return stop(state, input.at);
    case 'checked':
      return state.phase === 'checking' ? checked(state, input.at, input.code) : step(state);
    case 'segment':
      return segment(state, input.at, input.mediaEndMs);
    case 'noticed':
      return noticed(state, input.at, input.what);
    case 'looked':
      return looked(state, input);
    case 'exited':
      return exited(state, input.at);
    case 'reachable':
      // What failed before it was away says nothing of how it will be now.
      return state.phase === 'waiting' && state.knocks
        ? check({ ...state, failures: 0 }, input.at)
        : step(state);
    case 'tick':
      return tick(state, input.at);
  }
}

/** When the machine wants its next tick, monotonic ms; null: only an input can move it. */
export function nextTickAt(state: RecorderState): number | null {
  switch (state.phase) {
    case 'running':
      return state.lookedAt + LOOK_EVERY_MS;
    case 'ending':
      return state.killed ? null : state.since + END_GRACE_MS;
    case 'waiting':
      return state.knocks ? state.knockedAt + KNOCK_EVERY_MS : state.retryAt;
    default:
      return null;
  }
}

function check(state: RecorderState, at: number, first = false): RecorderStep {
  const next: RecorderState = { ...state, phase: 'checking', since: at };
  return first
    ? step(next, { do: 'state', state: 'connecting', code: null }, { do: 'check' })
    : step(next, { do: 'check' });
}

function checked(state: RecorderState, at: number, code: StreamCode | null): RecorderStep {
  if (state.stopping) return step({ ...state, phase: 'stopped' }, { do: 'stopped' });
  if (code !== null) return wait(state, at, code, code === 'camera.unreachable' || code === 'camera.timeout');
  return step(
    {
      ...state,
      phase: 'running',
      since: at,
      closedAt: at,
      grewAt: at,
      grewBefore: at,
      lookedAt: at,
      seen: null,
      changedAt: at,
      stillAt: at,
      mediaBytes: 0,
      sentAt: at,
      pauses: [],
      segments: 0,
      clock: freshClockWatch(at),
      code: null,
      killed: false,
    },
    { do: 'launch' },
  );
}

function segment(state: RecorderState, at: number, listedEndMs: number): RecorderStep {
  if (state.phase !== 'ending' && state.phase !== 'running') return step(state);
  const arrived = { arrivalMonoMs: at, mediaEndMs: listedEndMs };
  const kept = (flags: readonly ('first' | 'reset')[]): RecorderEffect => ({
    ...{ do: 'keep', flags },
    // A clock that leapt claims a time that has not passed.
    mediaEndMs: flags.includes('reset') ? endByWall(state.clock, arrived) : listedEndMs,
  });
  if (state.phase === 'ending')
    return step(state, kept(state.code === 'camera.clock_reset' ? ['reset'] : flagsOf(state)));
  const { watch, verdict } = cameLate(state, at)
    ? { watch: state.clock, verdict: 'steady' }
    : watchClock(state.clock, arrived);
  const heard: RecorderState = {
    ...grown(state, at),
    closedAt: at,
    segments: state.segments + 1,
    // What leapt is no measure for the files that are still closed behind it.
    clock: verdict === 'steady' ? watch : state.clock,
  };
  if (verdict !== 'steady') {
    const ended = end(heard, at, 'camera.clock_reset');
    return step(ended.state, kept(['reset']), ...ended.effects);
  }
  const keep = kept(flagsOf(state));
  if (state.segments > 0) return step(heard, keep);
  return step({ ...heard, failures: 0 }, keep, { do: 'state', state: 'recording', code: null });
}

/** Whether a line that comes now waited for this process. */
const cameLate = (state: RecorderState, at: number): boolean =>
  at - state.heldUpAt < BACKLOG_MS || at - (state.lookedAt + LOOK_EVERY_MS) > LATE_MS;

/** Between two key frames pictures come and the file stays as it is. */
function looked(
  before: RecorderState,
  { at, seen, mediaBytes }: Extract<RecorderInput, { type: 'looked' }>,
): RecorderStep {
  if (before.phase !== 'running') return step(before);
  const isSent = mediaBytes > before.mediaBytes;
  const state = { ...before, mediaBytes, sentAt: isSent ? at : before.sentAt };
  if (seen === null || seen === state.seen)
    return step(isSent && !hasRhythm(state) ? state : { ...state, stillAt: at });
  const untold = state.seen === null || state.lookedAt === state.heldUpAt;
  // From look to look: the line of a file that is closed comes in between.
  const pauses = untold ? state.pauses : [...state.pauses, at - state.changedAt].slice(-PAUSES_KEPT);
  return step({ ...grown(state, at), seen, changedAt: at, pauses });
}

/** It is known how often the file grows; until then what the camera sends is its sign of life, so that rare key frames are none of silence. */
const hasRhythm = ({ pauses }: RecorderState): boolean => pauses.length >= 2;
/** The longest pause that came twice lately. */
const recurringMs = ({ pauses }: RecorderState): number => [...pauses].sort((a, b) => b - a)[1] ?? 0;

const grown = (state: RecorderState, at: number): RecorderState => ({
  ...state,
  grewAt: at,
  grewBefore: state.grewAt,
});

const flagsOf = (state: RecorderState): readonly ('first' | 'reset')[] =>
  state.segments === 0 ? ['first'] : [];

function noticed(state: RecorderState, at: number, what: 'clock' | StreamCode): RecorderStep {
  if (state.phase !== 'running') return step(state);
  // The first packets of many cameras come without time and are repaired by ffmpeg: nothing is lost by that.
  if (what === 'clock') return state.segments === 0 ? step(state) : end(state, at, 'camera.clock_reset');
  return what === 'program.disk_full' ? end(state, at, what) : step({ ...state, code: what });
}

/** Ends the running ffmpeg; the exit is awaited. */
function end(state: RecorderState, at: number, code: StreamCode | null): RecorderStep {
  return step({ ...state, phase: 'ending', code, since: at }, { do: 'interrupt' });
}

function exited(state: RecorderState, at: number): RecorderStep {
  if (state.phase !== 'running' && state.phase !== 'ending') return step(state);
  if (state.stopping)
    return step({ ...state, phase: 'stopped' }, { do: 'run-ended', code: state.code }, { do: 'stopped' });
  const grew = at - state.grewAt < LAST_LINE_MS ? state.grewBefore : state.grewAt;
  const frozen = at - grew >= Math.max(FROZEN_MS, 1.5 * recurringMs(state));
  const code = state.code ?? (frozen ? 'camera.silent' : 'camera.unreachable');
  const waiting = wait(state, at, code, false);
  return step(waiting.state, { do: 'run-ended', code }, ...waiting.effects);
}

/** A person must act first. */
const PERSON_FIRST: readonly StreamCode[] = [
  ...(['camera.auth_refused', 'camera.basic_refused'] as const),
  ...(['camera.address_refused', 'camera.wrong_codec', 'camera.no_tcp'] as const),
];

function wait(state: RecorderState, at: number, code: StreamCode, knocks: boolean): RecorderStep {
  const own = code.startsWith('ffmpeg.') || code.startsWith('program.');
  const longest = own ? OWN_BACKOFF_MAX_MS : BACKOFF_MAX_MS;
  const doubled = Math.min(longest, BACKOFF_MIN_MS * 2 ** Math.min(state.failures, 10));
  const refused = PERSON_FIRST.includes(code);
  const retryAt = at + (refused ? REFUSED_RETRY_MS : doubled);
  return step(
    {
      ...state,
      phase: 'waiting',
      code,
      since: at,
      retryAt,
      knockedAt: at,
      knocks,
      failures: state.failures + 1,
    },
    { do: 'state', state: 'down', code },
  );
}

function tick(state: RecorderState, at: number): RecorderStep {
  const due = nextTickAt(state);
  if (due === null || at < due) return step(state);
  switch (state.phase) {
    case 'running': {
      const twice = 2 * recurringMs(state);
      const silence = state.seen === null ? FIRST_GROWTH_MS : Math.max(SILENCE_MS, twice);
      const late = at - due > LATE_MS;
      const alive = hasRhythm(state) ? state.grewAt : Math.max(state.grewAt, state.sentAt);
      if ((late ? state.stillAt : at) - alive >= silence) return end(state, at, 'camera.silent');
      // A line that waits for this process comes before the next look.
      if (!late && at - state.closedAt >= Math.max(UNCLOSED_MS, twice))
        return end(state, at, 'camera.clock_reset');
      const heldUpAt = late ? at : state.heldUpAt;
      return step({ ...state, lookedAt: at, heldUpAt }, { do: 'look' });
    }
    case 'ending':
      return step({ ...state, killed: true }, { do: 'kill' });
    case 'waiting':
      return state.knocks ? step({ ...state, knockedAt: at }, { do: 'knock' }) : check(state, at);
    default:
      return step(state);
  }
}

function stop(state: RecorderState, at: number): RecorderStep {
  const asked = { ...state, stopping: true };
  switch (state.phase) {
    case 'idle':
    case 'waiting':
      return step({ ...asked, phase: 'stopped' }, { do: 'stopped' });
    case 'running':
      return end(asked, at, null);
    case 'checking':
    case 'ending':
      return step(asked);
    case 'stopped':
      return step(asked, { do: 'stopped' });
  }
}
