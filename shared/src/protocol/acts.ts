/**
 * Acts of two people: one asks with a reason, another one approves, and only then it happens. GET/POST /api/v1/acts,
 * POST /api/v1/acts/{id}/approve and /refuse. A new kind is a body and a line of `actRequest` here.
 * Document: hub-server/DESIGN.md, "Acts of two people".
 */
import { z } from 'zod';
import { cameraId, caseId, counterId } from '../ids.ts';
import { utcMs } from '../time.ts';

/** What is asked, by kind. */
export const actBodies = {
  /** Footage of a case's counter beyond its transaction or interval. */
  'wider-interval': z.strictObject({ caseId, from: utcMs, to: utcMs }),
  /** A package of a case's footage that leaves the hub; the reason is its purpose. */
  'evidence-export': z.strictObject({
    caseId,
    legalBasis: z.string().trim().min(5).max(500),
    /** Of the case's counter, also beyond what the case is of: approving it lets the case see that too. Absent: its own. */
    interval: z.strictObject({ from: utcMs, to: utcMs }).optional(),
  }),
  /** Footage of one camera is kept until a date, for a case or for another reason. */
  'hold-add': z.strictObject({ cameraId, from: utcMs, to: utcMs, until: utcMs, caseId: caseId.nullable() }),
  /** A hold, whoever placed it, ends before its time. */
  'hold-end': z.strictObject({ hold: z.string().min(1).max(80) }),
  /** Nobody waits any longer for what this counter's kiosk has not told of the time up to then. */
  'counter-reported': z.strictObject({ counterId, upTo: utcMs }),
} as const;
/** What of these bodies people write in words of their own; the rest is ids and times. */
export const ACT_WORDS: ReadonlySet<string> = new Set(['legalBasis']);
export type ActKind = keyof typeof actBodies;
export type ActBody<K extends ActKind> = z.infer<(typeof actBodies)[K]>;
export const actKinds = Object.keys(actBodies) as readonly ActKind[];

/** Why; the other person reads it, and it stands in the log. */
export const actReason = z.string().trim().min(5).max(500);
const request = <K extends ActKind>(kind: K) =>
  z.strictObject({
    kind: z.literal(kind),
    body: actBodies[kind] as (typeof actBodies)[K],
    reason: actReason,
  });
/** POST /api/v1/acts */
export const actRequest = z.discriminatedUnion('kind', [
  request('wider-interval'),
  request('evidence-export'),
  request('hold-add'),
  request('hold-end'),
  request('counter-reported'),
]);
export type ActRequest = z.infer<typeof actRequest>;
/** POST /api/v1/acts/{id}/refuse: by the other person, or by whoever asked (withdrawn). */
export const refuseActRequest = z.strictObject({ reason: actReason });

/** What a second person must know by its name, where the body only has an id: cameras and their time, the counter, who was there. */
const actAbout = z.object({
  cameras: z.array(z.string()),
  from: utcMs.nullable(),
  to: utcMs.nullable(),
  counter: z.object({ number: z.string(), name: z.string() }).nullable(),
  /** Who was on duty at the counter meanwhile; of a denunciation nobody is named. */
  officers: z.array(z.string()).default([]),
});
export type ActAbout = z.infer<typeof actAbout>;

const person = z.object({ username: z.string(), name: z.string() });
export const actState = z.enum(['pending', 'approved', 'refused', 'withdrawn', 'expired']);
export type ActState = z.infer<typeof actState>;
export const actAnswer = z.object({
  id: z.uuid(),
  kind: z.enum(actKinds as [ActKind, ...ActKind[]]),
  /** What it is about, as the log names it: `case:PXM-2026-0001`. */
  object: z.string(),
  body: z.record(z.string(), z.unknown()),
  /** Null: the object and the body say it all. */
  about: actAbout.nullable().default(null),
  reason: z.string(),
  askedBy: person,
  askedAt: utcMs,
  expiresAt: utcMs,
  state: actState,
  decidedBy: person.nullable(),
  decidedAt: utcMs.nullable(),
  decidedReason: z.string().nullable(),
  /** What approving it made; null until then. */
  result: z.record(z.string(), z.unknown()).nullable(),
  /** Asked by the reader. */
  mine: z.boolean(),
  /** The reader may be its second person. */
  mayDecide: z.boolean(),
});
export type ActAnswer = z.infer<typeof actAnswer>;
/** GET /api/v1/acts: what the reader may decide, and the reader's own of the last 30 days; newest first. */
export const actList = z.object({ acts: z.array(actAnswer) });
export type ActList = z.infer<typeof actList>;
