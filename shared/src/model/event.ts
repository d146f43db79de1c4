/**
 * The facts of a counter, as they stand in its chain. Each is the `body` of an event; the envelope and the
 * chaining of exact bytes are in `edge/event.ts`. Only ids and codes stand in a chain, never a person's name.
 * A body once released is never changed: a new field is optional, a new meaning is a new type.
 */
import { z } from 'zod';
import {
  askTicket,
  counterId,
  deviceId,
  dutyId,
  epochId,
  handoverId,
  hwid,
  intentId,
  officerId,
  ratingId,
  sha256Hex,
  transactionId,
  unitId,
  voteId,
} from '../ids.ts';
import { utcMs } from '../time.ts';
import { CHIPS_COUNT, chipKey, instrumentRef, levelKey, questionKey } from './instrument.ts';
import {
  dossierCode,
  officerCode,
  outcome,
  pauseReason,
  procedureCode,
  queueNumber,
  reasonKey,
  stage,
} from './transaction.ts';

/** First event of every epoch. `parent` is the last event this device held before, in any epoch. */
export const agentStarted = z.object({
  type: z.literal('agent.started'),
  device: deviceId,
  epoch: epochId,
  parent: z.object({ epoch: epochId, seq: z.int().min(1), hash: sha256Hex }).nullable(),
  /** The operating system's boot, so that monotonic times are compared only within one. */
  bootId: z.string().min(1).max(64),
  build: z.string().min(1).max(64),
  counter: counterId,
});

/** The hub's clock as seen from here: hubAt was true at `mono` of the envelope − rtt/2 ± rtt/2. */
export const timeAnchor = z.object({
  type: z.literal('time.anchor'),
  hubAt: utcMs,
  rttMs: z.int().min(0),
  nonce: z.string().min(16).max(64),
  /** Ed25519 of the hub over `hailong-anchor-v1\n<device>\n<nonce>\n<hubAt>`, base64url. */
  sig: z.string().max(128),
});

export const dutyStarted = z.object({
  type: z.literal('duty.started'),
  duty: dutyId,
  intent: intentId.nullable(),
  officer: officerId,
  officerCode,
  unit: unitId,
  counter: counterId,
  /** Who checked the PIN: the hub for the counter's station, or this device while the hub was away. Absent: the hub. */
  via: z.enum(['station', 'pin']).optional(),
});

/** The officer went away and comes back: nothing is opened and nothing is asked meanwhile; the duty goes on. */
export const dutyPaused = z.object({
  type: z.literal('duty.paused'),
  duty: dutyId,
  /** Null: by the officer's own act at the kiosk. */
  intent: intentId.nullable(),
  reason: pauseReason,
});

export const dutyResumed = z.object({
  type: z.literal('duty.resumed'),
  duty: dutyId,
  intent: intentId.nullable(),
  /** As in duty.started. */
  via: z.enum(['station', 'pin']),
});

export const dutyEnded = z.object({
  type: z.literal('duty.ended'),
  duty: dutyId,
  intent: intentId.nullable(),
  reason: z.enum(['logout', 'handover', 'reboot']),
});

export const transactionOpened = z.object({
  type: z.literal('transaction.opened'),
  transaction: transactionId,
  intent: intentId.nullable(),
  duty: dutyId,
  officer: officerId,
  officerCode,
  unit: unitId,
  counter: counterId,
  procedure: procedureCode.nullable(),
  stage,
  dossierCodes: z.array(dossierCode).max(20),
  queueNumber: queueNumber.nullable(),
});

export const transactionFinished = z.object({
  type: z.literal('transaction.finished'),
  transaction: transactionId,
  intent: intentId.nullable(),
  outcome,
  by: z.enum(['officer', 'citizen', 'duty-end', 'next', 'restart']),
  /** Why it was a no-show, a test or an accident: a key of the office's list, never free text. */
  reason: reasonKey.optional(),
});

/** The officer's outcome when the citizen opened the prompt first: an annotation, nothing moves. */
export const transactionAnnotated = z.object({
  type: z.literal('transaction.annotated'),
  transaction: transactionId,
  intent: intentId.nullable(),
  outcome,
  /** As in transaction.finished. */
  reason: reasonKey.optional(),
});

