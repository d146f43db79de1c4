/* Purpose: the storage contract on real SQLite files, behind the ports the program uses. */
import { hash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { databaseFile, openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { inboxState, rules } from '../../../hub-server/src/adapters/sqlite/stores/inbox/inbox-rows.ts';
import { appendOwn } from '../../../hub-server/src/application/own-chain/append-own.ts';
import type { IntentsPort } from '../../../hub-server/src/application/ports/intents.ts';
import { counterFactsContract } from '../../contract/counter-facts-contract.ts';
import { footageContract } from '../../contract/footage-contract.ts';
import { type ContractHub, inboxContract } from '../../contract/inbox-contract.ts';
import { intentsContract } from '../../contract/intents-contract.ts';
import { type StandingHub, standingContract } from '../../contract/standing-contract.ts';
import { openStorageHere } from '../../support/storage-here.ts';
import { TestDevice } from '../../support/test-device.ts';

const PROJECTED = [
  ...['duty', 'service_transaction', 'transaction_dossier', 'rating_prompt', 'vote', 'stray_press'],
  ...['effective_rating', 'form_rating', 'walkup', 'rollup', 'answer_rollup', 'anchor'],
  ...['slip_claim', 'slip_vote'],
];

async function open() {
  const dir = await mkdtemp(join(tmpdir(), 'hailong-hub-core-'));
  const opened = await openStorageHere(dir);
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
    async effective(transaction) {
      await inbox.project();
      return (await views.ratings(transaction))?.effective ?? null;
    },
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
            .filter((row) => !(table === 'answer_rollup' && /"n":0}/.test(row)))
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
  return { ...hub, dir };
}

inboxContract(open);
const standingHub = async (): Promise<StandingHub> => {
  const { dir, ...hub } = await open();
  const own = new TestDevice().device;
  const epoch = 'ab'.repeat(16);
  const ask = <T>(text: string, ...values: unknown[]): T => {
    const db = new Database(databaseFile(dir), { readonly: true });
    const row = db.prepare(text).all(...values) as T;
    db.close();
    return row;
  };
  return {
    ...hub,
    // The hub's own writer does this from within; here a second connection does.
    async own(at, bodies) {
      const db = openWriter(dir);
      try {
        db.transaction(() =>
          appendOwn(inboxState(db), rules, { device: own, epoch, at, mono: 1, bodies }),
        ).immediate();
      } finally {
        db.close();
      }
    },
    async transaction(id) {
      await hub.inbox.project();
      const [row] = ask<{ finishedAt: number; bound: number | null; provisional: number; month: string }[]>(
        `SELECT finished_at AS finishedAt, finished_bound AS bound, provisional, month
         FROM service_transaction WHERE id = ? AND finished_at IS NOT NULL`,
        id,
      );
      return row ? { ...row, provisional: row.provisional === 1 } : null;
    },
    async sums() {
      await hub.inbox.project();
      return ask<{ served: number; prompted: number; rated: number; marked: number }[]>(
        `SELECT coalesce(sum(served), 0) AS served, coalesce(sum(prompted), 0) AS prompted,
           coalesce(sum(rated), 0) AS rated, coalesce(sum(marked), 0) AS marked FROM rollup`,
      )[0]!;
    },
    async answers() {
      await hub.inbox.project();
      const rows = ask<{ name: string; n: number }[]>(
        "SELECT kind || ' ' || question || ' ' || answer AS name, n FROM answer_rollup WHERE n <> 0",
      );
      return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
    },
    async hold(form) {
      const db = openWriter(dir);
      db.prepare('INSERT INTO instrument (id, version, content, since) VALUES (?,?,?,1)').run(
        ...[form.id, form.version, JSON.stringify(form)],
      );
      db.close();
    },
    gaps: async () => ask('SELECT from_seq AS "from", to_seq AS "to" FROM chain_gap'),
    judgeAgain: async () => (await hub.inbox.judgeAgain({ event: null })).released,
  };
};
standingContract(standingHub);
counterFactsContract(standingHub);
intentsContract(open);
footageContract(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hailong-hub-core-'));
  const opened = await openStorageHere(dir);
  return {
    footage: opened.storage.footage,
    async close() {
      await opened.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
});
