/**
 * The recorder's own index: every fact with its cursor, and the rows that answer its questions. WAL with
 * synchronous=FULL, read back. A fact is on disk before the hub hears of it. See hub-server/DESIGN.md, "Footage".
 */
import type { SegmentId } from '@hailong/shared/ids.ts';
import {
  type ClockStep,
  type FootageFact,
  footageFact,
  type Gap,
  type HeldRow,
  type RunMapping,
} from '@hailong/shared/protocol/footage.ts';
import { v7 as uuidv7 } from 'uuid';
import type { BoundRun, FootageIndex, KeptQuery, KeptSegment, Stall } from '../application/ports.ts';
import type { UnplacedRun } from '../domain/place-between.ts';
import type { SavedWall } from '../domain/steady-wall.ts';
import { openIndexFile } from './index-file.ts';
import { KEPT, kept, type SegmentRow, SURE, UNPLACED } from './kept-rows.ts';
import { stallRows } from './stall-rows.ts';
import { tornRows } from './torn-rows.ts';

/** No segment is longer: its end lies within this behind its beginning. */
const SEGMENT_MS_MAX = 600_000;
/** Rows of one kind forgotten at once, each minute: a camera that comes and goes makes fewer. */
const FORGET_MAX = 5_000;

function aboutOf(fact: FootageFact): string | null {
  switch (fact.kind) {
    case 'run.mapped':
      return fact.mapping.run;
    case 'gap.recorded':
      return fact.gap.id;
    case 'clock.stepped':
      return fact.step.id;
    default:
      return null;
  }
}

