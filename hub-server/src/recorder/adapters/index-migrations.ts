/** The tables of the recorder's own index (sqlite-index.ts). Forward only: released SQL is never edited. */

/** Each brings an index from the version before; the first makes a new one. */
export const INDEX_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
-- Everything the hub is to hear, in order; sent again from the hub's last acknowledged cursor.
CREATE TABLE fact (
  cursor INTEGER PRIMARY KEY AUTOINCREMENT, segment TEXT, json TEXT NOT NULL,
  deleted_at INTEGER -- of a segment.deleted
) STRICT;
CREATE INDEX fact_segment ON fact (segment) WHERE segment IS NOT NULL;
CREATE INDEX fact_deleted ON fact (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE TABLE segment (
  id TEXT PRIMARY KEY, camera TEXT NOT NULL, run TEXT NOT NULL,
  file TEXT NOT NULL UNIQUE, -- relative to the footage root
  media_start_ms INTEGER NOT NULL, media_end_ms INTEGER NOT NULL, -- from the start of the run
  bytes INTEGER NOT NULL,
  wall_from INTEGER NOT NULL, wall_to INTEGER NOT NULL -- by the run's newest mapping
) STRICT;
CREATE INDEX segment_camera_end ON segment (camera, wall_to, id);
CREATE INDEX segment_end ON segment (wall_to, id);
-- Files whose row is gone; a crash before their removal is made up for.
CREATE TABLE removal (file TEXT PRIMARY KEY) STRICT;
CREATE TABLE run_mapping (run TEXT PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
CREATE TABLE gap (id TEXT PRIMARY KEY, camera TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER, json TEXT NOT NULL) STRICT;
CREATE INDEX gap_camera ON gap (camera, from_at);
`,
  // Rows follow the mapping of their run; until this version they stayed where they were when it moved.
  `
CREATE INDEX segment_run ON segment (run);
UPDATE segment SET wall_from = newest.offset_ms + media_start_ms, wall_to = newest.offset_ms + media_end_ms
  FROM (SELECT run, json_extract(json, '$.offsetMs') AS offset_ms FROM run_mapping) AS newest
  WHERE newest.run = segment.run AND wall_from <> newest.offset_ms + media_start_ms;
`,
  // The disk rule asks each minute: a sum over all rows would hold recording up.
  `
CREATE TABLE total (bytes INTEGER NOT NULL) STRICT;
INSERT INTO total SELECT coalesce(sum(bytes), 0) FROM segment;
CREATE TRIGGER segment_kept AFTER INSERT ON segment BEGIN UPDATE total SET bytes = bytes + new.bytes; END;
CREATE TRIGGER segment_gone AFTER DELETE ON segment BEGIN UPDATE total SET bytes = bytes - old.bytes; END;
`,
  // By the clock of which boot a run was placed, and whether that was sure (1), or between which moments it lies is known (2).
  // Runs of older indexes stay where they are.
  `
CREATE TABLE run_boot (run TEXT PRIMARY KEY, boot TEXT NOT NULL, sure INTEGER NOT NULL) STRICT;
CREATE INDEX run_boot_boot ON run_boot (boot);
`,
  // A file that waits for its removal, or refuses it, takes its place on the disk until it is gone.
  'ALTER TABLE removal ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0',
  // What a mapping or a gap is told of, so that what a later fact replaced can be forgotten.
  `
ALTER TABLE fact ADD COLUMN about TEXT; -- run of a run.mapped, id of a gap.recorded
UPDATE fact SET about = coalesce(json_extract(json, '$.mapping.run'), json_extract(json, '$.gap.id')) WHERE segment IS NULL;
CREATE INDEX fact_about ON fact (about, cursor) WHERE about IS NOT NULL;
CREATE INDEX gap_end ON gap (to_at) WHERE to_at IS NOT NULL;
`,
  // Files without a row that nobody can read and a hold covers: left alone as long as both is so.
  `
CREATE TABLE torn (
  file TEXT PRIMARY KEY,
  modified_at INTEGER NOT NULL, -- as it was when it was read, UTC ms
  begins TEXT NOT NULL -- JSON: when it may have been filmed, UTC ms
) STRICT;
`,
  // Silences inside runs that are not placed yet: told once it is known when they were.
  `
CREATE TABLE stall (
  gap TEXT PRIMARY KEY, -- id that it will be told under
  run TEXT NOT NULL,
  from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL -- from the start of the run
) STRICT;
CREATE INDEX stall_run ON stall (run);
`,
];
