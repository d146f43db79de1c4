/**
 * Purpose: people, places, camera maps, instruments and web users of a snapshot against what the log's rows said of them.
 * Refuses: nothing; it finds. Document: hub-server/DESIGN.md, "Verify".
 */
import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import {
  DIRECTORY_TABLES,
  type DirectoryFold,
  type DirectoryTable,
} from '../../domain/audit/directory-fold.ts';
import type { HeldUseRow } from '../../domain/audit/use-fold.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import { migrate } from './open-database.ts';
import { guarded } from './verify-guard.ts';
import type { Snapshot } from './verify-reader.ts';

type Row = Readonly<Record<string, unknown>>;

/** `key`, and the columns by the names they have in the log. */
const TABLES: Readonly<Record<Exclude<DirectoryTable, 'instrument'>, string>> = {
  office: `SELECT 'office' AS key, name, place, phone, retention_days AS retentionDays, private_url AS privateUrl
    FROM office`,
  unit: 'SELECT id AS key, code, name FROM unit',
  officer: 'SELECT id AS key, code, name, position, unit_id AS unitId, active, photo FROM officer',
  counter: 'SELECT id AS key, number, name, unit_id AS unitId, active FROM counter',
  procedure: 'SELECT code AS key, code, name, active FROM procedure',
  camera: `SELECT id AS key, name, address, user, retention_days AS retentionDays, latency_ms AS latencyMs, active,
    via FROM camera`,
  camera_still: `SELECT id AS key, camera_id AS cameraId, sha256, taken_at AS takenAt, taken_by AS takenBy,
    approved_at AS approvedAt, approved_by AS approvedBy FROM camera_still`,
  camera_latency: `SELECT id AS key, camera_id AS cameraId, at, by, latency_ms AS latencyMs, measured_ms AS measuredMs,
    error_ms AS errorMs, shown_at AS shownAt, frame_at AS frameAt, segment_id AS segmentId FROM camera_latency`,
  kiosk_setting: `SELECT 'kiosks' AS key, walkup_interval_ms AS walkupIntervalMs, month, received, mended, languages,
    pin_days AS pinDays, voices FROM kiosk_setting`,
  outcome_reason: 'SELECT key, outcome, vi, en, place, active FROM outcome_reason',
  notice: `SELECT id AS key, vi, en, from_day AS "from", to_day AS "to", units, place FROM notice`,
  screen_hours: 'SELECT place AS key, opens_min AS opensMin, closes_min AS closesMin, days FROM screen_hours',
  closed_day: 'SELECT date AS key, name FROM closed_day',
  voice_recording: `SELECT language || ' ' || words AS key, sha256, duration_ms AS durationMs FROM voice_recording`,
  web_user: 'SELECT id AS key, username, name, roles, active FROM web_user',
};

function* rowsOf(
  snapshot: Pick<Snapshot, 'all'>,
  table: Exclude<DirectoryTable, 'instrument'>,
): Iterable<[string, Row]> {
  for (const { key, ...row } of snapshot.all<Row>(TABLES[table]))
    yield [
      String(key),
      {
        ...row,
        ...('active' in row ? { active: row['active'] === 1 } : {}),
        ...('voices' in row ? { voices: row['voices'] === 1 } : {}),
        ...('roles' in row ? { roles: JSON.parse(String(row['roles'])) } : {}),
        ...('units' in row ? { units: row['units'] === null ? null : JSON.parse(String(row['units'])) } : {}),
        ...('languages' in row ? { languages: JSON.parse(String(row['languages'])) } : {}),
      },
    ];
}

/** An instrument is all its versions, each by its number and the hash of its content. */
function instrumentsOf(snapshot: Snapshot): Map<string, Row> {
  const versions = new Map<string, string[]>();
  for (const row of snapshot.all<{ id: string; version: number; content: string }>(
    'SELECT id, version, content FROM instrument',
  ))
    versions.set(row.id, [
      ...(versions.get(row.id) ?? []),
      `${row.version} ${hash('sha256', row.content, 'hex')}`,
    ]);
  return new Map([...versions].map(([id, all]) => [id, { versions: all.sort() }]));
}

/** The list of reasons as shipped stands in no row of the log. */
function assumeShipped(fold: DirectoryFold): void {
  const fresh = new Database(':memory:');
  try {
    migrate(fresh);
    const shipped = { all: <R>(text: string) => fresh.prepare(text).all() as R[] };
    for (const [key, row] of rowsOf(shipped, 'outcome_reason')) fold.assume('outcome_reason', key, row);
  } finally {
    fresh.close();
  }
}

const NAMED_BLOBS = `SELECT n.sha256, b.bytes FROM (
    SELECT photo AS sha256 FROM officer WHERE photo IS NOT NULL UNION SELECT sha256 FROM voice_recording
  ) n LEFT JOIN blob b ON b.sha256 = n.sha256 UNION ALL SELECT sha256, bytes FROM camera_still`;

/** Photos and recordings are named by their content, by the log too. */
function checkBlobs(snapshot: Snapshot, verdict: Verdict): void {
  for (const { sha256, bytes } of snapshot.all<{ sha256: string; bytes: Uint8Array | null }>(NAMED_BLOBS))
    if (!bytes || hash('sha256', bytes, 'hex') !== sha256)
      verdict.find('log.contradicts', { table: 'blob', key: sha256 }, bytes ? 'bytes' : 'gone');
}

const IN_USE = `SELECT counter_id || '/' || procedure_code || '/' || stage AS place, from_at AS "from", to_at AS "to",
  instrument_id || ' ' || version AS form FROM instrument_use`;

export function checkDirectory(snapshot: Snapshot, fold: DirectoryFold, verdict: Verdict): void {
  assumeShipped(fold);
  for (const table of DIRECTORY_TABLES)
    guarded(verdict, { table }, () =>
      fold.compare(
        table,
        table === 'instrument' ? instrumentsOf(snapshot) : rowsOf(snapshot, table),
        verdict,
      ),
    );
  guarded(verdict, { table: 'camera_counter' }, () => {
    const rows = snapshot.all<{ camera: string; counter: string; from: number; to: number | null }>(
      'SELECT camera_id AS camera, counter_id AS counter, from_at AS "from", to_at AS "to" FROM camera_counter',
    );
    fold.compareMaps(
      (function* () {
        for (const { camera, counter, from, to } of rows) yield [camera, counter, from, to] as const;
      })(),
      verdict,
    );
  });
  guarded(verdict, { table: 'blob' }, () => checkBlobs(snapshot, verdict));
  guarded(verdict, { table: 'instrument_use' }, () =>
    fold.uses.compare(snapshot.all<HeldUseRow>(IN_USE), verdict),
  );
}
