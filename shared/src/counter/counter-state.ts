/**
 * What a counter is at one moment, what may happen to it, and what follows. Data only; the rules are in
 * counter-machine.ts (intents, time, restart) and counter-questions.ts (questions and answers).
 * The parts `duty`, `serving`, `rating`, `form`, `offer`, `walkupFromMono`, `waiting`, `aside`, `bootId`, `accepted`,
 * `slips` are stored with the events; `now` is not.
 * Document: kiosk-app/DESIGN.md, "States of the counter".
 */
import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import type {
  AskTicket,
  CounterId,
  DutyId,
  HandoverId,
  Hwid,
  IntentId,
  OfficerId,
  RatingId,
  Sha256Hex,
  TransactionId,
  UnitId,
  VoteId,
} from '../ids.ts';
import { handoverId } from '../ids.ts';
import type { OfficerProfile } from '../model/directory.ts';
import type { EventBody } from '../model/event.ts';
import type { ChipKey, Instrument, InstrumentRef, LevelKey, QuestionKey } from '../model/instrument.ts';
import type { Outcome, ReasonKey, Stage } from '../model/transaction.ts';
import type { HubToDevice, Intent } from '../protocol/edge.ts';

/** Slip codes kept for openings to come; the hub sends more with every welcome. */
export const SLIPS_MAX = 200;
/** Intents that may wait behind a prompt. A queue of officers' clicks longer than this is a mistake. */
export const WAITING_MAX = 8;
/** Attempts per question: corrections, chords, changed panels. Beyond it only the screen answers. */
export const ATTEMPTS_MAX = 12;
/** Steps back a citizen may take, so that the flow stays bounded: one for each question of the longest form, and one more. */
export const CORRECTIONS_MAX = 8;
/** How long the way by phone is offered after a no-show, test or accident. */
export const OFFER_MS = 60_000;
/** Left of the fixed time, below which the way to the phone is not offered: longer than emptying the panel may take. */
export const PRIVATE_LEAST_MS = 2_500;

export interface Duty {
  readonly duty: DutyId;
  readonly officer: OfficerId;
  readonly officerCode: string;
  readonly unit: UnitId;
  /** What the screen shows; null when the hub took it off. */
  readonly shown: OfficerProfile | null;
  /** The officer is away and comes back: nothing is opened meanwhile. */
  readonly paused?: true;
  /** Duty ids of repeated log-ins of the same officer: they mean this duty. */
  readonly aliases: readonly DutyId[];
}

export interface Serving {
  readonly transaction: TransactionId;
  readonly duty: DutyId;
  readonly officer: OfficerId;
  readonly officerCode: string;
  readonly unit: UnitId;
  readonly procedure: string | null;
  readonly stage: Stage;
  readonly dossierCodes: readonly string[];
  readonly queueNumber: string | null;
}

export interface Ask {
  readonly askTicket: AskTicket;
  readonly question: QuestionKey;
  readonly attempt: number;
  readonly hwid: Hwid | null;
  readonly answered: boolean;
}

export interface OpenRating {
  readonly rating: RatingId;
  /** Null: a walk-up, which is about none. */
  readonly transaction: TransactionId | null;
  /** Boot time at which it closes, ms. */
  readonly closesAtMono: number;
  readonly questions: readonly QuestionKey[];
  /** Answered or skipped; also `chips`, when that page was left. */
  readonly done: readonly QuestionKey[];
  /** Every ticket of this rating, in order; the last one is on show while `asking`. */
  readonly asks: readonly Ask[];
  readonly asking: boolean;
  /** Boot time of the latest vote, from which a correction is offered; null before the first. */
  readonly votedAtMono: number | null;
  readonly corrections: number;
  /** The typed code of the private route, for the screen; only its hash stands in the chain. */
  readonly slip: string | null;
  /** The stage whose criteria are asked. Absent: an older program opened it. */
  readonly stage?: Stage;
  /** The overall vote that counts now. */
  readonly overall?: { readonly vote: VoteId; readonly level: LevelKey };
  /** Sets of chips kept so far, and the last one that belongs to that vote. */
  readonly chips?: { readonly n: number; readonly chosen: readonly ChipKey[] };
  /** The citizen took the vote to the phone: nothing is asked any more, the counter stays taken until the fixed time. */
  readonly handed?: true;
}

