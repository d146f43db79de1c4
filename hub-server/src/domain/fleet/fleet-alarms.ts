/**
 * Purpose: what is wrong with a kiosk, from its last report, what the hub knows of it, and the time; nothing else.
 * Refuses: to alarm about a kiosk that a newer one replaced, except for what it still holds.
 * Document: hub-server/DESIGN.md, "Fleet".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { DeviceStatus } from '@hailong/shared/protocol/edge.ts';
import { isOlderBuild } from './builds.ts';
import { type OpeningHours, openMsBetween } from './opening-hours.ts';

/** 1 attention: somebody looks today. 2 critical: ratings are not taken, or may be lost. */
export const ALARMS = {
  'fleet.unseen': 2,
  'fleet.not_storing': 2,
  'fleet.no_input': 2,
  'fleet.screen_frozen': 2,
  'fleet.chain_doubt': 2,
  'fleet.suspended': 2,
  'fleet.witness_refused': 2,
  'fleet.unsynced_old': 1,
  'fleet.disk_low': 1,
  'fleet.panel_away': 1,
  'fleet.panel_stuck': 1,
  'fleet.clock_wide': 1,
  'fleet.pin_tried': 1,
  'fleet.version_behind': 1,
  'fleet.config_behind': 1,
  // What its agent raised by itself.
  'kiosk.chain_forked': 2,
  'kiosk.hub_ahead': 2,
  'kiosk.event_damaged': 2,
  'kiosk.loss_detected': 2,
  'kiosk.ballast_used': 2,
  'kiosk.hub_stuck': 1,
  'kiosk.state_damaged': 1,
  'kiosk.high_water_damaged': 1,
  'kiosk.high_water_unwritable': 1,
} as const satisfies Partial<Record<ErrorCode, 1 | 2>>;
export type AlarmCode = keyof typeof ALARMS;

const isStated = (code: string): code is AlarmCode =>
  code.startsWith('kiosk.') && Object.hasOwn(ALARMS, code);

/** A restart forgets what was raised before; it stays on show until somebody has seen it. */
export const STATED: ReadonlySet<string> = new Set(Object.keys(ALARMS).filter(isStated));

/** Its cause leaves no trace that could go: it ends when somebody acknowledges it. */
export const LATCHED: ReadonlySet<AlarmCode> = new Set<AlarmCode>([
  ...(['fleet.chain_doubt', 'fleet.witness_refused', 'fleet.pin_tried'] as const),
  ...([...STATED] as AlarmCode[]),
]);

export interface FleetRule extends OpeningHours {
  readonly unseenMs: number;
  readonly diskFreeBytes: number;
  readonly clockBoundMs: number;
  readonly unsyncedMs: number;
  /** Null: the newest that any kiosk states. */
  readonly build: string | null;
}

export interface FleetKiosk {
  readonly enrolledAt: number;
  readonly lastSeenAt: number | null;
  readonly build: string;
  /** Null: it never said. */
  readonly status: DeviceStatus | null;
  /** A newer kiosk is enrolled at its counter. */
  readonly superseded: boolean;
  /** One of its chains waits for two people. */
  readonly suspended: boolean;
  /** `device.alarm`: what its chains showed, or `pin_locked`; null: nothing that is not acknowledged. */
  readonly noticed: string | null;
  /** Refused checkpoints that somebody has acknowledged. */
  readonly refusalsSeen: number;
  /** Of what its agent raised, as it was when somebody last acknowledged it: code and detail. */
  readonly statedSeen: ReadonlyMap<string, string>;
  /** How long, when it was last heard, its counter's configuration had waited for its word; null: it is in force there. */
  readonly unconfirmedMs: number | null;
}

export interface FleetAlarm {
  readonly code: AlarmCode;
  readonly detail: string;
}

const MIB = 1_048_576;
/** Of the budget for the data folder; the agent itself warns there. */
const BUDGET_SHARE = 0.9;
/** A boot gets its anchor within seconds of the hub. */
const ANCHOR_BY_MS = 10 * 60_000;
/** A page beats once a second out of a frame that it draws; this long without one, of open time, it draws nothing. */
const FROZEN_MS = 60_000;
/** A configuration is confirmed as soon as it is kept; a new report comes every 30 s. */
const CONFIRMED_BY_MS = 2 * 60_000;

