/* What the hub is told of the panel, from the driver's own events. */
import { Emitter } from '@hailong/device-drivers/panel/emitter.ts';
import type { PanelDriver, PanelEvents } from '@hailong/device-drivers/panel/panel-driver.ts';
import { panelHealth } from '@hailong/shared/model/device-health.ts';
import { expect, test } from 'vitest';
import { panelHealthOf } from '../../../kiosk-app/agent/adapters/panel/panel-health.ts';

test('identity, stuck buttons and the newest fault; another panel has its own buttons', () => {
  const events = new Emitter<PanelEvents>();
  const capabilities = { delivery: 'exactly-once', arm: 'device', led: true, prompt: false } as const;
  const driver: { identity: PanelDriver['identity'] } & Pick<PanelDriver, 'on' | 'capabilities'> = {
    on: events.on.bind(events),
    capabilities: { ...capabilities, selfTest: true, stuckKey: 'device', presence: 'heartbeat' },
    identity: null,
  };
  let now = 1_000;
  let told = 0;
  const health = panelHealthOf(
    driver,
    { family: 'cpp1', path: '/dev/ttyACM0' },
    () => now,
    () => told++,
  );
  expect(panelHealth.parse(health())).toMatchObject({
    hwid: null,
    firmware: null,
    stuck: [],
    lastFault: null,
  });
  const be = (hwid: string) => {
    driver.identity = { hwid, boot: 1, firmware: '1.0.3', buttons: 5, leds: 5, journal: true };
    events.emit('ready', driver.identity);
  };
  be('53494d0000000001');
  for (const button of [1, 3]) events.emit('fault', { code: 'stuck', button, detail: 0 });
  events.emit('fault', { code: 'stuck-cleared', button: 3, detail: 0 });
  now += 500;
  expect(panelHealth.parse(health())).toEqual({
    ...{ family: 'cpp1', path: '/dev/ttyACM0', hwid: '53494d0000000001', firmware: '1.0.3' },
    capabilities: [
      ...['delivery-exactly-once', 'arm-device', 'led', 'no-prompt', 'selfTest'],
      ...['stuckKey-device', 'presence-heartbeat'],
    ],
    ...{ stuck: [2], lastFault: { code: 'stuck-cleared', agoMs: 500 } },
  });
  expect(told).toBe(3);
  be('53494d0000000001');
  expect(health().stuck).toEqual([2]);
  be('53494d0000000002');
  expect(health().stuck).toEqual([]);
});
