/* The firmware's promises about itself: it fits, it builds to the same bytes everywhere, and its stack has room. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AvrLine } from '../../support/firmware/avr-line.ts';
import { buildFirmware, compileFirmware, readHex, withoutAvrGcc } from '../../support/firmware/build.ts';
import { chanceOf } from '../../support/firmware/chance.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** ≤ 8 KB of flash, ≤ 1.5 KB of RAM, said by avr-size. */
const FLASH_MAX = 8_192;
const RAM_MAX = 1_536;
const RAM_THERE = 2_048;

test.each([1, 5, 8])('fits with %i buttons', (buttons) => {
  const firmware = buildFirmware(buttons);
  if (firmware === undefined) return expect(withoutAvrGcc).toContain('avr-gcc');
  expect(firmware.flashBytes).toBeGreaterThan(4_000);
  expect(firmware.flashBytes).toBeLessThanOrEqual(FLASH_MAX);
  expect(firmware.ramBytes).toBeLessThanOrEqual(RAM_MAX);
});

test('is the same, byte for byte, wherever it is built', async (context) => {
  const firmware = buildFirmware(5);
  if (firmware === undefined) return context.skip(withoutAvrGcc);
  await using folder = await tempFolder('firmware');
  const out = join(folder.path, 'some where else');
  mkdirSync(out);
  const quiet = join(folder.path, 'out');
  compileFirmware(quiet, 5);
  expect(readFileSync(join(quiet, 'panel.hex'), 'utf8')).toBe(readFileSync(firmware.hex, 'utf8'));
});

test('stays within 1.5 KB with its stack, at its busiest', (context) => {
  const firmware = buildFirmware(8);
  if (firmware === undefined) return context.skip(withoutAvrGcc);
  const line = new AvrLine(readHex(firmware.hex), chanceOf(3));
  line.machine.powerOn();
  line.machine.runMs(100);
  line.hello();
  line.arm(1, { mask: 255 });
  for (let round = 0; round < 5; round += 1) {
    for (let button = 0; button < 8; button += 1)
      line.machine.press(button, { afterMs: button * 3, holdMs: 60, bounceMs: 8 });
    line.runMs(350);
    line.status();
  }
  for (const { seq, boot } of line.presses()) line.tell({ name: 'ack', boot, seq });
  line.runMs(500);
  const test = line.ask({ name: 'selfTest', mask: null });
  if (test.name !== 'test') throw new Error('SELF_TEST was not answered by TEST');
  expect(test).toMatchObject({ result: 0, buttonsDown: 0, stuck: 0 });
  const stackBytes = RAM_THERE - firmware.ramBytes - test.freeRam;
  expect(stackBytes).toBeGreaterThan(40);
  expect(firmware.ramBytes + stackBytes).toBeLessThanOrEqual(RAM_MAX);
});
