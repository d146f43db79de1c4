/* Purpose: the storage contract on real SQLite files, through the real worker threads. */
import { hash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { footageContract } from '../../contract/footage-contract.ts';
import { type ContractHub, inboxContract } from '../../contract/inbox-contract.ts';

const PROJECTED = [
  ...['duty', 'service_transaction', 'transaction_dossier', 'rating_prompt', 'vote', 'stray_press'],
  ...['effective_rating', 'rollup'],
];

async function open(): Promise<ContractHub> {
  const dir = await mkdtemp(join(tmpdir(), 'hailong-hub-core-'));
  const opened = await openStorage(dir);
  return {
    storage: opened.storage,
    async admit(counter) {
      const codeHash = hash('sha256', randomUUID(), 'hex');
      const db = new Database(databaseFile(dir));
      db.prepare(
        "INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at) VALUES (?, 'kiosk', ?, ?)",
      ).run(...[codeHash, counter, Number.MAX_SAFE_INTEGER]);
      db.close();
      return codeHash;
    },
    async projections() {
      const db = new Database(databaseFile(dir), { readonly: true });
      const rows = Object.fromEntries(
        PROJECTED.map((table) => [
          table,
          db
            .prepare(`SELECT * FROM ${table}`)
            .all()
            .map((row) => JSON.stringify(row))
            // A key whose counts have all gone back to nothing says the same as no key.
            .filter((row) => !(table === 'rollup' && /"served":0,"prompted":0,"rated":0/.test(row)))
            .sort(),
        ]),
      );
      db.close();
      return rows;
    },
    async close() {
      await opened.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

inboxContract(open);
footageContract(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hailong-hub-core-'));
  const opened = await openStorage(dir);
  return {
    footage: opened.storage.footage,
    async close() {
      await opened.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
});
