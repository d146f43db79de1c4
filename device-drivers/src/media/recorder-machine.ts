/**
 * Purpose: the life of one camera's recording as a pure machine: check the stream, start ffmpeg, watch it, end it, wait,
 * again; every exit nobody asked for means another start. (state, input) → state + effects as data.
 * Refuses: trusting an exit code (a frozen camera ends ffmpeg with 0), a silent process, a clock that jumps.
 * See hub-server/DESIGN.md, Footage. Times are monotonic ms and come in with each input.
 */
import { type ClockWatch, freshClockWatch, watchClock } from './clock-watch.ts';

/** Nothing closed for so long: segments take 4 s and one key frame interval. */
export const SILENCE_MS = 15_000;
/** An exit so long after the last close was a camera that went silent: segment 4 s, socket timeout 5 s. */
export const FROZEN_MS = 8_000;
/** A line so shortly before the exit is the last file, closed by the exit itself. */
const LAST_LINE_MS = 1_000;
/** Between retries: 0.5 s doubling to 10 s; where a person must act first, half a minute (accounts lock). */
export const BACKOFF_MIN_MS = 500;
export const BACKOFF_MAX_MS = 10_000;
export const REFUSED_RETRY_MS = 30_000;
/** While it is unreachable its port is tried this often. */
export const KNOCK_EVERY_MS = 1_000;
/** From the polite request to end until the kill. */
export const END_GRACE_MS = 3_000;

export type StreamCode =
  | 'camera.unreachable'
  | 'camera.timeout'
  | 'camera.auth_refused'
  | 'camera.address_refused'
  | 'camera.redirected'
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
  /** Start of the phase, last closed segment, next retry, last knock. */
  readonly since: number;
  readonly heardAt: number;
  /** The close before it: a frozen camera's last file is closed only when ffmpeg gives up. */
  readonly heardBefore: number;
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
  | { readonly type: 'exited'; readonly at: number }
  | { readonly type: 'reachable'; readonly at: number }
  | { readonly type: 'tick'; readonly at: number };

export type RecorderEffect =
  | { readonly do: 'check' }
  | { readonly do: 'launch' }
  | { readonly do: 'interrupt' }
  | { readonly do: 'kill' }
  | { readonly do: 'knock' }
  /** Pass the segment just given on, with these flags. */
  | { readonly do: 'keep'; readonly flags: readonly ('first' | 'reset')[] }
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
  heardAt: 0,
  heardBefore: 0,
  retryAt: 0,
  knockedAt: 0,
  knocks: false,
  segments: 0,
  clock: freshClockWatch,
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
    case 'exited':
      return exited(state, input.at);
    case 'reachable':
      return state.phase === 'waiting' && state.knocks ? check(state, input.at) : step(state);
    case 'tick':
      return tick(state, input.at);
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
  if (code !== null) return wait(state, at, code, code === 'camera.unreachable');
  return step(
    {
      ...state,
      phase: 'running',
      since: at,
      heardAt: at,
      heardBefore: at,
      segments: 0,
      clock: freshClockWatch,
      code: null,
      killed: false,
    },
    { do: 'launch' },
  );
}

function segment(state: RecorderState, at: number, mediaEndMs: number): RecorderStep {
  if (state.phase === 'ending')
    return step(state, {
      do: 'keep',
      flags: state.code === 'camera.clock_reset' ? ['reset'] : flagsOf(state),
    });
  if (state.phase !== 'running') return step(state);
  const { watch, verdict } = watchClock(state.clock, { arrivalMonoMs: at, mediaEndMs });
  const heard: RecorderState = {
    ...state,
    heardAt: at,
    heardBefore: state.heardAt,
    segments: state.segments + 1,
    clock: watch,
  };
  if (verdict !== 'steady') {
    const ended = end(heard, at, 'camera.clock_reset');
    return step(ended.state, { do: 'keep', flags: ['reset'] }, ...ended.effects);
  }
  const keep: RecorderEffect = { do: 'keep', flags: flagsOf(state) };
  if (state.segments > 0) return step(heard, keep);
  return step({ ...heard, failures: 0 }, keep, { do: 'state', state: 'recording', code: null });
}

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
  const heard = at - state.heardAt < LAST_LINE_MS ? state.heardBefore : state.heardAt;
  const code = state.code ?? (at - heard >= FROZEN_MS ? 'camera.silent' : 'camera.unreachable');
  const waiting = wait(state, at, code, false);
  return step(waiting.state, { do: 'run-ended', code }, ...waiting.effects);
}

function wait(state: RecorderState, at: number, code: StreamCode, knocks: boolean): RecorderStep {
  const doubled = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(state.failures, 10));
  const refused =
    code === 'camera.auth_refused' || code === 'camera.address_refused' || code === 'camera.wrong_codec';
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
  if (state.phase === 'running' && at - state.heardAt >= SILENCE_MS) return end(state, at, 'camera.silent');
  if (state.phase === 'ending' && !state.killed && at - state.since >= END_GRACE_MS)
    return step({ ...state, killed: true }, { do: 'kill' });
  if (state.phase !== 'waiting') return step(state);
  if (at >= state.retryAt) return check(state, at);
  if (state.knocks && at - state.knockedAt >= KNOCK_EVERY_MS)
    return step({ ...state, knockedAt: at }, { do: 'knock' });
  return step(state);
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
