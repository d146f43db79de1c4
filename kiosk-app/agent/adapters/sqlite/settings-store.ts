/** Small things kept beside the chain, each a JSON value replaced as a whole, sealed against flipped bits. */
import type { Database } from 'better-sqlite3';
import type { SettingKey, Settings } from '../../application/ports.ts';
import { isStorageError } from './open-database.ts';
import { openSealed, sumOf } from './sealed-json.ts';

export class SqliteSettings implements Settings {
  readonly #read;
  readonly #write;

  constructor(db: Database) {
    this.#read = db.prepare('SELECT json, sum FROM setting WHERE key = ?');
    this.#write = db.prepare(
      `INSERT INTO setting (key, json, sum) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET json = excluded.json, sum = excluded.sum`,
    );
  }

  read(key: SettingKey): unknown {
    const row = this.#read.get(key) as { json: string; sum: Uint8Array | null } | undefined;
    const read = row && openSealed(key, row.json, row.sum);
    return read?.ok ? read.value : null;
  }

  write(key: SettingKey, value: unknown): boolean {
    try {
      const json = JSON.stringify(value);
      this.#write.run(key, json, sumOf(key, json));
      return true;
    } catch (error) {
      if (isStorageError(error)) return false;
      throw error;
    }
  }
}