/** What the way by phone to one rating is made of. */
export interface PhoneRating {
  readonly rating: RatingId;
  readonly transaction: TransactionId;
  /** The stage whose criteria are asked; null: not known any more. */
  readonly stage: Stage | null;
  readonly instrument: InstrumentRef;
  readonly slip: string | null;
}

/** The way by phone after a silent outcome, for whoever it was; gone with the next opening. */
export interface Offer extends PhoneRating {
  /** Boot time until which it is on show, ms. */
  readonly untilMono: number;
}

/** A code of the hub's pool and its SHA-256. */
export interface Slip {
  readonly code: string;
  readonly hash: Sha256Hex;
}

/**
 * What the hub lets this device do. `closed`: nothing new is opened, for this reason; an open prompt goes on, except
 * when the device was revoked: then it closes at once and nothing is thanked any more. `handover`: the hub's chain
 * keeps the counter until this device accepts.
 */
export const service = z.object({
  closed: z.enum(['device.suspended', 'device.superseded', 'device.revoked']).nullable(),
  handover: handoverId.nullable(),
});
export type Service = Readonly<z.infer<typeof service>>;
export const SERVING: Service = { closed: null, handover: null };

export interface Waiting {
  readonly intent: Intent;
  /** Boot time after which it is refused as expired, ms. */
  readonly deadlineMono: number;
}

export interface CounterState {
  readonly bootId: string;
  readonly duty: Duty | null;
  readonly serving: Serving | null;
  readonly rating: OpenRating | null;
  /** The instrument as it was when the open rating was opened. */
  readonly form: Instrument | null;
  readonly offer: Offer | null;
  /** Boot time from which another walk-up may begin; null: none has begun in this boot. */
  readonly walkupFromMono: number | null;
  readonly waiting: readonly Waiting[];
  /** An opening that names an officer who is not on duty: it waits for that officer's PIN at the device, and for nothing else. */
  readonly aside: Waiting | null;
  /** The last hand-over this device accepted. */
  readonly accepted: HandoverId | null;
  readonly slips: readonly Slip[];
  readonly now: {
    /** The panel that is connected. */
    readonly panel: Hwid | null;
    /** The panel's queue is being emptied: the fixed time has passed, or the vote goes to the phone. */
    readonly draining: 'close' | 'private' | null;
    /** The thanks stand on the screen until this boot time, ms. */
    readonly thanksUntilMono: number | null;
  };
}

export function emptyCounter(bootId: string): CounterState {
  return {
    bootId,
    duty: null,
    serving: null,
    rating: null,
    form: null,
    offer: null,
    walkupFromMono: null,
    waiting: [],
    aside: null,
    accepted: null,
    slips: [],
    now: { panel: null, draining: null, thanksUntilMono: null },
  };
}

/** Somebody is asked about a service; a walk-up keeps nobody waiting. */
export function isPrompting({ rating }: CounterState): boolean {
  return rating !== null && rating.transaction !== null;
}

/** The vote a panel press became. */
export interface CountedPress {
  readonly vote: VoteId;
  readonly transaction: TransactionId | null;
  readonly question: QuestionKey;
  readonly level: LevelKey;
}

export interface PressKey {
  readonly hwid: Hwid;
  readonly boot: number;
  readonly seq: number;
  readonly askTicket: number;
  /** 1-based. */
  readonly button: number;
  readonly uptimeMs: number;
}

