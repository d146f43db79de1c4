/* Purpose: the storage contract on real SQLite files, through the real worker threads. */
import { hash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import type { IntentsPort } from '../../../hub-server/src/application/ports/intents.ts';
import { footageContract } from '../../contract/footage-contract.ts';
import { type ContractHub, inboxContract } from '../../contract/inbox-contract.ts';
import { intentsContract } from '../../contract/intents-contract.ts';

const PROJECTED = [
  ...['duty', 'service_transaction', 'transaction_dossier', 'rating_prompt', 'vote', 'stray_press'],
  ...['effective_rating', 'rollup'],
];

async function open() {
  const dir = await mkdtemp(join(tmpdir(), 'hailong-hub-core-'));
  const opened = await openStorage(dir);
  const { inbox, devices, intents, views } = opened.storage;
  const hub: ContractHub & { readonly intents: IntentsPort } = {
    inbox,
    intents,
    async enrol(target, counter) {
      const codeHash = hash('sha256', randomUUID(), 'hex');
      const db = new Database(databaseFile(dir));
      db.prepare(
        "INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at) VALUES (?, 'kiosk', ?, ?)",
      ).run(...[codeHash, counter, Number.MAX_SAFE_INTEGER]);
      db.close();
      const { device, publicKey, at } = target;
      const done = await devices.enrol({ codeHash, device, publicKey, build: 'test', at });
      if (!done.ok) throw new Error(done.code);
    },
    async revoke({ device: id, at }) {
      const audit = {
        at,
        actor: 'operator',
        action: 'device.revoked',
        object: 'device',
        reason: null,
      } as const;
      await devices.revoke({ id, at, audit });
    },
    effective: async (transaction) => (await views.ratings(transaction))?.effective ?? null,
    votes: async (transaction) => (await views.ratings(transaction))?.votes.length ?? 0,
    async ask({ id, kind, counter, transaction }) {
      const db = new Database(databaseFile(dir));
      db.prepare(
        `INSERT INTO intent (id, counter_id, kind, content, request, transaction_id, created_at, expires_at, state)
         VALUES (?,?,?,'{}','',?,0,0,'pending')`,
      ).run(id, counter, kind, transaction);
      db.close();
    },
    intent: (id) => intents.get(id),
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
  return hub;
}

inboxContract(open);
intentsContract(open);
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
