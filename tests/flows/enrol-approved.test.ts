/*
 * Purpose: a kiosk is let in by its digits, over real processes: the code is typed at the kiosk, somebody approves what it
 * shows, its line in the roster names them; it breaks and another takes its counter in one act.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setupDemoOffice } from '../support/office.ts';
import { hubBin, kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
let dir: string;
let counter: string;
let url: string;
const running: Program[] = [];

beforeAll(async () => {
  folder = await tempFolder('enrol');
  dir = join(folder.path, 'hub');
  counter = (await setupDemoOffice(dir)).counters[0]!.id;
  const hub = startProgram(hubBin, ['serve', '--data', dir, '--port', '0', '--json'], {
    env: { HAILONG_CAMERAS: 'off' },
  });
  running.push(hub);
  url = String((await hub.line('listening'))['url']);
});
afterAll(async () => {
  for (const program of running.reverse()) await program.stop();
  await folder?.remove();
});

async function ask(...words: string[]) {
  const { code, lines, stderr } = await runProgram(hubBin, [...words, '--data', dir, '--json']);
  return { code, lines, stderr };
}
async function bring(name: string, code: string): Promise<Program> {
  const data = join(folder.path, name);
  await mkdir(data);
  const kiosk = startProgram(kioskBin, ['run', '--data', data, '--hub', url, '--enrol', '-', '--json'], {
    stdin: `${code.toLowerCase()}\n`,
  });
  running.push(kiosk);
  return kiosk;
}

test('typed, compared, approved; replaced when it breaks', async () => {
  const first = await ask('enrol-code', '--counter', counter, '--ask');
  const kiosk = await bring('one', String(first.lines[0]?.['code']));
  const { fingerprint, device } = await kiosk.line('enrol-waiting');
  expect((await ask('device', 'waiting')).lines).toMatchObject([{ fingerprint, device, contested: false }]);
  expect((await ask('device', 'approve', 'FFFF-FFFF-FFFF', '--by', 'An')).code).toBe(1);
  const approved = await ask('device', 'approve', String(fingerprint), '--by', 'An');
  expect(approved.lines).toMatchObject([{ event: 'approved', device }]);
  await kiosk.line('ready');

  const second = await ask(
    'enrol-code',
    '--counter',
    counter,
    '--ask',
    '--replaces',
    String(device).slice(0, 12),
  );
  const other = await bring('two', String(second.lines[0]?.['code']));
  const waiting = await other.line('enrol-waiting');
  expect((await ask('device', 'waiting')).lines).toMatchObject([{ replaces: device }]);
  await ask('device', 'approve', String(waiting['fingerprint']), '--by', 'Bình');
  await other.line('ready');
  // The old one hears it at once and closes its counter.
  await kiosk.line((line) => line['event'] === 'alarm' && line['code'] === 'device.revoked');
  const roster = await ask('device', 'roster');
  expect(roster.lines).toMatchObject([
    { device: waiting['device'], approvedBy: 'Bình', revokedAt: null },
    { device, approvedBy: 'An', revokedAt: expect.any(Number) },
  ]);
  const healthy = async () => {
    const { lines } = await ask('fleet');
    return lines.find((line) => line['device'] === waiting['device'])?.['status'] as {
      health?: object;
    } | null;
  };
  await poll(async () => (await healthy())?.health !== undefined, { what: 'a report of its health' });
  expect((await ask('fleet')).lines.at(-1)).toMatchObject({ event: 'fleet', kiosks: 1, revoked: 1 });
});
