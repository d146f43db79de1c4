/**
 * Purpose: are the projected rows what the events say? All stored events are folded again, by the hub's own code, into a
 *   database in a temporary folder; then each table is compared row by row with the one held.
 * Refuses: to write to the hub's database, which is attached for reading only.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEvent } from '@hailong/shared/edge/event.ts';
import Database from 'better-sqlite3';
import { projectEvents } from '../../application/inbox/project-events.ts';
import type { Progress } from '../../application/ports/progress.ts';
import type { StoredEvent } from '../../application/ports/projection-state.ts';
import { judgeRead } from '../../domain/transactions/judge-event.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import { type Db, many, one, sql } from './op.ts';
import { migrate } from './open-database.ts';
import { countersOf } from './stores/inbox/inbox-rows.ts';
import { PROJECTED, PROJECTION_CURSOR, projectionState } from './stores/inbox/projection-rows.ts';
import { DERIVED, deriveChains } from './verify-standing.ts';

/** Events folded before the fold's writes are let go to the file. */
const SLICE = 5_000;
/** Differing rows that are named, a table and side. */
const ROWS_MAX = 5;
/** Facts the fold reads: its own empty tables make way for the attached ones. */
const READ_FROM_HELD = ['event', 'device', 'device_enrolment', 'instrument'];
/** Rows of zeros may stand or be absent: nobody was served there. */
const COUNTS: Readonly<Record<string, readonly string[]>> = {
  rollup: ['served', 'prompted', 'rated', 'l1', 'l2', 'l3', 'l4', 'l5', 'marked'],
  answer_rollup: ['n'],
};

export function checkProjections(databaseFile: string, verdict: Verdict, progress: Progress): void {
  const folder = mkdtempSync(join(tmpdir(), 'hailong-fold-'));
  const db = new Database(join(folder, 'fold.sqlite'));
  try {
    // An event that cannot be projected is undone alone, so a journal there must be.
    db.pragma('journal_mode = MEMORY');
    db.pragma('synchronous = OFF');
    db.pragma('temp_store = FILE');
    migrate(db);
    for (const table of READ_FROM_HELD) db.exec(`DROP TABLE ${table}`);
    db.prepare('ATTACH ? AS held').run(databaseFile);
    db.exec('BEGIN');
    deriveChains(db);
    // By the hub's key the fold knows the anchors that count.
    db.exec("INSERT INTO meta SELECT key, value FROM held.meta WHERE key = 'identity'");
    fold(db, verdict, progress);
    // A chain that waits to be projected again makes the rows differ rightly, until the hub has done it.
    if (one(db, 'SELECT 1 FROM held.reproject LIMIT 1')) verdict.cannotProve('projection.pending');
    else for (const table of [...DERIVED, ...PROJECTED]) compare(db, table, verdict);
    db.exec('COMMIT');
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As far as the hub has projected; what waits there will be projected by the same code. */
function fold(db: Db, verdict: Verdict, progress: Progress): void {
  const held = Number(
    one<{ value: string }>(db, 'SELECT value FROM held.meta WHERE key = ?', PROJECTION_CURSOR)?.value ?? '0',
  );
  const rows = projectionState(db);
  /** Stand aside there although the rule lets them pass, and could not be projected here. */
  const [aside, failed] = [new Set<number>(), new Set<number>()];
  const state = {
    ...rows,
    newest: () => held,
    after: (cursor: number, limit: number) => sayable(db, AFTER, limit, aside, cursor, held),
    eventsOf: (epochId: number, seq: number, limit: number) =>
      sayable(db, OF_EPOCH, limit, aside, epochId, seq, held),
    setAside: (event: number) => void failed.add(event),
  };
  progress.begin({ vi: 'Tính lại từ sự kiện', en: 'Folding the events again' }, held, 'count');
  while (projectEvents(state, readEvent, SLICE).more || state.cursor() < held) progress.at(state.cursor());
  progress.end();
  for (const id of [...aside, ...failed])
    if (aside.has(id) !== failed.has(id)) {
      const place = one<Pick<SaidRow, 'device' | 'epoch' | 'seq'>>(db, `${SAID} WHERE event.id = ?`, id);
      verdict.find(
        'event.columns',
        { device: place?.device, epoch: place?.epoch, seq: place?.seq },
        aside.has(id) ? 'set aside without a reason' : 'cannot be projected and is not set aside',
      );
    }
}

const SAID = `SELECT event.id, event.epoch_id AS epochId, event.seq, event.branch, event.bytes, event.status,
  device_epoch.device, device_epoch.epoch, device_epoch.own FROM event JOIN device_epoch ON device_epoch.id = epoch_id`;
const AFTER = `${SAID} WHERE event.id > ? AND event.id <= ? ORDER BY event.id`;
const OF_EPOCH = `${SAID} WHERE epoch_id = ? AND event.seq >= ? AND event.id <= ? ORDER BY event.seq, branch`;

type SaidRow = StoredEvent & {
  readonly status: string;
  readonly device: string;
  readonly epoch: string;
  readonly own: number;
};

/**
 * What may be said, by the rule and not by the row's own word. Of those set aside only the ones that the rule lets pass
 * are tried again.
 */
function sayable(
  db: Db,
  text: string,
  limit: number,
  aside: Set<number>,
  ...values: unknown[]
): StoredEvent[] {
  const rows: StoredEvent[] = [];
  for (const row of sql(db, text).iterate(...values) as Iterable<SaidRow>) {
    if (row.status === 'quarantined') {
      if (!passes(db, row)) continue;
      aside.add(row.id);
    }
    rows.push(row);
    if (rows.length === limit) break;
  }
  return rows;
}

function passes(db: Db, { bytes, device, epoch, seq, own }: SaidRow): boolean {
  const counters = own === 1 ? null : countersOf(db, device);
  return judgeRead(readEvent(bytes), { device, epoch, seq, counters }).status === 'stored';
}

interface Column {
  readonly name: string;
  readonly pk: number;
}

function compare(db: Db, table: string, verdict: Verdict): void {
  const columns = many<Column>(db, `PRAGMA main.table_info(${table})`);
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const same = key.map(({ name }) => `a.${name} = b.${name}`).join(' AND ');
  const differs = columns
    .filter(({ pk }) => pk === 0)
    .map(({ name }) => `a.${name} IS NOT b.${name}`)
    .concat('0')
    .join(' OR ');
  const text = key.map(({ name }) => `a.${name}`).join(" || '/' || ");
  const counts = COUNTS[table];
  const real = counts ? `(${counts.map((name) => `a.${name}`).join(' + ')}) <> 0` : '1';
  const side = (left: string, right: string, also: string): { key: string }[] =>
    db
      .prepare(
        `SELECT ${text} AS key FROM ${left}.${table} a LEFT JOIN ${right}.${table} b ON ${same}
         WHERE ${real} AND (b.${key[0]?.name} IS NULL${also}) ORDER BY 1 LIMIT ${ROWS_MAX}`,
      )
      .all() as { key: string }[];
  for (const row of side('main', 'held', ` OR ${differs}`))
    verdict.find('projection.differs', { table, key: row.key });
  for (const row of side('held', 'main', ''))
    verdict.find('projection.differs', { table, key: row.key }, 'of no event');
}
