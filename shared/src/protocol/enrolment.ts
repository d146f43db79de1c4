/** Kiosks that wait to be let in, the roster of those that were, and the first of two people of a write-off. */
import { z } from 'zod';
import { counterId } from '../ids.ts';
import { utcMs } from '../time.ts';

/** `id` names the request, not the code. */
export const waitingEnrolment = z.object({
  id: z.string(),
  counterId,
  counter: z.string(),
  device: z.string(),
  fingerprint: z.string(),
  build: z.string(),
  claimedAt: utcMs,
  expiresAt: utcMs,
  /** Another key brought the same code: somebody else has it. */
  contested: z.boolean(),
  /** The kiosk that ends with it. */
  replaces: z.string().nullable(),
});
export const waitingEnrolments = z.object({ items: z.array(waitingEnrolment) });
export type WaitingEnrolment = z.infer<typeof waitingEnrolment>;

export const decideEnrolment = z.object({ approve: z.boolean() });

export const rosterLine = z.object({
  serial: z.int(),
  counterId,
  counter: z.string(),
  counterName: z.string(),
  device: z.string(),
  fingerprint: z.string(),
  enrolledAt: utcMs,
  /** Null: let in by the code alone. */
  approvedBy: z.string().nullable(),
  approvedAt: utcMs.nullable(),
  revokedAt: utcMs.nullable(),
  /** Events it still held when it was revoked, and that nobody has written off. */
  open: z.int(),
});
export type RosterLine = z.infer<typeof rosterLine>;
export const rosterAnswer = z.object({ lines: z.array(rosterLine), printedAt: utcMs });
export type RosterAnswer = z.infer<typeof rosterAnswer>;

export const writeOffRequest = z.object({ reason: z.string().trim().min(1).max(300) });
/** `asked`: the first of two people; somebody else says it again. */
export const writeOffAnswer = z.object({ state: z.enum(['asked', 'done']) });
