/**
 * What the counter's screen shows: a pure function of the state, the configuration and the time. Nothing in it depends on
 * the level that was given, but the words of the chips, which are as many and as long at every level.
 * Document: protocol/ui.ts.
 */
import type { Sha256Hex } from '../ids.ts';
import { noticesOn } from '../model/notice.ts';
import type { HubToDevice } from '../protocol/edge.ts';
import type { Screen, ShownOfficer, ShownPanel } from '../protocol/ui.ts';
import type { UtcMs } from '../time.ts';
import { shownChips } from './counter-chips.ts';
import { canGoPrivate, phoneRatingOf } from './counter-private.ts';
import { canCorrect, currentAsk } from './counter-questions.ts';
import type { CounterState, PhoneRating } from './counter-state.ts';
import { voicesOf } from './counter-voices.ts';
import { canWalkUp } from './counter-walkup.ts';
import { approved, Words } from './counter-words.ts';

/** A QR code that leads a phone to one rating, and until when; null: the hour is not known here. */
export interface PhoneTicket {
  readonly qr: string[];
  /** Where the short code is typed, without its scheme. */
  readonly address: string;
  readonly until: UtcMs | null;
}

/** What of the counter's configuration is shown. */
type Shown = Pick<
  Extract<HubToDevice, { type: 'counter.config' }>,
  'office' | 'counter' | 'walkup' | 'languages' | 'voices' | 'lastMonth' | 'camera' | 'reasons' | 'notices'
>;

/** What the device's own lock lets be seen. */
export interface DeskView {
  /** The key that leads to the PIN is drawn. */
  readonly pinOffered: boolean;
  /** Somebody pressed that key: whose PIN is asked, null: whoever types a staff code. */
  readonly asks: { readonly why: 'login' | 'resume' | 'panel'; readonly whom: AskedOfficer | null } | null;
  /** How long no PIN is taken, ms; 0: now. */
  readonly waitMs: number;
  /** Code of what was wrong with the last attempt or act; null: nothing. */
  readonly problem: string | null;
  /** A PIN has opened the officer's keys; null: they are locked. */
  readonly keys: { readonly locksInMs: number; readonly panel?: boolean } | null;
  /** Who of the roster has this staff code. */
  readonly named: (officerCode: string) => AskedOfficer | null;
}
export interface AskedOfficer {
  readonly code: string;
  readonly name: string;
  readonly position: string;
}

export interface ScreenGiven {
  readonly mono: number;
  readonly online: boolean;
  readonly canStore: boolean;
  /** Nothing new is opened: the calm closed screen, whatever the reason. */
  readonly closed: boolean;
  /** Its panel is being set up, which begins only when nobody is served or asked. */
  readonly settingUp?: boolean;
  /** Whether the gateway can serve this photo or recording now; until then the screen has none. */
  readonly hasBlob: (sha256: Sha256Hex) => boolean;
  readonly config: Shown | null;
  /** Null: phones have no address here, so that only the code leads there. */
  readonly ticketOf: (rating: PhoneRating) => PhoneTicket | null;
  /** Absent: no PIN is ever asked here. */
  readonly desk?: DeskView;
  /** The day in Vietnam, by the best clock there is; absent: it is not known, and no notice is shown. */
  readonly today?: string;
  /** Null or absent: there is no panel, or nothing is known of it yet. */
  readonly panel?: ShownPanel | null;
}

/** The way by phone as a screen shows it; null: there is none. */
function wayOf(rating: PhoneRating | null, { ticketOf }: ScreenGiven) {
  if (!rating) return null;
  const ticket = ticketOf(rating);
  if (!ticket && rating.slip === null) return null;
  return {
    code: rating.slip,
    qr: ticket?.qr ?? null,
    address: ticket?.address ?? null,
    until: ticket?.until ?? null,
  };
}

/** On every screen, before anything is known of the counter too. */
function commonOf({ config, online, closed, desk, panel }: ScreenGiven) {
  const office = { name: config?.office.name ?? '', place: config?.office.place ?? '' };
  const common = { office, counterNumber: config?.counter.number ?? '', online, notice: null };
  if (!config) return common;
  // No camera sees this counter: then nobody is told of one.
  const days = config.camera === undefined ? config.office.retentionDays : config.camera?.retentionDays;
  const languages = approved(config.languages ?? []).map(({ code }) => code);
  return {
    ...common,
    notice: days === undefined ? null : { retentionDays: days, phone: config.office.phone },
    ...(languages.length > 0 ? { languages } : {}),
    ...(desk?.pinOffered && !closed ? { pinOffered: true } : {}),
    ...(panel ? { panel } : {}),
  };
}

