/** What an edge session needs of the rest of the hub. */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import type { DeviceToHub, HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { Greeting } from '../../application/kiosks/greet-kiosk.ts';
import type { LiveBus } from '../../application/live-bus.ts';
import type { OwnChain } from '../../application/own-chain/own-chain.ts';
import type { DevicesPort } from '../../application/ports/devices.ts';
import type { BatchOutcome, InboxPort } from '../../application/ports/inbox.ts';
import type { IntentsPort } from '../../application/ports/intents.ts';
import type { HubKeys } from '../keys.ts';
import type { ReadGate } from './read-gate.ts';

/** A kiosk's connection as the others see it. */
export interface EdgeLine {
  /** Null until the hello was found good. */
  readonly device: string | null;
  readonly counterId: string | null;
  /** Raw X25519 key (base64url) the device signed; null: PINs are not checked there. */
  readonly box: string | null;
  readonly blobToken: string;
  /** Epochs that its hello or its batches named, at most as many as a message holds. */
  readonly epochs: readonly string[];
  /** The state of the log this line was told last and goes on from; null: it follows none. */
  readonly told: LogHead | null;
  send(message: HubToDevice): void;
  /** What `act` sends goes to the network as one. */
  together(act: () => void): void;
  /** The log grew, with the proof from what this line was told. */
  tell(message: Extract<HubToDevice, { type: 'log.checkpoint' }>): void;
  /** Each intent goes once per connection. */
  sendIntent(message: Extract<HubToDevice, { type: 'intent' }>): void;
  refuse(code: ErrorCode): void;
  tellStanding(device: string): Promise<void>;
  terminate(): void;
}

export interface EdgeParts {
  readonly gate: ReadGate;
  /** What becomes of a hello: a welcome or a refusal. */
  greet(hello: Extract<DeviceToHub, { type: 'hello' }>, nonce: string): Promise<Greeting>;
  /** The epochs for which its hello had no room. */
  hearEpochs(
    device: string,
    message: Extract<DeviceToHub, { type: 'epochs' }>,
  ): Promise<Extract<HubToDevice, { type: 'have' }>>;
  readonly inbox: InboxPort;
  readonly devices: DevicesPort;
  readonly own: Pick<OwnChain, 'fresh'>;
  readonly intents: IntentsPort;
  readonly keys: HubKeys;
  readonly bus: LiveBus;
  readonly clock: Clock;
  readonly timers: Timers;
  log(error: unknown): void;
  /** The newest session of its device; an older one is ended. Sends screen and intents. */
  sessionStarted(session: EdgeLine): Promise<void>;
  sessionEnded(session: EdgeLine): void;
  deviceChanged(counterId: string): void;
  /** Committed; `upTo` is the last number of the epoch that is held now, on the chain or on a branch. */
  recorded(device: string, result: Extract<BatchOutcome, { kind: 'recorded' }>, upTo: number): void;
}
