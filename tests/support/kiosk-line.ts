/*
 * Purpose: a kiosk's line to a hub without sockets, by the code of both programs: the hub's greeting, inbox, log and
 * recovery over its real stores; the kiosk's sync machine and its keeper of checkpoints. It speaks until neither side has
 * anything more to say, and answers the alarms that the kiosk raised by itself.
 */
import { randomUUID } from 'node:crypto';
import { toHex } from '@hailong/shared/edge/event.ts';
import { signedHello } from '@hailong/shared/edge/hello.ts';
import { type SeenHead, seenHead, type WireHead } from '@hailong/shared/edge/seen-head.ts';
import { initialSync, stepSync } from '@hailong/shared/edge/sync-machine.ts';
import type { SyncInput } from '@hailong/shared/edge/sync-state.ts';
import type { EpochId } from '@hailong/shared/ids.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { deviceIdOf, type HubKeys, verifySignature } from '../../hub-server/src/adapters/keys.ts';
import { sha256 } from '../../hub-server/src/adapters/sha256.ts';
import type { Storage } from '../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { type GreetParts, greetKiosk } from '../../hub-server/src/application/kiosks/greet-kiosk.ts';
import { hearWitness } from '../../hub-server/src/application/kiosks/hear-witness.ts';
import { createLogSealer, type LogSealer } from '../../hub-server/src/application/log/seal-log.ts';
import { CheckpointKeeper } from '../../kiosk-app/agent/application/keep-checkpoint.ts';
import type { KeptKiosk } from './kept-hub.ts';

/** More than a search for the last common event, or 500 batches, takes. */
const TURNS_MAX = 2_000;

export class HubSide {
  readonly storage: Storage;
  readonly keys: HubKeys;
  readonly sealer: LogSealer;
  readonly now: () => number;
  /** As the links keep it: asked of storage only when something changed. */
  recovering: boolean;
  /** The hub's own chain was compared with a second medium. */
  ownMirrored = false;
  entered = 0;
  left = 0;

  constructor(storage: Storage, keys: HubKeys, now: () => number, recovering = false) {
    this.storage = storage;
    this.keys = keys;
    this.now = now;
    this.recovering = recovering;
    this.sealer = createLogSealer({ log: storage.log, signer: keys, sha256, clock: { now: now as never } });
  }

  is(recovering: boolean, now: { readonly entered: boolean; readonly left: boolean }): void {
    this.recovering = recovering;
    if (now.entered) this.entered++;
    if (now.left) this.left++;
  }

  greeting(): GreetParts {
    const { storage, keys, sealer } = this;
    const clock = { now: this.now as never };
    const witness = {
      ...{ log: storage.log, hubKey: keys.publicKey, verify: verifySignature, sha256, clock },
      opened: new Map(),
    };
    return {
      ...{ inbox: storage.inbox, recovery: storage.recovery, backups: storage.backups },
      ...{ devices: storage.devices, secrets: { id: randomUUID }, hubKey: keys.publicKey },
      ...{ verify: verifySignature, deviceIdOf, clock },
      hearWitness: (id, held) => hearWitness(witness, id, held),
      seal: () => sealer.seal(),
      ownMirrored: () => this.ownMirrored,
      recovering: () => this.recovering,
      recoveryChanged: ({ recovering, entered }) => this.is(recovering, { entered, left: !recovering }),
    };
  }
}

/** What a kiosk keeps between its lines. */
export interface KioskMemory {
  readonly settings: Map<string, unknown>;
  /** By epoch; a chain that is not named was acknowledged whole. */
  readonly acknowledged: Map<string, number>;
}
export const kioskMemory = (kiosk: KeptKiosk): KioskMemory => ({
  settings: new Map([['checkpoint', kiosk.device.checkpoint]]),
  acknowledged: new Map(),
});

