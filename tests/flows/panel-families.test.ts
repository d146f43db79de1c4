/*
 * Panels of every family on a real agent: a press becomes one rating, a pulled cable is announced on the screen and at the
 * hub within 5 s while touch goes on, and the panel works again by itself (firmware-notes/families.md).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LineSimulator, startLineSimulator } from '@hailong/device-drivers/simulators/line-simulator.ts';
import { startPanelSimulator } from '@hailong/device-drivers/simulators/panel-simulator.ts';
import type { IntentId, TransactionId } from '@hailong/shared/ids.ts';
import { LINE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';
import type { Intent } from '@hailong/shared/protocol/edge.ts';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finish, open, start } from '../support/counter-kit.ts';
import { EdgeHub } from '../support/edge-hub.ts';
import { KioskWindow } from '../support/kiosk-window.ts';
import { ownLag, soonest } from '../support/own-lag.ts';
import { kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** From the pulled cable to the word on the screen and at the hub. */
const ANNOUNCED_WITHIN_MS = 5_000;

let folder: TempFolder;
let hub: EdgeHub;
let agent: Program;
let window: KioskWindow;
const cleanups: Array<() => Promise<unknown>> = [];

const fresh = <T extends Intent>(intent: T, more: Partial<T> = {}): T => ({
  ...intent,
  intentId: v7() as IntentId,
  ...more,
});

async function run(...panel: string[]): Promise<void> {
  const data = join(folder.path, 'kiosk');
  const args = ['run', '--data', data, '--hub', hub.url, '--enrol', 'MA-GHI-DANH-1', ...panel, '--json'];
  agent = startProgram(kioskBin, args);
  cleanups.push(() => agent.stop());
  const ready = await agent.line('ready');
  window = await KioskWindow.open(String(ready['ui']));
  cleanups.push(async () => window.close());
}

/** On duty, a citizen served and asked. */
async function prompt(): Promise<TransactionId> {
  if (hub.of('duty.started').length === 0) hub.intent(fresh(start(1)));
  const transaction = v7() as TransactionId;
  hub.intent(fresh(open(1), { transaction } as never));
  hub.intent(fresh(finish(1), { transaction } as never));
  await agent.line((line) => line.event === 'opened' && line['transaction'] === transaction);
  return transaction;
}

const statuses = () => hub.messages.flatMap((one) => (one.type === 'status' ? [one.status] : []));
const atHub = (panel: string) =>
  poll(() => statuses().at(-1)?.panel === panel, { what: `${panel} at the hub` });
/** What the hub last heard of the agent's own alarms. */
const alarmed = (...codes: string[]) =>
  poll(
    () =>
      `${statuses()
        .at(-1)
        ?.health?.alarms?.map(({ code }) => code)}` === `${codes}`,
    {
      what: `the alarms [${codes}] at the hub`,
    },
  );
const onScreen = (state: string | undefined) =>
  poll(async () => (await window.screen('question')).panel?.state === state, {
    ...{ what: `${state} on the screen`, everyMs: 10 },
  });
interface Harm {
  readonly does: () => unknown;
  /** Before it is done again: until it is seen to be mended wherever the harm was. */
  readonly mends: () => unknown;
}
/** From the harm to the word at the hub and on the screen, less what this machine was late by itself. */
async function announcedAfter(harm: Harm, ...said: (() => Promise<unknown>)[]): Promise<number> {
  let isHarmed = false;
  return await soonest(ANNOUNCED_WITHIN_MS, async () => {
    if (isHarmed) {
      await harm.mends();
      await atHub('ready');
    }
    isHarmed = true;
    const lag = ownLag();
    const begun = performance.now();
    await harm.does();
    await Promise.all([atHub('away'), ...said.map((each) => each())]);
    return performance.now() - begun - lag();
  });
}
const onTheScreen = () => onScreen('away');

function box(profile: string): LineSimulator {
  const { config } = LINE_PROFILES.find(({ key }) => key === profile)!;
  const one = startLineSimulator({ config });
  cleanups.push(() => one.stop());
  return one;
}

beforeEach(async () => {
  folder = await tempFolder('families');
  cleanups.push(async () => folder[Symbol.asyncDispose]());
  hub = new EdgeHub();
  hub.form = { ...hub.form, closeAfterMs: 300_000 };
  await hub.start();
  cleanups.push(() => hub.stop());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  expect(hub.faults).toEqual([]);
});

describe('line-ascii', () => {
  it('one press is one vote; pulled, it is announced and touch goes on; plugged in, it works again by itself', async () => {
    const panel = box('byte-digits-checked');
    await run('--panel', `line-ascii:byte-digits-checked:${panel.path}`);
    const transaction = await prompt();
    await onScreen('ready');
    panel.misbehave({ bounces: 2, repeatEveryMs: 100 });
    await panel.press(1, 400);
    const thanked = await agent.line('thanked');
    expect(thanked).toMatchObject({ transaction, question: 'overall', level: 4 });
    await agent.line((line) => line.event === 'acked' && line['id'] === thanked['id']);
    const votes = () => hub.of('rating.voted');
    expect(votes().map(({ source }) => source)).toMatchObject([{ via: 'panel', button: 2, seq: 1 }]);

    panel.misbehave({ bounces: 0, repeatEveryMs: 0 });
    const pulled = {
      does: () => panel.unplug(),
      mends() {
        panel.replug();
        return onScreen('ready');
      },
    };
    const pulledMs = await announcedAfter(pulled, onTheScreen);
    expect(pulledMs).toBeLessThan(ANNOUNCED_WITHIN_MS);
    await agent.line((line) => line.event === 'alarm' && line['code'] === 'panel.unavailable');
    expect(statuses().at(-1)?.health?.panel).toMatchObject({ family: 'line-ascii', path: panel.path });
    await alarmed('panel.unavailable');
    await window.tap('attitude', 3);
    await poll(() => votes().length === 2, { what: 'the touch at the hub' });

    panel.replug();
    await onScreen('ready');
    await agent.line((line) => line.event === 'alarmEnded' && line['code'] === 'panel.unavailable');
    await alarmed();
    await panel.press(4);
    await poll(() => votes().length === 3, { what: 'the second press at the hub' });
    expect(votes().map(({ source }) => source.via)).toEqual(['panel', 'touch', 'panel']);
    expect(votes()[2]).toMatchObject({ question: 'quality', level: 1 });

    const quiet = (silent: boolean) => () => panel.misbehave({ silent });
    const silentMs = await announcedAfter({ does: quiet(true), mends: quiet(false) });
    expect(silentMs).toBeLessThan(ANNOUNCED_WITHIN_MS);
    panel.misbehave({ silent: false });
    await atHub('ready');
  });
});

