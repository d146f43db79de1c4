/** Small things kept beside the chain, each a JSON value replaced as a whole. */
import type { Database } from 'better-sqlite3';
import type { SettingKey, Settings } from '../../application/ports.ts';
import { isStorageError } from './open-database.ts';

export class SqliteSettings implements Settings {
  readonly #read;
  readonly #write;

  constructor(db: Database) {
    this.#read = db.prepare('SELECT json FROM setting WHERE key = ?').pluck();
    this.#write = db.prepare(
      'INSERT INTO setting (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json',
    );
  }

  read(key: SettingKey): unknown {
    const json = this.#read.get(key) as string | undefined;
    return json === undefined ? null : JSON.parse(json);
  }

  write(key: SettingKey, value: unknown): boolean {
    try {
      this.#write.run(key, JSON.stringify(value));
      return true;
    } catch (error) {
      if (isStorageError(error)) return false;
      throw error;
    }
  }
}
