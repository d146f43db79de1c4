/**
 * Kiosks weighed: what `alarmsOf` finds becomes open rows, what it finds no more ends. Run with every report of a
 * kiosk, so that a pulled panel is seen at once, and for all of them by the time.
 */
import type { DeviceStatus } from '@hailong/shared/protocol/edge.ts';
import { newestBuild } from '../../../../domain/fleet/builds.ts';
import {
  ALARMS,
  type AlarmCode,
  alarmsOf,
  type FleetKiosk,
  type FleetRule,
  STATED,
} from '../../../../domain/fleet/fleet-alarms.ts';
import { type Db, many, one, run } from '../../op.ts';
import { directoryRevision, getMeta, setMeta } from '../meta.ts';
import { rolloutNow, stagedRevision } from './rollout-rows.ts';
import { closedDays } from './screen-hours-store.ts';

interface Row {
  readonly id: string;
  readonly counterId: string;
  readonly enrolledAt: number;
  readonly lastSeenAt: number | null;
  readonly build: string;
  readonly status: string | null;
  readonly alarm: string | null;
  readonly superseded: number;
  readonly suspended: number;
  readonly refusalsSeen: number;
}

/** Ended alarms are history of an office's machines, not of its ratings. */
const KEPT_MS = 90 * 86_400_000;

const KIOSK = `SELECT d.id, d.counter_id AS counterId, d.enrolled_at AS enrolledAt, d.last_seen_at AS lastSeenAt, d.build, d.status, d.alarm,
   EXISTS (SELECT 1 FROM device n WHERE n.counter_id = d.counter_id AND n.enrol_serial > d.enrol_serial
     AND n.revoked_at IS NULL) AS superseded,
   EXISTS (SELECT 1 FROM device_epoch e WHERE e.device = d.id AND e.state = 'suspended') AS suspended,
   ifnull((SELECT max(CAST(a.detail AS INTEGER)) FROM device_alarm a WHERE a.device = d.id
     AND a.code = 'fleet.witness_refused' AND a.acknowledged_at IS NOT NULL), 0) AS refusalsSeen
 FROM device d WHERE d.revoked_at IS NULL`;

export function ruleOf(db: Db): FleetRule {
  return one<FleetRule>(
    db,
    `SELECT unseen_ms AS unseenMs, opens_min AS opensMin, closes_min AS closesMin, days,
       disk_free_bytes AS diskFreeBytes, clock_bound_ms AS clockBoundMs, unsynced_ms AS unsyncedMs, build
     FROM fleet_rule WHERE id = 1`,
  )!;
}

/** Also by the days on which the office is closed, which are set with the hours of screens. */
const weighedBy = (db: Db): FleetRule => ({ ...ruleOf(db), closedDays: closedDays(db) });

/** Asked once by the time, not with every report: reading all builds 2,000 times a minute would be. */
const newest = new WeakMap<Db, string | null>();

function newestOf(db: Db): string | null {
  const builds = many<{ build: string }>(db, 'SELECT DISTINCT build FROM device WHERE revoked_at IS NULL');
  const found = newestBuild(builds.map(({ build }) => build));
  newest.set(db, found);
  return found;
}

/** Which revision kiosks are to have, and since when the hub has known it: one `meta` row, moved by the time. */
interface Wanted {
  readonly revision: number;
  readonly since: number;
}

const NOTED = 'fleet.revision';

function wantedOf(db: Db): Wanted | null {
  const noted = getMeta(db, NOTED);
  const wanted = noted === null ? null : (JSON.parse(noted) as Wanted);
  // Another change came meanwhile: it is noted, and counted from, at the next look.
  return wanted?.revision === directoryRevision(db) ? wanted : null;
}

function noteWanted(db: Db, at: number): void {
  if (!wantedOf(db)) setMeta(db, NOTED, JSON.stringify({ revision: directoryRevision(db), since: at }));
}

/** What a counter's group is to have, and since when; null: groups are not in use. */
function stagedAt(db: Db, counterId: string): Wanted | null {
  const revision = stagedRevision(db, counterId);
  return revision === null ? null : { revision, since: rolloutNow(db)?.stageAt ?? 0 };
}

function unconfirmedMs(
  status: DeviceStatus | null,
  heardAt: number | null,
  wanted: Wanted | null,
  staged: Wanted | null,
): number | null {
  const of = staged ?? wanted;
  if (!status || !of || heardAt === null || isConfirmed(status, of.revision, staged !== null)) return null;
  return Math.max(0, heardAt - of.since);
}

