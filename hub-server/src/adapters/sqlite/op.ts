/**
 * How a storage port becomes SQLite: every port method is one named, synchronous operation on one connection.
 * The worker wraps it in a transaction; no begin, commit or async callback crosses a port.
 * Refuses: nothing here; what an operation throws as `CodedError` crosses the thread as its code.
 * See README.md in this folder and hub-server/DESIGN.md, "Storage".
 */
import type DatabaseConstructor from 'better-sqlite3';

export type Db = DatabaseConstructor.Database;
type Statement = DatabaseConstructor.Statement<unknown[], unknown>;

export interface Op<I, O> {
  /** write: the writer's thread, BEGIN IMMEDIATE … COMMIT. read: the reader's thread, one snapshot. */
  readonly mode: 'read' | 'write';
  readonly run: (db: Db, input: I) => O;
  /** The field whose bytes move to the thread instead of being cloned with the rest. */
  readonly bulk?: string;
}

export const write = <I, O>(run: (db: Db, input: I) => O): Op<I, O> => ({ mode: 'write', run });
export const writeBulk = <I, O>(bulk: keyof I & string, run: (db: Db, input: I) => O): Op<I, O> => ({
  ...{ mode: 'write', run, bulk },
});
export const read = <I, O>(run: (db: Db, input: I) => O): Op<I, O> => ({ mode: 'read', run });

/** The store that implements port `P`: one operation per method. */
export type Store<P> = {
  readonly [K in keyof P]: P[K] extends (input: infer I) => Promise<infer O> ? Op<I, O> : never;
};

/** The port that a store implements, as the main thread sees it. */
export type PortOf<S> = {
  readonly [K in keyof S]: S[K] extends Op<infer I, infer O>
    ? unknown extends I
      ? () => Promise<O>
      : (input: I) => Promise<O>
    : never;
};

const prepared = new WeakMap<Db, Map<string, Statement>>();

/** A statement prepared once per connection. `all<Row>`, `get<Row>`, `run` take positional or named values. */
export function sql(db: Db, text: string): Statement {
  let held = prepared.get(db);
  if (!held) {
    held = new Map();
    prepared.set(db, held);
  }
  let statement = held.get(text);
  if (!statement) {
    statement = db.prepare(text);
    held.set(text, statement);
  }
  return statement;
}

export function one<Row>(db: Db, text: string, ...values: unknown[]): Row | undefined {
  return sql(db, text).get(...values) as Row | undefined;
}

export function many<Row>(db: Db, text: string, ...values: unknown[]): Row[] {
  return sql(db, text).all(...values) as Row[];
}

/** The disk or the database itself failed (full, I/O, busy), as opposed to what was asked of it. */
export function isStorageError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|LOCKED|CORRUPT|NOTADB|NOMEM|PROTOCOL|INTERRUPT)/.test(
    code,
  );
}

/** Rows changed. */
export function run(db: Db, text: string, ...values: unknown[]): number {
  return sql(db, text).run(...values).changes;
}