/** Carries the frozen snapshot: whatever changes later, this rating stays with this officer and transaction. */
export const ratingOpened = z.object({
  type: z.literal('rating.opened'),
  rating: ratingId,
  transaction: transactionId,
  dossierCodes: z.array(dossierCode).max(20),
  procedure: procedureCode.nullable(),
  stage,
  officer: officerId,
  officerCode,
  duty: dutyId,
  unit: unitId,
  counter: counterId,
  instrument: instrumentRef,
  openedBy: z.enum(['officer', 'citizen']),
  closeAfterMs: z.int().min(0),
  /** False: no prompt was shown (no-show, test, accident); only the private route is open. Absent: shown. */
  prompt: z.boolean().optional(),
  /** SHA-256 of the typed code bound to this rating, from the hub's pool. */
  slip: sha256Hex.optional(),
  /**
   * The stage whose criteria are asked, where the outcome makes it another than the transaction's: `refusal` after
   * `refused`, `supplement` after `supplement`. Absent: `stage`.
   */
  stageAsked: stage.optional(),
});

/** Committed before the panel is armed: whose question this ticket is. `chips` arms none: its `hwid` is null. */
export const questionAsked = z.object({
  type: z.literal('question.asked'),
  /** A rating of a transaction, or a walk-up. */
  rating: ratingId,
  question: questionKey,
  attempt: z.int().min(1),
  askTicket,
  /** The panel that is armed with it, if one is connected. */
  hwid: hwid.nullable(),
});

export const pressIdentity = z.object({
  hwid,
  /** Low 16 bits count starts, high 16 bits are random. */
  boot: z.int().min(0).max(0xffffffff),
  seq: z.int().min(1).max(0xffff),
});

export const voteSource = z.discriminatedUnion('via', [
  z.object({
    via: z.literal('panel'),
    ...pressIdentity.shape,
    button: z.int().min(1).max(8),
    uptimeMs: z.int().min(0),
    /** Monotonic time of the press at the kiosk; null when the panel restarted in between. */
    pressedMono: z.int().min(0).nullable(),
  }),
  z.object({
    via: z.literal('touch'),
    press: z.uuid(),
    /** Button of a panel that types keys into the window, 1-based. Absent: a finger or a keyboard. */
    wedge: z.int().min(1).max(8).optional(),
  }),
]);
export type VoteSource = z.infer<typeof voteSource>;

/** One answer to one question attempt. The first per ticket; the last attempt before the close counts. */
export const ratingVoted = z.object({
  type: z.literal('rating.voted'),
  vote: voteId,
  rating: ratingId,
  transaction: transactionId,
  question: questionKey,
  attempt: z.int().min(1),
  askTicket,
  level: levelKey,
  source: voteSource,
});

const eachOnce = (keys: readonly string[]): boolean => new Set(keys).size === keys.length;

/** Toggles of the page of chips that one rating keeps. */
export const CHIPS_SETS_MAX = 40;

/**
 * The page of chips after one touch: the whole set as it then was, so that the last one says all, whatever is lost or
 * comes twice. It belongs to the answer to `overall` whose set of chips was shown (`overallVote`): of the sets that name
 * the overall vote that counts the one with the highest `n` counts, and after a correction the earlier ones count for
 * nothing. An empty set is an answer taken back. Nobody has chosen anything where there is none.
 */
export const chipsChosen = z.object({
  type: z.literal('chips.chosen'),
  rating: ratingId,
  transaction: transactionId,
  overallVote: voteId,
  askTicket,
  /** Counts the sets of this rating over all its pages, from 1. */
  n: z.int().min(1).max(CHIPS_SETS_MAX),
  /** Each once, in the order of the instrument. */
  chips: z.array(chipKey).max(CHIPS_COUNT).refine(eachOnce, { message: 'a chip twice' }),
  /** The touch, as in `voteSource`: sent again it is the same. */
  press: z.uuid(),
});

