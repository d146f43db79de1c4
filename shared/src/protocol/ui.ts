/**
 * Window ↔ agent: over the agent's loopback WebSocket with a token, or relayed by Electron's main through the
 * preload. The agent says what to show; the window shows it and reports touches. The window holds no state that
 * matters: it may crash or be replaced at any time. Nothing here lets an officer infer a level: the same screens
 * and durations follow every tap.
 */
import { z } from 'zod';
import { askTicket, ratingId, sha256Hex, transactionId } from '../ids.ts';
import { languageCode, outcomeReason } from '../model/counter-config.ts';
import { bilingual, CHIPS_COUNT, chipKey, levelKey, questionKey } from '../model/instrument.ts';
import { NOTICES_MAX, shownNotice } from '../model/notice.ts';
import { officerCode, outcome, pauseReason, pin, reasonKey, stage } from '../model/transaction.ts';
import { keyCode } from '../model/wedge-key.ts';
import { utcMs } from '../time.ts';
import { setupChoice, setupToPage } from './panel-setup.ts';

export const UI_PATH = '/ui/v1';
/** Close code of a second shell's line. */
export const SHELL_TAKEN = 4409;

/**
 * Of the page's content policy, wherever it is served: no dialog (alert, print), no new window, no download, no form, no
 * pointer lock, whatever a script of it tries.
 */
export const PAGE_SANDBOX = 'sandbox allow-scripts allow-same-origin';

/** The page's Permissions-Policy: nothing a browser could ask a citizen about, or give away. */
export const NO_FEATURES = [
  ...['accelerometer', 'bluetooth', 'browsing-topics', 'camera', 'clipboard-read', 'clipboard-write'],
  ...['compute-pressure', 'display-capture', 'encrypted-media', 'fullscreen', 'gamepad', 'geolocation'],
  ...['gyroscope', 'hid', 'identity-credentials-get', 'idle-detection', 'keyboard-map', 'local-fonts'],
  ...['magnetometer', 'microphone', 'midi', 'otp-credentials', 'payment', 'picture-in-picture'],
  ...['publickey-credentials-create', 'publickey-credentials-get', 'screen-wake-lock', 'serial'],
  ...['storage-access', 'usb', 'web-share', 'window-management', 'xr-spatial-tracking'],
]
  .map((name) => `${name}=()`)
  .join(', ');

const officeLine = z.object({ name: z.string(), place: z.string() });
export const shownOfficer = z.object({
  name: z.string(),
  position: z.string(),
  unitName: z.string(),
  /** Fetched from the gateway as `/photos/{sha256}`. */
  photo: sha256Hex.nullable(),
});
export type ShownOfficer = z.infer<typeof shownOfficer>;

/** A text of the form: both languages, and those further ones that are offered and have it. */
export const shownText = bilingual.extend({
  further: z.record(languageCode, z.string().min(1).max(300)).optional(),
});
export type ShownText = z.infer<typeof shownText>;

/** A QR code as the window draws it: rows of modules, `1` dark, without the quiet zone. */
export const qrRows = z
  .array(z.string().regex(/^[01]{21,177}$/))
  .min(21)
  .max(177)
  .refine((rows) => rows.every((row) => row.length === rows.length), { message: 'not a square' });

/** The way to a rating by phone; at least one of `code` and `qr` is there. */
const privateWay = {
  /** As typed at the phone page; null: this rating has none. */
  code: z.string().min(6).max(20).nullable(),
  /** Null: the office has no address for phones. */
  qr: qrRows.nullable(),
  /** Where the code is typed, as read from a screen (`hailong.tinh.gov.vn/v`); null or absent: nowhere. */
  address: z.string().max(240).nullable().optional(),
  /** Until when it may be used; null: the clock of this machine is not known to be right, so no hour is promised. */
  until: utcMs.nullable(),
};

