/** Photos in the database: small, few, and in the same backup as the rows that name them. */
import { hash } from 'node:crypto';
import type { BlobsPort, StoredBlob } from '../../../../application/ports/blobs.ts';
import { one, read, run, type Store, write } from '../../op.ts';

export const blobsStore: Store<BlobsPort> = {
  put: write((db, { mediaType, bytes, at }) => {
    const sha256 = hash('sha256', bytes, 'hex');
    run(
      db,
      'INSERT OR IGNORE INTO blob (sha256, media_type, bytes, stored_at) VALUES (?,?,?,?)',
      sha256,
      mediaType,
      bytes,
      at,
    );
    return sha256;
  }),
  get: read(
    (db, sha256) =>
      one<StoredBlob>(
        db,
        'SELECT sha256, media_type AS mediaType, bytes FROM blob WHERE sha256 = ?',
        sha256,
      ) ?? null,
  ),
};
