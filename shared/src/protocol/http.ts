/**
 * Browser and e-government system ↔ hub over HTTPS: the forms of requests and answers. The hub validates with
 * these very schemas and publishes them as OpenAPI at `/openapi.json`; the pages infer their types from them.
 * Every error answer is a `Problem` (errors.ts). Times are UTC milliseconds. Every route has a row in the hub's
 * policy table; a route without one does not start.
 */

import { z } from 'zod';
import {
  cameraId,
  caseId,
  counterId,
  deviceId,
  dutyId,
  intentId,
  officerId,
  ratingId,
  segmentId,
  sha256Hex,
  transactionId,
  unitId,
} from '../ids.ts';
import { outcomeReason } from '../model/counter-config.ts';
import { camera, counter, office, officer, officerProfile, procedure, unit } from '../model/directory.ts';
import { effectiveForm } from '../model/effective-form.ts';
import { bilingual, levelKey } from '../model/instrument.ts';
import {
  dossierCode,
  officerCode,
  outcome,
  pin,
  procedureCode,
  queueNumber,
  reasonKey,
  stage,
} from '../model/transaction.ts';
import { utcMs } from '../time.ts';
import { cameraStanding, cameraVia } from './cameras.ts';
import { clipGap } from './coverage.ts';
import { clipDownload } from './downloads.ts';
import { cameraState, probeResult } from './footage.ts';

