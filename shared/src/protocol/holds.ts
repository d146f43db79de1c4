/** Footage that is kept past its days: who asked, for what, until when. See hub-server/DESIGN.md, "Holds". */
import { z } from 'zod';
import { cameraId, caseId, transactionId } from '../ids.ts';
import { utcMs } from '../time.ts';
import { caseType } from './http.ts';

/** officer: asked for at the station. rating, case: by the hub itself. manual: by two people. */
export const holdKind = z.enum(['officer', 'rating', 'case', 'manual']);
export type HoldKind = z.infer<typeof holdKind>;

export const holdAnswer = z.object({
  /** What `hold end` is given. */
  id: z.string(),
  kind: holdKind,
  state: z.enum(['living', 'lapsed', 'ended']),
  /** Officer, assignee of the case, or the person who asked; null: the hub by itself. */
  owner: z.string().nullable(),
  /** Null: no case, or one of a denunciation that is not the reader's. */
  case: z.object({ id: caseId, number: z.string(), type: caseType }).nullable(),
  /** Its case, owner, cameras and time are the assignee's alone to see; nor does anybody else end it. */
  secret: z.boolean(),
  transactionId: transactionId.nullable(),
  /** A bad rating that names no transaction: the counter's number, and when it was asked. */
  walkup: z.object({ counter: z.string(), at: utcMs }).nullable(),
  /** Of somebody else's denunciation: none, and no time. */
  cameras: z.array(z.object({ id: cameraId, name: z.string() })),
  from: utcMs.nullable(),
  to: utcMs.nullable(),
  askedAt: utcMs,
  /** Null: as long as its case is open. */
  until: utcMs.nullable(),
  endedAt: utcMs.nullable(),
  /** Both who ended it before its time; null: nobody did, or of somebody else's denunciation. */
  endedBy: z.array(z.string()).nullable(),
  reason: z.string().nullable(),
});
export type HoldAnswer = z.infer<typeof holdAnswer>;
/** GET /api/v1/holds?kind=&after=: of one kind alone; the page behind that one. */
export const holdQuery = z.object({ kind: holdKind.optional(), after: z.string().max(150).optional() });
/**
 * All that live, then those that ended within 30 days; in each by kind: what people decided for long, cases, officers' requests, ratings;
 * newest first.
 */
export const holdList = z.object({
  holds: z.array(holdAnswer),
  /** Over all pages, of the kind that was asked for. */
  count: z.object({ living: z.int(), ended: z.int() }),
  /** What `after` is given for the next page; null: this is the last one. */
  next: z.string().nullable(),
});
export type HoldList = z.infer<typeof holdList>;
