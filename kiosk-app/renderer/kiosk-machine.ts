/**
 * What the window remembers between two screens of the agent: which tile or chips were touched, whether an answer is
 * awaited, the language, whether the agent is away. Pure: (state, input) → state + messages; time comes in as a number.
 * It refuses a second touch while one is awaited, and touches in the first moments of a question (a trembling hand).
 * Nothing here depends on the level: see renderer/DESIGN.md; protocol/ui.ts.
 */
import type { AskTicket, RatingId } from '@hailong/shared/ids.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { AgentToWindow, OfficerAct, Screen, WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import {
  adoptChips,
  type ChipChoice,
  chipsSent,
  noChoice,
  pressToSend,
  type TouchedChip,
  touchChip,
} from './chip-choice.ts';
import type { Language } from './text/catalogues.ts';

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
/** The list of languages opened and left alone gives the screen back. */
export const LANGUAGE_LIST_MS = 10_000;

/** What a citizen pressed goes again when the line was cut; what an officer pressed does not: a PIN is kept nowhere. */
type Awaited =
  | Extract<
      WindowToAgent,
      { type: 'tap' | 'skip' | 'correct' | 'citizen.open' | 'chips' | 'private' | 'walkup' }
    >
  | { readonly type: 'officer' };

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
  /** The list of languages covers the screen since then; null: it does not. */
  readonly listSinceMs: number | null;
  /** The tile marked as pressed: by touch, key or panel. */
  readonly marked: LevelKey | null;
  /** When a mark that the panel made goes by itself; null for a touch, which is answered. */
  readonly markEndsAtMs: number | null;
  /** Sent, or waiting for the line to return; its answer is the next screen, `recorded` or `refused`. */
  readonly awaited: Awaited | null;
  readonly awaitedSinceMs: number;
  readonly busy: boolean;
  /** The page of chips as touched, ahead of what is recorded. */
  readonly choice: ChipChoice;
  /** The rating last asked about, for "Chọn lại" on the thanks; nothing of it stays between two citizens. */
  readonly rating: RatingId | null;
}

export type KioskInput =
  | { readonly type: 'message'; readonly message: AgentToWindow }
  | { readonly type: 'connection'; readonly connected: boolean }
  /** `wedge`: the button of a panel that types keys, 1-based. */
  | {
      readonly type: 'tap';
      readonly level: LevelKey;
      readonly press: string;
      readonly wedge?: number | undefined;
    }
  | ({ readonly type: 'chip' } & TouchedChip)
  | { readonly type: 'skip' | 'correct' | 'citizen.open' | 'private' | 'walkup' }
  /** A dark screen was touched. */
  | { readonly type: 'light' }
  | { readonly type: 'officer.ask' | 'officer.lock' }
  | { readonly type: 'officer.login'; readonly staffCode: string; readonly pin: string }
  | { readonly type: 'officer.act'; readonly act: OfficerAct }
  /** The language key: with two languages the other one, else the list of all that are `offered`. */
  | { readonly type: 'language'; readonly offered: readonly Language[] }
  | { readonly type: 'language.choose'; readonly language: Language }
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
    listSinceMs: null,
    marked: null,
    markEndsAtMs: null,
    awaited: null,
    awaitedSinceMs: nowMs,
    busy: false,
    choice: noChoice,
    rating: null,
  };
}

const idle = { awaited: null, busy: false, marked: null, markEndsAtMs: null, choice: noChoice } as const;
const still = (state: KioskState): KioskStep => ({ state, send: null });

/** Names what a screen asks; two screens with the same name are one to the citizen (a notice or a key changed). */
export function askOf(screen: Screen | null): string {
  if (screen === null) return 'none';
  switch (screen.name) {
    case 'question':
      return `question ${screen.question.askTicket}`;
    case 'chips':
      return `chips ${screen.askTicket}`;
    case 'serving':
      return `serving ${screen.transaction ?? ''}`;
    case 'pin':
      return `pin ${screen.why} ${screen.whom?.code ?? ''}`;
    default:
      return screen.name;
  }
}

const AT_REST: ReadonlySet<string | undefined> = new Set([undefined, 'rest', 'closed', 'starting']);
/** No citizen is being asked or served: nothing of the one before may be left. */
const betweenCitizens = (screen: Screen | null): boolean =>
  AT_REST.has(screen?.name) || screen?.name === 'pin' || screen?.name === 'setup';