export async function speak(hub: HubSide, kiosk: KeptKiosk, memory: KioskMemory): Promise<string[]> {
  const { device, chains, enrolled } = kiosk;
  const alarms: string[] = [];
  const nonce = randomUUID();
  const heads = chains.map(({ epoch, bytes, hashes }) => ({
    ...{ epoch, seq: bytes.length, hash: toHex(hashes.at(-1)!) },
    acknowledged: memory.acknowledged.get(epoch) ?? bytes.length,
  }));
  const greeting = await greetKiosk(
    hub.greeting(),
    {
      ...{ type: 'hello', protocol: 1, device: device.device, epochs: heads, checkpoint: device.checkpoint },
      lineage: (memory.settings.get('lineage') ?? null) as string | null,
      sig: device.signText(Buffer.from(signedHello(device.device, nonce)).toString('utf8')),
      certificate: enrolled.certificate,
    },
    nonce,
  );
  if (!greeting.ok) return [greeting.code];
  const keeper = keeperOf(kiosk, memory, alarms);
  keeper.welcomed({
    ...{ type: 'welcome', blobToken: '', eventsMax: 500, bytesMax: 1_048_576 },
    ...greeting.welcome,
  });
  memory.settings.set('lineage', greeting.welcome.lineage);
  device.checkpoint = memory.settings.get('checkpoint') as Checkpoint | null;
  kiosk.fence = greeting.live.fence;
  await talk(hub, kiosk, heads, greeting.welcome.have, alarms);
  for (const { epoch, bytes } of chains) memory.acknowledged.set(epoch, bytes.length);
  return alarms;
}

/** The kiosk's side of the log: what it refuses is an event of its chain and an alarm. */
function keeperOf(
  { device, enrolled }: KeptKiosk,
  { settings }: KioskMemory,
  alarms: string[],
): CheckpointKeeper {
  return new CheckpointKeeper({
    settings: {
      read: (name: string) => settings.get(name),
      write: (name: string, value: unknown) => settings.set(name, value) !== undefined,
    } as never,
    keys: { hubKey: enrolled.hubKey, recoveryKey: enrolled.recoveryKey },
    ...{ verify: verifySignature, sha256, clock: { stamp: () => ({ at: device.at, mono: 0 }) } as never },
    report: { line: () => undefined, say: () => undefined } as never,
    append(body: EventBody) {
      if (body.type === 'checkpoint.refused') alarms.push(`checkpoint ${body.reason}`);
    },
  });
}

/** Batches and verdicts until the kiosk has nothing more to say. */
async function talk(
  hub: HubSide,
  { device, chains, fence }: KeptKiosk,
  heads: readonly { readonly epoch: EpochId; readonly seq: number; readonly acknowledged: number }[],
  have: readonly WireHead[],
  alarms: string[],
): Promise<void> {
  const chainOf = (epoch: EpochId) => chains.find((each) => each.epoch === epoch)!;
  const seen = (head: WireHead): SeenHead =>
    seenHead(head, (epoch, seq) => {
      const ours = chainOf(epoch).hashes[seq - 1];
      return ours ? toHex(ours) : null;
    });
  let { state } = stepSync(initialSync([]), { type: 'start' });
  const held = heads.map(({ epoch, seq, acknowledged }) => ({ epoch, head: seq, acknowledged }));
  state = stepSync(state, { type: 'challenged', held }).state;
  let input: SyncInput | null = {
    ...{ type: 'welcomed', have: have.map(seen), eventsMax: 500, bytesMax: 1_048_576 },
  };
  for (let turns = 0; input !== null; turns++) {
    if (turns === TURNS_MAX) throw new Error('the line does not come to an end');
    const step = stepSync(state, input);
    state = step.state;
    input = null;
    for (const effect of step.effects) {
      if (effect.kind === 'alarm') alarms.push(effect.code);
      if (effect.kind !== 'send') continue;
      const chain = chainOf(effect.epoch);
      const last = Math.min(chain.bytes.length, effect.first + effect.eventsMax - 1);
      state = stepSync(state, { type: 'sent', batch: effect.batch, last }).state;
      const result = await hub.storage.inbox.recordBatch({
        ...{ device: device.device, fence, receivedAt: hub.now() },
        frame: device.batch(chain, effect.first, last),
      });
      if (result.kind !== 'recorded') throw new Error(`batch: ${JSON.stringify(result)}`);
      if (hub.recovering) {
        const { epoch } = effect;
        const now = await hub.storage.recovery.held({
          device: device.device,
          epoch,
          seq: last,
          at: hub.now(),
        });
        if (now.left) hub.is(now.recovering, now);
      }
      const forked = result.exceptions.filter(({ verdict }) => verdict === 'forked').map(({ seq }) => seq);
      input = {
        ...{ type: 'verdicts', batch: effect.batch, later: false },
        head: seen(result.head as WireHead),
        forkedFrom: forked.length > 0 ? Math.min(...forked) : null,
      };
    }
  }
}
