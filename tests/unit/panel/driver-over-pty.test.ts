/* The driver and the simulated panel over a real pseudo-terminal through serialport (panel-protocol.md). */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openCpp1Panel } from '@hailong/device-drivers/panel/families/cpp1.ts';
import type {
  PanelDiscard,
  PanelDriver,
  PanelFault,
  PanelLinkState,
  PanelPress,
} from '@hailong/device-drivers/panel/panel-driver.ts';
import {
  type PanelSimulator,
  type PanelSimulatorOptions,
  startPanelSimulator,
} from '@hailong/device-drivers/simulators/panel-simulator.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { ownLag } from '../../support/own-lag.ts';
import { poll } from '../../support/poll.ts';

/** Shorter than a test's own limit, so that a failure says what was awaited and what was seen last. */
const soon = <T>(look: Parameters<typeof poll<T>>[0], what: string) => poll(look, { what, everyMs: 5 });

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function simulate(options: PanelSimulatorOptions = {}): PanelSimulator {
  const panel = startPanelSimulator(options);
  cleanups.push(() => panel.stop());
  return panel;
}

type Host = {
  driver: PanelDriver;
  presses: PanelPress[];
  stored: Set<string>;
  faults: PanelFault[];
  discards: PanelDiscard[];
  states: PanelLinkState[];
  readies: () => number;
  /** For a line that has just opened: an unnoticed hang-up is still `ready` (see `armedAgain`). */
  ready: () => Promise<unknown>;
};

function host(panel: PanelSimulator, acknowledge = true, expectedHwid: string | null = null): Host {
  const driver = openCpp1Panel(panel.path, { expectedHwid });
  let readies = 0;
  const one: Host = {
    driver,
    presses: [],
    stored: new Set(),
    faults: [],
    discards: [],
    states: [],
    readies: () => readies,
    ready: () => soon(() => driver.state === 'ready', 'READY'),
  };
  driver.on('ready', () => {
    readies += 1;
  });
  driver.on('state', ({ state }) => one.states.push(state));
  driver.on('fault', (fault) => one.faults.push(fault));
  driver.on('discard', (discard) => one.discards.push(discard));
  driver.on('press', (press) => {
    one.presses.push(press);
    const { hwid, boot, seq, askTicket, button, uptimeMs } = press;
    one.stored.add([hwid, boot, seq, askTicket, button, uptimeMs].join());
    if (acknowledge) driver.acknowledge(press);
  });
  cleanups.push(() => driver.stop());
  driver.start();
  return one;
}

const arm = (driver: PanelDriver, askTicket: number) =>
  driver.arm({ askTicket, mask: 0b11111, singleShot: true, timeoutMs: 60_000 });
/** On a line that stands: the first ARM is taken. */
const armed = async (driver: PanelDriver, askTicket: number) =>
  expect(await arm(driver, askTicket)).toEqual({ ok: true, detail: 0 });
/** After a pulled cable: until the panel itself has taken ARM. Only this proves that it is the line plugged in now. */
const armedAgain = (driver: PanelDriver, askTicket: number) =>
  soon(async () => {
    const reply = await arm(driver, askTicket);
    if (!reply.ok) throw new Error(reply.code);
    return true;
  }, `ARM ${askTicket}`);
const emptied = (panel: PanelSimulator) => soon(() => panel.status().queueLength === 0, 'an empty queue');

/** Held open by this process: ends of the panel's pseudo-terminal (its own and each host's), and of gone ones. */
function heldLines(panel: PanelSimulator): { live: number; gone: number } {
  const live = readlinkSync(panel.path);
  const held = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // The one the listing itself had open.
    }
  });
  return {
    live: held.filter((target) => target === live).length,
    gone: held.filter((target) => /^\/dev\/pts\/.*\(deleted\)$/.test(target)).length,
  };
}

