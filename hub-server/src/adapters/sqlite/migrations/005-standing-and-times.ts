/**
 * Where a kiosk was enrolled, how its epochs stand, anchors, gaps, decisions; projections with effective times. They are
 * folds over events, so their tables are made anew and filled again from the first event at the next start.
 * See hub-server/DESIGN.md, "Standing" and "Times".
 */
import type { Migration } from './migration.ts';

export const standingAndTimes: Migration = {
  version: 5,
  sql: `
-- Every enrolment there ever was: a kiosk may speak of these counters.
CREATE TABLE device_enrolment (
  device TEXT NOT NULL,
  counter_id TEXT NOT NULL,
  serial INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (device, serial)
) STRICT, WITHOUT ROWID;
INSERT INTO device_enrolment (device, counter_id, serial, at) SELECT id, counter_id, enrol_serial, enrolled_at FROM device;
ALTER TABLE device ADD COLUMN newest_epoch TEXT; -- the one its last hello goes on in

-- From the first event of the epoch. Without it an epoch is a boot of its own.
ALTER TABLE device_epoch ADD COLUMN own INTEGER NOT NULL DEFAULT 0;      -- 1: of the hub's own chain
ALTER TABLE device_epoch ADD COLUMN boot TEXT NOT NULL DEFAULT '';       -- '': unknown
ALTER TABLE device_epoch ADD COLUMN started_mono INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device_epoch ADD COLUMN started_at INTEGER;                  -- claimed; null: its first event was not read
ALTER TABLE device_epoch ADD COLUMN parent_epoch TEXT;
ALTER TABLE device_epoch ADD COLUMN parent_seq INTEGER;
ALTER TABLE device_epoch ADD COLUMN parent_hash BLOB;
ALTER TABLE device_epoch ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;     -- it says that something written was lost
ALTER TABLE device_epoch ADD COLUMN forked INTEGER NOT NULL DEFAULT 0;   -- other bytes are kept beside it
-- Derived: whether its facts count, and those kept beside it.
ALTER TABLE device_epoch ADD COLUMN state TEXT NOT NULL DEFAULT 'counted';
ALTER TABLE device_epoch ADD COLUMN branches TEXT NOT NULL DEFAULT 'suspended';
-- Projected: whether its boot has an anchor; else the anchored moments next to it, UTC ms.
ALTER TABLE device_epoch ADD COLUMN anchored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device_epoch ADD COLUMN lower_at INTEGER;
ALTER TABLE device_epoch ADD COLUMN upper_at INTEGER;
CREATE INDEX epoch_by_parent ON device_epoch (device, parent_epoch) WHERE parent_epoch IS NOT NULL;
CREATE INDEX epoch_unanchored ON device_epoch (device) WHERE anchored = 0 AND own = 0;
CREATE INDEX epoch_by_boot ON device_epoch (device, boot);

UPDATE device_epoch SET (boot, started_mono, started_at, parent_epoch, parent_seq, parent_hash) =
  (SELECT json_extract(b, '$.body.bootId'), json_extract(b, '$.mono'), at, json_extract(b, '$.body.parent.epoch'),
     json_extract(b, '$.body.parent.seq'), unhex(json_extract(b, '$.body.parent.hash'))
   FROM (SELECT CAST(bytes AS TEXT) AS b, at FROM event
         WHERE epoch_id = device_epoch.id AND seq = 1 AND branch = 0 AND status = 'stored' AND type = 'agent.started'))
  WHERE EXISTS (SELECT 1 FROM event
         WHERE epoch_id = device_epoch.id AND seq = 1 AND branch = 0 AND status = 'stored' AND type = 'agent.started');
UPDATE device_epoch SET boot = 'epoch:' || epoch WHERE boot = '';
UPDATE device_epoch SET forked = 1 WHERE id IN (SELECT epoch_id FROM event WHERE status = 'forked');

-- Events a kiosk deleted as safe and the hub does not hold: listed, never forgotten.
CREATE TABLE chain_gap (
  epoch_id INTEGER NOT NULL,
  from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
  found_at INTEGER NOT NULL,
  PRIMARY KEY (epoch_id, from_seq)
) STRICT, WITHOUT ROWID;

-- Facts of the hub's chain about epochs; the latest by (at, by_epoch, by_seq) stands.
CREATE TABLE chain_decision (
  device TEXT NOT NULL, epoch TEXT NOT NULL,
  at INTEGER NOT NULL, by_epoch TEXT NOT NULL, by_seq INTEGER NOT NULL,
  counted INTEGER NOT NULL,
  PRIMARY KEY (device, epoch, at, by_epoch, by_seq)
) STRICT, WITHOUT ROWID;

-- Epochs to be projected again, from seq on.
CREATE TABLE reproject (epoch_id INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;

-- ---------------------------------------------------------------- projections
CREATE TABLE anchor (
  device TEXT NOT NULL, boot TEXT NOT NULL,
  mono INTEGER NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL,
  hub_at INTEGER NOT NULL, rtt_ms INTEGER NOT NULL,
  PRIMARY KEY (device, boot, mono, epoch, seq)
) STRICT, WITHOUT ROWID;

DROP TABLE duty;
CREATE TABLE duty (
  id TEXT PRIMARY KEY,
  -- null until duty.started is known
  device TEXT, counter_id TEXT, officer_id TEXT, officer_code TEXT, unit_id TEXT, started_at INTEGER, started_event INTEGER,
  ended_at INTEGER, end_reason TEXT, ended_event INTEGER,
  others TEXT                      -- JSON: events that name it and hold no part of it
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_by_counter ON duty (counter_id, started_at);
CREATE INDEX duty_open ON duty (officer_id) WHERE ended_at IS NULL;

-- Times are effective ones; a bound says how far the true one may be off, null: nobody can say.
DELETE FROM service_transaction;
ALTER TABLE service_transaction ADD COLUMN opened_bound INTEGER;
ALTER TABLE service_transaction ADD COLUMN finished_bound INTEGER;
ALTER TABLE service_transaction ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;     -- its month rests on a claim
ALTER TABLE service_transaction ADD COLUMN month_uncertain INTEGER NOT NULL DEFAULT 0; -- the bound crosses the month's edge
ALTER TABLE service_transaction ADD COLUMN twin INTEGER NOT NULL DEFAULT 0; -- same dossier served meanwhile and rated: not counted
ALTER TABLE service_transaction ADD COLUMN others TEXT;
CREATE INDEX transaction_review ON service_transaction (month)
  WHERE provisional = 1 OR month_uncertain = 1 OR twin = 1;

DROP TABLE transaction_dossier;
CREATE TABLE transaction_dossier (
  dossier_code TEXT NOT NULL,
  counter_id TEXT NOT NULL, opened_at INTEGER NOT NULL, -- 0 while its opening is unknown
  transaction_id TEXT NOT NULL,
  PRIMARY KEY (dossier_code, counter_id, opened_at, transaction_id)
) STRICT, WITHOUT ROWID;

DELETE FROM rating_prompt;
ALTER TABLE rating_prompt ADD COLUMN opened_bound INTEGER;
ALTER TABLE rating_prompt ADD COLUMN closed_bound INTEGER;
ALTER TABLE rating_prompt ADD COLUMN shown INTEGER NOT NULL DEFAULT 1; -- 0: private route only, not prompted

DROP TABLE vote;
CREATE TABLE vote (
  id TEXT NOT NULL,
  question TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  rating_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  level INTEGER NOT NULL,
  via TEXT NOT NULL CHECK (via IN ('panel','touch','private')),
  button INTEGER,
  at INTEGER NOT NULL,
  in_time INTEGER NOT NULL DEFAULT 1,
  place TEXT,                      -- private route: place in the hub's chain as text that sorts; the first counts
  phone TEXT,                      -- private route: salted hash of the phone's token
  event_id INTEGER NOT NULL,
  PRIMARY KEY (id, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX vote_by_transaction ON vote (transaction_id);
CREATE INDEX vote_by_phone ON vote (phone) WHERE phone IS NOT NULL;

-- A typed code by its hash: ratings that carry it, and votes that came by it. Unmatched votes wait here, uncounted.
CREATE TABLE slip_claim (
  slip TEXT NOT NULL, event_id INTEGER NOT NULL, transaction_id TEXT NOT NULL,
  PRIMARY KEY (slip, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX slip_by_transaction ON slip_claim (transaction_id);
CREATE TABLE slip_vote (slip TEXT NOT NULL, event_id INTEGER NOT NULL, PRIMARY KEY (slip, event_id)) STRICT, WITHOUT ROWID;

-- Counters kept by the hub's chain, from the act until the kiosk accepts it.
CREATE TABLE handover (
  id TEXT PRIMARY KEY,
  counter_id TEXT, device TEXT, reason TEXT, by TEXT, at INTEGER, -- null while only its acceptance is known
  accepted_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX handover_by_counter ON handover (counter_id, at);

DELETE FROM stray_press;
DELETE FROM effective_rating;
CREATE INDEX effective_review ON effective_rating (transaction_id) WHERE review = 1;
DELETE FROM rollup;
ALTER TABLE rollup ADD COLUMN marked INTEGER NOT NULL DEFAULT 0; -- no-show, test, accident; void where anybody voted
DELETE FROM meta WHERE key = 'projection.cursor';
`,
};
