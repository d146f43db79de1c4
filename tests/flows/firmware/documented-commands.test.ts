/*
 * Every command in an `sh` block of firmware-notes is run, with real folders in the places of OUT and the like. What
 * needs a programmer on a port is only composed (`make -n`): there is none here, and the report of a run says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildEmulator, withoutSimavr } from '../../soak/emulator.ts';
import { commandsOf, documents } from '../../support/documents.ts';
import { buildFirmware, withoutAvrGcc } from '../../support/firmware/build.ts';
import { inRepo, repoRoot } from '../../support/paths.ts';
import { runProgram } from '../../support/program.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const commands = (await documents('firmware-notes')).flatMap(commandsOf);
const making = commands.filter((command) => command.startsWith('make '));

const soaking = commands.filter((command) => command.startsWith('npm run soak '));
const FIGURES = ['presses', 'stored', 'lost', 'wrong', 'doubled', 'unfinished', 'p50Ms', 'p99Ms', 'holds'];
const FUZZ_FIGURES = [
  'bytes',
  'frames',
  'presses',
  'false',
  'lost',
  'collisions',
  'heapMb',
  'grewMb',
  'holds',
];

test('the documents print how to build, to program and to soak', () => {
  expect(making).toHaveLength(3);
  expect(soaking).toHaveLength(2);
  expect(commands.filter((command) => !/^(make|npm) /.test(command))).toEqual([]);
});

/** A small form of each: some seconds. How fast it is, says the full one on a quiet machine. */
test.for(soaking)('%s', async (command, context) => {
  if (buildFirmware() === undefined || buildEmulator() === undefined) return context.skip(withoutSimavr);
  const args = command.split(' -- ')[1]!.replace('10000000', '200000').replace('10000', '40').split(' ');
  const isFuzz = args.includes('--fuzz');
  // Eight chips in real time would be too much for what else runs here.
  const few = isFuzz ? [] : ['--counters', '2'];
  const run = await runProgram(inRepo('scripts/soak.js'), [...args, ...few]);
  const figures = run.lines.at(-1) ?? {};
  expect(Object.keys(figures), run.stderr).toEqual(isFuzz ? FUZZ_FIGURES : FIGURES);
  expect(figures, run.stderr).toMatchObject(
    isFuzz ? { false: 0, lost: 0 } : { lost: 0, wrong: 0, doubled: 0 },
  );
  expect(Number(figures['presses'])).toBeGreaterThanOrEqual(isFuzz ? 20 : 40);
  if (!isFuzz) {
    expect(Number(figures['stored']) + Number(figures['unfinished'])).toBe(Number(figures['presses']));
    expect(Number(figures['p50Ms'])).toBeGreaterThan(20);
  }
  expect(run.code, run.stderr).toBe(figures['holds'] === true ? 0 : 1);
});

test('the soak refuses what it does not know', async () => {
  expect((await runProgram(inRepo('scripts/soak.js'), ['--presses', 'many'])).code).toBe(2);
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
