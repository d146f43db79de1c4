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
import { levelKey, questionKey } from './instrument.ts';
import { dossierCode, officerCode, outcome, procedureCode, queueNumber, stage } from './transaction.ts';

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
});

/** The officer's outcome when the citizen opened the prompt first: an annotation, nothing moves. */
export const transactionAnnotated = z.object({
  type: z.literal('transaction.annotated'),
  transaction: transactionId,
  intent: intentId.nullable(),
  outcome,
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
  instrument: z.object({ id: z.string().max(40), version: z.int().min(1) }),
  openedBy: z.enum(['officer', 'citizen']),
  closeAfterMs: z.int().min(0),
});

/** Committed before the panel is armed: whose question this ticket is. */
export const questionAsked = z.object({
  type: z.literal('question.asked'),
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
  z.object({ via: z.literal('touch'), press: z.uuid() }),
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

/** A press that counts for nothing but is kept. */
export const pressStray = z.object({
  type: z.literal('press.stray'),
  ...pressIdentity.shape,
  askTicket: z.int().min(0).max(0xffffffff),
  button: z.int().min(0).max(255),
  uptimeMs: z.int().min(0),
  /** late: its rating has closed · second: its ticket was answered · orphan: no such ticket · chord · unknown-button */
  reason: z.enum(['late', 'second', 'orphan', 'chord', 'unknown-button']),
  rating: ratingId.nullable(),
});

export const ratingClosed = z.object({
  type: z.literal('rating.closed'),
  rating: ratingId,
  transaction: transactionId,
  /** timed: the fixed time has passed · interrupted: the agent restarted and could not resume it. */
  reason: z.enum(['timed', 'interrupted']),
  /** The panel's queue was seen empty before the close. */
  drained: z.boolean(),
});

export const intentRefused = z.object({
  type: z.literal('intent.refused'),
  intent: intentId,
  code: z.string().max(60),
});

export const eventBody = z.discriminatedUnion('type', [
  agentStarted,
  timeAnchor,
  dutyStarted,
  dutyEnded,
  transactionOpened,
  transactionFinished,
  transactionAnnotated,
  ratingOpened,
  questionAsked,
  ratingVoted,
  pressStray,
  ratingClosed,
  intentRefused,
]);
export type EventBody = z.infer<typeof eventBody>;
export type EventType = EventBody['type'];
export type BodyOf<T extends EventType> = Extract<EventBody, { type: T }>;
