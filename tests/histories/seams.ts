/*
 * Purpose: where a planted bug can take hold: every product part that a history runs is reached through one of these, and
 * the true seams give the product's own. Product code has no switches. Refuses nothing.
 */

import { recordBatch } from '../../hub-server/src/application/inbox/record-batch.ts';
import type { InboxState } from '../../hub-server/src/application/ports/inbox-state.ts';
import type { ProjectionState } from '../../hub-server/src/application/ports/projection-state.ts';
import type {
  CounterStore,
  HighWater,
  HubLink,
  Ids,
  Outbox,
} from '../../kiosk-app/agent/application/ports.ts';
import type { KioskDisk } from './kiosk-disk.ts';

export interface Seams {
  /** What the inbox decides on. */
  inbox(state: InboxState): InboxState;
  projection(state: ProjectionState, now: () => number): ProjectionState;
  record: typeof recordBatch;
  /** 0: every commit of the hub is on disk when it is answered; else only what an fsync every so often covered. */
  readonly hubSyncEveryMs: number;
  readonly noticesSetBack: boolean;
  readonly readmits: boolean;
  /** What a second medium holds of the hub's own chain is taken back at a start. */
  readonly readsMirror: boolean;
  store(store: CounterStore): CounterStore;
  outbox(outbox: Outbox): Outbox;
  link(link: HubLink, outbox: () => Outbox): HubLink;
  ids(ids: Ids, device: string): Ids;
  highWater(file: HighWater): HighWater;
  disk(disk: KioskDisk): void;
}

export const trueSeams: Seams = {
  inbox: (state) => state,
  projection: (state) => state,
  record: recordBatch,
  ...{ hubSyncEveryMs: 0, noticesSetBack: true, readmits: true, readsMirror: true },
  store: (store) => store,
  outbox: (outbox) => outbox,
  link: (link) => link,
  ids: (ids) => ids,
  highWater: (file) => file,
  disk: () => undefined,
};