export function screenOf(state: CounterState, given: ScreenGiven): Screen {
  const { config, mono } = given;
  const common = commonOf(given);
  if (!config) return { name: 'starting', ...common };
  const { rating, form, duty, serving, now } = state;
  const asked = currentAsk(state);
  if (!given.canStore) {
    // Only while somebody stands here who was asked; whoever comes later must not find it.
    const here = rating && mono < rating.closesAtMono && (asked || rating.handed);
    return { name: 'cannot-store', ...common, offer: here ? wayOf(phoneRatingOf(state), given) : null };
  }
  const times = rating &&
    form && { closeAfterMs: form.closeAfterMs, closesInMs: Math.max(0, rating.closesAtMono - mono) };
  if (rating && times && rating.handed) {
    const way = wayOf(phoneRatingOf(state), given);
    if (way) return { name: 'private', ...common, rating: rating.rating, ...way, ...times };
  }
  if (rating && form && times && asked && now.draining !== 'close') {
    const keys = {
      canCorrect: canCorrect(state, mono),
      canGoPrivate: canGoPrivate(state, mono) && wayOf(phoneRatingOf(state), given) !== null,
    };
    const { askTicket } = asked;
    const words = new Words(form, config.languages);
    const chips = shownChips(state)?.map(({ key, word }) => ({ key, word: words.chip(key, word) }));
    if (chips) {
      const chosen = [...(rating.chips?.chosen ?? [])];
      return { name: 'chips', ...common, rating: rating.rating, askTicket, chips, chosen, ...times, ...keys };
    }
    return {
      name: 'question',
      ...common,
      question: {
        rating: rating.rating,
        question: asked.question,
        askTicket,
        step: rating.questions.indexOf(asked.question) + 1,
        steps: rating.questions.length,
        text: words.question(asked.question),
        levels: words.answers(asked.question),
        ...voicesOf(form, asked.question, {
          clips: config.voices ?? [],
          languages: ['vi', 'en', ...approved(config.languages ?? []).map(({ code }) => code)],
          hasBlob: given.hasBlob,
        }),
      },
      ...times,
      ...keys,
    };
  }
  if (rating && now.thanksUntilMono !== null && mono < now.thanksUntilMono)
    return { name: 'thanks', ...common, canCorrect: canCorrect(state, mono) };
  if (given.settingUp) return { name: 'setup', ...common };
  if (given.closed) return { name: 'closed', ...common, ...noticesOf(given) };
  const pin = pinAsked(state, given);
  if (pin) return { name: 'pin', ...common, ...pin };
  const officer = shownOfficer(state, given);
  if (!duty || duty.paused || !officer) return { name: 'closed', ...common, ...noticesOf(given) };
  const officerKeys = keysOf(given);
  if (serving)
    return {
      name: 'serving',
      ...common,
      transaction: serving.transaction,
      officer,
      queueNumber: serving.queueNumber,
      dossierCodes: [...serving.dossierCodes],
      ...officerKeys,
    };
  const offer = state.offer && mono < state.offer.untilMono ? wayOf(state.offer, given) : null;
  const { received, mended } = config.lastMonth ?? {};
  return {
    ...{ name: 'rest', ...common, officer, offer, walkup: canWalkUp(state, config.walkup, mono) },
    lastMonth: received === undefined || mended === undefined ? null : { received, mended },
    // Who is offered a code, or types, has one thing to look at.
    ...(offer || officerKeys.officerKeys ? {} : noticesOf(given)),
    ...officerKeys,
  };
}

function noticesOf({ config, today }: ScreenGiven) {
  const notices = today === undefined ? [] : noticesOn(config?.notices ?? [], today);
  return notices.length === 0 ? {} : { notices };
}

/** Nobody is asked anything when this is: a PIN never covers a citizen's question. */
function pinAsked({ aside, serving, rating }: CounterState, { desk }: ScreenGiven) {
  if (!desk || (rating && rating.transaction !== null)) return null;
  const { asks, waitMs, problem } = desk;
  const named = aside?.intent.kind === 'transaction.open' ? aside.intent.officerCode : null;
  if (named !== null && !serving)
    return { why: 'other-officer' as const, whom: desk.named(named), waitMs, problem };
  return asks && { ...asks, waitMs, problem };
}

function keysOf({ desk, config }: ScreenGiven): Pick<Extract<Screen, { name: 'rest' }>, 'officerKeys'> {
  if (!desk?.keys) return {};
  return { officerKeys: { reasons: [...(config?.reasons ?? [])], problem: desk.problem, ...desk.keys } };
}

function shownOfficer(state: CounterState, given: ScreenGiven): ShownOfficer | null {
  const shown = state.duty?.shown;
  if (!shown) return null;
  const photo = shown.photo !== null && given.hasBlob(shown.photo) ? shown.photo : null;
  return { name: shown.name, position: shown.position, unitName: shown.unitName, photo };
}
