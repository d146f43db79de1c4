/** Where a segment's header ends: playlists name it and the pictures by byte range (domain/footage/playlist.ts). */
import type { Migration } from './migration.ts';

export const segmentHeader: Migration = {
  version: 3,
  sql: 'ALTER TABLE segment ADD COLUMN init_bytes INTEGER; -- null: told by an older recorder',
};
