/*
 * Purpose: changes by plain SQL on the hub's file, as by somebody who found the database and knows nothing of chains; some
 * of them clever enough to change what is shown together with what is stored. Nothing is recomputed.
 * Each really changes a row that is meant to be provable: a choice that changes nothing is made again.
 */
import type Database from 'better-sqlite3';
import { inboxStore } from '../../../hub-server/src/adapters/sqlite/stores/inbox/inbox-store.ts';
import type { Random } from './random.ts';

export type Kind = 'edit' | 'delete' | 'insert' | 'reorder' | 'move' | 'truncate';
export const KINDS: readonly Kind[] = ['edit', 'delete', 'insert', 'reorder', 'move', 'truncate'];

type Db = Database.Database;
type Value = number | string | Buffer | null;

/** Columns that chains, log or fold cover, by table. Arrival times, notes and logins are covered by none, and said so. */
const COVERED: Readonly<Record<string, readonly string[]>> = {
  event: ['epoch_id', 'seq', 'branch', 'hash', 'prev_hash', 'bytes', 'type', 'at', 'status'],
  device_epoch: [
    ...['device', 'epoch', 'head_seq', 'head_hash', 'boot', 'started_at', 'parent_epoch', 'parent_seq'],
    ...['own', 'lost', 'forked', 'state', 'branches'],
  ],
  device_enrolment: ['device', 'counter_id', 'serial'],
  signed_head: ['seq', 'hash', 'checkpoint', 'sig'],
  device: ['id', 'public_key', 'revoked_at'],
  audit_log: ['seq', 'at', 'actor', 'action', 'object', 'reason', 'body', 'leaf_hash'],
  log_checkpoint: ['size', 'root', 'text'],
  log_node: ['level', 'idx', 'hash'],
  log_origin: ['origin', 'lineage', 'size'],
  duty: ['id', 'officer_id', 'unit_id', 'counter_id', 'started_at'],
  service_transaction: ['id', 'officer_id', 'unit_id', 'finished_at', 'outcome', 'month', 'stage'],
  rating_prompt: ['rating_id', 'opened_at', 'close_reason', 'drained'],
  vote: ['level', 'transaction_id', 'question', 'attempt', 'at'],
  effective_rating: ['overall', 'criteria', 'votes', 'route', 'review'],
  rollup: ['month', 'officer_id', 'served', 'rated', 'l1', 'l5'],
  officer: ['name', 'unit_id', 'active'],
  counter: ['number', 'unit_id'],
  unit: ['name'],
};
/** Rows whose absence must be seen. A signed head in mid-chain is repeated by every later one. */
const DELETED = [
  ...['event', 'device_epoch', 'device', 'audit_log', 'log_node', 'log_origin', 'duty'],
  ...['service_transaction', 'rating_prompt', 'vote', 'effective_rating', 'rollup', 'counter', 'unit'],
];
const INSERTED = [
  ...[
    'event',
    'audit_log',
    'vote',
    'effective_rating',
    'service_transaction',
    'duty',
    'signed_head',
    'device',
  ],
  ...['rollup', 'log_checkpoint'],
];

const quote = (text: string): string => `"${text}"`;

/** Append-only is a trigger: whoever writes the file drops it, and puts it back. */
export function withoutTriggers(db: Db, act: () => void): void {
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  try {
    act();
  } finally {
    for (const { sql } of triggers) db.exec(sql);
  }
}

function other(value: Value, random: Random): Value {
  if (typeof value === 'number') return value + (random.below(2) === 0 ? 1 : -1) * (1 + random.below(1_000));
  if (typeof value === 'string') {
    if (value === '') return 'x';
    const at = random.below(value.length);
    const letter = value[at] === 'a' ? 'b' : 'a';
    return value.slice(0, at) + letter + value.slice(at + 1);
  }
  if (value === null) return null;
  const bytes = Buffer.from(value);
  const at = random.below(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << random.below(8));
  return bytes;
}

interface Place {
  readonly where: string;
  readonly values: readonly Value[];
  readonly row: Readonly<Record<string, Value>>;
}

