/** Kiosks on one page, worst first, a page at a time; their alarms; what an office wants to be alarmed about. */
import type { DeviceStatus } from '@hailong/shared/protocol/edge.ts';
import type {
  ChosenKiosk,
  FleetCounts,
  FleetPort,
  FleetQuestion,
  FleetRow,
  KioskChoice,
  OpenAlarm,
} from '../../../../application/ports/fleet.ts';
import { type AlarmCode, LATCHED } from '../../../../domain/fleet/fleet-alarms.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { directoryRevision } from '../meta.ts';
import { end, isConfirmed, ruleOf, weighAll } from './fleet-rows.ts';
import { rolloutRule, stagedRevision } from './rollout-rows.ts';

const OPEN = `WITH open AS (SELECT device, max(severity) AS worst, min(opened_at) AS since,
    sum(acknowledged_at IS NULL) AS unseen FROM device_alarm WHERE cleared_at IS NULL GROUP BY device)`;
const FROM = `FROM device d LEFT JOIN open o ON o.device = d.id LEFT JOIN counter c ON c.id = d.counter_id
   LEFT JOIN unit u ON u.id = c.unit_id
 WHERE CASE @state WHEN 'revoked' THEN d.revoked_at IS NOT NULL
     WHEN 'critical' THEN d.revoked_at IS NULL AND o.worst = 2 WHEN 'attention' THEN d.revoked_at IS NULL AND o.worst = 1
     WHEN 'well' THEN d.revoked_at IS NULL AND o.worst IS NULL ELSE d.revoked_at IS NULL END
   AND (@code IS NULL OR EXISTS (SELECT 1 FROM device_alarm a WHERE a.device = d.id AND a.code = @code AND a.cleared_at IS NULL))
   AND (@text = '' OR instr(lower(c.number), @text) > 0 OR instr(lower(c.name), @text) > 0
     OR instr(lower(u.name), @text) > 0 OR substr(d.id, 1, length(@text)) = @text)`;
const ROWS = `${OPEN} SELECT d.id AS device, d.counter_id AS counterId, ifnull(c.number, '?') AS counter,
   ifnull(c.name, '') AS counterName, ifnull(u.name, '') AS unit, d.enrolled_at AS enrolledAt,
   d.revoked_at AS revokedAt, d.last_seen_at AS lastSeenAt, d.build, d.status ${FROM}
 ORDER BY ifnull(o.worst, 0) DESC, ifnull(o.unseen, 0) > 0 DESC, o.since, length(c.number), c.number, d.id
 LIMIT @limit OFFSET @offset`;
const TOTAL = `${OPEN} SELECT count(*) AS total ${FROM}`;

type RowOf = Omit<FleetRow, 'alarms' | 'wantedRevision' | 'confirmed'>;

function page(db: Db, { limit, offset, ...asked }: FleetQuestion) {
  const of = { ...asked, text: asked.text.trim().toLowerCase() };
  const { total } = one<{ total: number }>(db, TOTAL, of)!;
  const rows = many<RowOf>(db, ROWS, { ...of, limit, offset });
  const alarms = new Map<string, OpenAlarm[]>();
  for (const { device, ...alarm } of many<OpenAlarm & { device: string }>(
    db,
    `SELECT device, code, severity, detail, opened_at AS openedAt, acknowledged_at AS acknowledgedAt,
       acknowledged_by AS acknowledgedBy FROM device_alarm
     WHERE cleared_at IS NULL AND device IN (SELECT value FROM json_each(?)) ORDER BY severity DESC, opened_at, code`,
    JSON.stringify(rows.map((row) => row.device)),
  ))
    alarms.set(device, [...(alarms.get(device) ?? []), alarm]);
  return {
    total,
    rows: rows.map((row) => ({ ...row, ...wantedOf(db, row), alarms: alarms.get(row.device) ?? [] })),
  };
}