/** Opens (and makes) `folder/index.sqlite`. Throws CodedError when the file is newer or does not keep its mode. */
export function openIndex(folder: string): FootageIndex & { close(): void } {
  const db = openIndexFile(folder);
  const addFact = db.prepare('INSERT INTO fact (segment, json, deleted_at, about) VALUES (?, ?, ?, ?)');
  const addSegment = db.prepare('INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const getMapping = db.prepare('SELECT json FROM run_mapping WHERE run = ?').pluck();
  const setMapping = db.prepare('INSERT OR REPLACE INTO run_mapping VALUES (?, ?, ?)');
  const moveRun = db.prepare(
    'UPDATE segment SET wall_from = ? + media_start_ms, wall_to = ? + media_end_ms WHERE run = ?',
  );
  const doom = db.prepare('INSERT OR IGNORE INTO removal SELECT file, bytes FROM segment WHERE id = ?');
  const knowsFile = db.prepare(
    'SELECT 1 FROM segment WHERE file = ? UNION ALL SELECT 1 FROM removal WHERE file = ? LIMIT 1',
  );
  const findStrange = db
    .prepare(
      `SELECT value FROM json_each(?) AS name WHERE NOT EXISTS (SELECT 1 FROM segment WHERE file = name.value)
       AND NOT EXISTS (SELECT 1 FROM removal WHERE file = name.value)`,
    )
    .pluck();
  const dropSegment = db.prepare('DELETE FROM segment WHERE id = ?');
  const readFacts = db.prepare('SELECT cursor, json FROM fact WHERE cursor > ? ORDER BY cursor LIMIT ?');
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
      const { run, version, offsetMs } = fact.mapping;
      const movedFrom = lastMapping(run)?.offsetMs;
      setMapping.run(run, version, JSON.stringify(fact.mapping));
      // Holds, days and disk rule ask where a row lies now: it moves with its run, here and nowhere else.
      if (movedFrom !== offsetMs) moveRun.run(offsetMs, offsetMs, run);
      if (fact.mapping.method !== 'unplaced') stalled.drop(run);
    } else if (fact.kind === 'gap.recorded') {
      setGap.run(fact.gap.id, fact.gap.camera, fact.gap.from, fact.gap.to, JSON.stringify(fact.gap));
    } else if (fact.kind === 'clock.stepped') {
      if (fact.step.to === null) setStep.run(JSON.stringify(fact.step));
      else dropStep.run();
    } else {
      // Its segment.closed stays among the facts: the hub hears of a file before it hears that the file is gone.
      // A lost file is not there: should it be after all, nobody wanted it to go, and the sweep finds it again.
      if (fact.reason !== 'lost') doom.run(fact.id);
      dropSegment.run(fact.id);
    }
  }

  const stalled = stallRows(db);
  const bindRun = db.prepare('INSERT OR REPLACE INTO run_boot VALUES (?, ?, ?)');
  const getStep = db.prepare("SELECT value FROM meta WHERE key = 'step'").pluck();
  const setStep = db.prepare("INSERT OR REPLACE INTO meta VALUES ('step', ?)");
  const dropStep = db.prepare("DELETE FROM meta WHERE key = 'step'");
  const setStepped = db.prepare("INSERT OR REPLACE INTO meta VALUES ('stepped', ?)");
  const setWall = db.prepare("INSERT OR REPLACE INTO meta VALUES ('wall', ?)");
  const setSure = db.prepare('UPDATE run_boot SET sure = ? WHERE run = ?');

  function record(
    facts: readonly FootageFact[],
    bound: readonly BoundRun[] = [],
    stalls: readonly Stall[] = [],
  ): void {
    for (const { run, boot, sure } of bound) bindRun.run(run, boot, sure ? 1 : 0);
    for (const stall of stalls) stalled.add(stall);
    for (const fact of facts) {
      apply(fact);
      const deleted = fact.kind === 'segment.deleted';
      const segment = fact.kind === 'segment.closed' ? fact.segment.id : deleted ? fact.id : null;
      const { lastInsertRowid } = addFact.run(
        ...[segment, JSON.stringify(fact), deleted ? fact.at : null, aboutOf(fact)],
      );
      if (fact.kind === 'clock.stepped') setStepped.run(String(lastInsertRowid));
    }
  }

  /** Facts up to here have been looked at for what they replace; from the first again in each process. */
  let replacedUpTo = 0;
  const dropReplaced = db.prepare('DELETE FROM fact WHERE about = ? AND cursor < ?');

  function forget(acknowledged: number, before: number): void {
    const newer = db
      .prepare('SELECT cursor, about FROM fact WHERE cursor > ? AND cursor <= ? ORDER BY cursor LIMIT ?')
      .all(replacedUpTo, acknowledged, FORGET_MAX) as { cursor: number; about: string | null }[];
    for (const { cursor, about } of newer) if (about !== null) dropReplaced.run(about, cursor);
    replacedUpTo = newer.at(-1)?.cursor ?? replacedUpTo;
    const deleted = db
      .prepare('SELECT segment FROM fact WHERE deleted_at < ? AND cursor <= ? LIMIT ?')
      .pluck()
      .all(before, acknowledged, FORGET_MAX) as string[];
    for (const segment of deleted) {
      const run = runOfFact.get(segment) as string | undefined;
      dropFacts.run(segment);
      if (run === undefined || needsRun.get(run, run, acknowledged) !== undefined) continue;
      for (const drop of dropRun) drop.run(run);
    }
    const gaps = endedGaps.all(before, acknowledged, FORGET_MAX) as string[];
    for (const gap of gaps) for (const drop of dropGap) drop.run(gap);
  }
  const runOfFact = db
    .prepare("SELECT json_extract(json, '$.segment.run') FROM fact WHERE segment = ? AND deleted_at IS NULL")
    .pluck();
  const dropFacts = db.prepare('DELETE FROM fact WHERE segment = ?');
  const needsRun = db.prepare(
    'SELECT 1 FROM segment WHERE run = ? UNION ALL SELECT 1 FROM fact WHERE about = ? AND cursor > ? LIMIT 1',
  );
  const dropRun = ['run_mapping WHERE run', 'run_boot WHERE run', 'stall WHERE run', 'fact WHERE about'].map(
    (where) => db.prepare(`DELETE FROM ${where} = ?`),
  );
  /** A hub that has to hear all again explains with them what lies between kept footage. */
  const endedGaps = db
    .prepare(
      `SELECT id FROM gap WHERE to_at < ? AND NOT EXISTS (SELECT 1 FROM segment WHERE camera = gap.camera AND wall_to < gap.to_at)
       AND NOT EXISTS (SELECT 1 FROM fact WHERE about = gap.id AND cursor > ?) LIMIT ?`,
    )
    .pluck();
  const dropGap = ['gap WHERE id', 'fact WHERE about'].map((where) => db.prepare(`DELETE FROM ${where} = ?`));

  return {
    lastCursor: () =>
      (db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'fact'").pluck().get() as
        | number
        | undefined) ?? 0,
    becomeAnother: () => void db.prepare("UPDATE meta SET value = ? WHERE key = 'recorder'").run(uuidv7()),
    recorderId: () => db.prepare("SELECT value FROM meta WHERE key = 'recorder'").pluck().get() as string,
    record: db.transaction(record).immediate,
    factsAfter(cursor, limit) {
      const rows = readFacts.all(cursor, limit) as { cursor: number; json: string }[];
      return rows.map((row) => ({ cursor: row.cursor, fact: footageFact.parse(JSON.parse(row.json)) }));
    },
    stallsOf: stalled.stallsOf,
    lastMapping,
    wall() {
      const text = db.prepare("SELECT value FROM meta WHERE key = 'wall'").pluck().get() as
        | string
        | undefined;
      return text === undefined ? null : (JSON.parse(text) as SavedWall);
    },
    saveWall: (wall) => void setWall.run(JSON.stringify(wall)),
    alive() {
      const at = db.prepare("SELECT value FROM meta WHERE key = 'alive'").pluck().get() as string | undefined;
      return at === undefined ? null : Number(at);
    },
    saveAlive: (at) => void db.prepare("INSERT OR REPLACE INTO meta VALUES ('alive', ?)").run(String(at)),
    runsOf: (boot) =>
      (
        db
          .prepare(
            `SELECT m.json, min(s.wall_from) AS wall_from, max(s.wall_to) AS wall_to FROM run_boot b
             JOIN run_mapping m ON m.run = b.run JOIN segment s ON s.run = b.run WHERE b.boot = ? GROUP BY b.run`,
          )
          .all(boot) as { json: string; wall_from: number; wall_to: number }[]
      ).map(({ json, wall_from: from, wall_to: to }) => ({
        mapping: JSON.parse(json) as RunMapping,
        ...{ from, to },
      })),
    steppedAt: () => Number(db.prepare("SELECT value FROM meta WHERE key = 'stepped'").pluck().get() ?? 0),
    openStep() {
      const text = getStep.get() as string | undefined;
      return text === undefined ? null : (JSON.parse(text) as ClockStep);
    },
    gapsSince: (at) =>
      (
        db.prepare('SELECT json FROM gap WHERE from_at >= ? OR to_at >= ?').pluck().all(at, at) as string[]
      ).map((json) => JSON.parse(json) as Gap),
    placeAnew: db.transaction((wall: SavedWall, facts: readonly FootageFact[]) => {
      record(facts);
      if (wall.sure) db.prepare('UPDATE run_boot SET sure = 1 WHERE boot = ?').run(wall.boot);
      setWall.run(JSON.stringify(wall));
    }).immediate,
    unplacedRuns: () =>
      (
        db
          .prepare(
            `SELECT b.boot, m.json, min(s.wall_from) AS wall_from, max(s.wall_to) AS wall_to, min(s.rowid) AS first, max(s.rowid) AS last
             FROM run_boot b JOIN run_mapping m ON m.run = b.run JOIN segment s ON s.run = b.run
             WHERE b.sure = 0 AND json_extract(m.json, '$.method') = 'unplaced' GROUP BY b.run ORDER BY first`,
          )
          .all() as {
          boot: string;
          json: string;
          wall_from: number;
          wall_to: number;
          first: number;
          last: number;
        }[]
      ).map(
        ({ boot, json, wall_from: from, wall_to: to, ...row }): UnplacedRun => ({
          ...{ boot, from, to, ...row, mapping: JSON.parse(json) },
        }),
      ),
    placedBefore: (row) =>
      (db
        .prepare(`SELECT wall_to FROM segment WHERE rowid < ? AND ${SURE} ORDER BY rowid DESC LIMIT 1`)
        .pluck()
        .get(row) as number | undefined) ?? null,
    // What was taken over from the hub lies anywhere: only what this recorder filmed follows in order.
    placedAfter: (row) =>
      (db
        .prepare(
          `SELECT wall_from FROM segment WHERE rowid > ? AND EXISTS (SELECT 1 FROM run_boot b WHERE b.run = segment.run AND b.sure = 1)
           ORDER BY rowid LIMIT 1`,
        )
        .pluck()
        .get(row) as number | undefined) ?? null,
    placeBetween: db.transaction((facts: readonly FootageFact[]) => {
      record(facts);
      for (const fact of facts)
        if (fact.kind === 'run.mapped')
          setSure.run(fact.mapping.method === 'unplaced' ? 2 : 1, fact.mapping.run);
    }).immediate,
    newestPlaced: (boot) =>
      (db
        .prepare(
          `SELECT wall_to FROM segment WHERE NOT EXISTS (SELECT 1 FROM run_boot b WHERE b.run = segment.run AND b.boot = ?)
           ORDER BY wall_to DESC LIMIT 1`,
        )
        .pluck()
        .get(boot) as number | undefined) ?? 0,
    newestEnd: (camera) =>
      (db
        .prepare('SELECT wall_to FROM segment WHERE camera = ? ORDER BY wall_to DESC LIMIT 1')
        .pluck()
        .get(camera) as number | undefined) ?? null,
    openGap(camera) {
      const json = db
        .prepare('SELECT json FROM gap WHERE camera = ? AND to_at IS NULL ORDER BY from_at DESC LIMIT 1')
        .pluck()
        .get(camera) as string | undefined;
      return json === undefined ? null : (JSON.parse(json) as Gap);
    },
    placeOf(name) {
      const row = db.prepare('SELECT run, media_end_ms FROM segment WHERE file = ?').get(name) as
        | { run: string; media_end_ms: number }
        | undefined;
      return row === undefined ? null : { run: row.run, mediaEndMs: row.media_end_ms };
    },
    withoutRow: (files) => findStrange.all(JSON.stringify(files)) as string[],
    newestRow: () => (db.prepare('SELECT max(rowid) FROM segment').pluck().get() as number | null) ?? 0,
    rowsByFile: (after, upTo, limit) =>
      db
        .prepare('SELECT id, file FROM segment WHERE file > ? AND rowid <= ? ORDER BY file LIMIT ?')
        .all(after ?? '', upTo, limit) as Pick<KeptSegment, 'id' | 'file'>[],
    idOf: (name) =>
      (db.prepare('SELECT id FROM segment WHERE file = ?').pluck().get(name) as SegmentId | undefined) ??
      null,
    idsAfter: (after, acknowledged, limit) =>
      db
        .prepare(
          `SELECT id FROM segment WHERE id > ? AND NOT EXISTS (SELECT 1 FROM fact WHERE segment = segment.id AND cursor > ?)
           ORDER BY id LIMIT ?`,
        )
        .pluck()
        .all(after ?? '', acknowledged, limit) as SegmentId[],
    deletionOf: (id) =>
      (db
        .prepare('SELECT max(cursor) FROM fact WHERE segment = ? AND deleted_at IS NOT NULL')
        .pluck()
        .get(id) as number | null) ?? null,
    tellAgain: db.transaction((id: SegmentId) => {
      const told = db
        .prepare('SELECT json, deleted_at FROM fact WHERE segment = ? ORDER BY cursor')
        .all(id) as { json: string; deleted_at: number | null }[];
      for (const { json, deleted_at } of told) {
        const fact = footageFact.parse(JSON.parse(json));
        const mapping = fact.kind === 'segment.closed' ? lastMapping(fact.segment.run) : null;
        if (mapping) addFact.run(null, JSON.stringify({ kind: 'run.mapped', mapping }), null, mapping.run);
        addFact.run(id, json, deleted_at, null);
      }
    }).immediate,
    takeOver: db.transaction((row: HeldRow, instead: FootageFact | null) => {
      const { segment, mapping } = row;
      if (instead?.kind === 'segment.deleted') {
        // Not doomed: its file is the one that is taken over.
        dropSegment.run(instead.id);
        addFact.run(instead.id, JSON.stringify(instead), instead.at, null);
      }
      if (mapping !== null && (lastMapping(segment.run)?.version ?? 0) < mapping.version)
        record([{ kind: 'run.mapped', mapping }]);
      record([{ kind: 'segment.closed', segment }]);
    }).immediate,
    hasFile: (name) => knowsFile.get(name, name) !== undefined,
    kept({ camera, before, after }: KeptQuery, limit) {
      const where: string[] = [];
      const values: (string | number)[] = [];
      if (camera !== undefined) where.push('s.camera = ?') && values.push(camera);
      if (before !== undefined) where.push('s.wall_to < ?') && values.push(before);
      if (after !== undefined)
        where.push('(s.wall_to, s.id) > (?, ?)') && values.push(after.wallTo, after.id);
      const filter = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
      return (
        db.prepare(`${KEPT} ${filter} ORDER BY s.wall_to, s.id LIMIT ?`).all(...values, limit) as SegmentRow[]
      ).map(kept);
    },
    keptUnplaced: (after, limit) =>
      (
        db
          .prepare(`${KEPT} WHERE s.rowid > ? AND ${UNPLACED} ORDER BY s.rowid LIMIT ?`)
          .all(after?.row ?? 0, limit) as SegmentRow[]
      ).map(kept),
    unplacedSince: () =>
      db
        .prepare(
          `SELECT coalesce((SELECT wall_to FROM segment WHERE ${SURE} AND rowid <
             (SELECT min(s.rowid) FROM run_mapping m CROSS JOIN segment s ON s.run = m.run LEFT JOIN run_boot b ON b.run = s.run WHERE ${UNPLACED})
             ORDER BY rowid DESC LIMIT 1), 0)`,
        )
        .pluck()
        .get() as number,
    keptBytes: () =>
      db
        .prepare('SELECT bytes + (SELECT coalesce(sum(bytes), 0) FROM removal) FROM total')
        .pluck()
        .get() as number,
    bytesBetween: (camera, from, to) =>
      db
        .prepare(
          'SELECT coalesce(sum(bytes), 0) FROM segment WHERE camera = ? AND wall_to BETWEEN ? AND ? AND wall_from <= ?',
        )
        .pluck()
        .get(camera, from, to + SEGMENT_MS_MAX, to) as number,
    toRemove: (limit, after) =>
      db
        .prepare('SELECT file FROM removal WHERE file > ? ORDER BY file LIMIT ?')
        .pluck()
        .all(after ?? '', limit) as string[],
    removed: (name) => void db.prepare('DELETE FROM removal WHERE file = ?').run(name),
    forget: db.transaction(forget).immediate,
    ...tornRows(db),
    close: () => db.close(),
  };
}
