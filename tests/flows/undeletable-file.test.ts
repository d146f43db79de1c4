/*
 * A file of deleted footage that the disk does not let go: the recorder tells its hub over the real line, the administrator reads it with
 * since when and which, a line that comes again tells it again, and it ends when the file goes. Only time is made.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import type { CameraId } from '@hailong/shared/ids.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RecorderLink } from '../../hub-server/src/adapters/recorder-link/recorder-link.ts';
import { TICK_MS } from '../../hub-server/src/recorder/application/record-office.ts';
import { poll } from '../support/poll.ts';
import { listenForRecorder, recorderOn } from '../support/recorder-line.ts';
import { type Caller, NOW, type Office, openOffice } from '../unit/hub-http/office.ts';
import { openParts, type Parts } from '../unit/recorder/parts.ts';

const DAY = 86_400_000;
let office: Office;
let camera: CameraId;
let admin: Caller;
let link: RecorderLink;
let parts: Parts;

beforeEach(async () => {
  office = await openOffice();
  camera = (await office.seed()).cameraId as CameraId;
  admin = await office.login('quantri');
  parts = await openParts();
  link = await listenForRecorder(office);
  office.recorder.undeletable = () => link.undeletable();
});
afterEach(async () => {
  await link.close();
  await parts[Symbol.asyncDispose]();
  await office.close();
});
const told = async () => (await admin.call('GET', '/api/v1/admin/recorder/disk')).json().undeletable;
/** Minutes of the recorder pass until the administrator reads of so many. */
const reads = (count: number) =>
  poll(
    async () => {
      await parts.time.pass(TICK_MS);
      return (await told())?.count === count;
    },
    { what: `${count} files that will not go` },
  );

it('is told to the hub until it goes, and again on each line', async () => {
  const [stuck, other] = [await parts.keep(camera, NOW - 40 * DAY), await parts.keep(camera, NOW - 39 * DAY)];
  // The disk refuses to unlink it: a folder stands there.
  await rm(parts.files.path(stuck));
  await mkdir(parts.files.path(stuck));
  office.clock.at = parts.time.at = NOW;
  expect(await told()).toBeNull();
  const first = recorderOn(link, parts);
  await first.recorder.start();
  first.open();
  await reads(1);
  expect(existsSync(parts.files.path(other))).toBe(false);
  const alarm = await told();
  expect(alarm).toMatchObject({ count: 1, files: [stuck] });
  expect(alarm.since).toBeGreaterThanOrEqual(NOW);
  // A recorder that starts again finds it before it is asked for anything.
  await first.close();
  parts.time.at += 1_000;
  const second = recorderOn(link, parts);
  await second.recorder.start();
  second.open();
  await poll(async () => (await told()).since > alarm.since, { what: 'the word of the next recorder' });

  await rmdir(parts.files.path(stuck));
  await reads(0);
  expect(await told()).toEqual({ count: 0, since: null, files: [] });
  expect(parts.index.toRemove(9, null)).toEqual([]);
  await second.close();
});

it('is the administrator’s to read', async () => {
  for (const who of ['thanhtra', 'truong'])
    expect((await (await office.login(who)).call('GET', '/api/v1/admin/recorder/disk')).statusCode).toBe(403);
});