/** What an officer may do by the keys of the kiosk, once a PIN has opened them. */
export const officerAct = z.discriminatedUnion('act', [
  /** `code` as at the station: a queue number, a dossier code, or nothing. `stage`: reception unless stated. */
  z.object({ act: z.literal('next'), code: z.string().trim().max(60).optional(), stage: stage.optional() }),
  /** `reason` with no_show, test and accident, and then always. */
  z.object({ act: z.literal('finish'), outcome, reason: reasonKey.optional() }),
  z.object({ act: z.literal('pause'), reason: pauseReason }),
  z.object({ act: z.literal('logout') }),
  /** The page that sets the panel up. Answered by the screen. */
  z.object({ act: z.literal('panel') }),
]);
export type OfficerAct = z.infer<typeof officerAct>;

/** The officer's keys, while they are open. Absent or null: locked, and nothing of them is drawn. */
const officerKeys = z
  .object({
    /** Reasons to choose from, in the office's order. */
    reasons: z.array(outcomeReason).max(60),
    /** Code of the last act that was refused; null: none since they opened. */
    problem: z.string().max(60).nullable(),
    /** They lock by themselves when nothing is pressed for so long. */
    locksInMs: z.int().min(0),
    /** The key to the page that sets the panel up is drawn. */
    panel: z.boolean().optional(),
  })
  .nullable()
  .optional();

/** The counter's panel, so that the screen promises no button that is not there. */
export const shownPanel = z.object({
  /** `unknown`: this kind of panel cannot be seen; whether it is there nobody knows. */
  state: z.enum(['ready', 'away', 'unknown']),
  /** A panel that types keys: which key is which button, and what it types beside them. */
  wedge: z.object({ keys: z.array(keyCode).max(8), ignore: z.array(keyCode).max(8) }).optional(),
});
export type ShownPanel = z.infer<typeof shownPanel>;

/** Present on every screen. */
const common = {
  office: officeLine,
  counterNumber: z.string(),
  /** Hub link, only for a small sign of the operator; never shown to the citizen as an error. */
  online: z.boolean(),
  notice: z.object({ retentionDays: z.int(), phone: z.string() }).nullable(),
  /** Languages offered beside Vietnamese and English, all of them approved; absent: none. */
  languages: z.array(languageCode).max(3).optional(),
  /** Outside office hours with nobody there: the window draws nothing, and a touch only wakes it. */
  dark: z.boolean().optional(),
  /** The hub is away and officers may log in here, or the panel is and may be set up: the key that leads to the PIN is drawn. */
  pinOffered: z.boolean().optional(),
  /** Absent: there is none, or nothing is known of it yet. */
  panel: shownPanel.optional(),
};

/** The office's, of today; absent: none. */
const notices = z.array(shownNotice).max(NOTICES_MAX).optional();

export const question = z.object({
  rating: ratingId,
  question: questionKey,
  askTicket,
  /** 1-based position and number of questions: overall first, then the criteria of the stage. */
  step: z.int().min(1),
  steps: z.int().min(1),
  /** The overall question, or the criterion's name. */
  text: shownText,
  levels: z.array(z.object({ key: levelKey, word: shownText })),
  /** What is spoken, in this order, when somebody presses the voice key; absent or empty: there is no such key. */
  voices: z
    .array(z.object({ language: languageCode, clips: z.array(sha256Hex).min(1).max(6) }))
    .max(5)
    .optional(),
});
export type Question = z.infer<typeof question>;

