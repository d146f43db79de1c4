/** Written packages go again: by rule, the order first, then the folder, then the proof. See hub-server/DESIGN.md, "Packages on the disk". */
import type { Migration } from './migration.ts';

export const packageRetention: Migration = {
  version: 35,
  sql: `
ALTER TABLE evidence_package ADD COLUMN fetched_at INTEGER;  -- last, by address or command
ALTER TABLE evidence_package ADD COLUMN removed_at INTEGER;  -- ordered; a row of the log commits with it
-- By rule; lost: its folder was gone and two rows of the log say who found that and when.
ALTER TABLE evidence_package ADD COLUMN removed_reason TEXT CHECK (removed_reason IN ('fetched','case-closed','lost'));
ALTER TABLE evidence_package ADD COLUMN gone_at INTEGER;     -- its folder is gone for good; null: still to be done
CREATE INDEX package_kept ON evidence_package (id) WHERE state = 'ready' AND removed_at IS NULL;
CREATE INDEX package_going ON evidence_package (id) WHERE removed_at IS NOT NULL AND gone_at IS NULL;

UPDATE evidence_package SET fetched_at = (SELECT max(opened_at) FROM evidence_ticket t WHERE t.package_id = evidence_package.id);
CREATE INDEX ticket_by_package ON evidence_ticket (package_id, expires_at);

-- How long packages are kept; one row.
CREATE TABLE package_rule (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  fetched_days INTEGER NOT NULL CHECK (fetched_days BETWEEN 1 AND 3650),  -- after it was fetched last
  closed_days INTEGER NOT NULL CHECK (closed_days BETWEEN 1 AND 3650)     -- after its case closed, fetched or not
) STRICT, WITHOUT ROWID;
INSERT INTO package_rule (one, fetched_days, closed_days) VALUES (1, 30, 90);
`,
};
