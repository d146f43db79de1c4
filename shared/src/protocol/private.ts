/**
 * The private route: a citizen's own phone votes once on one rating. It comes by a ticket that the kiosk signed (the QR on
 * its screen) or by a typed code of the hub's pool (on the slip). Opening and voting are POSTs: a link that is merely
 * fetched binds and says nothing. See shared/PROTOCOL.md, "Private route".
 */
import { z } from 'zod';
import { deviceId, ratingId, transactionId, voteId } from '../ids.ts';
import {
  CHIPS_COUNT,
  chipKey,
  instrument,
  instrumentRef,
  levelKey,
  questionKey,
} from '../model/instrument.ts';
import { stage } from '../model/transaction.ts';
import { utcMs } from '../time.ts';
import { signedStatement } from './edge.ts';

export const PRIVATE_OPEN_PATH = '/api/v1/private/open';
export const PRIVATE_VOTES_PATH = '/api/v1/private/votes';
/** The page for phones; a ticket stands behind `#`, where no log and no other server sees it. */
export const PRIVATE_PAGE_PATH = '/v';
export const PRIVATE_RECEIPT_PATH = '/api/v1/private/receipt';
/** A ticket or code may be used this long at most, whatever it says. */
export const PRIVATE_VALID_MS = 7 * 86_400_000;

/** Exact JSON bytes, signed by the device's key. `issuedAt` is what its clock claimed: nothing is judged by it. */
export const voteTicket = z.object({
  v: z.literal('hailong-vote-v1'),
  device: deviceId,
  rating: ratingId,
  transaction: transactionId,
  issuedAt: utcMs,
  validMs: z.int().min(1).max(PRIVATE_VALID_MS),
  /** What is to be asked, for when the hub has not heard of the rating yet: the stage asked, and the frozen form. */
  stage: stage.optional(),
  instrument: instrumentRef.optional(),
});
export type VoteTicket = z.infer<typeof voteTicket>;

/** As issued: ten letters of Crockford's base32, no dash. */
export const slipCode = z
  .string()
  .max(40)
  .transform((text) =>
    text
      .toUpperCase()
      .replaceAll('O', '0')
      .replace(/[IL]/g, '1')
      .replace(/[^0-9A-Z]/g, ''),
  )
  .pipe(z.string().min(6).max(20));

const route = {
  ticket: signedStatement.optional(),
  code: slipCode.optional(),
  /** 256 random bits that the phone made and keeps, base64url. */
  phone: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
};
const oneRoute = ({ ticket, code }: { ticket?: unknown; code?: unknown }): boolean =>
  (ticket === undefined) !== (code === undefined);
const ONE = { path: ['code'], message: 'a ticket or a code' };

export const privateOpenRequest = z.object(route).refine(oneRoute, ONE);
export const privateOpenAnswer = z.object({
  /** False: too late; a vote is kept and does not count. */
  inTime: z.boolean(),
  /** The form that was frozen into the rating, else what the ticket says, else the one in use. */
  instrument: instrument.nullable(),
  /** Whose criteria are asked; null: nobody has said it yet, the overall question is asked alone. */
  stage: stage.nullable(),
  /** This phone has sent a vote. */
  voted: z.boolean(),
  office: z.string(),
  /** Null: not known yet. */
  counter: z.object({ number: z.string(), name: z.string() }).nullable(),
  /** When the rating was opened; null: not known yet, or by a clock that nobody knows. */
  openedAt: utcMs.nullable(),
});
export type PrivateOpenAnswer = z.infer<typeof privateOpenAnswer>;

/** With an overall answer where a tap is asked, by the form's own options where a form is: the hub judges by the form. */
export const privateAnswers = z
  .array(z.object({ question: questionKey, level: levelKey }))
  .min(1)
  .max(10)
  .refine((list) => new Set(list.map(({ question }) => question)).size === list.length, {
    message: 'a question twice',
  });
export type PrivateAnswers = z.infer<typeof privateAnswers>;
export const privateVoteRequest = z
  .object({
    ...{ ...route, vote: voteId, answers: privateAnswers },
    /** Of the set that belongs to the overall answer. */
    chips: z
      .array(chipKey)
      .max(CHIPS_COUNT)
      .refine((list) => new Set(list).size === list.length, { message: 'a chip twice' })
      .optional(),
  })
  .refine(oneRoute, ONE);
/** full: it lies on a second medium · received: on the hub's disk. The same for the first vote and any later one. */
export const privateVoteAnswer = z.object({ thanked: z.enum(['full', 'received']) });

/** Only the phone that opened it asks; binds nothing. */
export const privateReceiptRequest = z.object(route).refine(oneRoute, ONE);
/**
 * none: this phone has sent no vote · late: kept, not counted · received: kept, the counter has not reported the rating yet,
 * or it waits for a decision · counted: this service is in the figures, once. No word of the level, nor of which route
 * counted: where a tap and a phone both voted, that would tell which was lower.
 */
export const privateReceiptAnswer = z.object({
  state: z.enum(['none', 'late', 'received', 'counted']),
  /** Whose figures it is in, `YYYY-MM`; null: not counted, or the month may still be another one. */
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .nullable(),
  /** When this phone's first vote came; null: none. */
  at: utcMs.nullable(),
});
export type PrivateReceipt = z.infer<typeof privateReceiptAnswer>;