export const screen = z.discriminatedUnion('name', [
  /** The agent has no configuration yet. */
  z.object({ name: z.literal('starting'), ...common }),
  /** Nobody on duty: "Quầy tạm ngừng phục vụ". */
  z.object({ name: z.literal('closed'), ...common, notices }),
  /** An officer on duty, nobody being served. */
  z.object({
    name: z.literal('rest'),
    ...common,
    officer: shownOfficer,
    officerKeys,
    /** The key by which somebody who is not served may rate; absent: not now. */
    walkup: z.boolean().optional(),
    /** After a no-show, test or accident: the way by phone for whoever it was, for a minute; gone with the next opening. */
    offer: z.object(privateWay).nullable().optional(),
    notices,
    lastMonth: z
      .object({ received: z.int().min(0), mended: z.int().min(0) })
      .nullable()
      .optional(),
  }),
  z.object({
    name: z.literal('serving'),
    ...common,
    /** What the citizen's key is for; absent: of an agent before this was said. */
    transaction: transactionId.optional(),
    officer: shownOfficer,
    queueNumber: z.string().nullable(),
    dossierCodes: z.array(z.string()),
    officerKeys,
  }),
  z.object({
    name: z.literal('question'),
    ...common,
    question,
    /** For the even remaining-time line: total and left, ms. */
    closeAfterMs: z.int(),
    closesInMs: z.int(),
    /** "Chọn lại" of the previous answer is offered. */
    canCorrect: z.boolean(),
    /** The key to the phone is drawn; the same at every question of the rating. */
    canGoPrivate: z.boolean().optional(),
  }),
  /** The last page of a rating: everything before it is recorded, which it says. Nothing on it tells the level. */
  z.object({
    name: z.literal('chips'),
    ...common,
    rating: ratingId,
    askTicket,
    chips: z.array(z.object({ key: chipKey, word: shownText })).length(CHIPS_COUNT),
    /** As committed. */
    chosen: z.array(chipKey).max(CHIPS_COUNT),
    closeAfterMs: z.int(),
    closesInMs: z.int(),
    canCorrect: z.boolean(),
    canGoPrivate: z.boolean().optional(),
  }),
  /** The vote is the phone's from here on; the screen stays until the fixed time, whatever the phone does. */
  z.object({
    name: z.literal('private'),
    ...common,
    rating: ratingId,
    ...privateWay,
    closeAfterMs: z.int(),
    closesInMs: z.int(),
  }),
  z.object({ name: z.literal('thanks'), ...common, canCorrect: z.boolean() }),
  /** A PIN is asked: to log in, to come back from a pause, because a request names another officer, or to set the panel up. */
  z.object({
    name: z.literal('pin'),
    ...common,
    why: z.enum(['login', 'resume', 'other-officer', 'panel']),
    /** Who is meant; null: whoever types a staff code. */
    whom: z.object({ code: officerCode, name: z.string(), position: z.string() }).nullable(),
    /** How long nothing is taken, after wrong attempts; 0: now. */
    waitMs: z.int().min(0),
    /** Code of what was wrong with the last attempt; null: nothing was tried yet. */
    problem: z.string().max(60).nullable(),
  }),
  /** The panel is being set up; nobody is served meanwhile. What it says and hears comes as `setup`. */
  z.object({ name: z.literal('setup'), ...common }),
  /** `offer`: the way by phone of the rating that is open, if one is. Nothing is written by showing it. */
  z.object({ name: z.literal('cannot-store'), ...common, offer: z.object(privateWay).nullable().optional() }),
]);
export type Screen = z.infer<typeof screen>;
export type ScreenName = Screen['name'];

/**
 * What a page says of itself every second and whenever it changes, out of a frame that it is about to draw: a page that
 * hangs, is hidden or is gone says nothing. CSS pixels.
 */
const beat = {
  /** What is drawn, by the name of its screen; `away` and `languages` cover one. */
  screen: z.string().max(20),
  /** It has the keyboard: no other window, dialog or menu has. */
  focused: z.boolean(),
  width: z.int().min(0),
  height: z.int().min(0),
  /** Of the display the page is on. */
  displayWidth: z.int().min(0),
  displayHeight: z.int().min(0),
};