export function alarmsOf(
  kiosk: FleetKiosk,
  rule: FleetRule,
  newestBuild: string | null,
  at: number,
): FleetAlarm[] {
  const { status } = kiosk;
  const found: FleetAlarm[] = [];
  const raise = (isSo: boolean | undefined, code: AlarmCode, detail = ''): void => {
    if (isSo === true) found.push({ code, detail });
  };
  const lastHeard = kiosk.lastSeenAt ?? kiosk.enrolledAt;
  const silentMs = Math.max(0, at - lastHeard);
  // What it held when it was last heard grows older whether it is heard or not.
  const heldMs = (status?.unsynced ?? 0) > 0 ? (status?.oldestUnsyncedMs ?? 0) + silentMs : 0;
  raise(heldMs > rule.unsyncedMs, 'fleet.unsynced_old', String(status?.unsynced ?? 0));
  raise(kiosk.suspended, 'fleet.suspended');
  if (kiosk.noticed === 'pin_locked') raise(true, 'fleet.pin_tried');
  else raise(kiosk.noticed !== null, 'fleet.chain_doubt', kiosk.noticed ?? '');
  if (kiosk.superseded) return found;

  raise(openMsBetween(rule, lastHeard, at) > rule.unseenMs, 'fleet.unseen');
  const wanted = rule.build ?? newestBuild;
  raise(
    wanted !== null && isOlderBuild(kiosk.build, wanted),
    'fleet.version_behind',
    `${kiosk.build} < ${wanted}`,
  );
  raise(
    (kiosk.unconfirmedMs ?? 0) > CONFIRMED_BY_MS,
    'fleet.config_behind',
    `${status?.configRevision ?? '–'}`,
  );
  if (!status) return found;

  const { panel, health, storage, diskFreeBytes } = status;
  raise(panel === 'away' || panel === 'incompatible' || panel === 'wrong-device', 'fleet.panel_away', panel);
  raise(panel === 'none' && status.screens === 0, 'fleet.no_input');
  const isFull = storage !== undefined && storage.usedBytes >= storage.budgetBytes * BUDGET_SHARE;
  const isLow = diskFreeBytes !== null && diskFreeBytes < rule.diskFreeBytes;
  raise(
    isLow || isFull,
    'fleet.disk_low',
    diskFreeBytes === null ? '' : `${Math.round(diskFreeBytes / MIB)} MiB`,
  );
  if (!health) return found;
  const { window } = health;
  // Of the time in which the office is open: whoever switches displays off at night wakes nobody.
  const connectedMs = status.screens === 0 ? 0 : (window?.connectedMs ?? 0);
  const stillMs = Math.min(connectedMs, window?.shown?.agoMs ?? connectedMs);
  const isFrozen = openMsBetween(rule, lastHeard - stillMs, lastHeard) > FROZEN_MS;
  raise(isFrozen, 'fleet.screen_frozen', window?.shown?.screen);
  raise(!health.isStoring, 'fleet.not_storing');
  const { clockBoundMs, witness } = health;
  const isWide = clockBoundMs === null ? health.upMs > ANCHOR_BY_MS : clockBoundMs > rule.clockBoundMs;
  raise(isWide, 'fleet.clock_wide', clockBoundMs === null ? '' : `${clockBoundMs} ms`);
  raise(witness.refusals > kiosk.refusalsSeen, 'fleet.witness_refused', String(witness.refusals));
  for (const { code, count } of health.alarms ?? []) {
    const detail = `${health.epoch.slice(0, 8)} × ${count}`;
    if (isStated(code)) raise(kiosk.statedSeen.get(code) !== detail, code, detail);
  }
  raise((health.panel?.stuck.length ?? 0) > 0, 'fleet.panel_stuck', health.panel?.stuck.join(', '));
  return found;
}