/** What an officer does at the device itself, after a PIN. Ids are minted by the device. */
export type OfficerInput =
  /** The PIN was right: this officer is on duty from now on, or is back. */
  | { readonly act: 'login'; readonly duty: DutyId; readonly profile: OfficerProfile }
  | {
      readonly act: 'next';
      readonly transaction: TransactionId;
      readonly dossierCodes: readonly string[];
      readonly queueNumber: string | null;
      readonly stage: Stage;
    }
  | { readonly act: 'finish'; readonly outcome: Outcome; readonly reason?: ReasonKey | undefined }
  | { readonly act: 'pause'; readonly reason: 'lunch' | 'away' }
  | { readonly act: 'logout' };

export type CounterInput =
  | { readonly type: 'intent'; readonly intent: Intent; readonly expiresInMs: number }
  | {
      readonly type: 'tap';
      readonly press: string;
      readonly rating: RatingId;
      readonly askTicket: number;
      readonly level: LevelKey;
      /** The button of a panel that types keys, 1-based. */
      readonly wedge?: number | undefined;
    }
  | {
      readonly type: 'chips';
      readonly press: string;
      readonly rating: RatingId;
      readonly askTicket: number;
      /** The whole set as it is now. */
      readonly chips: readonly ChipKey[];
    }
  | ({
      readonly type: 'press';
      readonly chord: boolean;
      readonly pressedMono: number | null;
    } & PressKey)
  | { readonly type: 'skip'; readonly rating: RatingId; readonly askTicket: number }
  | { readonly type: 'correct'; readonly rating: RatingId | null }
  /** `transaction`: of the turn that was on show when it was pressed. */
  | { readonly type: 'citizen.open'; readonly transaction?: TransactionId | undefined }
  | { readonly type: 'officer'; readonly act: OfficerInput }
  /** Nobody says the PIN that was asked for. */
  | { readonly type: 'officer.decline' }
  /** Somebody who is not served wants to rate. */
  | { readonly type: 'walkup' }
  | { readonly type: 'wake' }
  | { readonly type: 'panel'; readonly hwid: Hwid | null }
  | { readonly type: 'drained'; readonly rating: RatingId; readonly drained: boolean }
  | { readonly type: 'profile'; readonly duty: DutyId; readonly profile: OfficerProfile | null }
  /** All who may be shown and be on duty here. */
  | { readonly type: 'roster'; readonly officers: readonly OfficerProfile[] }
  /** The citizen takes the vote to the private route. */
  | { readonly type: 'private'; readonly rating: RatingId }
  | { readonly type: 'slips'; readonly slips: readonly Slip[] }
  /** What the hub lets this device do has changed (`given.service`). */
  | { readonly type: 'service' }
  | { readonly type: 'restart'; readonly bootId: string };

export type IntentState = 'waiting' | 'accepted' | 'refused' | 'expired';
/** What is stored of an intent, so that it takes effect once and a repetition gets the same answer. */
export interface IntentMark {
  readonly intent: IntentId;
  /** What it asks for, see `intentContent`: the same id with another content is refused. */
  readonly content: string;
  readonly state: IntentState;
  readonly code: string | null;
  readonly transaction: TransactionId | null;
}

/** What the store knows of a transaction of this counter. `fell`: its open was refused. */
export type KnownTransaction =
  | { readonly state: 'fell' }
  | { readonly state: 'open' }
  | { readonly state: 'finished'; readonly byOfficer: boolean; readonly annotated: boolean };

/** Synchronous reads of what was committed before, inside the same store transaction. */
export interface Known {
  intent(id: IntentId): IntentMark | null;
  transaction(id: TransactionId): KnownTransaction | null;
  /** The vote a stored press became, if any; null when the press is new. */
  press(key: PressKey): { readonly counted: CountedPress | null } | null;
  /** The vote a touch became, or added chips to. */
  touch(press: string): { readonly vote: VoteId } | null;
  ratingOfTicket(askTicket: number): RatingId | null;
  /** Whether a rating was opened with this slip. */
  slipIsUsed(hash: Sha256Hex): boolean;
}

