/** The office's recordings of what kiosks ask. See hub-server/DESIGN.md, "Voices". */
import type { Migration } from './migration.ts';

export const voices: Migration = {
  version: 21,
  sql: `
ALTER TABLE kiosk_setting ADD COLUMN voices INTEGER NOT NULL DEFAULT 0; -- 1: kiosks have the key that reads aloud

-- One sentence as one language has it: whatever form shows these very words is read by this recording, and no other.
CREATE TABLE voice_recording (
  language TEXT NOT NULL,          -- ISO 639
  words TEXT NOT NULL,             -- letter by letter as the form has them
  sha256 TEXT NOT NULL,            -- blob.sha256
  duration_ms INTEGER NOT NULL,
  PRIMARY KEY (language, words)
);
CREATE INDEX voice_recording_blob ON voice_recording (sha256);
`,
};
