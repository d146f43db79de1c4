/** Rows of the events that an epoch lacks, and how those that turn up enter the chain. hub-server/DESIGN.md, "Inbox". */
import type { ChainGap, InboxState } from '../../../../application/ports/inbox-state.ts';
import { type Db, many, one, run } from '../../op.ts';

type GapPart = 'addGap' | 'gapsOf' | 'shrinkGap' | 'prevAt' | 'asideAt' | 'takeOver' | 'projectAgain';

export function gapRows(db: Db): Pick<InboxState, GapPart> {
  return {
    addGap(epochId, from, to, at) {
      run(
        db,
        'INSERT INTO chain_gap (epoch_id, from_seq, to_seq, found_at) VALUES (?,?,?,?)',
        ...[epochId, from, to, at],
      );
    },
    gapsOf: (epochId) =>
      many<ChainGap>(
        db,
        'SELECT from_seq AS "from", to_seq AS "to" FROM chain_gap WHERE epoch_id = ? ORDER BY from_seq',
        epochId,
      ),
    shrinkGap(epochId, from, to) {
      if (to < from) run(db, 'DELETE FROM chain_gap WHERE epoch_id = ? AND from_seq = ?', epochId, from);
      else run(db, 'UPDATE chain_gap SET to_seq = ? WHERE epoch_id = ? AND from_seq = ?', to, epochId, from);
    },
    prevAt: (epochId, seq) =>
      one<{ prev: Uint8Array }>(
        db,
        'SELECT prev_hash AS prev FROM event WHERE epoch_id = ? AND seq = ? AND branch = 0',
        ...[epochId, seq],
      )?.prev ?? null,
    asideAt: (epochId, seq, hash) =>
      one<{ branch: number; bytes: Uint8Array; prev: Uint8Array }>(
        db,
        `SELECT branch, bytes, prev_hash AS prev FROM event
         WHERE epoch_id = ? AND seq = ? AND branch > 0 AND hash = ? ORDER BY branch LIMIT 1`,
        ...[epochId, seq, hash],
      ) ?? null,
    takeOver(branch, { epochId, seq, event, status, code, detail }) {
      run(
        db,
        `UPDATE event SET branch = 0, type = ?, at = ?, status = ?, code = ?, detail = ?
         WHERE epoch_id = ? AND seq = ? AND branch = ?`,
        ...[event?.body.type ?? null, event?.at ?? null, status, code, detail, epochId, seq, branch],
      );
      run(
        db,
        `UPDATE device_epoch SET forked = EXISTS (SELECT 1 FROM event WHERE epoch_id = ? AND status = 'forked')
         WHERE id = ?`,
        ...[epochId, epochId],
      );
    },
    projectAgain(epochId) {
      run(db, 'INSERT OR REPLACE INTO reproject (epoch_id, seq) VALUES (?, 1)', epochId);
    },
  };
}
