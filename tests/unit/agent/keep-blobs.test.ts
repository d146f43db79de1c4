/* What the screen needs lies here and nothing else: nothing is deleted before all is known, what is missing comes later. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderBlobs } from '../../../kiosk-app/agent/adapters/blob-files.ts';
import { sha256 } from '../../../kiosk-app/agent/adapters/sha256.ts';
import { BlobKeeper } from '../../../kiosk-app/agent/application/keep-blobs.ts';
import { FakeReport, FakeTime } from './fakes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hailong-blobs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hashOf = (text: string) => Buffer.from(sha256(Buffer.from(text))).toString('hex') as Sha256Hex;
const [face, other, voice, gone] = ['face', 'other', 'voice', 'gone'].map(hashOf) as [
  Sha256Hex,
  Sha256Hex,
  Sha256Hex,
  Sha256Hex,
];

function keeping(hub: Map<string, string>) {
  const time = new FakeTime();
  const asked: string[] = [];
  let arrived = 0;
  const keeper = new BlobKeeper(
    new FolderBlobs(folder),
    async (sha, token) => {
      asked.push(`${token} ${sha}`);
      const text = hub.get(sha);
      return text === undefined ? null : Buffer.from(text);
    },
    time,
    new FakeReport(),
    () => {
      arrived += 1;
    },
  );
  return { keeper, time, asked, arrived: () => arrived };
}
const here = () => readdirSync(folder).sort();
test('a start deletes nothing of what one reason wants before it has heard the others', async () => {
  const blobs = new FolderBlobs(folder);
  for (const text of ['face', 'voice', 'gone']) blobs.write(hashOf(text), Buffer.from(text));
  const { keeper } = keeping(new Map());
  keeper.want('roster', []);
  keeper.want('voices', [voice]);
  expect(here()).toEqual([face, gone, voice].sort());
  keeper.want('shown', [face]);
  expect(here()).toEqual([face, voice].sort());
  keeper.want('voices', []);
  expect(here()).toEqual([face]);
});

test('what is missing is fetched while the line lives, tried again later, and bytes of another hash are not kept', async () => {
  const hub = new Map([
    [face as string, 'face'],
    [voice, 'forged'],
  ]);
  const { keeper, time, asked, arrived } = keeping(hub);
  keeper.want('shown', [face]);
  keeper.want('roster', [other]);
  keeper.want('voices', [voice]);
  expect(asked).toEqual([]);
  keeper.online('t1');
  await time.pass(0);
  expect(asked).toEqual([face, other, voice].map((sha) => `t1 ${sha}`));
  expect(here()).toEqual([face]);
  hub.set(other, 'other').set(voice, 'voice');
  await time.pass(30_000);
  expect(here()).toEqual([face, other, voice].sort());
  expect(arrived()).toBe(3);
  keeper.stop();
});
