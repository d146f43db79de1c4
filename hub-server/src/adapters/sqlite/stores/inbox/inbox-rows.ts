/** `InboxState` as rows: what the inbox decides with, read and written on the writer's connection. */
import type { HandoverId } from '@hailong/shared/ids.ts';
import { inboxRules } from '../../../../application/inbox/inbox-rules.ts';
import type {
  AsideEvent,
  EpochRow,
  HeldIntent,
  InboxState,
} from '../../../../application/ports/inbox-state.ts';
import type { EpochFacts, EpochState } from '../../../../domain/transactions/epoch-standing.ts';
import { sha256 } from '../../../sha256.ts';
import { type Db, many, one, run, sql } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { getMeta } from '../meta.ts';
import { gapRows } from './gap-rows.ts';

export const rules = inboxRules(sha256);

interface PlaceRow {
  readonly fence: number;
  readonly revoked_at: number | null;
  readonly id: number | null;
  readonly head_seq: number;
  readonly head_hash: Uint8Array;
  readonly state: EpochState;
  readonly continued: number;
  readonly gapped: number;
  readonly forked: number;
}

/** Whether another epoch of the device names this one as its parent. */
const CONTINUED = `EXISTS (SELECT 1 FROM device_epoch child WHERE child.device = e.device AND child.parent_epoch = e.epoch)`;

const GAPPED = 'EXISTS (SELECT 1 FROM chain_gap WHERE epoch_id = e.id)';