function ratingOf(screen: Screen, before: RatingId | null): RatingId | null {
  if (screen.name === 'question') return screen.question.rating;
  if (screen.name === 'chips' || screen.name === 'private') return screen.rating;
  return betweenCitizens(screen) ? null : before;
}

/** One turn after another, with nothing shown between them. */
const isNextTurn = (before: Screen | null, screen: Screen): boolean =>
  before?.name === 'serving' && screen.name === 'serving' && askOf(before) !== askOf(screen);

function receiveScreen(state: KioskState, screen: Screen, nowMs: number): KioskStep {
  const same = askOf(screen) === askOf(state.screen);
  const isNew = !same && (betweenCitizens(screen) || isNextTurn(state.screen, screen));
  const next: KioskState = {
    ...state,
    screen,
    received: state.received + 1,
    shownAtMs: same ? state.shownAtMs : nowMs,
    rating: ratingOf(screen, state.rating),
    language: isNew ? 'vi' : state.language,
    ...(same ? {} : { ...idle, listSinceMs: null }),
  };
  if (!same || state.awaited === null) return still({ ...next, choice: adoptChips(next.choice) });
  if (state.awaited.type === 'officer') return still({ ...next, ...idle });
  // The line broke with an answer on its way: the same press again, which the agent counts once.
  const again = state.changedConnectionAtMs > state.awaitedSinceMs;
  return again ? { state: { ...next, awaitedSinceMs: nowMs }, send: state.awaited } : still(next);
}

function receive(state: KioskState, message: AgentToWindow, nowMs: number): KioskStep {
  switch (message.type) {
    case 'screen':
      return receiveScreen(state, message.screen, nowMs);
    case 'recorded': {
      if (!isAwaited(state, message.press)) return still(state);
      if (state.awaited?.type === 'chips') return chipsRecorded(state, nowMs);
      // On disk; the next screen follows at once: the tile stays marked and the keys stay still until then.
      return still({ ...state, awaited: null, busy: false, shownAtMs: nowMs });
    }
    case 'refused':
      return still(isAwaited(state, message.press) ? { ...state, ...idle } : state);
    case 'pressed': {
      if (state.screen?.name !== 'question') return still(state);
      const level = state.screen.question.levels[message.button - 1];
      if (level === undefined || state.awaited !== null) return still(state);
      return still({ ...state, marked: level.key, markEndsAtMs: nowMs + PANEL_MARK_MS });
    }
    case 'reload':
    case 'beat':
    case 'setup':
      // Of the page, of its shell and of the set-up, not of what is shown.
      return still(state);
    default:
      return message satisfies never;
  }
}

const isAwaited = ({ awaited }: KioskState, press: string): boolean =>
  (awaited?.type === 'tap' || awaited?.type === 'chips') && awaited.press === press;

/** The set is on disk: what was touched meanwhile goes next, then "Xong" if it was pressed. */
function chipsRecorded(state: KioskState, nowMs: number): KioskStep {
  if (state.screen?.name !== 'chips' || state.awaited?.type !== 'chips') return still(state);
  const free: KioskState = { ...state, awaited: null, busy: false };
  const press = pressToSend(state.choice, state.awaited.chips);
  if (press !== null) return sendChips(free, state.screen, press, nowMs);
  if (!state.choice.leaving) return still(free);
  const { rating, askTicket } = state.screen;
  return put(free, { type: 'skip', rating, askTicket }, nowMs);
}

function sendChips(
  state: KioskState,
  { rating, askTicket, chosen }: Extract<Screen, { name: 'chips' }>,
  press: string,
  nowMs: number,
): KioskStep {
  const chips = [...(state.choice.chosen ?? chosen)];
  return put(
    { ...state, choice: chipsSent(state.choice) },
    { type: 'chips', press, rating, askTicket, chips },
    nowMs,
  );
}

/** Keys act when nothing is awaited and the screen has been seen. */
export function acceptsTouch(state: KioskState, nowMs: number): boolean {
  return state.awaited === null && hasBeenSeen(state, nowMs);
}

const hasBeenSeen = (state: KioskState, nowMs: number): boolean =>
  !state.away && nowMs - state.shownAtMs >= GUARD_MS;

/** Waits for the answer, and sends now or when the line returns. */
function put(state: KioskState, message: Exclude<Awaited, { type: 'officer' }>, nowMs: number): KioskStep {
  const next: KioskState = { ...state, awaited: message, awaitedSinceMs: nowMs };
  return { state: next, send: state.connected ? message : null };
}

