/**
 * What the window remembers between two screens of the agent: which tile was touched, whether an answer is awaited,
 * the language, whether the agent is away. Pure: (state, input) → state + messages; time comes in as a number.
 * It refuses a second touch while one is awaited, and touches in the first moments of a question (a trembling hand).
 * Nothing here depends on the level: see renderer/DESIGN.md; protocol/ui.ts.
 */
import type { AskTicket, RatingId } from '@hailong/shared/ids.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { AgentToWindow, Screen, WindowToAgent } from '@hailong/shared/protocol/ui.ts';

export type Language = 'vi' | 'en';

/** "Đang ghi nhận…" appears when no answer came by then. */
export const BUSY_AFTER_MS = 300;
/** A shorter absence of the agent (a restart of its gateway) is not shown. */
export const AWAY_AFTER_MS = 1_500;
/** A question ignores touches this long after it appeared, so that a double tap answers only one question. */
export const GUARD_MS = 350;
/** The agent answers in milliseconds; after this the keys work again and the agent judges a repetition by its press. */
export const ANSWER_WAIT_MAX_MS = 10_000;
/** A panel press that leads nowhere (late, second) is unmarked after this. */
export const PANEL_MARK_MS = 1_500;
/** English chosen at rest and left alone goes back to Vietnamese. */
export const LANGUAGE_KEPT_AT_REST_MS = 20_000;

type Awaited = Extract<WindowToAgent, { type: 'tap' | 'skip' | 'correct' | 'citizen.open' }>;

export interface KioskState {
  readonly connected: boolean;
  readonly changedConnectionAtMs: number;
  /** The agent has been missing long enough to say so. */
  readonly away: boolean;
  readonly screen: Screen | null;
  /** Counts the screens received: a key for what must start anew with each. */
  readonly received: number;
  readonly shownAtMs: number;
  readonly language: Language;
  readonly languageChosenAtMs: number;
  /** The tile marked as pressed: by touch, key or panel. */
  readonly marked: LevelKey | null;
  /** When a mark that the panel made goes by itself; null for a touch, which is answered. */
  readonly markEndsAtMs: number | null;
  /** Sent, or waiting for the line to return; its answer is the next screen, `recorded` or `refused`. */
  readonly awaited: Awaited | null;
  readonly awaitedSinceMs: number;
  readonly busy: boolean;
  /** The rating last asked about, for "Chọn lại" on the thanks. */
  readonly rating: RatingId | null;
}

export type KioskInput =
  | { readonly type: 'message'; readonly message: AgentToWindow }
  | { readonly type: 'connection'; readonly connected: boolean }
  | { readonly type: 'tap'; readonly level: LevelKey; readonly press: string }
  | { readonly type: 'skip' }
  | { readonly type: 'correct' }
  | { readonly type: 'citizen.open' }
  | { readonly type: 'language' }
  | { readonly type: 'wake' };

export interface KioskStep {
  readonly state: KioskState;
  readonly send: WindowToAgent | null;
}

export function startKiosk(nowMs: number): KioskState {
  return {
    connected: false,
    changedConnectionAtMs: nowMs,
    away: false,
    screen: null,
    received: 0,
    shownAtMs: nowMs,
    language: 'vi',
    languageChosenAtMs: nowMs,
    marked: null,
    markEndsAtMs: null,
    awaited: null,
    awaitedSinceMs: nowMs,
    busy: false,
    rating: null,
  };
}

const idle = { awaited: null, busy: false, marked: null, markEndsAtMs: null } as const;
const still = (state: KioskState): KioskStep => ({ state, send: null });

/** Names what a screen asks; two screens with the same name are one to the citizen (a notice or a key changed). */
export function askOf(screen: Screen | null): string {
  if (screen === null) return 'none';
  return screen.name === 'question' ? `question ${screen.question.askTicket}` : screen.name;
}

const betweenCitizens = (screen: Screen | null): boolean =>
  screen === null || screen.name === 'rest' || screen.name === 'closed' || screen.name === 'starting';

function receiveScreen(state: KioskState, screen: Screen, nowMs: number): KioskStep {
  const same = askOf(screen) === askOf(state.screen);
  const next: KioskState = {
    ...state,
    screen,
    received: state.received + 1,
    shownAtMs: same ? state.shownAtMs : nowMs,
    rating: screen.name === 'question' ? screen.question.rating : state.rating,
    language: !same && betweenCitizens(screen) ? 'vi' : state.language,
    ...(same ? {} : idle),
  };
  // The line broke with an answer on its way: the same press again, which the agent counts once.
  const again = same && state.awaited !== null && state.changedConnectionAtMs > state.awaitedSinceMs;
  return again ? { state: { ...next, awaitedSinceMs: nowMs }, send: state.awaited } : still(next);
}