export const problemAnswer = z.object({
  code: z.string(),
  vi: z.string(),
  en: z.string(),
  remedy: z.object({ vi: z.string(), en: z.string() }),
  where: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const count = z.int().min(0);

// ------------------------------------------------------------ web session: POST|GET|DELETE /api/v1/session
export const role = z.enum(['admin', 'inspector', 'head']);
export type Role = z.infer<typeof role>;
export const loginRequest = z.object({
  username: z.string().trim().min(1).max(60),
  password: z.string().min(1).max(200),
});
export const sessionAnswer = z.object({
  user: z.object({ id: z.uuid(), username: z.string(), name: z.string(), roles: z.array(role) }),
  /** Sent back as `X-CSRF-Token` with every request that changes something. */
  csrfToken: z.string(),
  office,
});
/** GET /api/v1/setup → needed; POST /api/v1/setup with the token `serve` printed makes the first administrator. */
export const setupAnswer = z.object({ needed: z.boolean() });
export const setupRequest = z.object({
  token: z.string().min(8).max(100),
  username: z.string().trim().min(3).max(60),
  name: z.string().trim().min(1).max(80),
  password: z.string().min(12).max(200),
  office,
});

// ------------------------------------------------------------ transactions (Bearer API key; station session)
/** POST /api/v1/transactions → 202. Same intentId, same answer. */
export const openTransactionRequest = z.object({
  intentId: intentId.optional(),
  expiresInMs: z.int().min(1_000).max(86_400_000).optional(),
  officerCode: officerCode.optional(),
  counterId,
  dossierCodes: z.array(dossierCode).max(20),
  procedureCode: procedureCode.nullable().optional(),
  stage,
  queueNumber: queueNumber.optional(),
});
export const openTransactionAnswer = z.object({ transactionId, intentId });
/** POST /api/v1/transactions/{id}/finish → 202 */
export const finishTransactionRequest = z.object({
  outcome,
  /** Key of GET /api/v1/reasons: needed with no_show, test and accident. */
  reason: reasonKey.optional(),
  intentId: intentId.optional(),
  expiresInMs: z.int().min(1_000).max(86_400_000).optional(),
});
export const finishTransactionAnswer = z.object({
  transactionId,
  intentId,
  /** At a counter without a kiosk: the code by which the citizen may vote on a phone; told once. */
  privateCode: z.string().optional(),
});
/** GET /api/v1/reasons: the office's reasons for outcomes that ask nobody at the counter. */
export const reasonsAnswer = z.object({ reasons: z.array(outcomeReason) });
/** GET /api/v1/intents/{id} */
export const intentAnswer = z.object({
  intentId,
  state: z.enum(['pending', 'accepted', 'refused', 'expired']),
  /** Code of errors.ts with its sentences when refused or expired. */
  reason: problemAnswer.nullable(),
});
/**
 * GET /api/v1/transactions/{id}; a level stands only in /ratings, and only for those the policy lets see it. `prompt` closes
 * at a fixed time after it opened, whatever happened in between.
 */
export const transactionAnswer = z.object({
  transactionId,
  counter: z.object({ id: counterId, number: z.string(), name: z.string() }),
  officer: z.object({ id: officerId, code: z.string(), name: z.string() }),
  procedure: z.object({ code: z.string(), name: z.string() }).nullable(),
  stage,
  dossierCodes: z.array(z.string()),
  queueNumber: z.string().nullable(),
  /** When its service was opened; with `begin`, the first that is known of it. */
  openedAt: utcMs,
  /** Its opening is not held: it began at some time before. Absent: `openedAt` is when it did. */
  begin: z.literal('unknown').optional(),
  finishedAt: utcMs.nullable(),
  outcome: outcome.nullable(),
  prompt: z.object({ openedAt: utcMs, closedAt: utcMs.nullable() }).nullable(),
  state: z.enum(['serving', 'rating', 'closed']),
});
export type TransactionAnswer = z.infer<typeof transactionAnswer>;
/** GET /api/v1/transactions?dossier=CODE */
export const transactionList = z.object({ transactions: z.array(transactionAnswer) });

/** Why a person must look at a transaction; the words for each are in hub-server/DESIGN.md, "Projections". */
export const reviewKind = z.enum([
  ...([
    'provisional',
    'month_edge',
    'same_dossier',
    'both_routes',
    'one_phone',
    'two_phones',
    'same_code',
  ] as const),
]);
export type ReviewKind = z.infer<typeof reviewKind>;
/** GET /api/v1/review?month=&after=&limit=: by kind, month and transaction; `next` is the `after` of the next page. */
export const reviewAnswer = z.object({
  items: z.array(
    z.object({
      kind: reviewKind,
      transactionId,
      /** Null: not known yet. Of a wrong clock it may be any. */
      month: z.string().max(20).nullable(),
      /** Null: its opening has not come yet. */
      transaction: transactionAnswer.nullable(),
    }),
  ),
  next: z.string().nullable(),
});
export type ReviewAnswer = z.infer<typeof reviewAnswer>;

export const voteAnswer = z.object({
  voteId: z.uuid(),
  ratingId,
  question: z.string(),
  questionName: z.object({ vi: z.string(), en: z.string() }),
  level: levelKey,
  /** The answer's own word, by the form that was asked; null or absent: this hub does not hold that form. */
  word: bilingual.nullable().optional(),
  attempt: z.int(),
  via: z.enum(['panel', 'touch', 'private']),
  button: z.int().nullable(),
  /** Claimed time at the kiosk, and when the hub had it. */
  at: utcMs,
  receivedAt: utcMs,
  effective: z.boolean(),
  event: z.object({ device: deviceId, epoch: z.string(), seq: z.int(), hash: sha256Hex }),
});
export const ratingsAnswer = z.object({
  transactionId,
  instrument: z.object({ id: z.string(), version: z.int() }).nullable(),
  effective: effectiveForm.nullable(),
  votes: z.array(voteAnswer),
});
export type RatingsAnswer = z.infer<typeof ratingsAnswer>;

// ------------------------------------------------------------ station
/** POST /api/v1/station/enrol {code}: sets the station cookie, the first factor. */
export const stationEnrolRequest = z.object({ code: z.string().trim().min(8).max(64) });
/** POST /api/v1/station/login: starts the session and the duty; the PIN is the second factor. */
export const stationLoginRequest = z.object({ staffCode: officerCode, pin });
/** GET /api/v1/station; the same object is pushed on the WebSocket /api/v1/station/live. */
export const stationAnswer = z.object({
  enrolled: z.boolean(),
  /** Somebody's login rests here until the PIN; who it is, is not told. */
  locked: z.boolean(),
  counter: counter.nullable(),
  officer: officerProfile.nullable(),
  csrfToken: z.string(),
  duty: z
    .object({
      id: dutyId,
      state: z.enum(['starting', 'started', 'refused']),
      since: utcMs.nullable(),
      reason: problemAnswer.nullable(),
    })
    .nullable(),
  transaction: transactionAnswer.nullable(),
  /** Intents not yet answered by the counter's device, oldest first. */
  pending: z.array(
    z.object({ intentId, kind: z.string(), transactionId: transactionId.nullable(), since: utcMs }),
  ),
  lastRefusal: z.object({ intentId, problem: problemAnswer, at: utcMs }).nullable(),
  /** "Lượt A011 đã đóng lúc …": says only that it closed, at the fixed time. */
  lastClosed: z.object({ transactionId, queueNumber: z.string().nullable(), at: utcMs }).nullable(),
  device: z.object({
    enrolled: z.boolean(),
    online: z.boolean(),
    /** Null while it is there, or was never. */
    lastSeenAt: utcMs.nullable(),
    panel: z.enum(['none', 'ready', 'away', 'incompatible', 'wrong-device', 'syncing', 'unknown']),
    screens: z.int(),
    /** Whether nothing old waits at the device. No number: it would count touches. */
    allSent: z.boolean(),
  }),
  /** Today at this counter by this officer. */
  today: z.object({ served: count, prompted: count }),
  procedures: z.array(procedure),
  /** What may be given for no_show, test and accident; the first of an outcome is the one a single key gives. */
  reasons: z.array(outcomeReason),
});
export type StationAnswer = z.infer<typeof stationAnswer>;
/** POST /api/v1/station/next: one key; `code` is what was typed or scanned: queue number, dossier code or nothing. */
export const stationNextRequest = z.object({
  code: z.string().trim().max(60).optional(),
  procedureCode: procedureCode.nullable().optional(),
  stage: stage.optional(),
  /** Ends what is being served first, with the same key. */
  finish: z.object({ transactionId, outcome, reason: reasonKey.optional() }).optional(),
});
/** Both with their own intents, in this order. */
export const stationNextAnswer = openTransactionAnswer.extend({
  finished: finishTransactionAnswer.nullable(),
});
/** POST /api/v1/station/finish {transactionId, outcome, reason} */
export const stationFinishRequest = z.object({ transactionId, outcome, reason: reasonKey.optional() });
/** POST /api/v1/station/lock · /lunch: the duty goes on, or pauses; the page learns counter and device only. */
/** POST /api/v1/station/unlock {pin}: of the same officer; from lunch the duty resumes. */
export const stationUnlockRequest = z.object({ pin });
/** DELETE /api/v1/station/login: ends duty and session. */
/**
 * GET /api/v1/station/totals: how the officer's own ratings fell, in blocks released at fixed weekly times; they do not overlap
 * and never change. What waits for the next one is not told, nor why.
 */
export const ownTotalsAnswer = z.object({
  /** New ratings a block needs, of more than one level. */
  minimum: count,
  /** When the next block may come. */
  nextAt: utcMs,
  /** Newest first. Each holds the ratings after `from` (null: from the beginning) up to `to`. */
  blocks: z
    .array(
      z.object({
        from: utcMs.nullable(),
        to: utcMs,
        n: count,
        /** By level key. */
        levels: z.object({ 1: count, 2: count, 3: count, 4: count, 5: count }),
      }),
    )
    .max(60),
});
export type OwnTotalsAnswer = z.infer<typeof ownTotalsAnswer>;

/** GET /api/v1/station/turns: the officer's own finished turns at this counter whose footage may still be asked to stay. */
export const stationTurn = z.object({
  transactionId,
  queueNumber: z.string().nullable(),
  dossierCodes: z.array(z.string()),
  openedAt: utcMs,
  finishedAt: utcMs,
});
export type StationTurn = z.infer<typeof stationTurn>;
export const stationTurnsAnswer = z.object({
  /** How long after a turn one may ask, and how long it is kept. */
  withinDays: count,
  days: count,
  turns: z.array(stationTurn).max(100),
});
export type StationTurnsAnswer = z.infer<typeof stationTurnsAnswer>;
/** POST /api/v1/station/hold {transactionId}: of an own finished turn. The answer follows from the request alone. */
export const stationHoldRequest = z.object({ transactionId });
export const stationHoldAnswer = z.object({ until: utcMs });
export type StationHoldAnswer = z.infer<typeof stationHoldAnswer>;

// ------------------------------------------------------------ inspector
/** appeal: what another case answered is looked at again, at an officer's request or by a citizen's second complaint. */
export const caseType = z.enum(['verification', 'feedback', 'complaint', 'appeal', 'denunciation']);
export type CaseType = z.infer<typeof caseType>;
/** A time of one counter, where nobody can name the transaction. */
export const caseInterval = z.object({ counterId, from: utcMs, to: utcMs });
/** POST /api/v1/cases: of a transaction or of an interval, one of both. */
export const openCaseRequest = z.object({
  type: caseType,
  documentNumber: z.string().trim().min(1).max(60),
  purpose: z.string().trim().min(5).max(500),
  transactionId: transactionId.optional(),
  interval: caseInterval.optional(),
  disputed: z.boolean(),
  /** Who brought the matter: sealed, read by the assignee alone, in no list, log or export. */
  petitioner: z
    .object({ name: z.string().trim().min(1).max(120), contact: z.string().trim().max(200) })
    .optional(),
});
export const caseAnswer = z.object({
  id: caseId,
  /** Running number, e.g. `PXM-2026-0001`. */
  number: z.string(),
  type: caseType,
  documentNumber: z.string(),
  purpose: z.string(),
  /** Null: of an interval. */
  transactionId: transactionId.nullable(),
  interval: caseInterval.nullable(),
  /** What two people let it see beyond that. */
  wider: z.array(z.object({ id: z.uuid(), from: utcMs, to: utcMs })),
  assignee: z.object({ id: z.uuid(), name: z.string() }),
  status: z.enum(['open', 'closed']),
  disputed: z.boolean(),
  openedAt: utcMs,
  closedAt: utcMs.nullable(),
  /** Since when the officer filmed may see who watched; never of a denunciation. */
  toldAt: utcMs.nullable(),
  hasPetitioner: z.boolean(),
});
export type CaseAnswer = z.infer<typeof caseAnswer>;
export const caseList = z.object({ cases: z.array(caseAnswer) });
/** PATCH /api/v1/cases/{id} */
export const changeCaseRequest = z.object({
  status: z.enum(['open', 'closed']).optional(),
  disputed: z.boolean().optional(),
});

/** GET /api/v1/cases/{id}/timeline?interval=: one timeline; lanes carry their own clock accuracy. */
export const timelineAnswer = z.object({
  case: caseAnswer,
  /** Null, as `ratings`: the case is of an interval. */
  transaction: transactionAnswer.nullable(),
  ratings: ratingsAnswer.nullable(),
  /** The interval that may be viewed: transaction ± padding ± bounds, the case's own, or one that two people allowed. */
  window: z.object({ from: utcMs, to: utcMs }),
  /** What is known of when the transaction was served; `cut`: longer than one person may see. Null: of an interval alone. */
  served: z
    .object({ begin: z.enum(['recorded', 'unknown']), end: z.enum(['recorded', 'unknown', 'cut']) })
    .nullable(),
  /** It is still served as far as the hub knows: its pictures open when it is over, then at the latest. Null: they may be seen. */
  opensBy: utcMs.nullable(),
  duty: z.object({ from: utcMs, to: utcMs.nullable(), officerName: z.string() }).nullable(),
  prompt: z.object({ from: utcMs, to: utcMs.nullable() }).nullable(),
  presses: z.array(
    z.object({
      at: utcMs,
      button: z.int().nullable(),
      via: z.enum(['panel', 'touch']),
      counted: z.boolean(),
      level: levelKey.nullable(),
      reason: z.string().nullable(),
    }),
  ),
  /** Kiosk clock against the hub, ± ms; null: unbounded, cannot be placed. */
  kioskBoundMs: z.int().nullable(),
  cameras: z.array(
    z.object({
      id: cameraId,
      name: z.string(),
      /** Picture time lies in [t − before, t + after] of the shown wall clock, ms. */
      boundBeforeMs: z.int(),
      boundAfterMs: z.int(),
      covered: z.array(z.object({ from: utcMs, to: utcMs })),
      gaps: z.array(clipGap),
      codec: z.string().nullable(),
      state: z.enum(['ready', 'partial', 'missing', 'pending']),
    }),
  ),
});
export type TimelineAnswer = z.infer<typeof timelineAnswer>;

/**
 * POST /api/v1/cases/{id}/clips {cameraId}: the policy is asked and a log row written, then an expiring address is
 * given. `playlist` is an m3u8 over whole segments; seconds are of that playlist.
 */
export const openClipRequest = z.object({
  cameraId,
  /** One of the case's `wider`; absent: its own. */
  interval: z.uuid().optional(),
});
export const clipAnswer = z.object({
  cameraId,
  playlist: z.string(),
  expiresAt: utcMs,
  /** Where the asked time lies in the playlist. */
  playFrom: z.number(),
  durationSeconds: z.number(),
  /** Playlist time ↔ wall clock, piecewise, in order. */
  pieces: z.array(
    z.object({ segmentId, startSeconds: z.number(), durationSeconds: z.number(), wallFrom: utcMs }),
  ),
  watermark: z.string(),
  state: z.enum(['ready', 'partial', 'pending']),
  gaps: z.array(clipGap),
  codec: z.string(),
  /** Empty where a browser plays it. */
  downloads: z.array(clipDownload),
});
export type ClipAnswer = z.infer<typeof clipAnswer>;
/**
 * GET /api/v1/transactions/{id}/clip: what there is (no bytes, no address): needs no case. A key is told what was recorded, as if
 * nothing had been deleted since.
 */
export const clipSummary = z.object({
  transactionId,
  cameras: z.array(
    z.object({
      cameraId,
      name: z.string(),
      state: z.enum(['ready', 'partial', 'missing', 'pending']),
      gaps: z.array(clipGap),
    }),
  ),
});

// ------------------------------------------------------------ dashboard
/** GET /api/v1/dashboard?month=YYYY-MM&by=… ; the XLSX of the same at /api/v1/dashboard.xlsx?month= */
export const dashboardBy = z.enum(['officer', 'counter', 'procedure', 'stage']);
export const figures = z.object({
  /** Transactions finished in the month (no-show, test, accident included: they stay in the denominator). */
  served: count,
  prompted: count,
  /** Forms of criteria as well: participation counts them, satisfaction cannot. */
  answered: count,
  /** Taps: what satisfaction is told of. */
  rated: count,
  /** Taps by level key 1…5. */
  levels: z.object({ 1: count, 2: count, 3: count, 4: count, 5: count }),
  satisfied: count,
  /** Wilson 95 % interval of satisfied ÷ rated, hundredths of a per cent (0…10000); null when rated is 0. */
  share: z.int().nullable(),
  low: z.int().nullable(),
  high: z.int().nullable(),
});
export type Figures = z.infer<typeof figures>;
export const dashboardAnswer = z.object({
  month,
  by: dashboardBy,
  /** False until the month closes: "số liệu tạm tính". */
  final: z.boolean(),
  minimumN: z.int(),
  total: figures,
  rows: z.array(z.object({ key: z.string(), label: z.string(), note: z.string().nullable(), figures })),
  /** Cursor of the newest fact inside; refetch when /api/v1/live hints a later one. */
  cursor: z.int().min(0),
  live: z.object({
    kiosks: z.array(
      z.object({
        deviceId: z.string().nullable(),
        counter: z.object({ id: counterId, number: z.string(), name: z.string() }),
        online: z.boolean(),
        lastSeenAt: utcMs.nullable(),
        panel: z.string(),
        unsynced: z.int(),
        officer: z.string().nullable(),
        state: z.enum(['closed', 'rest', 'serving', 'rating', 'unknown']),
      }),
    ),
    cameras: z.array(
      z.object({
        id: cameraId,
        name: z.string(),
        state: cameraState.shape.state,
        code: z.string().nullable(),
      }),
    ),
    casesOpen: count,
    quarantined: count,
  }),
});
export type DashboardAnswer = z.infer<typeof dashboardAnswer>;
/** GET /api/v1/dashboard/events?month=&by=&key=: the transactions under a number (heads; no level of one tap). */
/** GET /api/v1/dashboard/marks?month=: who was not asked and why, by officer; marks are void when somebody voted. */
export const dashboardMarks = z.object({
  month,
  reasons: z.array(outcomeReason),
  rows: z.array(
    z.object({
      officerId,
      label: z.string(),
      outcome: outcomeReason.shape.outcome,
      /** Null: given before a list named any. */
      reason: reasonKey.nullable(),
      n: count,
    }),
  ),
});
export type DashboardMarks = z.infer<typeof dashboardMarks>;
/**
 * POST /api/v1/closed-dossiers: what the provincial system closed. The same (dossier, closedAt, step) again changes nothing, or what
 * is said beside it.
 */
export const closedDossier = z.object({
  dossierCode,
  closedAt: utcMs,
  step: stage,
  counterId: counterId.optional(),
  officerCode: officerCode.optional(),
});
export type ClosedDossier = z.infer<typeof closedDossier>;
export const closedDossiersRequest = z.object({ dossiers: z.array(closedDossier).min(1).max(1_000) });
export const closedDossiersAnswer = z.object({ added: count, changed: count, same: count });
/**
 * GET /api/v1/dashboard/never-asked?month= (heads): held each night against the prompts that were shown; `silent`: marked no-show,
 * test or accident; `unknown`: a kiosk has not reported yet; `waiting`: for tonight. Also as /never-asked.xlsx.
 */
export const neverAskedAnswer = z.object({
  month,
  judgedFor: utcMs.nullable(),
  counters: z.array(
    z.object({
      /** Null: nobody said which counter. */
      label: z.string().nullable(),
      ...{ closed: count, asked: count, unasked: count, silent: count, unknown: count, waiting: count },
    }),
  ),
  officers: z.array(z.object({ label: z.string(), unasked: count, silent: count })),
  dossiers: z.array(
    z.object({
      dossierCode: z.string(),
      closedAt: utcMs,
      step: stage,
      label: z.string().nullable(),
      state: z.enum(['unasked', 'silent', 'unknown']),
    }),
  ),
  truncated: z.boolean(),
});
export type NeverAskedAnswer = z.infer<typeof neverAskedAnswer>;
export const dashboardEvents = z.object({ transactions: z.array(transactionAnswer), truncated: z.boolean() });

// ------------------------------------------------------------ administration (role admin)
// Lists: GET /api/v1/admin/{units|officers|counters|procedures|cameras|users|devices|api-keys}
export const adminLists = {
  units: z.object({ items: z.array(unit) }),
  officers: z.object({ items: z.array(officer) }),
  counters: z.object({ items: z.array(counter) }),
  procedures: z.object({ items: z.array(procedure) }),
  cameras: z.object({
    items: z.array(camera.extend({ live: cameraState.nullable(), standing: cameraStanding.nullable() })),
  }),
  users: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        username: z.string(),
        name: z.string(),
        roles: z.array(role),
        active: z.boolean(),
      }),
    ),
  }),
  devices: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['kiosk', 'station']),
        counterId,
        enrolledAt: utcMs,
        revokedAt: utcMs.nullable(),
        online: z.boolean(),
        lastSeenAt: utcMs.nullable(),
        unsynced: z.int(),
        panel: z.string(),
        build: z.string(),
        /** Events it held when it was revoked, and that nobody has written off. */
        open: z.int().optional(),
        /** Who was the first of two people to write them off; null: nobody yet. */
        writeOffAsked: z.string().nullable().optional(),
      }),
    ),
  }),
  /** At `/api/v1/admin/api-keys`; DELETE /api/v1/admin/api-keys/{id} revokes. The key itself is shown only once. */
  apiKeys: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        counterIds: z.array(counterId).nullable(),
        readsRatings: z.boolean(),
        createdAt: utcMs,
        revokedAt: utcMs.nullable(),
      }),
    ),
  }),
};
// Save one (POST creates, PUT /{id} changes): bodies below. Answers `{id}`.
export const saveUnit = unit.omit({ id: true });
export const saveOfficer = officer.omit({ id: true, photo: true }).extend({ pin: pin.optional() });
/** PUT /api/v1/admin/officers/{id}/photo: multipart field `photo`. GET /api/v1/photos/{sha256} reads it. */
export const saveCounter = counter.omit({ id: true });
export const saveProcedure = procedure;
export const saveCamera = camera.omit({ id: true }).extend({ password: z.string().max(128).optional() });
export const saveUser = z.object({
  username: z.string().trim().min(3).max(60),
  name: z.string().trim().min(1).max(80),
  roles: z.array(role).min(1),
  password: z.string().min(12).max(200).optional(),
  active: z.boolean(),
});
export const savedAnswer = z.object({ id: z.string() });
/** POST /api/v1/admin/cameras/probe {address,user,password} → probeResult */
export const probeRequest = z.object({
  address: z.string().trim().min(1).max(300),
  user: z.string().max(64),
  password: z.string().max(128),
  via: cameraVia.optional(),
});
export { probeResult };
/** POST /api/v1/admin/enrol-codes {counterId, kind} → code; 10 minutes, once. */
export const enrolCodeRequest = z.object({
  counterId,
  kind: z.enum(['kiosk', 'station']),
  /** A kiosk of that counter: it is revoked when the new one is let in. */
  replaces: z.string().max(64).nullable().optional(),
});
export const enrolCodeAnswer = z.object({
  code: z.string(),
  expiresAt: utcMs,
  /** The hub's log as the kiosk will be given it; its screen shows the same digits. Null: not set up yet. */
  log: z.object({ size: z.int().min(0), fingerprint: z.string() }).nullable(),
  /** The code to be scanned: rows of modules, `1` dark, without the quiet zone. */
  qr: z.array(z.string()).optional(),
});
export type EnrolCodeAnswer = z.infer<typeof enrolCodeAnswer>;
/** GET /api/v1/recovering: what the hub still waits for since it noticed that an old copy was put back. */
export const recoveringAnswer = z.object({
  recovering: z.boolean(),
  since: utcMs.nullable(),
  /** Two people let figures leave although data is missing. */
  overridden: z.boolean(),
  /** Kiosks that have not spoken yet, or are sending again what is missing. */
  awaited: z.array(
    z.object({
      ...{ counterId, counter: z.string(), device: z.string(), state: z.enum(['unheard', 'sending']) },
      /** A newer kiosk stands at its counter: when this one is gone for good, only revoking it ends the waiting. */
      replaced: z.boolean(),
    }),
  ),
  /** Events that are nowhere any more; `counter` null: of the hub's own chain. `to` null: nobody knows how many. */
  gaps: z.array(
    z.object({ counter: z.string().nullable(), device: z.string(), from: z.int(), to: z.int().nullable() }),
  ),
  /** Kiosks admitted again by their certificate: whether they were revoked meanwhile is to be confirmed. */
  toConfirm: z.array(z.object({ device: z.string(), counterId, counter: z.string() })),
});
export type RecoveringAnswer = z.infer<typeof recoveringAnswer>;

