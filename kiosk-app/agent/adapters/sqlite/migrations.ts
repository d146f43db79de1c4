/**
 * Numbered forward migrations of the agent's database. A number once released is never changed; `user_version` holds
 * the last one applied. Refuses a database of a newer version (`program.newer_data`).
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Database } from 'better-sqlite3';

const MIGRATIONS: readonly string[] = [
  `
  -- One row per agent start. 'no' orders them and keeps the event tree growing at its right edge.
  CREATE TABLE epoch (
    no INTEGER PRIMARY KEY,
    epoch TEXT NOT NULL UNIQUE,
    -- The last seq of this epoch the hub said it holds, with our hash. A note: nothing is deleted by it.
    acknowledged INTEGER NOT NULL DEFAULT 0
  );
  -- The chain. 'bytes' are the event: hashed, sent and kept as they are. No foreign keys on purpose.
  CREATE TABLE event (
    epoch_no INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (epoch_no, seq)
  ) WITHOUT ROWID;
  -- The counter's state by parts, as JSON, written with the events that changed it.
  CREATE TABLE counter_state (part TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  -- Identity of every panel press that was committed, and the vote it became: null when it counted for nothing.
  CREATE TABLE press (
    hwid TEXT NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL,
    ask_ticket INTEGER NOT NULL, button INTEGER NOT NULL, uptime_ms INTEGER NOT NULL,
    vote TEXT, "transaction" TEXT, question TEXT, level INTEGER,
    PRIMARY KEY (hwid, boot, seq, ask_ticket, button, uptime_ms)
  ) WITHOUT ROWID;
  -- Identity of every touch that became a vote.
  CREATE TABLE touch (press TEXT PRIMARY KEY, vote TEXT NOT NULL) WITHOUT ROWID;
  -- Every ticket ever asked, so that a late press finds its rating and no ticket is drawn twice.
  CREATE TABLE ask (ask_ticket INTEGER PRIMARY KEY, rating TEXT NOT NULL);
  -- Each intent takes effect once; a repetition gets the stored answer.
  CREATE TABLE intent (
    id TEXT PRIMARY KEY, content TEXT NOT NULL, state TEXT NOT NULL, code TEXT, "transaction" TEXT
  ) WITHOUT ROWID;
  CREATE INDEX intent_transaction ON intent ("transaction") WHERE "transaction" IS NOT NULL;
  -- Transactions served at this counter: 'finished_by' null while open.
  CREATE TABLE served (
    "transaction" TEXT PRIMARY KEY, finished_by TEXT, annotated INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE TABLE setting (key TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  -- Up to here the hub says that everything lies on two independent media; its last word counts, also a smaller one.
  ALTER TABLE epoch ADD COLUMN safe INTEGER NOT NULL DEFAULT 0;
  -- Lowest seq whose bytes are still here. Below it 'event.bytes' is empty; 'hash' stays for the device's life.
  ALTER TABLE epoch ADD COLUMN floor INTEGER NOT NULL DEFAULT 1;
  -- The hub held other bytes under these numbers: nothing of this epoch is ever deleted here.
  ALTER TABLE epoch ADD COLUMN forked INTEGER NOT NULL DEFAULT 0;
  -- Moments of the chain that the hub's clock is witness of: what stands before one in the chain is older than it.
  CREATE TABLE anchor (epoch_no INTEGER NOT NULL, seq INTEGER NOT NULL, hub_at INTEGER NOT NULL,
    PRIMARY KEY (epoch_no, seq)) WITHOUT ROWID;
  INSERT INTO anchor SELECT epoch_no, seq, json_extract(CAST(bytes AS TEXT), '$.body.hubAt') FROM event
    WHERE json_valid(CAST(bytes AS TEXT)) AND json_extract(CAST(bytes AS TEXT), '$.body.type') = 'time.anchor';
  -- Slips that ratings were opened with: none is used twice, whatever the hub sends again.
  CREATE TABLE slip (hash TEXT PRIMARY KEY) WITHOUT ROWID;
  `,
  `
  -- First 16 bytes of SHA-256 over key and JSON; null: written before there was one.
  ALTER TABLE counter_state ADD COLUMN sum BLOB;
  ALTER TABLE setting ADD COLUMN sum BLOB;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

export function migrate(db: Database): void {
  const found = db.pragma('user_version', { simple: true }) as number;
  if (found > SCHEMA_VERSION)
    throw new CodedError('program.newer_data', `schema ${found}, this program knows ${SCHEMA_VERSION}`);
  MIGRATIONS.forEach((sql, index) => {
    if (index < found) return;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  });
}
