/**
 * The edge inbox on SQLite. What is decided stands in application/inbox/record-batch.ts and project-events.ts; this only puts
 * them on the writer's connection. Refuses: nothing itself. See hub-server/DESIGN.md, "Inbox".
 */
import { readBatch } from '@hailong/shared/edge/batch.ts';
import { readEvent } from '@hailong/shared/edge/event.ts';
import { judgeAgain } from '../../../../application/inbox/judge-again.ts';
import { standingOfDevice } from '../../../../application/inbox/judge-standing.ts';
import { listLost } from '../../../../application/inbox/list-gap.ts';
import { rebuildProjections } from '../../../../application/inbox/project-events.ts';
import { greetDevice, haveOf, recordBatch } from '../../../../application/inbox/record-batch.ts';
import type { InboxPort, KeyedDevice, QuarantinedEvent } from '../../../../application/ports/inbox.ts';
import { many, one, read, type Store, write, writeBulk } from '../../op.ts';
import { anyHeld, endTakenBack } from '../own-chain/own-counters.ts';
import { inboxState, rules } from './inbox-rows.ts';
import { projectionState, projectPending } from './projection-rows.ts';
import { asideDetail, judgeNext } from './quarantine-rows.ts';
import { reviewItems } from './review-rows.ts';

export const inboxStore: Store<InboxPort> = {
  deviceKey: read((db, device) => {
    const row = one<{
      counter_id: string;
      public_key: Uint8Array;
      revoked_at: number | null;
      serial: number;
    }>(
      db,
      'SELECT counter_id, public_key, revoked_at, enrol_serial AS serial FROM device WHERE id = ?',
      device,
    );
    return row
      ? ({
          counterId: row.counter_id,
          publicKey: row.public_key,
          revoked: row.revoked_at !== null,
          serial: row.serial,
        } satisfies KeyedDevice)
      : null;
  }),
  hello: write((db, input) => greetDevice(inboxState(db), rules, input)),
  lost: write((db, { device, lost, at }) => {
    listLost(inboxState(db), rules, device, lost, at);
    return null;
  }),
  have: read((db, { device, epochs }) => haveOf(inboxState(db), rules, device, epochs)),
  recordBatch: writeBulk('frame', (db, { device, fence, frame, receivedAt, own, ...given }) => {
    const batch = readBatch(frame, given.header);
    if (!batch.ok) return { kind: 'damaged', detail: batch.detail };
    const { header, events } = batch;
    const outcome = recordBatch(inboxState(db), rules, { device, fence, header, events, receivedAt });
    if (!own || outcome.kind !== 'recorded' || !anyHeld(db)) return outcome;
    const takenBack = endTakenBack(db, device, own, receivedAt);
    return { ...outcome, takenBack };
  }),
  project: write((db) => {
    projectPending(db);
    return null;
  }),
  standing: read((db, device) => {
    const row = one<{ counter: string }>(db, 'SELECT counter_id AS counter FROM device WHERE id = ?', device);
    if (!row) return null;
    const state = inboxState(db);
    return { standing: standingOfDevice(state, device), handover: state.openHandover(row.counter) };
  }),
  judgeAgain: write((db, { event }) => {
    const done =
      event === null
        ? judgeNext(db)
        : judgeAgain(inboxState(db), projectionState(db), rules, {
            ...{ device: null, after: event - 1, limit: 1, only: event },
          });
    return {
      ...{ judged: done.judged, released: done.released.length },
      more: event === null && done.next !== null,
    };
  }),
  review: read(reviewItems),
  aside: read((db, { limit }) =>
    many<QuarantinedEvent>(
      db,
      `SELECT event.id, device, epoch, event.seq, status, code, detail, received_at AS receivedAt
       FROM event JOIN device_epoch ON device_epoch.id = event.epoch_id
       WHERE status <> 'stored' ORDER BY event.id DESC LIMIT ?`,
      limit,
    ),
  ),
  asideEvent: read(asideDetail),
  asideCount: read(
    (db) => one<{ n: number }>(db, "SELECT count(*) AS n FROM event WHERE status <> 'stored'")?.n ?? 0,
  ),
  rebuild: write((db) => rebuildProjections(projectionState(db), readEvent)),
};
