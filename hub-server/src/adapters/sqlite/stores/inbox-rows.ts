/** `InboxState` as rows: what the inbox decides with, read and written on the writer's connection. */
import type { EpochRow, HeldIntent, InboxState } from '../../../application/ports/inbox-state.ts';
import { inboxRules } from '../../../application/record-batch.ts';
import { sha256 } from '../../sha256.ts';
import { type Db, many, one, run, sql } from '../op.ts';
import { appendAudit } from './audit.ts';
import { getMeta } from './meta.ts';

export const rules = inboxRules(sha256);

interface PlaceRow {
  readonly fence: number;
  readonly revoked_at: number | null;
  readonly id: number | null;
  readonly head_seq: number;
  readonly head_hash: Uint8Array;
}

export function inboxState(db: Db): InboxState {
  return {
    ...intentRows(db),
    greet(device, checkpoint, at) {
      const row = one<{ fence: number; counterId: string }>(
        db,
        `UPDATE device SET fence = fence + 1, last_seen_at = ?, checkpoint = coalesce(?, checkpoint)
         WHERE id = ? AND revoked_at IS NULL RETURNING fence, counter_id AS counterId`,
        ...[at, checkpoint, device],
      );
      return row ?? null;
    },
    lineage: () => getMeta(db, 'lineage') ?? '',
    place(device, epoch) {
      const row = one<PlaceRow>(
        db,
        `SELECT d.fence, d.revoked_at, e.id, e.head_seq, e.head_hash
         FROM device d LEFT JOIN device_epoch e ON e.device = d.id AND e.epoch = ? WHERE d.id = ?`,
        ...[epoch, device],
      );
      if (!row) return null;
      const { fence, revoked_at, id, head_seq, head_hash } = row;
      return {
        ...{ fence, revoked: revoked_at !== null },
        epoch: id === null ? null : { id, headSeq: head_seq, headHash: head_hash },
      };
    },
    epoch: (device, epoch) =>
      one<EpochRow>(
        db,
        'SELECT id, head_seq AS headSeq, head_hash AS headHash FROM device_epoch WHERE device = ? AND epoch = ?',
        ...[device, epoch],
      ) ?? null,
    hashAt: (epochId, seq) =>
      one<{ hash: Uint8Array }>(
        db,
        'SELECT hash FROM event WHERE epoch_id = ? AND seq = ? AND branch = 0',
        ...[epochId, seq],
      )?.hash ?? null,
    branchesAt: (epochId, seq) =>
      many(
        db,
        'SELECT branch, hash FROM event WHERE epoch_id = ? AND seq = ? AND branch > 0 ORDER BY branch',
        ...[epochId, seq],
      ),
    newEpoch(device, epoch, head) {
      const done = sql(
        db,
        'INSERT INTO device_epoch (device, epoch, head_seq, head_hash) VALUES (?,?,?,?)',
      ).run(device, epoch, head.seq, head.hash);
      return Number(done.lastInsertRowid);
    },
    moveHead(epochId, seq, hash) {
      run(db, 'UPDATE device_epoch SET head_seq = ?, head_hash = ? WHERE id = ?', seq, hash, epochId);
    },
    keepSignedHead(epochId, { seq, hash, checkpoint, sig }) {
      run(
        db,
        'INSERT OR IGNORE INTO signed_head (epoch_id, seq, hash, checkpoint, sig) VALUES (?,?,?,?,?)',
        ...[epochId, seq, hash, checkpoint, sig],
      );
    },
    insertEvent(row) {
      const done = sql(
        db,
        `INSERT INTO event (epoch_id, seq, branch, hash, prev_hash, bytes, type, at, status, code, detail, received_at)
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
      ).run(
        ...[row.epochId, row.seq, row.branch, row.hash, row.prev, row.bytes, row.event?.body.type ?? null],
        ...[row.event?.at ?? null, row.status, row.code, row.detail, row.receivedAt],
      );
      return Number(done.lastInsertRowid);
    },
    hasOtherEpoch: (device, epoch) =>
      one(db, 'SELECT 1 FROM device_epoch WHERE device = ? AND epoch <> ? LIMIT 1', device, epoch) !==
      undefined,
    hasSibling: (device, epoch, parent) =>
      one(
        db,
        `SELECT 1 FROM device_epoch other JOIN event ON event.epoch_id = other.id AND event.seq = 1 AND branch = 0
         WHERE other.device = ? AND other.epoch <> ? AND event.type = 'agent.started'
           AND json_extract(CAST(event.bytes AS TEXT), '$.body.parent.epoch') = ?
           AND json_extract(CAST(event.bytes AS TEXT), '$.body.parent.seq') = ? LIMIT 1`,
        ...[device, epoch, parent.epoch, parent.seq],
      ) !== undefined,
    raiseAlarm(device, alarm, detail, at) {
      run(db, 'UPDATE device SET alarm = ? WHERE id = ?', alarm, device);
      appendAudit(db, {
        ...{ at, actor: 'hub', action: `device.${alarm}`, object: `device:${device}`, reason: null },
        body: detail,
      });
    },
  };
}

export function intentRows(db: Db): Pick<InboxState, 'intent' | 'pendingFinishes' | 'setIntent'> {
  return {
    intent: (id) =>
      one<HeldIntent>(
        db,
        'SELECT counter_id AS counterId, kind, transaction_id AS transactionId, state FROM intent WHERE id = ?',
        id,
      ) ?? null,
    pendingFinishes: (transactionId) =>
      many<{ id: string }>(
        db,
        "SELECT id FROM intent WHERE transaction_id = ? AND kind = 'transaction.finish' AND state = 'pending'",
        transactionId,
      ).map(({ id }) => id),
    setIntent(id, state, code, at) {
      run(db, 'UPDATE intent SET state = ?, code = ?, resolved_at = ? WHERE id = ?', state, code, at, id);
    },
  };
}
