/** Alarms about kiosks and what an office wants to be alarmed about. See hub-server/DESIGN.md, "Fleet". */
import type { Migration } from './migration.ts';

export const fleetAlarms: Migration = {
  version: 22,
  sql: `
-- What a pure function makes of a kiosk's last report and the time; no fact, so neither logged nor folded again.
CREATE TABLE device_alarm (
  device TEXT NOT NULL,
  code TEXT NOT NULL,              -- an error code of its own sentence and remedy
  severity INTEGER NOT NULL,       -- 1 attention, 2 critical: as it was when it was opened
  detail TEXT NOT NULL,            -- data, the same in both languages
  opened_at INTEGER NOT NULL,
  acknowledged_at INTEGER,         -- somebody has it in hand; it stays open
  acknowledged_by TEXT,
  cleared_at INTEGER,              -- its cause is gone
  PRIMARY KEY (device, code, opened_at)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX device_alarm_open ON device_alarm (device, code) WHERE cleared_at IS NULL;
CREATE INDEX device_alarm_cleared ON device_alarm (cleared_at) WHERE cleared_at IS NOT NULL;
CREATE INDEX epoch_suspended ON device_epoch (device) WHERE state = 'suspended';

CREATE TABLE fleet_rule (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  unseen_ms INTEGER NOT NULL,      -- of opening hours
  opens_min INTEGER NOT NULL, closes_min INTEGER NOT NULL, -- minutes of the day in Vietnam
  days INTEGER NOT NULL,           -- bit 0 Monday … bit 6 Sunday
  disk_free_bytes INTEGER NOT NULL,
  clock_bound_ms INTEGER NOT NULL,
  unsynced_ms INTEGER NOT NULL,    -- age of the oldest event the hub has not acknowledged
  build TEXT                       -- the oldest that is not behind; null: the newest that any kiosk states
) STRICT;
INSERT INTO fleet_rule VALUES (1, 600000, 450, 1020, 31, 536870912, 5000, 3600000, NULL);
`,
};