describe('a press over a real line', () => {
  it('arrives once, with its ticket and time, and drains', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    await armed(one.driver, 77);
    const lag = ownLag();
    await panel.press(3, 40);
    expect(await one.driver.drain()).toEqual({ drained: true });
    const lateMs = lag();
    expect(await one.driver.disarm(77)).toEqual({ ok: true, detail: 0 });
    expect(one.presses).toHaveLength(1);
    const [press] = one.presses;
    expect(press).toMatchObject({ hwid: panel.hwid, seq: 1, askTicket: 77, button: 3, repeat: false });
    const tookMs = press!.receivedAtMonoMs - press!.pressedAtMonoMs!;
    expect(tookMs).toBeGreaterThanOrEqual(0);
    expect(tookMs - lateMs).toBeLessThan(500);
  });

  it('arrives once through lost ACKs, doubled frames, damaged frames and garbage', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    await armed(one.driver, 78);
    panel.misbehave({ dropAcks: 2, duplicateFrames: 2, corruptFrames: 1 });
    panel.garbage(Uint8Array.from({ length: 300 }, (_, i) => (i * 7) % 256));
    await panel.press(1, 40);
    await emptied(panel);
    expect(one.stored.size).toBe(1);
    expect(one.presses).toHaveLength(1);
    expect(one.discards.length).toBeGreaterThan(0);
  });

  it('survives one damaged byte in fifty both ways', async () => {
    const panel = simulate({ seed: 5 });
    const one = host(panel);
    await one.ready();
    panel.misbehave({ noise: 0.02 });
    for (const ticket of [1, 2, 3]) {
      await armedAgain(one.driver, ticket);
      await panel.press(ticket, 30);
      await emptied(panel);
    }
    panel.misbehave({ noise: 0 });
    expect(
      one.presses.filter(({ repeat }) => !repeat).map(({ askTicket, button }) => [askTicket, button]),
    ).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('made while the cable is out arrives after it is plugged in again', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    await armed(one.driver, 79);
    await panel.unplug();
    await soon(() => one.driver.state === 'away', 'away');
    expect(await arm(one.driver, 80)).toEqual({ ok: false, code: 'away' });
    await panel.press(2, 30);
    expect(one.presses).toEqual([]);
    panel.replug();
    await one.ready();
    await emptied(panel);
    expect(one.presses.map(({ askTicket, button }) => [askTicket, button])).toEqual([[79, 2]]);
    expect(one.presses[0]!.pressedAtMonoMs).not.toBeNull();
  });

  it('unacknowledged at a host crash is told to the next host', async () => {
    const panel = simulate();
    const crashed = host(panel, false);
    await crashed.ready();
    await armed(crashed.driver, 81);
    await panel.press(0, 30);
    await soon(() => crashed.presses.length > 0, 'the press');
    await crashed.driver.stop();
    const next = host(panel);
    await next.ready();
    await emptied(panel);
    expect([...next.stored]).toEqual([...crashed.stored]);
  });

  it('gives no second event when the same ticket is armed again', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    await armed(one.driver, 82);
    await panel.press(0, 30);
    await emptied(panel);
    expect(await arm(one.driver, 82)).toMatchObject({ ok: true });
    await panel.press(1, 30);
    expect(await one.driver.drain()).toEqual({ drained: true });
    expect(one.presses).toHaveLength(1);
    expect(panel.status().ignored).toBe(1);
  });
});

describe('a restart of the panel', () => {
  it('syncs again on the same line; a journalled press keeps its older boot and has no time', async () => {
    const panel = simulate({ journal: true });
    const one = host(panel);
    await one.ready();
    await armed(one.driver, 90);
    const older = panel.status().boot;
    panel.misbehave({ frozen: true });
    await panel.press(4, 30);
    panel.misbehave({ frozen: false });
    await panel.powerLoss();
    await soon(() => one.readies() === 2, 'the second READY');
    await emptied(panel);
    expect(one.stored.size).toBe(1);
    expect(one.presses.at(-1)).toMatchObject({ boot: older, askTicket: 90, button: 4 });
    if (one.presses.length === 1) expect(one.presses[0]!.pressedAtMonoMs).toBeNull();
    expect(panel.status().boot).not.toBe(older);
    expect(panel.status().armedTicket).toBe(0);
  });

  it('without a pulled cable is noticed by the changed boot', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    panel.reboot();
    await soon(() => one.readies() === 2, 'the second READY');
    expect(one.driver.identity?.boot).toBe(panel.status().boot);
    expect(one.states).not.toContain('incompatible');
  });
});