function wantedOf(db: Db, { counterId, status }: Pick<RowOf, 'counterId' | 'status'>) {
  const staged = stagedRevision(db, counterId);
  const wantedRevision = staged ?? directoryRevision(db);
  const said = status === null ? null : (JSON.parse(status) as DeviceStatus);
  return { wantedRevision, confirmed: said !== null && isConfirmed(said, wantedRevision, staged !== null) };
}

function counts(db: Db): FleetCounts {
  const sums = one<Omit<FleetCounts, 'byCode'>>(
    db,
    `${OPEN} SELECT ifnull(sum(d.revoked_at IS NULL AND o.worst = 2), 0) AS critical,
       ifnull(sum(d.revoked_at IS NULL AND o.worst = 1), 0) AS attention,
       ifnull(sum(d.revoked_at IS NULL AND o.worst IS NULL), 0) AS well,
       ifnull(sum(d.revoked_at IS NOT NULL), 0) AS revoked, ifnull(sum(o.unseen), 0) AS unacknowledged
     FROM device d LEFT JOIN open o ON o.device = d.id`,
  )!;
  const byCode = many<{ code: AlarmCode; kiosks: number }>(
    db,
    `SELECT code, count(*) AS kiosks FROM device_alarm WHERE cleared_at IS NULL
     GROUP BY code ORDER BY max(severity) DESC, kiosks DESC, code`,
  );
  return { ...sums, byCode };
}

const CHOSEN = `SELECT d.id AS device, ifnull(c.number, '?') AS counter FROM device d
   LEFT JOIN counter c ON c.id = d.counter_id LEFT JOIN counter_group g ON g.counter_id = d.counter_id
 WHERE d.revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM device n WHERE n.counter_id = d.counter_id
     AND n.enrol_serial > d.enrol_serial AND n.revoked_at IS NULL)
   AND (@device IS NULL OR d.id = @device) AND (@counterId IS NULL OR d.counter_id = @counterId)
   AND (@stage IS NULL OR min(ifnull(g.stage, @stages), @stages) = @stage)
 ORDER BY length(c.number), c.number, d.id`;

const chosen = (db: Db, choice: KioskChoice): ChosenKiosk[] =>
  many<ChosenKiosk>(db, CHOSEN, {
    device: choice.kind === 'device' ? choice.device : null,
    counterId: choice.kind === 'counter' ? choice.counterId : null,
    stage: choice.kind === 'group' ? choice.stage : null,
    stages: rolloutRule(db).stages,
  });

export const fleetStore: Store<FleetPort> = {
  page: read(page),
  counts: read((db) => counts(db)),
  weigh: write((db, { at }) => weighAll(db, at)),
  acknowledge: write((db, { device, code, by, at, audit }) => {
    const done = run(
      db,
      `UPDATE device_alarm SET acknowledged_at = ?, acknowledged_by = ?
       WHERE device = ? AND code = ? AND cleared_at IS NULL AND acknowledged_at IS NULL`,
      ...[at, by, device, code],
    );
    if (done === 0) return false;
    appendAudit(db, audit);
    if (LATCHED.has(code as AlarmCode)) {
      if (code !== 'fleet.witness_refused') run(db, 'UPDATE device SET alarm = NULL WHERE id = ?', device);
      end(db, device, code, at);
    }
    return true;
  }),
  chosen: read(chosen),
  noted: write((db, { audit }) => {
    appendAudit(db, audit);
    return null;
  }),
  rule: read((db) => ruleOf(db)),
  saveRule: write((db, { rule, audit }) => {
    run(
      db,
      `UPDATE fleet_rule SET unseen_ms = @unseenMs, opens_min = @opensMin, closes_min = @closesMin, days = @days,
         disk_free_bytes = @diskFreeBytes, clock_bound_ms = @clockBoundMs, unsynced_ms = @unsyncedMs, build = @build
       WHERE id = 1`,
      rule,
    );
    appendAudit(db, audit);
    weighAll(db, audit.at);
    return null;
  }),
};
