/*
 * `npm start`: it opens, says where and with which logins, keeps its data, refuses what it cannot do with a remedy, and
 * leaves no child behind: neither after SIGTERM nor after the SIGKILL of its own starter.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { freePort } from '../support/ports.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const READY_MS = 180_000;
let folder: TempFolder;
let data: string;

beforeAll(async () => {
  folder = await tempFolder('start');
  data = `${folder.path}/demo`;
});
afterAll(() => folder?.[Symbol.asyncDispose]());

const start = (port: number, more: readonly string[] = []): Program =>
  startProgram(inRepo('scripts/start.js'), ['--json', '--port', String(port), '--data', data, ...more]);

/** Command lines of living processes whose command line or working files lie under the data folder. */
function children(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(data) ? [`${pid} ${line.slice(0, 120)}`] : [];
      } catch {
        return [];
      }
    });
}
const noneLeft = () => poll(() => children().length === 0, { what: `the end of ${children().join('\n')}` });

test('opens, is refused a second time, leaves nothing behind, and finds its data again', async () => {
  await using first = start(0, ['--fresh']);
  const ready = await first.line('ready', { timeoutMs: READY_MS });
  const addresses = ready['addresses'] as Record<string, string>;
  expect(Object.keys(addresses)).toEqual(
    expect.arrayContaining(['kiosk', 'station', 'inspector', 'dashboard', 'administration', 'panel']),
  );
  for (const name of ['inspector', 'dashboard', 'administration', 'panel', 'station', 'kiosk']) {
    const answer = await fetch(addresses[name] ?? '');
    expect([name, answer.status]).toEqual([name, 200]);
    expect(await answer.text()).toContain('<html');
  }
  expect(first.strays).toEqual([]);
  expect(JSON.stringify(ready['logins'])).toMatch(/staffCode.*pin.*username.*password/s);

  // --fresh too: it empties no folder in which an office is open.
  for (const more of [[], ['--fresh']]) {
    const second = start(0, more);
    expect(await second.exited).toBe(3);
    expect(second.stderr()).toMatch(/đang được chương trình khác dùng[\s\S]*in use by another program/);
  }

  expect(await first.stop()).toBe(0);
  await noneLeft();

  await using again = start(0);
  const readyAgain = await again.line('ready', { timeoutMs: READY_MS });
  expect(readyAgain['logins']).toEqual(ready['logins']);
  // The starter is killed without a chance to say anything.
  await again.killHard();
  await noneLeft();
}, 480_000);

test('says which port is taken, before anything is opened', async () => {
  const port = await freePort();
  const holder = createServer().listen(port + 2, '127.0.0.1');
  await once(holder, 'listening');
  try {
    const program = start(port);
    expect(await program.exited).toBe(3);
    expect(program.stderr()).toMatch(/Cổng mạng đã có chương trình khác dùng[\s\S]*The port is taken/);
    expect(program.stderr()).toContain(String(port + 2));
  } finally {
    await new Promise((done) => holder.close(done));
  }
});

test('refuses words it does not know, with exit code 2', async () => {
  const program = startProgram(inRepo('scripts/start.js'), ['--prot', '8080']);
  expect(await program.exited).toBe(2);
  expect(program.stderr()).toContain('--prot');
});
