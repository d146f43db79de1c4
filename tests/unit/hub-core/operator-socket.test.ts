/*
 * The operator's socket of a data folder with a long name: only in a folder that is this user's alone. A hub that stops
 * waits for nobody who asked nothing, and for an answer not long.
 */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { connect } from 'node:net';
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
  vi.useRealTimers();
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

test('who asked nothing is cut off by a stop', async () => {
  const door = await listen();
  const [name = ''] = readdirSync(folder);
  const idle = connect(join(folder, name));
  const cut = new Promise((done) => idle.once('close', done));
  // Accepted after the idle one.
  expect(await askRunningHub(data, 1)).toEqual({ ok: true, value: 1 });
  await door.close();
  await cut;
});

test('a stop lets a verb end, and cuts one that does not with a word', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  let heard = 0;
  const door = await listenToOperator(data, async (request) => {
    heard += 1;
    if (heard === 2) begun.resolve();
    await (request === 'ends' ? answer.promise : new Promise(() => undefined));
    return { ok: true, value: request };
  });
  const ends = askRunningHub(data, 'ends');
  const hangs = askRunningHub(data, 'hangs');
  await begun.promise;
  const closed = door.close();
  answer.resolve();
  expect(await ends).toEqual({ ok: true, value: 'ends' });
  vi.advanceTimersByTime(5_000);
  await closed;
  expect(await hangs).toEqual({ ok: false, code: 'program.unreachable' });
});
