/*
 * Purpose: a hub's data folder as it comes to be in an office: real keys, real enrolments with certificates, real signed
 * batches through the real inbox, without sockets. What proofs of backup, restore and verify start from.
 */

import { acceptCheckpoint } from '@hailong/shared/log/advance.ts';
import type { EnrolAnswer } from '@hailong/shared/protocol/edge.ts';
import { deviceIdOf, verifySignature } from '../../hub-server/src/adapters/keys.ts';
import { saveCounter, saveUnit } from '../../hub-server/src/application/directory/save-directory.ts';
import { issueEnrolCode } from '../../hub-server/src/application/kiosks/enrol.ts';
import { enrolDevice } from '../../hub-server/src/application/kiosks/enrol-device.ts';
import { LiveBus } from '../../hub-server/src/application/live-bus.ts';
import { type OpenHub, openHub } from '../../hub-server/src/commands/open-hub.ts';
import { type Chain, newPlace, type Place, sha256, TestDevice } from './test-device.ts';

export interface KeptKiosk {
  readonly device: TestDevice;
  readonly place: Place;
  readonly enrolled: EnrolAnswer;
  /** Oldest first. */
  readonly chains: Chain[];
  fence: number;
}

export interface KeptHub extends AsyncDisposable {
  readonly dir: string;
  readonly hub: OpenHub;
  readonly recoveryKey: string;
  enrol(): Promise<KeptKiosk>;
  /** A new epoch of this kiosk, after the one before. */
  start(kiosk: KeptKiosk): Chain;
  /** The log is sealed, and the kiosk judges the checkpoint as a kiosk does. */
  witness(kiosk: KeptKiosk): Promise<void>;
  /** Everything of its chains that was not sent yet, in one batch an epoch. */
  sync(kiosk: KeptKiosk): Promise<void>;
  close(): Promise<void>;
}

export async function keptHub(dir: string): Promise<KeptHub> {
  const hub = await openHub(dir);
  const { admin, storage, keys, clock } = hub;
  const unitId = await saveUnit(admin, {
    ...{ id: null, demo: false, actor: 'test', value: { code: 'BA', name: 'Bình An' } },
  });
  const sent = new Map<string, number>();
  let number = 0;
  let closed: Promise<void> | null = null;

  async function enrol(): Promise<KeptKiosk> {
    number++;
    const counterId = await saveCounter(admin, {
      ...{ id: null, demo: false, actor: 'test' },
      value: { number: String(number), name: `Quầy ${number}`, unitId, active: true },
    });
    const device = new TestDevice();
    const { code } = await issueEnrolCode(admin, { counterId, kind: 'kiosk', actor: 'test' });
    const answer = await enrolDevice(
      {
        ...{ devices: storage.devices, identity: storage.identity, secrets: admin.secrets, signer: keys },
        ...{ deviceIdOf, bus: new LiveBus(), clock },
        links: {
          ...{ standingsChanged: async () => undefined, recoveryChanged: async () => undefined },
          end: () => undefined,
        },
      },
      { code, publicKey: device.publicKeyText, build: 'test' },
    );
    if (!answer.ok) throw new Error(answer.code);
    const kiosk: KeptKiosk = {
      ...{ device, place: { ...newPlace(), counter: counterId }, enrolled: answer.value },
      ...{ chains: [], fence: 0 },
    };
    await greet(kiosk);
    start(kiosk);
    return kiosk;
  }
  async function greet(kiosk: KeptKiosk): Promise<void> {
    const { device } = kiosk;
    const hello = await storage.inbox.hello({
      device: device.device,
      epochs: [],
      checkpoint: null,
      at: clock.now(),
    });
    if (!hello) throw new Error('hello');
    kiosk.fence = hello.fence;
  }
  function start(kiosk: KeptKiosk): Chain {
    const chain = kiosk.device.start(kiosk.place, kiosk.chains.at(-1) ?? null);
    kiosk.chains.push(chain);
    return chain;
  }
  async function sync(kiosk: KeptKiosk): Promise<void> {
    for (const chain of kiosk.chains) {
      const from = (sent.get(chain.epoch) ?? 0) + 1;
      if (from > chain.bytes.length) continue;
      const frame = kiosk.device.batch(chain, from);
      const result = await storage.inbox.recordBatch({
        ...{ device: kiosk.device.device, fence: kiosk.fence, frame, receivedAt: clock.now() },
      });
      if (result.kind !== 'recorded' || result.head.seq !== chain.bytes.length)
        throw new Error(`batch: ${JSON.stringify(result)}`);
      sent.set(chain.epoch, chain.bytes.length);
    }
    await storage.inbox.project();
  }
  async function witness({ device, enrolled }: KeptKiosk): Promise<void> {
    const checkpoint = await hub.logSealer.seal();
    if (!checkpoint) throw new Error('no checkpoint');
    const held = device.checkpoint;
    const { origin, size: to } = checkpoint;
    const proof = held && (await storage.log.consistency({ origin, from: held.size, to }));
    const advance = acceptCheckpoint(
      ...[held, { checkpoint, consistency: proof ?? [] }, enrolled, verifySignature, sha256],
    );
    if (advance.kind !== 'accepted') throw new Error(advance.reason);
    device.checkpoint = checkpoint;
  }
  const close = (): Promise<void> => {
    closed ??= hub.close();
    return closed;
  };
  return {
    ...{ dir, hub, recoveryKey: hub.recoveryKey ?? '', enrol, start, sync, witness, close },
    [Symbol.asyncDispose]: close,
  };
}