/** POST /api/v1/admin/devices/{id}/revoke */
/** POST /api/v1/admin/import/{units|officers|counters|procedures|cameras}?apply=0|1 with a text/csv body. */
export const importAnswer = z.object({
  rows: z.array(
    z.object({
      line: z.int(),
      action: z.enum(['add', 'change', 'same', 'error']),
      cells: z.record(z.string(), z.string()),
      errors: z.array(z.object({ column: z.string(), vi: z.string(), en: z.string() })),
    }),
  ),
  errors: count,
  applied: z.boolean(),
});
export type ImportAnswer = z.infer<typeof importAnswer>;
/** DELETE /api/v1/admin/demo {confirm: 'XOA'}: removes the demo's people, places and logins; facts stay. */
export const removeDemoRequest = z.object({ confirm: z.literal('XOA') });
/**
 * GET /api/v1/admin/office, PUT to change. GET /api/v1/admin/audit?before=: newest first; of a denunciation anybody but its assignee
 * reads number and time of a row alone (`withheld`, the rest empty).
 */
export const auditAnswer = z.object({
  rows: z.array(
    z.object({
      seq: z.int(),
      at: utcMs,
      actor: z.string(),
      action: z.string(),
      object: z.string(),
      reason: z.string().nullable(),
      withheld: z.boolean(),
      /** What they are called today: a camera by its name, an officer by theirs; null: nothing. */
      actorName: z.string().nullable(),
      objectName: z.string().nullable(),
    }),
  ),
  more: z.boolean(),
});
export type AuditAnswer = z.infer<typeof auditAnswer>;
/** POST /api/v1/admin/api-keys {name, counterIds|null, readsRatings?} → shown once. */
export const apiKeyRequest = z.object({
  name: z.string().trim().min(1).max(60),
  /** Null or absent: every counter. */
  counterIds: z.array(counterId).max(500).nullable().optional(),
  /** Single ratings with their levels; absent: no. */
  readsRatings: z.boolean().optional(),
});
export const apiKeyAnswer = z.object({ id: z.string(), key: z.string() });
export { unitId };
