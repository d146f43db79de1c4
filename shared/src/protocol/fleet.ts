/** Kiosks on one page: HTTP forms of the administration. Document: hub-server/DESIGN.md, "Fleet". */
import { z } from 'zod';
import { counterId } from '../ids.ts';
import { utcMs } from '../time.ts';
import { deviceStatus } from './edge.ts';

export const FLEET_PAGE = 50;

export const fleetState = z.enum(['all', 'critical', 'attention', 'well', 'revoked']);
export type FleetState = z.infer<typeof fleetState>;

export const fleetAlarm = z.object({
  /** An error code: its sentence and remedy are those of the catalogue. */
  code: z.string(),
  severity: z.union([z.literal(1), z.literal(2)]),
  detail: z.string(),
  openedAt: utcMs,
  acknowledgedAt: utcMs.nullable(),
  acknowledgedBy: z.string().nullable(),
});

export const fleetRow = z.object({
  device: z.string(),
  counterId,
  counter: z.string(),
  counterName: z.string(),
  unit: z.string(),
  online: z.boolean(),
  enrolledAt: utcMs,
  revokedAt: utcMs.nullable(),
  lastSeenAt: utcMs.nullable(),
  build: z.string(),
  /** What it said last; null: nothing yet. */
  status: deviceStatus.nullable(),
  wantedRevision: z.int(),
  /** It has said that this one is in force there. */
  confirmed: z.boolean(),
  alarms: z.array(fleetAlarm),
});
export type FleetRow = z.infer<typeof fleetRow>;

export const fleetRule = z.object({
  /** Not heard for so long of opening hours. */
  unseenMs: z
    .int()
    .min(60_000)
    .max(7 * 86_400_000),
  /** Minutes of the day in Vietnam. */
  opensMin: z.int().min(0).max(1_440),
  closesMin: z.int().min(0).max(1_440),
  /** Bit 0 Monday … bit 6 Sunday. */
  days: z.int().min(0).max(127),
  diskFreeBytes: z.int().min(0).max(1_099_511_627_776),
  clockBoundMs: z.int().min(100).max(3_600_000),
  unsyncedMs: z
    .int()
    .min(60_000)
    .max(30 * 86_400_000),
  /** The oldest build that is not behind; null: the newest any kiosk states. */
  build: z.string().max(64).nullable(),
});
export type FleetRule = z.infer<typeof fleetRule>;

export const fleetCounts = z.object({
  critical: z.int(),
  attention: z.int(),
  well: z.int(),
  revoked: z.int(),
  unacknowledged: z.int(),
  byCode: z.array(z.object({ code: z.string(), kiosks: z.int() })),
});
export type FleetCounts = z.infer<typeof fleetCounts>;

export const fleetAnswer = z.object({
  rows: z.array(fleetRow),
  /** Kiosks that fit the question. */
  total: z.int(),
  /** From 0. */
  page: z.int(),
  counts: fleetCounts,
});
export type FleetAnswer = z.infer<typeof fleetAnswer>;

export const fleetQuestion = z.object({
  state: fleetState.default('all'),
  code: z.string().max(60).optional(),
  text: z.string().max(80).default(''),
  page: z.coerce.number().int().min(0).max(10_000).default(0),
});

/** Hundredths are shares of the kiosks reached. */
export const rolloutRule = z.object({
  /** 1: everything goes to everybody at once. */
  stages: z.int().min(1).max(5),
  soakMs: z
    .int()
    .min(60_000)
    .max(7 * 86_400_000),
  confirmMs: z.int().min(60_000).max(86_400_000),
  sickShare: z.int().min(0).max(100),
});
export const rolloutGroups = z.array(z.object({ counterId, stage: z.int().min(1).max(5) })).max(5_000);
export const rolloutAnswer = z.object({
  rollout: z
    .object({
      from: z.int(),
      to: z.int(),
      state: z.enum(['running', 'done', 'rolled_back']),
      stage: z.int(),
      stageAt: utcMs,
      /** `health 2/40`, `unconfirmed 3/40`: how many of how many. */
      reason: z.string().nullable(),
      startedAt: utcMs,
    })
    .nullable(),
  rule: rolloutRule,
  groups: rolloutGroups,
  stages: z.array(z.object({ stage: z.int(), kiosks: z.int(), confirmed: z.int() })),
});
export type RolloutAnswer = z.infer<typeof rolloutAnswer>;
export const saveRollout = z.object({ rule: rolloutRule, groups: rolloutGroups });
export const decideRollout = z.object({ what: z.enum(['force', 'retry']) });

/** POST /api/v1/admin/fleet/reload: whose page is shown anew. `stage`: a group of the rollout. */
export const reloadRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('device'), device: z.string().max(64) }),
  z.object({ kind: z.literal('group'), stage: z.int().min(1).max(5) }),
  z.object({ kind: z.literal('all') }),
]);
export type ReloadRequest = z.infer<typeof reloadRequest>;
/** Told to so many; the numbers of counters whose kiosk is away, for which nothing is kept. */
export const reloadAnswer = z.object({ sent: z.int(), away: z.array(z.string()) });
export type ReloadAnswer = z.infer<typeof reloadAnswer>;

export const acknowledgeRequest = z.object({ code: z.string().max(60) });
