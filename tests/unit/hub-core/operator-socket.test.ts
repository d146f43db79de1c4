/* The operator's socket of a data folder with a long name: only in a folder that is this user's alone. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askRunningHub, listenToOperator } from '../../../hub-server/src/adapters/operator-socket.ts';

const uid = process.getuid!();
let root: string;
let folder: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hailong-door-'));
  vi.stubEnv('TMPDIR', root);
  folder = join(root, `hailong-${uid}`);
  data = join(root, 'long'.repeat(30));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const refused = { code: 'program.foreign_folder' };
const listen = () => listenToOperator(data, async (request) => ({ ok: true, value: request }));

test('is made, used and found in a folder of 0700, and refused in any other', async () => {
  const door = await listen();
  expect(await askRunningHub(data, { verb: 'x' })).toEqual({ ok: true, value: { verb: 'x' } });
  await door.close();
  chmodSync(folder, 0o755);
  await expect(listen()).rejects.toMatchObject(refused);
  await expect(askRunningHub(data, {})).rejects.toMatchObject(refused);
});

test('a link is refused, also one to a folder of ours', async () => {
  mkdirSync(join(root, 'ours'), { mode: 0o700 });
  symlinkSync(join(root, 'ours'), folder);
  await expect(listen()).rejects.toMatchObject(refused);
});

test('a folder of somebody else is refused', async (context) => {
  if (uid !== 0) context.skip('only root can give a folder away');
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, 65_534, 65_534);
  await expect(listen()).rejects.toMatchObject(refused);
  rmdirSync(folder);
});