export const agentToWindow = z.discriminatedUnion('type', [
  z.object({ type: z.literal('screen'), revision: z.int(), screen }),
  /** The vote of this press is on disk. */
  z.object({ type: z.literal('recorded'), press: z.uuid() }),
  z.object({ type: z.literal('refused'), press: z.uuid(), code: z.string() }),
  /** A panel button was pressed for the question on show (feedback only; no level in it). */
  z.object({ type: z.literal('pressed'), button: z.int() }),
  /** Show the page anew. To the shell where one is there, else to every window. */
  z.object({ type: z.literal('reload') }),
  /** To the shell alone: what a page said of itself; `window` tells the pages of this agent's run apart. */
  z.object({ type: z.literal('beat'), window: z.int().min(1), ...beat }),
  /** While the screen is `setup`. */
  z.object({ type: z.literal('setup'), message: setupToPage }),
]);
export type AgentToWindow = z.infer<typeof agentToWindow>;

export const windowToAgent = z.discriminatedUnion('type', [
  /** `shell`: who keeps the window's program alive. It hears screens and beats, is no window and presses nothing. */
  z.object({ type: z.literal('hello'), token: z.string().max(100), role: z.literal('shell').optional() }),
  z.object({ type: z.literal('beat'), ...beat }),
  /**
   * Of whoever keeps the page's program: at its hello, and whenever it had to put something right. `restarts` as in
   * model/device-health.ts. A page that says it is believed only where no shell is.
   */
  z.object({
    type: z.literal('shell'),
    shell: z.enum(['chromium', 'electron']),
    version: z.string().max(40).nullable(),
    restarts: z.int().min(0),
  }),
  /** Somebody touched a dark screen. Answered by the screen. */
  z.object({ type: z.literal('wake') }),
  z.object({
    type: z.literal('tap'),
    press: z.uuid(),
    rating: ratingId,
    askTicket,
    level: levelKey,
    /** The button of a panel that types keys, 1-based; absent: a finger or a keyboard. */
    wedge: z.int().min(1).max(8).optional(),
  }),
  z.object({ type: z.literal('skip'), rating: ratingId, askTicket }),
  z.object({ type: z.literal('correct'), rating: ratingId.nullable() }),
  /** "I am done", of the turn that was on show; that is not served any more: nothing happens. */
  z.object({ type: z.literal('citizen.open'), transaction: transactionId.optional() }),
  /** A chip was touched: the whole set as it is now. Answered like a tap. "Xong" and "Bỏ qua" are `skip`. */
  z.object({
    type: z.literal('chips'),
    press: z.uuid(),
    rating: ratingId,
    askTicket,
    chips: z.array(chipKey).max(CHIPS_COUNT),
  }),
  /** "Đánh giá riêng trên điện thoại". Answered by the screen. */
  z.object({ type: z.literal('private'), rating: ratingId }),
  /** Somebody who is not served wants to rate. Answered by the screen. */
  z.object({ type: z.literal('walkup') }),
  /** Leads to the PIN; from there, and while the officer's keys are open, `officer.lock` leads back. */
  z.object({ type: z.literal('officer.ask') }),
  /** Over the window's own door only; kept nowhere. Answered by the screen. */
  z.object({ type: z.literal('officer.login'), staffCode: officerCode, pin }),
  z.object({ type: z.literal('officer.act'), act: officerAct }),
  z.object({ type: z.literal('officer.lock') }),
  /** While the screen is `setup`: what the technician did; that somebody is still there; back to the counter. */
  z.object({ type: z.literal('setup'), choice: setupChoice }),
  z.object({ type: z.literal('setup.stir') }),
  z.object({ type: z.literal('setup.leave') }),
]);
export type WindowToAgent = z.infer<typeof windowToAgent>;
export type ShellWord = Extract<WindowToAgent, { type: 'shell' }>;

/** What the renderer is given, by preload or by the loopback socket: one object, nothing else. */
export interface Bridge {
  /** Calls `receive` for every message, beginning with the current screen; the answer unsubscribes. */
  subscribe(receive: (message: AgentToWindow) => void): () => void;
  send(message: WindowToAgent): void;
  /** `connected` false: the agent is away (updating, restarting); the screen says so calmly. */
  onConnection(listen: (connected: boolean) => void): () => void;
  photoUrl(sha256: string): string;
  /** A recording of the office, as the clips of a question name it. */
  voiceUrl(sha256: string): string;
}
