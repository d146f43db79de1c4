/**
 * The recorder's own index: every fact with its cursor, and the rows that answer its questions. WAL with
 * synchronous=FULL, read back. A fact is on disk before the hub hears of it. See hub-server/DESIGN.md, "Footage".
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import type { CameraId } from '@hailong/shared/ids.ts';
import { type FootageFact, footageFact, type Gap, type RunMapping } from '@hailong/shared/protocol/footage.ts';
import Database from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import type { FootageIndex, KeptSegment, NumberedFact } from '../application/ports.ts';

const SCHEMA_VERSION = 1;
const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
-- Everything the hub is to hear, in order; sent again from the hub's last acknowledged cursor.
CREATE TABLE fact (cursor INTEGER PRIMARY KEY AUTOINCREMENT, segment TEXT, json TEXT NOT NULL) STRICT;
CREATE INDEX fact_segment ON fact (segment) WHERE segment IS NOT NULL;
CREATE TABLE segment (
  id TEXT PRIMARY KEY, camera TEXT NOT NULL, run TEXT NOT NULL,
  file TEXT NOT NULL UNIQUE, -- relative to the footage root
  media_start_ms INTEGER NOT NULL, media_end_ms INTEGER NOT NULL, -- from the start of the run
  bytes INTEGER NOT NULL,
  wall_from INTEGER NOT NULL, wall_to INTEGER NOT NULL -- by the mapping when it closed; only retention and gaps use it
) STRICT;
CREATE INDEX segment_camera_end ON segment (camera, wall_to);
CREATE INDEX segment_end ON segment (wall_to);
CREATE TABLE run_mapping (run TEXT PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
CREATE TABLE gap (id TEXT PRIMARY KEY, camera TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER, json TEXT NOT NULL) STRICT;
CREATE INDEX gap_camera ON gap (camera, from_at);
`;

type SegmentRow = { id: string; camera: string; file: string; bytes: number; wall_from: number; wall_to: number };
const kept = (row: SegmentRow): KeptSegment => ({
  id: row.id as KeptSegment['id'],
  camera: row.camera as CameraId,
  file: row.file,
  bytes: row.bytes,
  wallFrom: row.wall_from,
  wallTo: row.wall_to,
});

/** Opens (and makes) `folder/index.sqlite`. Throws CodedError when the file is newer or does not keep its mode. */
export function openIndex(folder: string): FootageIndex & { close(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'index.sqlite');
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const db = new Database(file);
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  if (db.pragma('synchronous', { simple: true }) !== 2) throw new CodedError('program.unsafe_storage', file);
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > SCHEMA_VERSION) throw new CodedError('program.newer_data', file);
  if (version === 0)
    db.transaction(() => {
      db.exec(SCHEMA);
      db.prepare('INSERT INTO meta VALUES (?, ?)').run('recorder', uuidv7());
      db.pragma(`user_version = ${SCHEMA_VERSION}`);
    })();

  const addFact = db.prepare('INSERT INTO fact (segment, json) VALUES (?, ?)');
  const addSegment = db.prepare('INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const getMapping = db.prepare('SELECT json FROM run_mapping WHERE run = ?').pluck();
  const setMapping = db.prepare('INSERT OR REPLACE INTO run_mapping VALUES (?, ?, ?)');
  const setGap = db.prepare('INSERT OR REPLACE INTO gap VALUES (?, ?, ?, ?, ?)');

  function lastMapping(run: string): RunMapping | null {
    const json = getMapping.get(run) as string | undefined;
    return json === undefined ? null : (JSON.parse(json) as RunMapping);
  }

  function apply(fact: FootageFact): void {
    if (fact.kind === 'segment.closed') {
      const { segment } = fact;
      const offset = lastMapping(segment.run)?.offsetMs ?? segment.arrivalAt - segment.mediaEndMs;
      addSegment.run(
        segment.id,
        segment.camera,
        segment.run,
        segment.file,
        segment.mediaStartMs,
        segment.mediaEndMs,
        segment.bytes,
        offset + segment.mediaStartMs,
        offset + segment.mediaEndMs,
      );
    } else if (fact.kind === 'run.mapped') {
      setMapping.run(fact.mapping.run, fact.mapping.version, JSON.stringify(fact.mapping));
    } else if (fact.kind === 'gap.recorded') {
      setGap.run(fact.gap.id, fact.gap.camera, fact.gap.from, fact.gap.to, JSON.stringify(fact.gap));
    } else {
      db.prepare('DELETE FROM segment WHERE id = ?').run(fact.id);
      // The hub has to hear of the file it may never have heard of: its own fact stays until acknowledged by order.
    }
  }

  return {
    recorderId: () => db.prepare("SELECT value FROM meta WHERE key = 'recorder'").pluck().get() as string,
    record: db.transaction((facts: readonly FootageFact[]): readonly NumberedFact[] =>
      facts.map((fact) => {
        apply(fact);
        const segment = fact.kind === 'segment.closed' ? fact.segment.id : fact.kind === 'segment.deleted' ? fact.id : null;
        const { lastInsertRowid } = addFact.run(segment, JSON.stringify(fact));
        return { cursor: Number(lastInsertRowid), fact };
      }),
    ).immediate,
    factsAfter(cursor, limit) {
      const rows = db
        .prepare('SELECT cursor, json FROM fact WHERE cursor > ? ORDER BY cursor LIMIT ?')
        .all(cursor, limit) as { cursor: number; json: string }[];
      return rows.map((row) => ({ cursor: row.cursor, fact: footageFact.parse(JSON.parse(row.json)) }));
    },
    lastMapping,
    newestEnd: (camera) =>
      db.prepare('SELECT max(wall_to) FROM segment WHERE camera = ?').pluck().get(camera) as number | null,
    openGap(camera) {
      const json = db
        .prepare('SELECT json FROM gap WHERE camera = ? AND to_at IS NULL ORDER BY from_at DESC LIMIT 1')
        .pluck()
        .get(camera) as string | undefined;
      return json === undefined ? null : (JSON.parse(json) as Gap);
    },
    hasFile: (name) => db.prepare('SELECT 1 FROM segment WHERE file = ?').pluck().get(name) === 1,
    endingBefore: (camera, before, limit) =>
      (
        db
          .prepare('SELECT * FROM segment WHERE camera = ? AND wall_to < ? ORDER BY wall_to LIMIT ?')
          .all(camera, before, limit) as SegmentRow[]
      ).map(kept),
    oldest: (limit) =>
      (db.prepare('SELECT * FROM segment ORDER BY wall_to LIMIT ?').all(limit) as SegmentRow[]).map(kept),
    keptBytes: () => db.prepare('SELECT coalesce(sum(bytes), 0) FROM segment').pluck().get() as number,
    cameras: () => db.prepare('SELECT DISTINCT camera FROM segment').pluck().all() as CameraId[],
    close: () => db.close(),
  };
}