describe('the line', () => {
  it('closes a frozen panel after three heartbeats; a drain ends after 2 s of silence', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    panel.misbehave({ frozen: true });
    const began = performance.now();
    expect(await one.driver.drain()).toEqual({ drained: false });
    expect(performance.now() - began).toBeGreaterThan(1_900);
    await soon(() => one.driver.state !== 'ready', 'the closed line');
    panel.misbehave({ frozen: false });
    await one.ready();
  });

  it('stops while it opens, and leaves the port free', async () => {
    const panel = simulate();
    const first = host(panel);
    await first.driver.stop();
    expect(first.driver.state).toBe('stopped');
    const second = host(panel);
    await second.ready();
  });

  it('fails a command at once on a line whose hang-up is not noticed yet, and comes back', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    await panel.unplug();
    panel.replug();
    // No turn of the loop since the new line appeared: whatever the state says, this goes to the old one.
    expect(await arm(one.driver, 6)).toEqual({ ok: false, code: 'away' });
    await soon(() => one.readies() === 2, 'the second READY');
    await armed(one.driver, 6);
  });

  it('has one connection after twelve quick unplugs', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    for (let round = 0; round < 12; round += 1) {
      await panel.unplug();
      panel.replug();
      if (round % 3 === 0) await armedAgain(one.driver, 5);
    }
    await armedAgain(one.driver, 5);
    await soon(() => {
      expect(heldLines(panel)).toEqual({ live: 2, gone: 0 });
      return true;
    }, 'one connection');
    await panel.press(2);
    await soon(() => one.stored.size > 0, 'the press');
    await emptied(panel);
    expect(one.stored.size).toBe(1);
  });

  it('refuses another panel and one of another version, and says which', async () => {
    const panel = simulate({ hwid: '00000000000000aa' });
    const wrong = host(panel, true, '00000000000000bb');
    await soon(() => wrong.driver.state === 'wrong-device', 'wrong-device');
    expect(wrong.faults.map(({ code }) => code)).toEqual(['wrong-device']);
    const newer = simulate({ minMajor: 2, maxMajor: 3 });
    const old = host(newer);
    await soon(() => old.driver.state === 'incompatible', 'incompatible');
    expect(old.presses).toEqual([]);
  });

  it('answers self-test and lamp, and reports what the panel cannot do', async () => {
    const panel = simulate();
    const one = host(panel);
    await one.ready();
    expect(one.driver.capabilities).toMatchObject({
      delivery: 'exactly-once',
      arm: 'device',
      led: true,
      prompt: false,
    });
    expect(await one.driver.selfTest()).toEqual({ ok: true, result: 0, buttonsDown: 0, stuck: 0 });
    expect(await one.driver.led({ on: 0b100, blink: 0, ttlMs: 0 })).toMatchObject({ ok: true });
    expect(panel.lamp()).toEqual({ on: 0b100, blink: 0, inService: true });
    expect(await one.driver.prompt({ sound: 1, volume: 50 })).toEqual({ ok: false, code: 'unsupported' });
    expect(await one.driver.disarm(9)).toMatchObject({ ok: true });
    await armed(one.driver, 8);
    expect(await one.driver.disarm(9)).toEqual({ ok: false, code: 'state' });
    expect(await one.driver.arm({ askTicket: 0, mask: 1, singleShot: true, timeoutMs: 1000 })).toEqual({
      ok: false,
      code: 'range',
    });
  });
});

describe('processes', () => {
  it('lets the process end by itself after stop(), and leaves no file', async () => {
    const script = `
      import { startPanelSimulator } from '@hailong/device-drivers/simulators/panel-simulator.ts';
      import { openCpp1Panel } from '@hailong/device-drivers/panel/families/cpp1.ts';
      const panel = startPanelSimulator();
      const driver = openCpp1Panel(panel.path);
      await new Promise((resolve) => { driver.on('ready', resolve); driver.start(); });
      await driver.stop();
      await panel.stop();
      console.log(panel.path);`;
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd,
      // Against one that never ends; it loads its sources as they are.
      timeout: 60_000,
    });
    expect(stdout.trim()).toMatch(/panel-tty$/);
    expect(existsSync(stdout.trim())).toBe(false);
  }, 90_000);
});
