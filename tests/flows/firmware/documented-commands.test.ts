/*
 * Every command in an `sh` block of firmware-notes is run, with real folders in the places of OUT and the like. What
 * needs a programmer on a port is only composed (`make -n`): there is none here, and the report of a run says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandsOf, documents } from '../../support/documents.ts';
import { buildFirmware, withoutAvrGcc } from '../../support/firmware/build.ts';
import { repoRoot } from '../../support/paths.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const commands = (await documents('firmware-notes')).flatMap(commandsOf);
const making = commands.filter((command) => command.startsWith('make '));

test('the documents print how to build and to program', () => {
  expect(making).toHaveLength(3);
  expect(commands.filter((command) => !/^(make|npm) /.test(command))).toEqual([]);
});

test.for(making)('%s', async (command, context) => {
  if (buildFirmware() === undefined) return context.skip(withoutAvrGcc);
  await using folder = await tempFolder('firmware');
  const out = join(folder.path, 'out');
  const args = command
    .split(' ')
    .slice(1)
    .map((word) => word.replace('=OUT', `=${out}`).replace('=PORT', '=/dev/ttyUSB0'));
  const programs = args.includes('fuses') || args.includes('flash');
  const made = spawnSync('make', programs ? ['-n', ...args] : args, { cwd: repoRoot, encoding: 'utf8' });
  expect(made.status, made.stderr).toBe(0);
  if (programs) expect(made.stdout).toContain('avrdude -c stk500v1 -b 19200 -P /dev/ttyUSB0 -p m328p -U ');
  else expect(existsSync(join(out, 'panel.hex'))).toBe(true);
});