export function isConfirmed(status: DeviceStatus, revision: number, isStaged: boolean): boolean {
  // Back to an older content is a smaller number.
  if (isStaged) return status.configRevision === revision;
  // A change of officers alone comes with the roster, and with no configuration.
  return Math.max(status.configRevision, status.rosterRevision ?? 0) >= revision;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** The newest of each code that somebody has acknowledged. */
function statedSeen(db: Db, device: string): ReadonlyMap<string, string> {
  const rows = many<{ code: string; detail: string }>(
    db,
    `SELECT code, detail FROM device_alarm WHERE device = ? AND code LIKE 'kiosk.%' AND acknowledged_at IS NOT NULL
     ORDER BY opened_at`,
    device,
  );
  return new Map(rows.map(({ code, detail }) => [code, detail]));
}

function kioskOf(db: Db, row: Row, wanted: Wanted | null): FleetKiosk {
  // Read by the form when it came.
  const status = row.status === null ? null : (JSON.parse(row.status) as DeviceStatus);
  return {
    ...{ enrolledAt: row.enrolledAt, lastSeenAt: row.lastSeenAt, build: row.build, noticed: row.alarm },
    status,
    ...{ superseded: row.superseded === 1, suspended: row.suspended === 1 },
    refusalsSeen: row.refusalsSeen,
    statedSeen: (status?.health?.alarms?.length ?? 0) > 0 ? statedSeen(db, row.id) : NOTHING,
    unconfirmedMs: unconfirmedMs(status, row.lastSeenAt, wanted, stagedAt(db, row.counterId)),
  };
}

interface Measure {
  readonly rule: FleetRule;
  readonly wanted: Wanted | null;
}

function weighRow(db: Db, row: Row, held: ReadonlyMap<string, string>, of: Measure, at: number): number {
  const found = alarmsOf(kioskOf(db, row, of.wanted), of.rule, newest.get(db) ?? null, at);
  let changed = 0;
  for (const { code, detail } of found) {
    const before = held.get(code);
    // A further refusal is another alarm than the one somebody looked at.
    if (before === undefined) changed += open(db, row.id, code, detail, at);
    else if (before !== detail && code === 'fleet.witness_refused')
      run(
        db,
        'UPDATE device_alarm SET detail = ? WHERE device = ? AND code = ? AND cleared_at IS NULL',
        detail,
        row.id,
        code,
      );
  }
  const codes = new Set<string>(found.map(({ code }) => code));
  for (const code of held.keys())
    if (!codes.has(code) && !STATED.has(code)) changed += end(db, row.id, code, at);
  return changed;
}

function open(db: Db, device: string, code: AlarmCode, detail: string, at: number): number {
  return run(
    db,
    `INSERT INTO device_alarm (device, code, severity, detail, opened_at) VALUES (?,?,?,?,?)
     ON CONFLICT (device, code, opened_at) DO UPDATE SET cleared_at = NULL, detail = excluded.detail`,
    ...[device, code, ALARMS[code], detail, at],
  );
}

export function end(db: Db, device: string, code: string, at: number): number {
  return run(
    db,
    'UPDATE device_alarm SET cleared_at = ? WHERE device = ? AND code = ? AND cleared_at IS NULL',
    ...[at, device, code],
  );
}

/** With its report: what changed there is seen at once. */
export function weighDevice(db: Db, device: string, at: number): void {
  const row = one<Row>(db, `${KIOSK} AND d.id = ?`, device);
  if (!row) return;
  if (!newest.has(db)) newestOf(db);
  const held = many<{ code: string; detail: string }>(
    db,
    'SELECT code, detail FROM device_alarm WHERE device = ? AND cleared_at IS NULL',
    device,
  );
  weighRow(
    db,
    row,
    new Map(held.map(({ code, detail }) => [code, detail])),
    { rule: weighedBy(db), wanted: wantedOf(db) },
    at,
  );
}

export function weighAll(db: Db, at: number): number {
  newestOf(db);
  noteWanted(db, at);
  const of = { rule: weighedBy(db), wanted: wantedOf(db) };
  const held = new Map<string, Map<string, string>>();
  for (const { device, code, detail } of many<{ device: string; code: string; detail: string }>(
    db,
    'SELECT device, code, detail FROM device_alarm WHERE cleared_at IS NULL',
  )) {
    const of = held.get(device) ?? new Map<string, string>();
    held.set(device, of.set(code, detail));
  }
  let changed = 0;
  for (const row of many<Row>(db, KIOSK)) {
    changed += weighRow(db, row, held.get(row.id) ?? new Map(), of, at);
    held.delete(row.id);
  }
  // Revoked meanwhile: what it still holds is written off by two people, not watched.
  for (const [device, codes] of held) for (const code of codes.keys()) changed += end(db, device, code, at);
  run(
    db,
    "DELETE FROM device_alarm WHERE cleared_at < ? AND code <> 'fleet.witness_refused' AND code NOT LIKE 'kiosk.%'",
    at - KEPT_MS,
  );
  return changed;
}
