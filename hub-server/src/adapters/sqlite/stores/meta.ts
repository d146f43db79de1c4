/** Small named values: the data's identity, counters. */
import { type Db, one, run } from '../op.ts';

export function getMeta(db: Db, key: string): string | null {
  return one<{ value: string }>(db, 'SELECT value FROM meta WHERE key = ?', key)?.value ?? null;
}

export function setMeta(db: Db, key: string, value: string): void {
  run(
    db,
    'INSERT INTO meta (key, value) VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    value,
  );
}

/** The next number of a named counter, from 1. */
export function nextNumber(db: Db, key: string): number {
  const next = Number(getMeta(db, key) ?? '0') + 1;
  setMeta(db, key, String(next));
  return next;
}

/** Units, officers, counters, procedures or the office changed: kiosks get a config of this revision. */
export function bumpDirectory(db: Db): number {
  return nextNumber(db, 'directory.revision');
}

export function directoryRevision(db: Db): number {
  return Number(getMeta(db, 'directory.revision') ?? '0');
}
