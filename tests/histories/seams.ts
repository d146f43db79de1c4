/*
 * Purpose: where a planted bug can take hold: every product part that a history runs is reached through one of these, and
 * the true seams give the product's own. Product code has no switches. Refuses nothing.
 */

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
  projection(state: ProjectionState): ProjectionState;
  store(store: CounterStore): CounterStore;
  outbox(outbox: Outbox, disk: KioskDisk): Outbox;
  link(link: HubLink): HubLink;
  ids(ids: Ids): Ids;
  highWater(file: HighWater): HighWater;
  disk(disk: KioskDisk): void;
}

export const trueSeams: Seams = {
  inbox: (state) => state,
  projection: (state) => state,
  store: (store) => store,
  outbox: (outbox) => outbox,
  link: (link) => link,
  ids: (ids) => ids,
  highWater: (file) => file,
  disk: () => undefined,
};
