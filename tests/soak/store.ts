/*
 * Purpose: what a counter keeps on its disk in a soak, in the agent's way: SQLite, WAL, synchronous=FULL, the press's
 *   unique key, a ticket committed before it is armed.
 * Refuses: a second row for one press; to answer before the commit.
 */
import Database from 'better-sqlite3';

export interface Question {
  readonly ticket: number;
  /** Presses that answer it; 1 = a single shot. */
  readonly wanted: number;
}

export interface PressRow {
  readonly hwid: string;
  readonly boot: number;
  readonly seq: number;
  readonly ticket: number;
  readonly button: number;
  readonly uptimeMs: number;
  /** Monotonic time of this machine at the event, milliseconds. */
  readonly receivedMs: number;
  readonly kind: 'counted' | 'late' | 'orphan';
}

/** A ticket and the panel it was armed on: from before the command until the next one is known to be armed. */
export interface ArmRow {
  readonly ticket: number;
  readonly hwid: string;
  readonly askedMs: number;
  readonly armedMs: number | null;
}

const SCHEMA = `
create table if not exists question (ticket integer primary key, wanted integer not null, closed integer not null default 0);
create table if not exists arm (ticket integer not null, hwid text not null, asked_ms real not null, armed_ms real);
create table if not exists press (
  hwid text not null, boot integer not null, seq integer not null, ticket integer not null, button integer not null,
  uptime_ms integer not null, received_ms real not null, kind text not null,
  unique (hwid, boot, seq, ticket, button, uptime_ms));
`;

export class CounterStore {
  readonly #db: Database.Database;

  constructor(path: string) {
    this.#db = new Database(path);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    if (this.#db.pragma('synchronous', { simple: true }) !== 2) throw new Error('synchronous is not FULL');
    this.#db.exec(SCHEMA);
  }

  openQuestion(): Question | undefined {
    return this.#db.prepare<[], Question>('select ticket, wanted from question where closed = 0').get();
  }

  ask({ ticket, wanted }: Question): void {
    this.#db.prepare('insert into question (ticket, wanted) values (?, ?)').run(ticket, wanted);
  }

  close(ticket: number): void {
    this.#db.prepare('update question set closed = 1 where ticket = ?').run(ticket);
  }

  arming(ticket: number, hwid: string, askedMs: number): number {
    const insert = this.#db.prepare('insert into arm (ticket, hwid, asked_ms) values (?, ?, ?)');
    return Number(insert.run(ticket, hwid, askedMs).lastInsertRowid);
  }

  armed(arm: number, armedMs: number): void {
    this.#db.prepare('update arm set armed_ms = ? where rowid = ?').run(armedMs, arm);
  }

  answers(ticket: number): number {
    const count = this.#db.prepare<[number], { n: number }>('select count(*) n from press where ticket = ?');
    return count.get(ticket)?.n ?? 0;
  }

  /** Committed when it returns. */
  keep(press: Omit<PressRow, 'kind'>): void {
    this.#db
      .prepare(
        `insert or ignore into press values (@hwid, @boot, @seq, @ticket, @button, @uptimeMs, @receivedMs,
           coalesce((select case closed when 0 then 'counted' else 'late' end from question where ticket = @ticket), 'orphan'))`,
      )
      .run(press);
  }

  presses(): PressRow[] {
    return this.#db
      .prepare<[], PressRow>(
        'select hwid, boot, seq, ticket, button, uptime_ms as uptimeMs, received_ms as receivedMs, kind from press order by received_ms',
      )
      .all();
  }

  arms(): ArmRow[] {
    return this.#db
      .prepare<[], ArmRow>(
        'select ticket, hwid, asked_ms as askedMs, armed_ms as armedMs from arm order by asked_ms',
      )
      .all();
  }
}
