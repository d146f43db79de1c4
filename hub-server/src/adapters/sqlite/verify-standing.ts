/**
 * Purpose: what the hub keeps about epochs (boot, parent, standing, decisions, hand-overs), found again from the events
 *   alone into the tables of an empty database beside the attached one, so that the two can be compared.
 * Refuses: to write to the hub's database; nothing that it holds about an epoch is taken over but its place and head.
 * Document: hub-server/DESIGN.md, "Verify" and "Standing".
 */
import { readEvent } from '@hailong/shared/edge/event.ts';
import { acceptEvent } from '../../application/inbox/accept-event.ts';
import { judgeStanding } from '../../application/inbox/judge-standing.ts';
import type { InboxState } from '../../application/ports/inbox-state.ts';
import type { Db } from './op.ts';
import { inboxState } from './stores/inbox/inbox-rows.ts';

/** Tables that this fills. */
export const DERIVED: readonly string[] = ['device_epoch', 'chain_decision', 'handover'];
const SAYS_OF_EPOCHS = [
  ...['agent.started', 'hub.started', 'loss.detected', 'chain.decided'],
  ...['counter.handed_over', 'handover.accepted'],
];

interface Row {
  readonly epochId: number;
  readonly device: string;
  readonly epoch: string;
  readonly bytes: Uint8Array;
  readonly receivedAt: number;
}

/** `db` has `held` attached, and `event` is found there. */
export function deriveChains(db: Db): void {
  db.exec(`INSERT INTO device_epoch (id, device, epoch, head_seq, head_hash, logged_seq, boot, own, forked)
    SELECT id, device, epoch, head_seq, head_hash, logged_seq, 'epoch:' || epoch,
      EXISTS (SELECT 1 FROM event WHERE epoch_id = e.id AND seq = 1 AND branch = 0 AND type = 'hub.started'
        AND status = 'stored'),
      EXISTS (SELECT 1 FROM event WHERE epoch_id = e.id AND status = 'forked')
    FROM held.device_epoch e`);
  // The alarm was raised when it happened.
  const state: InboxState = { ...inboxState(db), raiseAlarm: () => undefined, tellLocked: () => undefined };
  const rows = db
    .prepare(
      `SELECT epoch_id AS epochId, device, epoch, bytes, received_at AS receivedAt
       FROM event JOIN device_epoch ON device_epoch.id = epoch_id
       WHERE event.status = 'stored' AND type IN (${SAYS_OF_EPOCHS.map(() => '?').join(',')}) ORDER BY event.id`,
    )
    .all(...SAYS_OF_EPOCHS) as Row[];
  for (const { bytes, ...place } of rows) {
    const read = readEvent(bytes);
    if (read.ok) acceptEvent(state, read.event, place, new Set());
  }
  const devices = db.prepare('SELECT DISTINCT device FROM device_epoch WHERE own = 0').all();
  for (const { device } of devices as { device: string }[]) judgeStanding(state, device, 0);
  db.exec('DELETE FROM reproject');
}
