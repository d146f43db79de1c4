/* What the screen, the operator and the hub are told of a panel that is away (kiosk-app/DESIGN.md, "The panel"). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { expect, test } from 'vitest';
import { readPanelFile, writePanelFile } from '../../../kiosk-app/agent/adapters/panel/panel-file.ts';
import type { PanelState } from '../../../kiosk-app/agent/application/ports.ts';
import { AWAY_AFTER_MS, PanelWatch } from '../../../kiosk-app/agent/application/watch-panel.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { FakeTime } from './fakes.ts';

function watched(
  state: PanelState,
  wedge: { keys: string[]; ignore: string[] } | null = null,
  isSeen = wedge === null,
) {
  const time = new FakeTime();
  const panel = { state };
  const alarms: unknown[] = [];
  const said: string[] = [];
  let changes = 0;
  const report = {
    line: ({ event, code }: Readonly<Record<string, unknown>>) =>
      alarms.push(event === 'alarmEnded' ? `${code} ended` : code),
    say: (_vi: string, en: string) => said.push(en),
  };
  const changed = () => {
    changes += 1;
  };
  const watch = new PanelWatch({ panel, wedge, isSeen, clock: time, timers: time, report, changed });
  const turn = (next: PanelState) => {
    panel.state = next;
    watch.look();
  };
  watch.look();
  return { time, watch, turn, alarms, said, changes: () => changes };
}

test('a short absence is not spoken of; a longer one is announced once, and its end', async () => {
  const { time, watch, turn, alarms, said, changes } = watched('away');
  expect(watch.shown).toBeNull();
  await time.pass(AWAY_AFTER_MS - 1);
  turn('ready');
  await time.pass(5_000);
  expect([alarms, watch.shown]).toEqual([[], { state: 'ready' }]);
  for (const state of ['away', 'syncing', 'away', 'syncing'] as const) {
    turn(state);
    await time.pass(300);
  }
  expect([alarms, watch.shown, changes()]).toEqual([['panel.unavailable'], { state: 'away' }, 1]);
  await time.pass(60_000);
  turn('ready');
  expect([alarms, watch.shown, changes()]).toEqual([
    ['panel.unavailable', 'panel.unavailable ended'],
    { state: 'ready' },
    2,
  ]);
  expect(said.at(-1)).toBe('The panel is back.');
});

test('a wrong panel is said at once, and only once while it is looked at again', async () => {
  const { time, watch, turn, alarms } = watched('syncing');
  turn('wrong-device');
  expect(watch.shown).toEqual({ state: 'away' });
  turn('away');
  turn('syncing');
  await time.pass(10_000);
  turn('wrong-device');
  expect(alarms).toEqual(['panel.wrong_device']);
  turn('ready');
  expect(alarms.at(-1)).toBe('panel.wrong_device ended');
});

test('one that was away and turns out to be another is one alarm, not two', async () => {
  const { time, turn, alarms } = watched('away');
  await time.pass(AWAY_AFTER_MS);
  turn('wrong-device');
  expect(alarms).toEqual(['panel.unavailable', 'panel.unavailable ended', 'panel.wrong_device']);
});

test('none is never missed, and one that types keys is never known to be there', async () => {
  const none = watched('none');
  await none.time.pass(10_000);
  expect([none.watch.shown, none.alarms]).toEqual([null, []]);
  const wedge = { keys: ['Digit1'], ignore: [] };
  expect(watched('none', wedge).watch.shown).toEqual({ state: 'unknown', wedge });
  // An open port behind which nothing answers.
  expect(watched('ready', null, false).watch.shown).toEqual({ state: 'unknown' });
});

test('the file: absent, whole, and every way in which it cannot be used', async () => {
  await using folder = await tempFolder('panel-file');
  const file = join(folder.path, 'panel.json');
  expect(readPanelFile(file)).toBeNull();
  writePanelFile(file, { family: 'cpp1', path: 'COM3', hwid: null });
  expect(readPanelFile(file)).toEqual({ family: 'cpp1', path: 'COM3', hwid: null });
  const detail = (text: string): string => {
    writeFileSync(file, text);
    try {
      readPanelFile(file);
      return 'read';
    } catch (error) {
      return error instanceof CodedError ? `${error.code} ${error.detail?.replace(file, '')}` : String(error);
    }
  };
  expect(detail('{"family":"cpp1"')).toBe('panel.config_invalid : JSON');
  expect(detail('{"family":"cpp1","path":"ttyUSB0"}')).toBe('panel.config_invalid : path path-invalid');
  expect(detail('{"family":"modbus"}')).toBe('panel.config_invalid : family form');
});
