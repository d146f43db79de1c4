/** `ProjectionState` as rows. The cursor lives in `meta` and is committed with what it covers. */
import type { Anchor } from '@hailong/shared/edge/effective-time.ts';
import { readEvent } from '@hailong/shared/edge/event.ts';
import { signedAnchor } from '@hailong/shared/edge/hello.ts';
import { type Projected, projectEvents } from '../../../../application/inbox/project-events.ts';
import type {
  ChainRow,
  ProjectionState,
  StoredEvent,
} from '../../../../application/ports/projection-state.ts';
import type { Claim } from '../../../../domain/ratings/transaction-fold.ts';
import { verifySignature } from '../../../keys.ts';
import { type Db, isStorageError, many, one, run } from '../../op.ts';
import { formOf } from '../directory/instrument-rows.ts';
import { identityOf } from '../log/log-origin.ts';
import { getMeta, setMeta } from '../meta.ts';
import { countersOf } from './inbox-rows.ts';
import { loadDuty, loadTransaction, saveDuty, saveEffective, saveTransaction } from './transaction-rows.ts';
import { loadWalkup, saveForm, saveWalkup } from './walkup-rows.ts';

export const PROJECTION_CURSOR = 'projection.cursor';
/** Tables that are a fold over events and nothing else. */
export const PROJECTED: readonly string[] = [
  ...['duty', 'service_transaction', 'transaction_dossier', 'rating_prompt', 'vote', 'stray_press'],
  ...['effective_rating', 'form_rating', 'walkup', 'rollup', 'answer_rollup'],
  ...['anchor', 'slip_claim', 'slip_vote'],
];
const EVENT = 'SELECT id, epoch_id AS epochId, seq, branch, bytes FROM event';
const CHAIN = `SELECT id, device, epoch, boot, own, started_mono, parent_epoch, parent_seq, state, branches, forked,
  lower_at, upper_at FROM device_epoch`;

interface RawChain {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly boot: string;
  readonly own: number;
  readonly started_mono: number;
  readonly parent_epoch: string | null;
  readonly parent_seq: number;
  readonly state: string;
  readonly branches: string;
  readonly forked: number;
  readonly lower_at: number | null;
  readonly upper_at: number | null;
}
const chainRow = (row: RawChain): ChainRow => ({
  ...{ id: row.id, device: row.device, epoch: row.epoch, boot: row.boot, own: row.own === 1 },
  ...{ startedMono: row.started_mono, lower: row.lower_at, upper: row.upper_at },
  parent: row.parent_epoch === null ? null : { epoch: row.parent_epoch, seq: row.parent_seq },
  ...{ counted: row.state === 'counted', branchesCounted: row.branches === 'counted' },
  forked: row.forked === 1,
});