/**
 * The citizen took the vote to the phone: from here on the private route alone may vote, nothing is asked and the panel
 * is disarmed. What was answered before stays a vote. The counter stays taken until the fixed time, at which
 * rating.closed follows with reason `private`; so whoever waits for the close learns nothing from it.
 */
export const ratingWentPrivate = z.object({
  type: z.literal('rating.went_private'),
  rating: ratingId,
  transaction: transactionId,
  /** The panel's queue was seen empty before; what it held had been committed as votes. */
  drained: z.boolean(),
});

/** A press that counts for nothing but is kept. */
export const pressStray = z.object({
  type: z.literal('press.stray'),
  ...pressIdentity.shape,
  askTicket: z.int().min(0).max(0xffffffff),
  button: z.int().min(0).max(255),
  uptimeMs: z.int().min(0),
  /** late: its rating has closed, or went to the phone · second: its ticket was answered · orphan: no such ticket · chord · unknown-button */
  reason: z.enum(['late', 'second', 'orphan', 'chord', 'unknown-button']),
  rating: ratingId.nullable(),
});

export const ratingClosed = z.object({
  type: z.literal('rating.closed'),
  rating: ratingId,
  transaction: transactionId,
  /**
   * timed: the fixed time has passed · interrupted: the agent restarted and could not resume it · private: the citizen
   * took the vote to the private route. After rating.went_private this is the fixed time; where there is none (before
   * that fact existed) the close itself handed the vote over, at once.
   */
  reason: z.enum(['timed', 'interrupted', 'private']),
  /** The panel's queue was seen empty before the close. */
  drained: z.boolean(),
});

// ---------------------------------------------------------------- a rating without a transaction

/**
 * Somebody who is not being served rates the counter. A class of its own: by construction it names no transaction, no
 * officer and no duty, and so enters nobody's figures or points.
 */
export const walkupOpened = z.object({
  type: z.literal('walkup.opened'),
  rating: ratingId,
  counter: counterId,
  instrument: instrumentRef,
  closeAfterMs: z.int().min(0),
});

/** As rating.voted: the first under its ticket; the last attempt before the close counts. */
export const walkupVoted = z.object({
  type: z.literal('walkup.voted'),
  vote: voteId,
  rating: ratingId,
  question: questionKey,
  attempt: z.int().min(1),
  askTicket,
  level: levelKey,
  source: voteSource,
});

export const walkupClosed = z.object({
  type: z.literal('walkup.closed'),
  rating: ratingId,
  /** timed: its fixed time has passed · interrupted: as in rating.closed · served: a transaction was opened, which goes first. */
  reason: z.enum(['timed', 'interrupted', 'served']),
  drained: z.boolean(),
});

// ---------------------------------------------------------------- the kiosk's own lock

/** Wrong PINs at the kiosk's own screen locked it: a fact and an alarm. What was typed is not kept. */
export const pinLocked = z.object({
  type: z.literal('pin.locked'),
  /** The officer of the roster whose PIN is locked; null: the device, whoever comes. */
  officerCode: officerCode.nullable(),
  /** Wrong attempts since the last right one. */
  failures: z.int().min(1).max(1_000_000),
  /** How long nothing more is tried, from now. */
  waitMs: z.int().min(0).max(86_400_000),
});

export const intentRefused = z.object({
  type: z.literal('intent.refused'),
  intent: intentId,
  code: z.string().max(60),
});

// ---------------------------------------------------------------- what a device notices about storage and witness

const logHead = z.object({ origin: z.string().max(200), size: z.int().min(0), root: sha256Hex });

/** A checkpoint of the hub's log that this device does not accept. An alarm in its chain; upload goes on. */
export const checkpointRefused = z.object({
  type: z.literal('checkpoint.refused'),
  offered: logHead,
  held: logHead.nullable(),
  reason: z.enum(['smaller', 'inconsistent', 'bad-signature', 'other-origin']),
});

/** The high-water file knew of an event that the database does not hold: something that was written is lost. */
export const lossDetected = z.object({
  type: z.literal('loss.detected'),
  epoch: epochId,
  seq: z.int().min(1),
  hash: sha256Hex,
  /** What the database holds of that epoch instead; null: nothing. */
  held: z.object({ seq: z.int().min(1), hash: sha256Hex }).nullable(),
});

