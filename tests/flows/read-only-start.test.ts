/*
 * Purpose: an agent or a hub that may not write to its data folder says so with a code and a remedy in both languages and
 * ends with 1; it never ends with a bare stack. Once as an ordinary user on folders of somebody else, once on a read-only mount.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hubBin, kioskBin } from '../support/paths.ts';
import { startProgram } from '../support/program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const run = (data: string, before: readonly string[] = []) => {
  const words = [
    ...[...before, process.execPath, kioskBin, 'run', '--data', data, '--hub', 'http://127.0.0.1:9'],
    ...['--panel', 'none', '--ui-port', '0', '--enrol', 'AAAA-AAAA'],
  ];
  return spawnSync(words[0]!, words.slice(1), { encoding: 'utf8', timeout: 30_000 });
};
const serve = (data: string, before: readonly string[] = []) => {
  const words = [...before, process.execPath, hubBin, 'serve', '--data', data, '--port', '0'];
  return spawnSync(words[0]!, words.slice(1), { encoding: 'utf8', timeout: 60_000 });
};
const saying =
  (...words: readonly string[]) =>
  ({ status, stderr }: ReturnType<typeof run>): void => {
    for (const each of words) expect(stderr).toContain(each);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  };
const hubSays = saying(
  'Không được ghi vào thư mục dữ liệu. Xem ổ đĩa',
  'The data folder cannot be written to. See whether',
  'program.read_only',
);
const says = saying(
  'Thiết bị không được ghi vào thư mục dữ liệu. Xem ổ đĩa',
  'The kiosk may not write to its data folder. See whether',
  'kiosk.read_only',
);
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

test('as an ordinary user: a folder it may not make, and one it may not write', async (context) => {
  if (process.getuid!() !== 0 || spawnSync('setpriv', ['--version']).status !== 0)
    context.skip('becoming another user needs root and setpriv');
  await using folder = await tempFolder('read-only');
  chmodSync(folder.path, 0o755);
  says(run(join(folder.path, 'missing'), NOBODY));
  const mine = join(folder.path, 'mine');
  mkdirSync(mine, { mode: 0o555 });
  chownSync(mine, 65_534, 65_534);
  says(run(mine, NOBODY));
  hubSays(serve(join(folder.path, 'missing'), NOBODY));
  const theirs = join(folder.path, 'theirs');
  mkdirSync(theirs, { mode: 0o755 });
  hubSays(serve(theirs, NOBODY));
});

test('on a disk that is mounted read-only, new and with data', async (context) => {
  await using folder = await tempFolder('read-only');
  const mount = (...words: string[]) => spawnSync('mount', words).status === 0;
  if (!mount('-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder.path))
    context.skip('mounting is not allowed here');
  try {
    const data = join(folder.path, 'data');
    // It has a database and a key, and no hub to enrol with.
    expect(run(data).status).toBe(4);
    const hub = join(folder.path, 'hub');
    const first = startProgram(hubBin, ['serve', '--data', hub, '--port', '0', '--json']);
    await first.line('listening');
    expect(await first.stop()).toBe(0);
    expect(mount('-o', 'remount,ro', folder.path)).toBe(true);
    says(run(data));
    says(run(join(folder.path, 'other')));
    hubSays(serve(hub));
    hubSays(serve(join(folder.path, 'other')));
  } finally {
    spawnSync('umount', [folder.path]);
  }
});
