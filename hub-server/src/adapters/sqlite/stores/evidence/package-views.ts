/**
 * Who took a package has what its cameras showed: a row a camera of `footage_view`, once a package and person, in the transaction of
 * the log's row. Whether and when the officer filmed reads it is the case's, as of what was watched. See watched-rows.ts.
 */
import type { Taker } from '../../../../application/ports/evidence.ts';
import { type Db, run } from '../../op.ts';

export function noteShown(
  db: Db,
  id: string,
  shown: { readonly cameras: readonly string[]; readonly from: number; readonly to: number },
): void {
  for (const camera of shown.cameras)
    run(
      db,
      'INSERT INTO evidence_camera (package_id, camera_id, from_at, to_at) VALUES (?,?,?,?) ON CONFLICT DO NOTHING',
      ...[id, camera, shown.from, shown.to],
    );
}

export function recordTaken(db: Db, id: string, by: Taker, at: number): void {
  run(
    db,
    `INSERT INTO footage_view (ticket_hash, case_id, counter_id, camera_id, transaction_id, viewer_id, viewer_name,
       from_at, to_at, at)
     SELECT 'package:' || p.id || '/' || k.camera_id || '/' || :viewer, c.id, coalesce(c.counter_id, t.counter_id, ''),
       k.camera_id, iif(p.interval_id IS NULL, nullif(c.transaction_id, ''), NULL), :viewer, :name, k.from_at, k.to_at, :at
     FROM evidence_camera k JOIN evidence_package p ON p.id = k.package_id JOIN case_file c ON c.id = p.case_id
       LEFT JOIN service_transaction t ON t.id = c.transaction_id
     WHERE k.package_id = :id ON CONFLICT DO NOTHING`,
    { id, viewer: by.userId, name: by.name, at },
  );
}