export function projectionState(db: Db): ProjectionState {
  const chains = (where: string, ...values: unknown[]): ChainRow[] =>
    many<RawChain>(db, `${CHAIN} WHERE ${where}`, ...values).map(chainRow);
  return {
    cursor: () => Number(getMeta(db, PROJECTION_CURSOR) ?? '0'),
    moveCursor: (event) => setMeta(db, PROJECTION_CURSOR, String(event)),
    newest: () => one<{ id: number | null }>(db, 'SELECT max(id) AS id FROM event')?.id ?? 0,
    after: (cursor, limit) =>
      many<StoredEvent>(
        db,
        `${EVENT} WHERE id > ? AND status <> 'quarantined' ORDER BY id LIMIT ?`,
        ...[cursor, limit],
      ),
    eventsOf: (epochId, seq, limit) =>
      many<StoredEvent>(
        db,
        `${EVENT} WHERE epoch_id = ? AND seq >= ? AND status <> 'quarantined' ORDER BY seq, branch LIMIT ?`,
        ...[epochId, seq, limit],
      ),
    eventAt: (epochId, seq) =>
      one<StoredEvent>(db, `${EVENT} WHERE epoch_id = ? AND seq = ? AND branch = 0`, epochId, seq) ?? null,
    lastOf: (epochId) =>
      one<StoredEvent>(db, `${EVENT} WHERE epoch_id = ? AND branch = 0 ORDER BY seq DESC LIMIT 1`, epochId) ??
      null,
    event: (id) => one<StoredEvent>(db, `${EVENT} WHERE id = ? AND status <> 'quarantined'`, id) ?? null,
    claimOf(event) {
      const row = one<{ claimed: number | null; bytes: Uint8Array; epoch: string; seq: number }>(
        db,
        `SELECT event.at AS claimed, event.bytes, device_epoch.epoch AS epoch, event.seq AS seq
         FROM event JOIN device_epoch ON device_epoch.id = event.epoch_id WHERE event.id = ?`,
        event,
      );
      if (!row) throw new Error(`event ${event} is projected but not stored`);
      // What is kept beside a chain has no column of its own for it.
      const read = row.claimed === null ? readEvent(row.bytes) : null;
      const claimed = row.claimed ?? (read?.ok ? read.event.at : 0);
      return { claimed, epoch: row.epoch, seq: row.seq } satisfies Claim;
    },

    countersOf: (device) => countersOf(db, device),
    chain: (epochId) => chains('id = ?', epochId)[0]!,
    chainOf: (device, epoch) => chains('device = ? AND epoch = ?', device, epoch)[0] ?? null,
    childrenOf: (device, epoch) => chains('device = ? AND parent_epoch = ?', device, epoch),
    chainsOfBoot: (device, boot) => chains('device = ? AND boot = ?', device, boot),
    unanchored: (device) => chains('device = ? AND anchored = 0 AND own = 0', device),
    setNeighbours(epochId, { lower, upper }) {
      run(db, 'UPDATE device_epoch SET lower_at = ?, upper_at = ? WHERE id = ?', lower, upper, epochId);
    },
    anchorsAround(device, boot, mono) {
      const find = (order: string): Anchor | null =>
        one<Anchor>(
          db,
          `SELECT mono, hub_at AS hubAt, rtt_ms AS rttMs FROM anchor
           WHERE device = ? AND boot = ? AND mono ${order} LIMIT 1`,
          ...[device, boot, mono],
        ) ?? null;
      return {
        before: find('<= ? ORDER BY mono DESC, epoch DESC, seq DESC'),
        after: find('> ? ORDER BY mono, epoch, seq'),
      };
    },
    toldTime(device, { nonce, hubAt, sig }) {
      const hubKey = identityOf(db)?.hubKey;
      return hubKey === undefined || verifySignature(hubKey, signedAnchor(device, nonce, hubAt), sig);
    },
    addAnchor({ device, boot, epoch }, seq, { mono, hubAt, rttMs }) {
      run(
        db,
        'INSERT OR REPLACE INTO anchor (device, boot, mono, epoch, seq, hub_at, rtt_ms) VALUES (?,?,?,?,?,?,?)',
        ...[device, boot, mono, epoch, seq, hubAt, rttMs],
      );
      run(
        db,
        `UPDATE device_epoch SET anchored = 1, lower_at = NULL, upper_at = NULL
         WHERE device = ? AND boot = ? AND anchored = 0`,
        device,
        boot,
      );
    },

    queue(epochId) {
      run(db, 'INSERT OR REPLACE INTO reproject (epoch_id, seq) VALUES (?, 1)', epochId);
    },
    queued: () =>
      one<{ epochId: number; seq: number }>(
        db,
        'SELECT epoch_id AS epochId, seq FROM reproject ORDER BY epoch_id LIMIT 1',
      ) ?? null,
    moveQueued(epochId, seq) {
      if (seq === null) run(db, 'DELETE FROM reproject WHERE epoch_id = ?', epochId);
      else run(db, 'UPDATE reproject SET seq = ? WHERE epoch_id = ?', seq, epochId);
    },

    transaction: (id) => loadTransaction(db, id),
    saveTransaction: (before, now) => saveTransaction(db, before, now),
    saveEffective: (transaction, effective) => saveEffective(db, transaction, effective),
    addToRollup(key, counts) {
      run(
        db,
        `INSERT INTO rollup (month, unit_id, officer_id, counter_id, procedure_code, stage,
           served, prompted, rated, l1, l2, l3, l4, l5, marked)
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
         ON CONFLICT DO UPDATE SET served = served + excluded.served, prompted = prompted + excluded.prompted,
           rated = rated + excluded.rated, l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3,
           l4 = l4 + excluded.l4, l5 = l5 + excluded.l5, marked = marked + excluded.marked`,
        ...[key.month, key.unitId, key.officerId, key.counterId, key.procedureCode, key.stage],
        ...counts,
      );
    },
    saveForm: (transaction, form) => saveForm(db, transaction, form),
    addToAnswers(key, n) {
      run(
        db,
        `INSERT INTO answer_rollup (kind, month, counter_id, instrument_id, version, question, answer, n)
         VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET n = n + excluded.n`,
        ...[key.kind, key.month, key.counterId, key.instrumentId, key.instrumentVersion],
        ...[key.question, key.answer, n],
      );
    },
    instrument: (ref) => formOf(db, ref),
    walkup: (id) => loadWalkup(db, id),
    saveWalkup: (now) => saveWalkup(db, now),
    sameDossier: (counterId, codes, from, to) =>
      codes.flatMap((code) =>
        many<{ id: string }>(
          db,
          `SELECT transaction_id AS id FROM transaction_dossier
           WHERE dossier_code = ? AND counter_id = ? AND opened_at BETWEEN ? AND ?`,
          ...[code, counterId, from, to],
        ).map(({ id }) => id),
      ),
    duty: (id) => loadDuty(db, id),
    saveDuty: (now) => saveDuty(db, now),
    putStray(body, ref, device) {
      run(
        db,
        'INSERT OR REPLACE INTO stray_press (event_id, device, rating_id, button, reason, at) VALUES (?,?,?,?,?,?)',
        ...[ref.id, device, body.rating, body.button, body.reason, ref.at],
      );
    },
    dropStray(event) {
      run(db, 'DELETE FROM stray_press WHERE event_id = ?', event);
    },
    slipClaims: (slip) =>
      many(
        db,
        'SELECT event_id AS event, transaction_id AS "transaction" FROM slip_claim WHERE slip = ? ORDER BY event_id',
        slip,
      ),
    slipsOf: (transaction) =>
      many<{ slip: string }>(
        db,
        'SELECT DISTINCT slip FROM slip_claim WHERE transaction_id = ?',
        transaction,
      ).map(({ slip }) => slip),
    putSlipClaim(slip, { event, transaction }) {
      run(
        db,
        'INSERT OR REPLACE INTO slip_claim (slip, event_id, transaction_id) VALUES (?,?,?)',
        ...[slip, event, transaction],
      );
    },
    slipVotes: (slip) =>
      many<{ event: number }>(
        db,
        'SELECT event_id AS event FROM slip_vote WHERE slip = ? ORDER BY event_id',
        slip,
      ).map(({ event }) => event),
    putSlipVote(slip, event) {
      run(db, 'INSERT OR IGNORE INTO slip_vote (slip, event_id) VALUES (?,?)', slip, event);
    },

    setAside(event, code, detail) {
      run(
        db,
        "UPDATE event SET status = 'quarantined', code = ?, detail = ? WHERE id = ?",
        code,
        detail,
        event,
      );
    },
    alone(act) {
      db.exec('SAVEPOINT alone');
      try {
        act();
        return { ok: true };
      } catch (error) {
        if (isStorageError(error)) throw error;
        db.exec('ROLLBACK TO alone');
        return { ok: false, error };
      } finally {
        if (db.inTransaction) db.exec('RELEASE alone');
      }
    },
    clear() {
      for (const table of [...PROJECTED, 'reproject']) db.exec(`DELETE FROM ${table}`);
      db.exec('UPDATE device_epoch SET anchored = 0, lower_at = NULL, upper_at = NULL');
      setMeta(db, PROJECTION_CURSOR, '0');
    },
  };
}

/** One bounded slice, inside the caller's transaction. */
export function projectSlice(db: Db): Projected {
  return projectEvents(projectionState(db), readEvent);
}

/** Everything that waits: for a write that must see the newest state. */
export function projectPending(db: Db): void {
  while (projectSlice(db).more);
}
