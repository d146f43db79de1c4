/*
 * Purpose: the second medium of the hub's chain cannot be opened at a start, over real processes: the hub serves, says so
 * in its health, tries again by itself, and takes back what its data had lost as soon as the medium is there.
 */
import { cp, rename, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { removeAll, type TempFolder, tempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
let hub: Program | null = null;

beforeEach(async () => {
  folder = await tempFolder('mirror-away');
});
afterEach(async () => {
  await hub?.stop();
  await folder?.remove();
});

async function serve(): Promise<string> {
  hub = startProgram(
    hubBin,
    [
      ...['serve', '--data', `${folder.path}/data`, '--port', '0', '--json'],
      ...['--mirror', `${folder.path}/mirror`],
    ],
    { env: { HAILONG_CAMERAS: 'off' } },
  );
  return String((await hub.line('listening')).url);
}

test('a medium that is away at the start is tried again, and compared when it is there', async () => {
  const [data, copy, mirror, away] = ['data', 'copy', 'mirror', 'away'].map(
    (each) => `${folder.path}/${each}`,
  );
  await serve();
  expect(await hub!.line('mirror')).toMatchObject({ ok: true });
  await hub!.stop();
  await cp(data!, copy!, { recursive: true });
  await serve();
  await hub!.stop();

  await removeAll(data!);
  await rename(copy!, data!);
  await rename(mirror!, away!);
  await writeFile(mirror!, 'no folder');
  const url = await serve();
  expect(await hub!.line('mirror')).toMatchObject({ ok: false });
  expect(hub!.stderr()).toContain('mirror');
  const health = async () => (await (await fetch(`${url}/healthz`)).json()) as { medium: string };
  expect(await health()).toEqual({ ok: true, medium: 'away' });

  // In one step: where nothing lies at all, the hub would begin another.
  await symlink(away!, `${mirror}.link`);
  await rename(`${mirror}.link`, mirror!);
  const opened = await hub!.line((line) => line.event === 'mirror' && line['ok'] === true, {});
  // The start whose facts the copy had never seen.
  expect(opened['tookBack']).toBe(1);
  await poll(async () => (await health()).medium === 'kept', { what: 'the medium to be kept' });
  expect(hub!.lines.filter(({ event }) => event === 'mirror')).toHaveLength(2);
}, 120_000);
