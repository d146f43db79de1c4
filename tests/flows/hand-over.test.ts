/*
 * Purpose: nothing we start outlives its starter. A program that watches its parent (scripts/watch-parent.js) ends
 * when the parent is killed with SIGKILL, whether it holds a pipe or was started by npm; signals and exit codes pass.
 */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { isAlive, runProgram, startProgram } from '../support/program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const watch = pathToFileURL(inRepo('scripts/watch-parent.js')).href;
const node = pathToFileURL(inRepo('scripts/node.js')).href;

/** A program that stays until told to stop, and says its pid and how it was told. */
const patient = `
  process.on('SIGTERM', () => { console.log(JSON.stringify({ event: 'told' })); process.exit(0); });
  console.log(JSON.stringify({ event: 'up', pid: process.pid }));
  setInterval(() => {}, 1000);
`;

it('a program ends when the starter that holds its pipe is killed', async () => {
  await using folder = await tempFolder('watch');
  await writeFile(join(folder.path, 'child.mjs'), `import '${watch}';\n${patient}`);
  await writeFile(
    join(folder.path, 'starter.mjs'),
    `import { runChild } from '${node}';
     process.exit(await runChild(process.execPath, ['${join(folder.path, 'child.mjs')}']));`,
  );
  await using starter = startProgram(join(folder.path, 'starter.mjs'), []);
  const { pid } = (await starter.line('up')) as unknown as { pid: number };
  expect(isAlive(pid)).toBe(true);
  process.kill(starter.pid, 'SIGKILL');
  await poll(() => !isAlive(pid), { what: 'the child to end' });
});

it('passes SIGTERM on and returns the exit code of what it started', async () => {
  await using folder = await tempFolder('watch');
  await writeFile(
    join(folder.path, 'child.mjs'),
    `import '${watch}';\n${patient.replace('exit(0)', 'exit(7)')}`,
  );
  await writeFile(
    join(folder.path, 'starter.mjs'),
    `import { runChild } from '${node}';
     process.exit(await runChild(process.execPath, ['${join(folder.path, 'child.mjs')}']));`,
  );
  await using starter = startProgram(join(folder.path, 'starter.mjs'), []);
  await starter.line('up');
  process.kill(starter.pid, 'SIGTERM');
  expect(await starter.exited).toBe(7);
  expect(starter.lines.filter((line) => line.event === 'told')).toHaveLength(1);
});

it('a program started by npm ends when npm is killed', async () => {
  await using folder = await tempFolder('watch');
  await writeFile(join(folder.path, 'child.mjs'), `import '${watch}';\n${patient}`);
  await writeFile(
    join(folder.path, 'package.json'),
    JSON.stringify({ scripts: { start: 'node child.mjs' } }),
  );
  const env = { ...process.env, HAILONG_PARENT_PIPE: undefined };
  const npm = spawn('npm', ['start', '--silent'], {
    cwd: folder.path,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const first = await new Promise<string>((done) => npm.stdout.setEncoding('utf8').once('data', done));
  const { pid } = JSON.parse(first) as { pid: number };
  npm.kill('SIGKILL');
  await poll(() => !isAlive(pid), { what: 'the program to end' });
});

it('npm start refuses an option that it does not know, in both languages, with the exit code of usage', async () => {
  const run = await runProgram(inRepo('scripts/start.js'), ['--nonsense']);
  expect(run.code).toBe(2);
  expect(run.lines).toEqual([]);
  expect(run.strays).toEqual([]);
  expect(run.stderr).toContain('Không hiểu "--nonsense"');
  expect(run.stderr).toContain('"--nonsense" is not an option');
});