function receive(state: KioskState, message: AgentToWindow, nowMs: number): KioskStep {
  switch (message.type) {
    case 'screen':
      return receiveScreen(state, message.screen, nowMs);
    case 'recorded':
      // On disk; the next screen follows at once: the tile stays marked and the keys stay still until then.
      return still(
        isAwaited(state, message.press) ? { ...state, awaited: null, busy: false, shownAtMs: nowMs } : state,
      );
    case 'refused':
      return still(isAwaited(state, message.press) ? { ...state, ...idle } : state);
    case 'pressed': {
      if (state.screen?.name !== 'question') return still(state);
      const level = state.screen.question.levels[message.button - 1];
      if (level === undefined || state.awaited !== null) return still(state);
      return still({ ...state, marked: level.key, markEndsAtMs: nowMs + PANEL_MARK_MS });
    }
    default:
      return message satisfies never;
  }
}

const isAwaited = (state: KioskState, press: string): boolean =>
  state.awaited?.type === 'tap' && state.awaited.press === press;

/** Keys act when nothing is awaited and the screen has been seen. */
export function acceptsTouch(state: KioskState, nowMs: number): boolean {
  return state.awaited === null && !state.away && nowMs - state.shownAtMs >= GUARD_MS;
}

function ask(state: KioskState, message: Awaited, marked: LevelKey | null, nowMs: number): KioskStep {
  if (!acceptsTouch(state, nowMs)) return still(state);
  const next: KioskState = { ...state, awaited: message, awaitedSinceMs: nowMs, marked, markEndsAtMs: null };
  return { state: next, send: state.connected ? message : null };
}

/** The rating and ticket that an answer to the question on show carries. */
function askedNow(state: KioskState): { rating: RatingId; askTicket: AskTicket } | null {
  if (state.screen?.name !== 'question') return null;
  const { rating, askTicket } = state.screen.question;
  return { rating, askTicket };
}

function touch(
  state: KioskState,
  input: Extract<KioskInput, { type: 'tap' | 'skip' | 'correct' | 'citizen.open' }>,
  nowMs: number,
): KioskStep {
  const asked = askedNow(state);
  switch (input.type) {
    case 'tap':
      if (asked === null) return still(state);
      return ask(
        state,
        { type: 'tap', press: input.press, level: input.level, ...asked },
        input.level,
        nowMs,
      );
    case 'skip':
      return asked === null ? still(state) : ask(state, { type: 'skip', ...asked }, null, nowMs);
    case 'correct': {
      const { screen } = state;
      if (screen === null || !('canCorrect' in screen) || !screen.canCorrect) return still(state);
      return ask(state, { type: 'correct', rating: state.rating }, null, nowMs);
    }
    case 'citizen.open':
      if (state.screen?.name !== 'serving') return still(state);
      return ask(state, { type: 'citizen.open' }, null, nowMs);
    default:
      return input satisfies never;
  }
}

function wake(state: KioskState, nowMs: number): KioskState {
  let next = state;
  if (!next.connected && nowMs - next.changedConnectionAtMs >= AWAY_AFTER_MS) next = { ...next, away: true };
  if (next.awaited !== null) {
    const waitedMs = nowMs - next.awaitedSinceMs;
    if (waitedMs >= ANSWER_WAIT_MAX_MS) next = { ...next, ...idle };
    else if (waitedMs >= BUSY_AFTER_MS) next = { ...next, busy: true };
  }
  if (next.markEndsAtMs !== null && nowMs >= next.markEndsAtMs)
    next = { ...next, marked: null, markEndsAtMs: null };
  if (
    next.language !== 'vi' &&
    betweenCitizens(next.screen) &&
    nowMs - next.languageChosenAtMs >= LANGUAGE_KEPT_AT_REST_MS
  )
    next = { ...next, language: 'vi' };
  return next;
}

export function stepKiosk(state: KioskState, input: KioskInput, nowMs: number): KioskStep {
  switch (input.type) {
    case 'message':
      return receive(state, input.message, nowMs);
    case 'connection': {
      if (input.connected === state.connected) return still(state);
      const away = input.connected ? false : state.away;
      return still({ ...state, connected: input.connected, changedConnectionAtMs: nowMs, away });
    }
    case 'language': {
      const language: Language = state.language === 'vi' ? 'en' : 'vi';
      return still({ ...state, language, languageChosenAtMs: nowMs });
    }
    case 'wake':
      return still(wake(state, nowMs));
    default:
      return touch(state, input, nowMs);
  }
}

/** When the state next changes by time alone, or null: the one timer the window keeps. */
export function nextWakeMs(state: KioskState): number | null {
  const times: number[] = [];
  if (!state.connected && !state.away) times.push(state.changedConnectionAtMs + AWAY_AFTER_MS);
  if (state.awaited !== null)
    times.push(state.awaitedSinceMs + (state.busy ? ANSWER_WAIT_MAX_MS : BUSY_AFTER_MS));
  if (state.markEndsAtMs !== null) times.push(state.markEndsAtMs);
  if (state.language !== 'vi' && betweenCitizens(state.screen))
    times.push(state.languageChosenAtMs + LANGUAGE_KEPT_AT_REST_MS);
  return times.length === 0 ? null : Math.min(...times);
}
