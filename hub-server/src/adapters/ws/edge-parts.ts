/** What an edge session needs of the rest of the hub. */
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { LiveBus } from '../../application/live-bus.ts';
import type { DevicesPort } from '../../application/ports/devices.ts';
import type { BatchResult, InboxPort } from '../../application/ports/inbox.ts';
import type { IntentsPort } from '../../application/ports/intents.ts';
import type { HubKeys } from '../keys.ts';
import type { EdgeSession } from './edge-session.ts';

export interface EdgeParts {
  readonly inbox: InboxPort;
  readonly devices: DevicesPort;
  readonly intents: IntentsPort;
  readonly keys: HubKeys;
  readonly bus: LiveBus;
  readonly clock: Clock;
  readonly timers: Timers;
  log(error: unknown): void;
  /** The newest session of its device; an older one is ended. Sends screen and intents. */
  sessionStarted(session: EdgeSession): Promise<void>;
  sessionEnded(session: EdgeSession): void;
  deviceChanged(counterId: string): void;
  recorded(result: Extract<BatchResult, { kind: 'recorded' }>): void;
}