describe('cpp1', () => {
  it('that hangs is announced within 5 s; another hardware id than the written one is refused', async () => {
    const panel = startPanelSimulator({ path: join(folder.path, 'tty') });
    cleanups.push(() => panel.stop());
    const file = join(folder.path, 'panel.json');
    await writeFile(file, JSON.stringify({ family: 'cpp1', path: panel.path, hwid: panel.hwid }));
    await run('--panel', `file:${file}`);
    await prompt();
    await onScreen('ready');
    const hung = {
      does: () => panel.misbehave({ frozen: true }),
      mends() {
        panel.misbehave({ frozen: false });
        return onScreen('ready');
      },
    };
    const hungMs = await announcedAfter(hung, onTheScreen);
    expect(hungMs).toBeLessThan(ANNOUNCED_WITHIN_MS);
    await panel.stop();
    const other = startPanelSimulator({ path: panel.path, hwid: '53494d00000000ff' });
    cleanups.push(() => other.stop());
    await agent.line((line) => line.event === 'alarm' && line['code'] === 'panel.wrong_device');
    await atHub('wrong-device');
    await other.press(0);
    expect(hub.of('rating.voted')).toEqual([]);
    await window.tap('overall', 5);
    await agent.line('thanked');
  });
});

describe('hid-wedge', () => {
  it('is told to the window as unknown, and its presses are the panel’s', async () => {
    await run('--panel', 'hid-wedge:keys-digits');
    await prompt();
    const asked = await window.screen('question');
    expect(asked.panel).toMatchObject({
      state: 'unknown',
      wedge: { keys: ['Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5'] },
    });
    await window.tap('overall', 5, 1);
    await poll(() => hub.of('rating.voted')[0], { what: 'the vote at the hub' });
    expect(hub.of('rating.voted')[0]?.source).toMatchObject({ via: 'touch', wedge: 1 });
    expect(statuses().at(-1)).toMatchObject({ panel: 'none', health: { panel: { family: 'hid-wedge' } } });
  });
});

describe('on the command line', () => {
  const lines = (program: Program, event: string) => program.line((line) => line.event === event);

  it('tries a panel, says each press, and leaves with 1 when it never was there', async () => {
    const panel = box('line-down-up');
    const spec = `line-ascii:line-down-up:${panel.path}`;
    const trial = startProgram(kioskBin, ['panel', 'test', '--panel', spec, '--json']);
    cleanups.push(() => trial.stop());
    expect(await lines(trial, 'ready')).toMatchObject({
      buttons: 5,
      capabilities: { delivery: 'at-most-once' },
    });
    // The first message of a line is dropped when it comes with the opening: it could be the tail of another.
    panel.say(Buffer.from('\n'));
    await panel.press(2);
    expect(await lines(trial, 'press')).toMatchObject({ button: 3, chord: false });
    const never = ['panel', 'test', '--panel', 'cpp1:/dev/khong-co', '--seconds', '1', '--json'];
    const absent = startProgram(kioskBin, never);
    expect(await absent.exited).toBe(1);
    expect(absent.stderr()).toContain('panel.unavailable');
    expect(await startProgram(kioskBin, ['panel', 'list', '--json']).exited).toBe(0);
    expect(await startProgram(kioskBin, ['panel', 'test']).exited).toBe(2);
  });

  it('the file that set-up wrote is what the agent takes without --panel; three buttons serve five levels', async () => {
    const panel = startPanelSimulator({ buttons: 3, leds: 3 });
    cleanups.push(() => panel.stop());
    const data = join(folder.path, 'kiosk');
    await mkdir(data, { mode: 0o700 });
    const written = { family: 'cpp1', path: panel.path, hwid: panel.hwid };
    await writeFile(join(data, 'panel.json'), JSON.stringify(written), { mode: 0o600 });
    await run();
    await prompt();
    await onScreen('ready');
    await poll(() => panel.status().armedMask === 0b111, { what: 'three armed buttons' });
    await panel.press(2);
    expect(await agent.line('thanked')).toMatchObject({ question: 'overall', level: 3 });
  });
});

it('a configuration that cannot be used keeps nobody from rating', async () => {
  const file = join(folder.path, 'panel.json');
  await writeFile(file, '{"family":"cpp1","path":"ttyUSB0"}');
  await run('--panel', `file:${file}`);
  const alarm = await agent.line((line) => line.event === 'alarm' && line['code'] === 'panel.config_invalid');
  expect(alarm['detail']).toContain('path path-invalid');
  await prompt();
  await onScreen('away');
  await window.tap('overall', 5);
  await agent.line('thanked');
  await atHub('away');
});
