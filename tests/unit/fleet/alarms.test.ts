/* What is wrong with a kiosk follows from its report and the time alone. */
import type { DeviceStatus } from '@hailong/shared/protocol/edge.ts';
import { vietnamDay } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOlderBuild, newestBuild } from '../../../hub-server/src/domain/fleet/builds.ts';
import {
  alarmsOf,
  type FleetKiosk,
  type FleetRule,
} from '../../../hub-server/src/domain/fleet/fleet-alarms.ts';
import { openMsBetween } from '../../../hub-server/src/domain/fleet/opening-hours.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Wednesday 2026-11-25, 10:00 in Vietnam. */
const TEN = Date.UTC(2026, 10, 25, 3);
const RULE: FleetRule = {
  ...{ unseenMs: 10 * MINUTE, opensMin: 450, closesMin: 1_020, days: 31, diskFreeBytes: 500 * 1_048_576 },
  ...{ clockBoundMs: 5_000, unsyncedMs: HOUR, build: null },
};
const health: NonNullable<DeviceStatus['health']> = {
  ...{ runtime: 'node 24', epoch: 'ab'.repeat(16) as never, upMs: HOUR, panel: null, clockBoundMs: 10 },
  ...{ witness: { size: 10, heardAgoMs: 1_000, refusals: 0 }, isStoring: true },
};
const status: DeviceStatus = {
  ...{ build: 'hailong-kiosk/0.2.0', panel: 'ready', unsynced: 0, oldestUnsyncedMs: 0, screens: 1 },
  ...{ configRevision: 3, diskFreeBytes: 12e9, health },
};
const well: FleetKiosk = {
  ...{ enrolledAt: TEN - 100 * HOUR, lastSeenAt: TEN - 20_000, build: status.build, status, noticed: null },
  ...{ superseded: false, suspended: false, refusalsSeen: 0, unconfirmedMs: null, statedSeen: new Map() },
};
const panel = { family: 'cpp1', path: null, hwid: null, firmware: null, capabilities: [], lastFault: null };
const codes = (kiosk: Partial<FleetKiosk>, at = TEN, rule = RULE) =>
  alarmsOf({ ...well, ...kiosk }, rule, 'hailong-kiosk/0.2.0', at).map(({ code }) => code);
const said = (change: Partial<DeviceStatus>): Partial<FleetKiosk> => ({ status: { ...status, ...change } });
const felt = (change: Partial<typeof health>) => said({ health: { ...health, ...change } });

const drew = (shown: { screen: string; agoMs: number } | null, connectedMs = 9 * HOUR) => ({
  ...{ shell: 'chromium' as const, version: null, restarts: 0, shown, connectedMs },
});

test('a kiosk that is well raises nothing', () => expect(codes({})).toEqual([]));

test.each<[string, Partial<FleetKiosk>, string]>([
  ['silent for 11 minutes', { lastSeenAt: TEN - 11 * MINUTE }, 'fleet.unseen'],
  ['never heard since it was enrolled', { lastSeenAt: null, status: null }, 'fleet.unseen'],
  ['its disk full', felt({ isStoring: false }), 'fleet.not_storing'],
  ['neither screen nor panel', said({ panel: 'none', screens: 0 }), 'fleet.no_input'],
  ['a window that hangs', felt({ window: drew({ screen: 'rest', agoMs: 61_000 }) }), 'fleet.screen_frozen'],
  ['a window that never drew', felt({ window: drew(null) }), 'fleet.screen_frozen'],
  ['a hole in its chain', { noticed: 'gap' }, 'fleet.chain_doubt'],
  ['suspended', { suspended: true }, 'fleet.suspended'],
  [
    'a checkpoint refused',
    felt({ witness: { size: 10, heardAgoMs: null, refusals: 2 } }),
    'fleet.witness_refused',
  ],
  ['old unsent events', said({ unsynced: 4, oldestUnsyncedMs: HOUR }), 'fleet.unsynced_old'],
  ['little room', said({ diskFreeBytes: 4_000_000 }), 'fleet.disk_low'],
  [
    'its budget nearly used',
    said({ storage: { usedBytes: 95, budgetBytes: 100, ballastBytes: 0 } }),
    'fleet.disk_low',
  ],
  ['the panel pulled', said({ panel: 'away' }), 'fleet.panel_away'],
  ['a button stuck', felt({ panel: { ...panel, stuck: [2] } }), 'fleet.panel_stuck'],
  ['a wide clock', felt({ clockBoundMs: 6_000 }), 'fleet.clock_wide'],
  ['no anchor in this boot', felt({ clockBoundMs: null }), 'fleet.clock_wide'],
  ['PINs tried', { noticed: 'pin_locked' }, 'fleet.pin_tried'],
  ['a configuration without its word', { unconfirmedMs: 3 * MINUTE }, 'fleet.config_behind'],
  ['an old build', { build: 'hailong-kiosk/0.1.9' }, 'fleet.version_behind'],
])('%s', (_what, kiosk, code) => expect(codes(kiosk)).toEqual([code]));

