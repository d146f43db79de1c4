/*
 * Revoking: the line of a kiosk ends also when the directory had revoked it already (removal of the demo office), and what
 * it still holds is counted whenever it comes again.
 */
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { expect, test } from 'vitest';
import { verifySignature } from '../../../hub-server/src/adapters/keys.ts';
import { type CoreParts, createHubCore } from '../../../hub-server/src/application/hub-core.ts';
import { listDevices } from '../../../hub-server/src/application/kiosks/decide-device.ts';
import { type GreetParts, greetKiosk } from '../../../hub-server/src/application/kiosks/greet-kiosk.ts';
import { newPlace } from '../../support/test-device.ts';
import { NOW, openLog } from '../hub-log/kit.ts';

test.each([
  ['now', { counterId: 'counter' }, true],
  ['before', null, false],
])('a device revoked %s has no line left', async (_when, done, answer) => {
  const ended: unknown[] = [];
  const core = createHubCore({
    devices: { revoke: async () => done },
    links: {
      end: (device: string, code: string) => ended.push([device, code]),
      recoveryChanged: async () => undefined,
    },
    bus: { hint: () => undefined, counter: () => undefined },
    clock: { now: () => 0 },
  } as unknown as CoreParts);
  expect(await core.revokeDevice('device')).toBe(answer);
  expect(ended).toEqual([['device', 'device.revoked']]);
});

test('a revoked kiosk that says hello is refused, and what it still holds is that of now', async () => {
  const hub = await openLog();
  const { storage } = hub;
  try {
    const place = newPlace();
    const kiosk = await hub.enrolled(place.counter);
    const { device } = kiosk;
    const chain = kiosk.start(place);
    const { fence } = (await storage.inbox.hello({ device, epochs: [], checkpoint: null, at: NOW }))!;
    await storage.inbox.recordBatch({ device, fence, frame: kiosk.batch(chain), receivedAt: NOW });
    await storage.devices.revoke({
      ...{ id: device, at: NOW },
      audit: {
        at: NOW,
        actor: 'An',
        action: 'device.revoked',
        object: `device:${device}`,
        reason: null,
        body: null,
      },
    });
    kiosk.serve(chain, place);
    const parts = {
      ...storage,
      verify: verifySignature,
      clock: { now: () => NOW + 5 },
    } as unknown as GreetParts;
    const hello = async (seqs: readonly number[], more: boolean, nonce = 'nonce') =>
      greetKiosk(
        parts,
        {
          ...{ type: 'hello', protocol: 1, device, checkpoint: null, more },
          sig: kiosk.signText(`hailong-hello-v1\n${device}\nnonce\n`),
          epochs: seqs.map((seq, i) => ({
            ...{
              epoch: i === 0 ? chain.epoch : ('cd'.repeat(16) as typeof chain.epoch),
              seq,
              acknowledged: 0,
            },
            hash: 'ab'.repeat(32) as Sha256Hex,
          })),
        },
        nonce,
      );
    const open = async () => {
      const [row] = await listDevices({ storage, clock: hub.clock } as never);
      return [row?.['unsynced'], row?.['open'], row?.['lastSeenAt']];
    };
    const { length } = chain.bytes;
    expect(await hello([length, 9], false)).toEqual({ ok: false, code: 'device.revoked' });
    expect(await open()).toEqual([length - 1 + 9, length - 1 + 9, NOW + 5]);
    // It has more epochs than it names: at least what was known, and what it names now.
    await hello([length], true);
    expect((await open())[0]).toBe(length - 1 + 9);
    await hello([length, 30], true);
    expect((await open())[0]).toBe(length - 1 + 30);
    // Nobody else says it, and a kiosk that has less now says so.
    expect(await hello([1], false, 'another')).toEqual({ ok: false, code: 'device.bad_signature' });
    expect((await open())[0]).toBe(length - 1 + 30);
    await hello([1], false);
    expect(await open()).toEqual([0, 0, NOW + 5]);
  } finally {
    await hub.close();
  }
});
