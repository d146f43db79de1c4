/* Revoking: the line of a kiosk ends also when the directory had revoked it already (removal of the demo office). */
import { expect, test } from 'vitest';
import { type CoreParts, createHubCore } from '../../../hub-server/src/application/hub-core.ts';

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
