/* The line-ASCII driver and the simulated box over a real pseudo-terminal through serialport (firmware-notes/families.md). */
import { openPanelDriver } from '@hailong/device-drivers/panel/open-panel.ts';
import type { PanelDriver, PanelFault, PanelPress } from '@hailong/device-drivers/panel/panel-driver.ts';
import { type LineSimulator, startLineSimulator } from '@hailong/device-drivers/simulators/line-simulator.ts';
import { type LineAsciiConfig, panelConfig } from '@hailong/shared/model/panel-config.ts';
import { LINE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { ownLag } from '../../support/own-lag.ts';
import { poll } from '../../support/poll.ts';

const soon = <T>(look: Parameters<typeof poll<T>>[0], what: string) => poll(look, { what, everyMs: 5 });

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Pair {
  readonly box: LineSimulator;
  readonly driver: PanelDriver;
  readonly presses: PanelPress[];
  readonly faults: PanelFault[];
}

async function pair(profile: string, more: object = {}): Promise<Pair> {
  const { config } = LINE_PROFILES.find(({ key }) => key === profile)!;
  const given = { ...config, ...more };
  const box = startLineSimulator({ config: given as Omit<LineAsciiConfig, 'path'> });
  cleanups.push(() => box.stop());
  const driver = openPanelDriver(panelConfig.parse({ ...given, path: box.path }))!;
  cleanups.push(() => driver.stop());
  const one: Pair = { box, driver, presses: [], faults: [] };
  driver.on('press', (press) => {
    one.presses.push(press);
    driver.acknowledge(press);
  });
  driver.on('fault', (fault) => one.faults.push(fault));
  driver.start();
  await soon(() => driver.state === 'ready', 'READY');
  return one;
}

const arm = (driver: PanelDriver, askTicket: number) =>
  driver.arm({ askTicket, mask: 0b11111, singleShot: true, timeoutMs: 60_000 });

describe('a press over a real line', () => {
  it.each(['byte-digits', 'byte-digits-checked', 'line-digits', 'line-digits-fast', 'line-down-up'])(
    'of the form %s arrives once, with bounce and noise around it',
    async (profile) => {
      const { box, driver, presses } = await pair(profile);
      await arm(driver, 77);
      box.misbehave({ bounces: 3 });
      box.say(Buffer.from('\x00\xfe??\r\n', 'latin1'));
      const lag = ownLag();
      await box.press(3, 40);
      await soon(() => presses[0], 'the press');
      const tookMs = presses[0]!.receivedAtMonoMs - presses[0]!.pressedAtMonoMs!;
      expect(tookMs - lag()).toBeLessThan(500);
      expect(await driver.drain()).toEqual({ drained: true });
      expect(presses).toMatchObject([{ askTicket: 77, button: 3, repeat: false, flags: { chord: false } }]);
      expect(driver.identity?.hwid).toMatch(/^[0-9a-f]{16}$/);
    },
  );

  it('lights the lamps, and declares what this box cannot do', async () => {
    const { box, driver } = await pair('byte-digits', { led: { on: '\\x82', off: '\\x83' } });
    expect(driver.capabilities).toEqual({
      ...{ delivery: 'at-most-once', arm: 'host', led: true, prompt: false, selfTest: false },
      ...{ stuckKey: 'host', presence: 'none' },
    });
    expect(await driver.led({ on: 0b111, blink: 0, ttlMs: 0 })).toEqual({ ok: true, detail: 0 });
    await soon(() => box.lit(), 'light');
    await driver.led({ on: 0, blink: 0, ttlMs: 0 });
    await soon(() => !box.lit(), 'dark');
    expect(await driver.selfTest()).toEqual({ ok: false, code: 'unsupported' });
    expect(await driver.prompt({ sound: 1, volume: 1 })).toEqual({ ok: false, code: 'unsupported' });
  });
});

describe('a box that is away', () => {
  it.each(['byte-digits', 'byte-digits-checked'])(
    'after a pulled cable (%s) is noticed within 5 s, and works again by itself',
    async (profile) => {
      const { box, driver, presses } = await pair(profile);
      // Right after a byte: the read that is just being repeated never reports the hang-up.
      box.say(Buffer.from('1'));
      const [pulledMs, lag] = [performance.now(), ownLag()];
      await box.unplug();
      await soon(() => driver.state === 'away', 'away');
      expect(performance.now() - pulledMs - lag()).toBeLessThan(5_000);
      expect(await arm(driver, 5)).toEqual({ ok: false, code: 'away' });
      box.replug();
      await soon(() => driver.state === 'ready', 'READY again');
      await arm(driver, 6);
      await box.press(1);
      await soon(() => presses[0], 'the press');
      expect(presses).toMatchObject([{ askTicket: 6, button: 1 }]);
    },
  );

  it('behind an adapter that stays is noticed by its silence within 5 s', async () => {
    const { box, driver } = await pair('byte-digits-checked');
    box.misbehave({ silent: true });
    const [silentMs, lag] = [performance.now(), ownLag()];
    await soon(() => driver.state !== 'ready', 'not ready');
    expect(performance.now() - silentMs - lag()).toBeLessThan(5_000);
    box.misbehave({ silent: false });
    await soon(() => driver.state === 'ready', 'READY again');
  });
});

it('says that a button which repeats for its whole time is stuck, and that it is free again', async () => {
  const keys = { debounceMs: 50, lockoutMs: 200, chordMs: 30, stuckAfterS: 2 };
  const { box, driver, presses, faults } = await pair('byte-digits', { keys });
  box.misbehave({ repeatEveryMs: 60 });
  await arm(driver, 9);
  box.contact(2, true);
  await soon(() => faults[0], 'the fault');
  expect(faults).toMatchObject([{ code: 'stuck', button: 2 }]);
  await arm(driver, 10);
  box.contact(2, false);
  await soon(() => faults[1], 'its end');
  expect(faults[1]).toMatchObject({ code: 'stuck-cleared', button: 2 });
  expect(presses.map(({ askTicket }) => askTicket)).toEqual([9]);
});