function ask(
  state: KioskState,
  message: Exclude<Awaited, { type: 'officer' }>,
  marked: LevelKey | null,
  nowMs: number,
): KioskStep {
  if (!acceptsTouch(state, nowMs)) return still(state);
  return put({ ...state, marked, markEndsAtMs: null }, message, nowMs);
}

/** An officer's key acts now or not at all: nothing of it waits here for a line to return. */
function askAsOfficer(state: KioskState, message: WindowToAgent, nowMs: number): KioskStep {
  if (!state.connected || !acceptsTouch(state, nowMs)) return still(state);
  return { state: { ...state, awaited: { type: 'officer' }, awaitedSinceMs: nowMs }, send: message };
}

/** The rating and ticket that an answer to the page on show carries. */
function askedNow({ screen }: KioskState): { rating: RatingId; askTicket: AskTicket } | null {
  const asked = screen?.name === 'question' ? screen.question : screen;
  return asked && 'askTicket' in asked ? { rating: asked.rating, askTicket: asked.askTicket } : null;
}

function touchChips(state: KioskState, touched: TouchedChip, nowMs: number): KioskStep {
  const { screen, awaited } = state;
  if (screen?.name !== 'chips' || !hasBeenSeen(state, nowMs)) return still(state);
  if (awaited !== null && awaited.type !== 'chips') return still(state);
  const choice = touchChip(state.choice, screen, touched, nowMs);
  if (choice === state.choice) return still(state);
  const next = { ...state, choice };
  // One set at a time is on its way; the newest follows it.
  return awaited === null ? sendChips(next, screen, touched.press, nowMs) : still(next);
}

type Touch = Exclude<
  KioskInput,
  { type: 'message' | 'connection' | 'language' | 'language.choose' | 'wake' }
>;

function touch(state: KioskState, input: Touch, nowMs: number): KioskStep {
  const { screen } = state;
  const asked = askedNow(state);
  switch (input.type) {
    case 'tap':
      if (asked === null || screen?.name !== 'question') return still(state);
      return ask(
        state,
        {
          ...{ type: 'tap', press: input.press, level: input.level, ...asked },
          ...(input.wedge === undefined ? {} : { wedge: input.wedge }),
        },
        input.level,
        nowMs,
      );
    case 'chip':
      return touchChips(state, input, nowMs);
    case 'skip':
      if (asked === null) return still(state);
      if (state.awaited?.type === 'chips')
        return still({ ...state, choice: { ...state.choice, leaving: true } });
      return ask(state, { type: 'skip', ...asked }, null, nowMs);
    case 'correct':
      if (screen === null || !('canCorrect' in screen) || !screen.canCorrect) return still(state);
      return ask(state, { type: 'correct', rating: state.rating }, null, nowMs);
    case 'private':
      if (asked === null || screen === null || !('canGoPrivate' in screen) || !screen.canGoPrivate)
        return still(state);
      return ask(state, { type: 'private', rating: asked.rating }, null, nowMs);
    case 'citizen.open':
      if (screen?.name !== 'serving') return still(state);
      return ask(
        state,
        { type: 'citizen.open', ...(screen.transaction && { transaction: screen.transaction }) },
        null,
        nowMs,
      );
    case 'light':
      return { state, send: { type: 'wake' } };
    case 'walkup':
      if (screen?.name !== 'rest' || !screen.walkup) return still(state);
      return ask(state, { type: 'walkup' }, null, nowMs);
    default:
      return askAsOfficer(state, input, nowMs);
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
  if (next.listSinceMs !== null && nowMs - next.listSinceMs >= LANGUAGE_LIST_MS)
    next = { ...next, listSinceMs: null };
  if (
    next.language !== 'vi' &&
    AT_REST.has(next.screen?.name) &&
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
      if (input.offered.length > 2)
        return still({ ...state, listSinceMs: state.listSinceMs === null ? nowMs : null });
      const language: Language = state.language === 'vi' ? 'en' : 'vi';
      return still({ ...state, language, languageChosenAtMs: nowMs });
    }
    case 'language.choose':
      return still({ ...state, language: input.language, languageChosenAtMs: nowMs, listSinceMs: null });
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
  if (state.listSinceMs !== null) times.push(state.listSinceMs + LANGUAGE_LIST_MS);
  if (state.language !== 'vi' && AT_REST.has(state.screen?.name))
    times.push(state.languageChosenAtMs + LANGUAGE_KEPT_AT_REST_MS);
  return times.length === 0 ? null : Math.min(...times);
}