test('a window that draws nothing is one that is connected, for a minute, while the office is open', () => {
  const hung = { screen: 'rest', agoMs: 8 * HOUR };
  expect(codes(felt({ window: drew({ screen: 'rest', agoMs: 59_000 }) }))).toEqual([]);
  // It has only just come back, or never drew yet; nobody is connected; the office opened 30 s ago.
  expect(codes(felt({ window: drew(hung, 100) }))).toEqual([]);
  expect(codes(felt({ window: drew(null, 100) }))).toEqual([]);
  expect(codes(said({ screens: 0, health: { ...health, window: drew(hung) } }))).toEqual([]);
  const opened = TEN - 150 * MINUTE + 30_000;
  const early = { ...felt({ window: drew(hung) }), lastSeenAt: opened };
  expect(codes(early, opened)).toEqual([]);
  expect(codes({ ...early, lastSeenAt: opened + MINUTE }, opened + MINUTE)).toEqual(['fleet.screen_frozen']);
});

test('what its agent raised is shown by its own code until that very state was seen', () => {
  const raised = felt({
    alarms: [
      { code: 'kiosk.loss_detected', count: 1, agoMs: 5 },
      { code: 'kiosk.something_newer', count: 1, agoMs: 5 },
    ],
  });
  expect(codes(raised)).toEqual(['kiosk.loss_detected']);
  expect(codes({ ...raised, statedSeen: new Map([['kiosk.loss_detected', 'abababab × 1']]) })).toEqual([]);
  expect(codes({ ...raised, statedSeen: new Map([['kiosk.loss_detected', 'abababab × 0']]) })).toHaveLength(
    1,
  );
});

test('what goes on as it should raises nothing', () => {
  expect(codes(felt({ clockBoundMs: null, upMs: MINUTE }))).toEqual([]);
  expect(codes({ ...felt({ witness: { size: 1, heardAgoMs: 0, refusals: 2 } }), refusalsSeen: 2 })).toEqual(
    [],
  );
  expect(codes(said({ diskFreeBytes: null }))).toEqual([]);
  expect(codes({ build: 'hailong-kiosk/0.1.9' }, TEN, { ...RULE, build: 'hailong-kiosk/0.1.0' })).toEqual([]);
});

test('a night, a weekend and the first minutes of a day are no silence; a morning is', () => {
  const evening = Date.UTC(2026, 10, 27, 9, 55); // Friday 16:55
  const monday = Date.UTC(2026, 10, 30, 0, 30); // 07:30
  expect(codes({ lastSeenAt: evening }, monday)).toEqual([]);
  expect(codes({ lastSeenAt: evening }, monday + 4 * MINUTE)).toEqual([]);
  expect(codes({ lastSeenAt: evening }, monday + 6 * MINUTE)).toEqual(['fleet.unseen']);
});

test('an older kiosk of the counter is watched only for what it still holds', () => {
  const old = { ...said({ unsynced: 1, oldestUnsyncedMs: 0, panel: 'away' }), superseded: true };
  expect(codes({ ...old, lastSeenAt: TEN - 48 * HOUR })).toEqual(['fleet.unsynced_old']);
  expect(codes({ ...old, ...said({ panel: 'away' }), lastSeenAt: TEN - 48 * HOUR })).toEqual([]);
});

test('opening time adds up, minute by minute', () => {
  const time = fc.integer({ min: 0, max: 20 * 24 * 60 }).map((minutes) => TEN + minutes * MINUTE);
  fc.assert(
    fc.property(time, time, time, (a, b, c) => {
      const [from, between, to] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
      const sum = openMsBetween(RULE, from, between) + openMsBetween(RULE, between, to);
      expect(openMsBetween(RULE, from, to)).toBe(sum);
      expect(sum).toBeLessThanOrEqual(to - from);
    }),
  );
  expect(openMsBetween(RULE, TEN - 10 * HOUR, TEN)).toBe(2.5 * HOUR);
  const closedDays = [vietnamDay(TEN)];
  expect(openMsBetween({ ...RULE, closedDays }, TEN - 10 * HOUR, TEN)).toBe(0);
  const whole = openMsBetween(RULE, TEN - 7 * 24 * HOUR, TEN + 7 * 24 * HOUR);
  expect(openMsBetween({ ...RULE, closedDays }, TEN - 7 * 24 * HOUR, TEN + 7 * 24 * HOUR)).toBe(
    whole - 9.5 * HOUR,
  );
});

test('builds are ordered by their numbers, and what is no build is never older', () => {
  expect(isOlderBuild('hailong-kiosk/0.9.0', 'hailong-kiosk/0.10.0')).toBe(true);
  expect(isOlderBuild('hailong-kiosk/1.0.0', 'hailong-kiosk/1.0.0')).toBe(false);
  expect(isOlderBuild('something', 'hailong-kiosk/1.0.0')).toBe(false);
  expect(newestBuild(['x', 'hailong-kiosk/0.2.0', 'hailong-kiosk/0.10.0'])).toBe('hailong-kiosk/0.10.0');
  expect(newestBuild(['x'])).toBeNull();
});