export function inboxState(db: Db): InboxState {
  return {
    ...intentRows(db),
    greet(device, newest, checkpoint, at) {
      const row = one<{ fence: number; counterId: string }>(
        db,
        `UPDATE device SET fence = fence + 1, last_seen_at = ?, newest_epoch = ?,
           checkpoint = coalesce(?, checkpoint)
         WHERE id = ? AND revoked_at IS NULL RETURNING fence, counter_id AS counterId`,
        ...[at, newest, checkpoint, device],
      );
      return row ?? null;
    },
    lineage: () => getMeta(db, 'lineage') ?? '',
    place(device, epoch) {
      const row = one<PlaceRow>(
        db,
        `SELECT d.fence, d.revoked_at, e.id, e.head_seq, e.head_hash, e.state, ${CONTINUED} AS continued, ${GAPPED} AS gapped,
           e.forked
         FROM device d LEFT JOIN device_epoch e ON e.device = d.id AND e.epoch = ? WHERE d.id = ?`,
        ...[epoch, device],
      );
      if (!row) return null;
      return {
        ...{ fence: row.fence, revoked: row.revoked_at !== null },
        epoch: row.id === null ? null : epochRow(row.id, row),
      };
    },
    countersOf: (device) => countersOf(db, device),
    epoch(device, epoch) {
      const row = one<Omit<PlaceRow, 'id'> & { id: number }>(
        db,
        `SELECT e.id, e.head_seq, e.head_hash, e.state, ${CONTINUED} AS continued, ${GAPPED} AS gapped,
           e.forked
         FROM device_epoch e WHERE e.device = ? AND e.epoch = ?`,
        ...[device, epoch],
      );
      return row ? epochRow(row.id, row) : null;
    },
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
    asideOf: (epochId, limit) =>
      many(
        db,
        `SELECT seq, hash, prev_hash AS prev FROM event WHERE epoch_id = ? AND branch > 0
         ORDER BY seq, branch LIMIT ?`,
        ...[epochId, limit],
      ),
    newEpoch(device, epoch, head, own) {
      run(
        db,
        'INSERT INTO device_epoch (device, epoch, head_seq, head_hash, own, boot) VALUES (?,?,?,?,?,?)',
        ...[device, epoch, head.seq, head.hash, Number(own), `epoch:${epoch}`],
      );
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
    quarantined: (device, after, limit) =>
      many<Omit<AsideEvent, 'own'> & { own: number }>(
        db,
        `SELECT event.id, epoch_id AS epochId, device, epoch, own, event.seq, bytes, code, received_at AS receivedAt
         FROM event JOIN device_epoch ON device_epoch.id = epoch_id
         WHERE status = 'quarantined' AND event.id > ?${device === null ? '' : ' AND device = ?'}
         ORDER BY event.id LIMIT ?`,
        ...[after, ...(device === null ? [] : [device]), limit],
      ).map((row) => ({ ...row, own: row.own === 1 })),
    release(event, { body, at }) {
      run(
        db,
        "UPDATE event SET status = 'stored', type = ?, at = ?, code = NULL, detail = NULL WHERE id = ?",
        ...[body.type, at, event],
      );
    },
    keepAside(event, code, detail) {
      run(db, 'UPDATE event SET code = ?, detail = ? WHERE id = ?', code, detail, event);
    },
    ...gapRows(db),
    ...standingRows(db),
    raiseAlarm(device, alarm, detail, at) {
      run(db, 'UPDATE device SET alarm = ? WHERE id = ?', alarm, device);
      appendAudit(db, {
        ...{ at, actor: 'hub', action: `device.${alarm}`, object: `device:${device}`, reason: null },
        body: detail,
      });
    },
    tellLocked(device, detail, at) {
      run(db, "UPDATE device SET alarm = ifnull(alarm, 'pin_locked') WHERE id = ?", device);
      appendAudit(db, {
        ...{ at, actor: `device:${device}`, action: 'device.pin_locked', object: `device:${device}` },
        ...{ reason: null, body: detail },
      });
    },
  };
}

const epochRow = (id: number, row: Omit<PlaceRow, 'id' | 'fence' | 'revoked_at'>): EpochRow => ({
  ...{ id, headSeq: row.head_seq, headHash: row.head_hash, state: row.state },
  continued: row.continued === 1,
  gapped: row.gapped === 1,
  forked: row.forked === 1,
});

type StandingPart =
  | 'startEpoch'
  | 'markLost'
  | 'markForked'
  | 'keepDecision'
  | 'keepHandover'
  | 'acceptHandover'
  | 'openHandover'
  | 'epochsOf'
  | 'decisionsOf'
  | 'setStanding'
  | 'enrolment';

interface FactsRow {
  readonly id: number;
  readonly epoch: string;
  readonly parent_epoch: string | null;
  readonly parent_seq: number;
  readonly started_at: number | null;
  readonly head_seq: number;
  readonly other_parent: number;
  readonly lost: number;
  readonly forked: number;
  readonly state: EpochState;
  readonly branches: EpochState;
}

function standingRows(db: Db): Pick<InboxState, StandingPart> {
  const again = (epochId: number): void => {
    run(db, 'INSERT OR REPLACE INTO reproject (epoch_id, seq) VALUES (?, 1)', epochId);
  };
  return {
    startEpoch(epochId, { boot, mono, at, parent }) {
      const held = one<{ device: string; boot: string }>(
        db,
        'SELECT device, boot FROM device_epoch WHERE id = ?',
        epochId,
      )!;
      // Read late (it lay in quarantine): the epoch's anchors were kept under a boot of its own.
      if (
        run(db, 'UPDATE anchor SET boot = ? WHERE device = ? AND boot = ?', boot, held.device, held.boot) > 0
      )
        again(epochId);
      run(
        db,
        `UPDATE device_epoch SET boot = ?, started_mono = ?, started_at = ?, parent_epoch = ?, parent_seq = ?,
           parent_hash = ?, anchored = EXISTS (SELECT 1 FROM anchor WHERE anchor.device = ? AND anchor.boot = ?)
         WHERE id = ?`,
        ...[boot, mono, at, parent?.epoch ?? null, parent?.seq ?? null, parent?.hash ?? null],
        ...[held.device, boot, epochId],
      );
    },
    markLost(epochId) {
      run(db, 'UPDATE device_epoch SET lost = 1 WHERE id = ?', epochId);
    },
    markForked(epochId) {
      run(db, 'UPDATE device_epoch SET forked = 1 WHERE id = ?', epochId);
    },
    keepDecision({ device, epoch, counted, at, by }) {
      run(
        db,
        'INSERT OR IGNORE INTO chain_decision (device, epoch, at, by_epoch, by_seq, counted) VALUES (?,?,?,?,?,?)',
        ...[device, epoch, at, by.epoch, by.seq, Number(counted)],
      );
    },
    keepHandover({ handover, counter, device, reason, by }, at) {
      run(
        db,
        `INSERT INTO handover (id, counter_id, device, reason, by, at) VALUES (?,?,?,?,?,?)
         ON CONFLICT (id) DO UPDATE SET counter_id = excluded.counter_id, device = excluded.device,
           reason = excluded.reason, by = excluded.by, at = excluded.at`,
        ...[handover, counter, device, reason, by, at],
      );
    },
    acceptHandover(handover, at) {
      run(
        db,
        `INSERT INTO handover (id, accepted_at) VALUES (?,?)
         ON CONFLICT (id) DO UPDATE SET accepted_at = excluded.accepted_at`,
        ...[handover, at],
      );
    },
    openHandover: (counterId) =>
      one<{ id: HandoverId }>(
        db,
        'SELECT id FROM handover WHERE counter_id = ? AND accepted_at IS NULL ORDER BY at DESC, id DESC LIMIT 1',
        counterId,
      )?.id ?? null,
    epochsOf: (device) =>
      many<FactsRow>(
        db,
        `SELECT e.id, e.epoch, e.parent_epoch, e.parent_seq, e.started_at, e.head_seq, e.lost, e.forked, e.state,
           e.branches, coalesce(event.hash <> e.parent_hash, 0) AS other_parent
         FROM device_epoch e
         LEFT JOIN device_epoch p ON p.device = e.device AND p.epoch = e.parent_epoch
         LEFT JOIN event ON event.epoch_id = p.id AND event.seq = e.parent_seq AND event.branch = 0
         WHERE e.device = ? ORDER BY e.id`,
        device,
      ).map((row): EpochFacts & { id: number; state: EpochState; branches: EpochState } => ({
        ...{ id: row.id, epoch: row.epoch, headSeq: row.head_seq, state: row.state, branches: row.branches },
        parent: row.parent_epoch === null ? null : { epoch: row.parent_epoch, seq: row.parent_seq },
        ...{ started: row.started_at !== null, at: row.started_at ?? 0 },
        ...{ otherParent: row.other_parent === 1, lost: row.lost === 1, forked: row.forked === 1 },
      })),
    decisionsOf: (device) =>
      new Map(
        many<{ epoch: string; counted: number }>(
          db,
          'SELECT epoch, counted FROM chain_decision WHERE device = ? ORDER BY at, by_epoch, by_seq',
          device,
        ).map(({ epoch, counted }) => [epoch, counted === 1]),
      ),
    setStanding(epochId, state, branches) {
      run(db, 'UPDATE device_epoch SET state = ?, branches = ? WHERE id = ?', state, branches, epochId);
      again(epochId);
    },
    enrolment(device) {
      const row = one<{ newest: string | null; superseded: number }>(
        db,
        `SELECT newest_epoch AS newest, EXISTS (SELECT 1 FROM device other WHERE other.counter_id = device.counter_id
           AND other.enrol_serial > device.enrol_serial AND other.revoked_at IS NULL) AS superseded
         FROM device WHERE id = ?`,
        device,
      );
      return { newest: row?.newest ?? null, superseded: row?.superseded === 1 };
    },
  };
}

export function countersOf(db: Db, device: string): string[] {
  return many<{ counter: string }>(
    db,
    'SELECT DISTINCT counter_id AS counter FROM device_enrolment WHERE device = ?',
    device,
  ).map(({ counter }) => counter);
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