/** The returning agent acknowledges that the hub's chain kept its counter meanwhile; before this it opens nothing. */
export const handoverAccepted = z.object({ type: z.literal('handover.accepted'), handover: handoverId });

// ---------------------------------------------------------------- the hub's own chain (device = hash of the hub's key)

/** First event of every epoch of the hub's chain: one a start. */
export const hubStarted = z.object({
  type: z.literal('hub.started'),
  device: deviceId,
  epoch: epochId,
  parent: z.object({ epoch: epochId, seq: z.int().min(1), hash: sha256Hex }).nullable(),
  build: z.string().min(1).max(64),
  lineage: z.string().max(64),
});

/** The counter's facts are the hub's chain's from here on, until its device says handover.accepted. */
export const counterHandedOver = z.object({
  type: z.literal('counter.handed_over'),
  handover: handoverId,
  counter: counterId,
  /** The broken kiosk; null: the counter has none. */
  device: deviceId.nullable(),
  reason: z.string().min(1).max(300),
  by: z.string().min(1).max(80),
});

/** A vote by the private route: the first of its rating counts. One event a submission, so it is whole or absent. */
export const privateVoted = z.object({
  type: z.literal('private.voted'),
  vote: voteId,
  answers: z
    .array(z.object({ question: questionKey, level: levelKey }))
    .min(1)
    .max(10),
  route: z.discriminatedUnion('via', [
    /** A QR signed by the device: it names the rating, also when rating.opened has not come yet. */
    z.object({ via: z.literal('ticket'), device: deviceId, rating: ratingId, transaction: transactionId }),
    /** A typed code: matched by its hash with rating.opened.slip. */
    z.object({ via: z.literal('slip'), slip: sha256Hex }),
  ]),
  /** Salted hash of the phone's own token: many transactions from one phone are flagged. */
  phone: sha256Hex,
  /** Said once, by the hub's own clock, when the vote came. */
  inTime: z.boolean(),
  /** Chips of the set of its own `overall` answer; absent: none were offered or chosen. */
  chips: z.array(chipKey).max(CHIPS_COUNT).refine(eachOnce, { message: 'a chip twice' }).optional(),
});

/** Two people decided whether the facts of a suspended epoch count. The latest decision stands. */
export const chainDecided = z.object({
  type: z.literal('chain.decided'),
  device: deviceId,
  epoch: epochId,
  counted: z.boolean(),
  reason: z.string().min(1).max(300),
  by: z.array(z.string().min(1).max(80)).min(2).max(2),
});

export const eventBody = z.discriminatedUnion('type', [
  agentStarted,
  timeAnchor,
  dutyStarted,
  dutyPaused,
  dutyResumed,
  dutyEnded,
  transactionOpened,
  transactionFinished,
  transactionAnnotated,
  ratingOpened,
  questionAsked,
  ratingVoted,
  chipsChosen,
  ratingWentPrivate,
  pressStray,
  ratingClosed,
  walkupOpened,
  walkupVoted,
  walkupClosed,
  pinLocked,
  intentRefused,
  checkpointRefused,
  lossDetected,
  handoverAccepted,
  hubStarted,
  counterHandedOver,
  privateVoted,
  chainDecided,
]);
export type EventBody = z.infer<typeof eventBody>;
export type EventType = EventBody['type'];
export type BodyOf<T extends EventType> = Extract<EventBody, { type: T }>;

/** Facts that only the hub's own chain may state, and those that only a kiosk's may. */
export const HUB_ONLY: ReadonlySet<EventType> = new Set([
  'hub.started',
  'counter.handed_over',
  'private.voted',
  'chain.decided',
]);
export const KIOSK_ONLY: ReadonlySet<EventType> = new Set([
  'agent.started',
  'time.anchor',
  'question.asked',
  'chips.chosen',
  'rating.went_private',
  'press.stray',
  'walkup.opened',
  'walkup.voted',
  'walkup.closed',
  'pin.locked',
  'intent.refused',
  'checkpoint.refused',
  'loss.detected',
  'handover.accepted',
]);
