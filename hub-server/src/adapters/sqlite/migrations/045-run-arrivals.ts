/** By what clock each run's segments arrived, so that footage is found wherever its mapping moves it. See hub-server/DESIGN.md, "Recording". */
import type { Migration } from './migration.ts';

export const runArrivals: Migration = {
  version: 45,
  sql: `
-- A run's segments as they arrived by one clock. A mapping that moves changes offset_ms and nothing else; a step of the clock
-- within a run begins another row. Rows stay as long as those of segments do.
CREATE TABLE run_arrival (
  run TEXT NOT NULL,
  minute INTEGER NOT NULL,         -- whole minutes of arrival - end of media
  camera_id TEXT NOT NULL,
  media_from_ms INTEGER NOT NULL, media_until_ms INTEGER NOT NULL,
  offset_ms INTEGER,               -- of the run's newest mapping; null: it has none, arrivals are all there is
  beside_ms INTEGER GENERATED ALWAYS AS (offset_ms - minute * 60000 - 30000) VIRTUAL,  -- from arrival to place, to half a minute
  PRIMARY KEY (run, minute)
) STRICT, WITHOUT ROWID;
-- Only what a look around arrivals would miss.
CREATE INDEX run_beside ON run_arrival (camera_id, offset_ms + media_until_ms) WHERE beside_ms NOT BETWEEN -60000 AND 60000;

INSERT INTO run_arrival (run, minute, camera_id, media_from_ms, media_until_ms, offset_ms)
  SELECT a.*, (SELECT offset_ms FROM run_mapping m WHERE m.run = a.run ORDER BY version DESC LIMIT 1)
  FROM (SELECT run, (arrival_at - media_end_ms) / 60000 AS minute, camera_id, min(media_start_ms), max(media_end_ms)
        FROM segment WHERE flags NOT LIKE '%recovered%' GROUP BY run, minute) AS a;
-- What stood in its place: distances a camera, which many boots with a wrong clock crowded out.
DELETE FROM meta WHERE key LIKE 'footage.beside:%';
`,
};