/** One row, by its primary key. */
function anyRow(db: Db, table: string, random: Random): Place {
  const columns = db.prepare(`PRAGMA table_info(${table})`).all() as { name: string; pk: number }[];
  const key = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const count = db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  const order = key.map(quote).join(', ');
  const row = db
    .prepare(`SELECT * FROM ${table} ORDER BY ${order} LIMIT 1 OFFSET ?`)
    .get(random.below(Math.max(1, count))) as Record<string, Value> | undefined;
  if (row === undefined) throw new Error(`${table} is empty`);
  return {
    where: key.map((name) => `${quote(name)} = ?`).join(' AND '),
    values: key.map((name) => row[name] ?? null),
    row,
  };
}

/** Takes facts out of the count by the hub's own words for that, and lets the hub's own code count again. */
function editAndProject(db: Db, random: Random): string {
  if (random.below(2) === 0) {
    const types = ['rating.voted', 'transaction.finished', 'rating.opened'];
    const rows = db
      .prepare(`SELECT id FROM event WHERE type IN (${types.map(() => '?').join(', ')}) ORDER BY id`)
      .pluck()
      .all(...types) as number[];
    db.prepare("UPDATE event SET status = 'quarantined', code = 'event.invalid' WHERE id = ?").run(
      random.pick(rows),
    );
  } else {
    const { where, values } = anyRow(db, 'device_epoch', random);
    db.prepare(`UPDATE device_epoch SET state = 'rejected' WHERE ${where}`).run(...values);
  }
  inboxStore.rebuild.run(db, undefined as never);
  return 'what counts, with its projections';
}