/** What of the counter's configuration decides here. */
export type Rules = Pick<
  Extract<HubToDevice, { type: 'counter.config' }>,
  'instrument' | 'instruments' | 'uses' | 'reasons' | 'walkup'
>;

/** What comes in with every input: time, identity, configuration, randomness, and what is known. */
export interface Given {
  /** Boot time now, ms. */
  readonly mono: number;
  readonly counter: CounterId;
  /** Null: this device was not told any yet. */
  readonly rules: Rules | null;
  readonly service: Service;
  /** Its panel is being set up: nothing is opened until that is over. */
  readonly settingUp?: boolean;
  /** Whether the PIN of this staff code can be checked here. */
  readonly knowsPin: (officerCode: string) => boolean;
  /** One vote and one question at most follow from an input; openings without a prompt may be several. */
  readonly fresh: { readonly rating: () => RatingId; readonly vote: VoteId; readonly askTicket: AskTicket };
  readonly known: Known;
}

/** Done after the commit and never before. None of them depends on the level except the reporter's line. */
export type Effect =
  | { readonly kind: 'opened'; readonly rating: RatingId; readonly transaction: TransactionId }
  | {
      readonly kind: 'thanked';
      readonly vote: VoteId;
      readonly rating: RatingId;
      readonly transaction: TransactionId | null;
      readonly question: QuestionKey;
      readonly level: LevelKey;
      /** The panel's button, 1-based; null for a touch. */
      readonly button: number | null;
    }
  | {
      readonly kind: 'acknowledge';
      readonly boot: number;
      readonly seq: number;
      readonly counted: CountedPress | null;
    }
  | { readonly kind: 'recorded'; readonly press: string }
  | { readonly kind: 'refusedTouch'; readonly press: string; readonly code: ErrorCode }
  | { readonly kind: 'stray'; readonly press: PressKey; readonly reason: string }
  | { readonly kind: 'closed'; readonly rating: RatingId; readonly transaction: TransactionId | null }
  | { readonly kind: 'refusedIntent'; readonly intent: IntentId; readonly code: string }
  | {
      readonly kind: 'seen';
      readonly intent: IntentId;
      readonly state: 'accepted' | 'refused' | 'expired';
      readonly code: string | null;
    }
  /** What became of an officer's act at the device; null: done. */
  | { readonly kind: 'officer'; readonly code: ErrorCode | null }
  | { readonly kind: 'drain'; readonly rating: RatingId };

export interface CounterStep {
  readonly state: CounterState;
  readonly events: readonly EventBody[];
  /** Intents whose stored answer changes with this step. */
  readonly marks: readonly IntentMark[];
  readonly effects: readonly Effect[];
}

/** What an intent asks for, apart from what may be refreshed on a resend (the profile's texts). */
export function intentContent(intent: Intent): string {
  switch (intent.kind) {
    case 'duty.start':
      return `${intent.kind} ${intent.duty} ${intent.profile.id}`;
    case 'duty.end':
      return `${intent.kind} ${intent.duty ?? '-'}`;
    case 'duty.pause':
      return `${intent.kind} ${intent.duty} ${intent.reason}`;
    case 'duty.resume':
      return `${intent.kind} ${intent.duty}`;
    case 'transaction.open':
      return `${intent.kind} ${intent.transaction} ${intent.officerCode ?? '-'} ${intent.procedure ?? '-'} ${intent.stage} ${intent.dossierCodes.join(',')}`;
    case 'transaction.finish':
      // Without a reason the text is what it was before there were any: an id sent again stays the same request.
      return [
        intent.kind,
        intent.transaction,
        intent.outcome,
        ...(intent.reason ? [intent.reason] : []),
      ].join(' ');
  }
}

/** The transaction an intent is about, if any. */
export function transactionOf(intent: Intent): TransactionId | null {
  return 'transaction' in intent ? intent.transaction : null;
}