const RAW: Readonly<Record<Kind, (db: Db, random: Random) => string | null>> = {
  edit(db, random) {
    if (random.below(8) === 0) return editAndProject(db, random);
    const table = random.pick(Object.keys(COVERED));
    const column = random.pick(COVERED[table] ?? []);
    const { where, values, row } = anyRow(db, table, random);
    const before = row[column] ?? null;
    const after = column === 'status' ? 'quarantined' : other(before, random);
    if (after === null || after === before) return null;
    db.prepare(`UPDATE ${table} SET ${quote(column)} = ? WHERE ${where}`).run(after, ...values);
    return `${table}.${column}`;
  },
  delete(db, random) {
    const table = random.pick(DELETED);
    const { where, values } = anyRow(db, table, random);
    return db.prepare(`DELETE FROM ${table} WHERE ${where}`).run(...values).changes > 0 ? table : null;
  },
  insert(db, random) {
    const table = random.pick(INSERTED);
    const { row } = anyRow(db, table, random);
    const fresh: Record<string, Value> = { ...row };
    // A copy of a row under another key: the least that an insert changes.
    const key = (db.prepare(`PRAGMA table_info(${table})`).all() as { name: string; pk: number }[]).filter(
      ({ pk }) => pk > 0,
    );
    if (table === 'event') {
      fresh['id'] = (db.prepare('SELECT max(id) FROM event').pluck().get() as number) + 1;
      fresh['seq'] = (row['seq'] as number) + (random.below(2) === 0 ? 1_000 : 0);
      fresh['branch'] = fresh['seq'] === row['seq'] ? 1 + random.below(3) : 0;
      // A branch that holds the very bytes of the chain changes nothing that is said anywhere.
      fresh['bytes'] = other(row['bytes'] ?? null, random);
    } else if (table === 'audit_log')
      fresh['seq'] = (db.prepare('SELECT max(seq) FROM audit_log').pluck().get() as number) + 1;
    else {
      const { name } = random.pick(key);
      fresh[name] = other(row[name] ?? null, random);
    }
    // Zeros are no row: nobody was served there.
    if (table === 'rollup' && row['served'] === 0) return null;
    const names = Object.keys(fresh);
    db.prepare(
      `INSERT INTO ${table} (${names.map(quote).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    ).run(...Object.values(fresh));
    return table;
  },
  reorder(db, random) {
    const [table, columns] = random.pick([
      ['event', ['bytes', 'type', 'at']],
      ['event', ['bytes', 'type', 'at', 'hash', 'prev_hash']],
      ['audit_log', ['at', 'actor', 'action', 'object', 'reason', 'body', 'leaf_hash']],
      ['vote', ['level']],
      ['service_transaction', ['officer_id', 'month', 'finished_at']],
    ] as const);
    const [a, b] = [anyRow(db, table, random), anyRow(db, table, random)];
    const same = columns.every((name) => {
      const [x, y] = [a.row[name], b.row[name]];
      return Buffer.isBuffer(x) && Buffer.isBuffer(y) ? x.equals(y) : x === y;
    });
    if (same) return null;
    const put = db.prepare(
      `UPDATE ${table} SET ${columns.map((name) => `${quote(name)} = ?`).join(', ')} WHERE ${a.where}`,
    );
    put.run(...columns.map((name) => b.row[name]), ...a.values);
    put.run(...columns.map((name) => a.row[name]), ...b.values);
    return table;
  },
  move(db, random) {
    const way = random.below(4);
    if (way === 0) {
      // Only what is shown: the transaction and the counts with it.
      const { row } = anyRow(db, 'service_transaction', random);
      const officer = db
        .prepare('SELECT officer_id FROM service_transaction WHERE officer_id <> ? LIMIT 1')
        .pluck();
      const to = officer.get(row['officer_id']) as string | undefined;
      if (to === undefined) return null;
      db.prepare('UPDATE service_transaction SET officer_id = ? WHERE id = ?').run(to, row['id']);
      return 'shown officer';
    }
    if (way === 1) {
      const { row } = anyRow(db, 'rollup', random);
      if (row['served'] === 0) return null;
      const month = row['month'] === '2026-10' ? '2026-08' : '2026-10';
      const { changes } = db
        .prepare(
          'UPDATE OR IGNORE rollup SET month = ? WHERE month = ? AND officer_id = ? AND counter_id = ?',
        )
        .run(month, row['month'], row['officer_id'], row['counter_id']);
      if (changes === 0) return null;
      return 'counted month';
    }
    // In the stored bytes too: officer, or the moment of the finish.
    const type = way === 2 ? 'rating.opened' : 'transaction.finished';
    const rows = db.prepare('SELECT id, bytes FROM event WHERE type = ? ORDER BY id').all(type) as {
      id: number;
      bytes: Buffer;
    }[];
    const { id, bytes } = random.pick(rows);
    const event = JSON.parse(bytes.toString('utf8')) as { at: number; body: Record<string, unknown> };
    if (way === 2) event.body['officer'] = '00000000-0000-4000-8000-000000000001';
    else event.at -= 40 * 86_400_000;
    db.prepare('UPDATE event SET bytes = ?, at = ? WHERE id = ?').run(
      ...[Buffer.from(JSON.stringify(event)), event.at, id],
    );
    return `stored ${type}`;
  },
  truncate(db, random) {
    if (random.below(3) === 0) {
      const last = db.prepare('SELECT max(seq) FROM audit_log').pluck().get() as number;
      db.prepare('DELETE FROM audit_log WHERE seq > ?').run(last - 1 - random.below(5));
      return 'log';
    }
    const { row } = anyRow(db, 'device_epoch', random);
    const head = row['head_seq'] as number;
    const to = head - 1 - random.below(Math.min(6, head - 1));
    db.prepare('DELETE FROM event WHERE epoch_id = ? AND seq > ?').run(row['id'], to);
    db.prepare('DELETE FROM signed_head WHERE epoch_id = ? AND seq > ?').run(row['id'], to);
    const hash = db
      .prepare('SELECT hash FROM event WHERE epoch_id = ? AND seq = ?')
      .pluck()
      .get(row['id'], to);
    if (random.below(2) === 0)
      db.prepare('UPDATE device_epoch SET head_seq = ?, head_hash = ? WHERE id = ?').run(to, hash, row['id']);
    return 'chain';
  },
};

/** Does one change; answers what was changed. */
export function mutateRaw(db: Db, kind: Kind, random: Random): string {
  for (let tries = 0; tries < 200; tries++) {
    let done: string | null = null;
    db.exec('BEGIN');
    try {
      withoutTriggers(db, () => {
        done = RAW[kind](db, random);
      });
    } catch (error) {
      // A key or a CHECK refused it: another choice.
      if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT')))
        throw error;
      done = null;
      db.exec('ROLLBACK');
      continue;
    }
    db.exec(done === null ? 'ROLLBACK' : 'COMMIT');
    if (done !== null) return done;
  }
  throw new Error(`no ${kind} could be done`);
}
