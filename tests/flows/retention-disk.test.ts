/*
 * The recorder as its own process on a disk of 40 MB: for space it takes the oldest reported first, then the oldest unreported, never
 * what is held; with only held footage left it stops recording with `disk full`, and says so. It deletes nothing untold.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { footageFiles } from '../../hub-server/src/recorder/adapters/footage-files.ts';
import { openIndex } from '../../hub-server/src/recorder/adapters/sqlite-index.ts';
import { FootageLedger } from '../../hub-server/src/recorder/application/footage-ledger.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { openRecorderHub, type RecorderHub } from '../support/recorder-hub.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const TOKEN = 'token-of-this-test';
const MIB = 1_048_576;
const MINUTE = 60_000;
const camera = '0197b000-0000-7000-8000-0000000000ca' as CameraId;
const T0 = Date.now() - 60 * MINUTE;

let folder: TempFolder;
let hub: RecorderHub;
let recorder: Program | null = null;
let mounted = false;

beforeEach(async () => {
  folder = await tempFolder('tiny-disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', folder.path], { stdio: 'ignore' });
    mounted = true;
  } catch {
    mounted = false;
  }
  hub = await openRecorderHub(TOKEN);
});
afterEach(async () => {
  await recorder?.stop();
  recorder = null;
  await hub[Symbol.asyncDispose]();
  if (mounted) await poll(() => unmounted(folder.path), { what: 'the disk to be let go of' });
  await folder.remove();
});

/** Whoever had a file there open may still be on the way out. */
function unmounted(path: string): boolean {
  try {
    execFileSync('umount', [path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** One segment of 1 MB a minute, as a recorder before left them. */
async function film(count: number): Promise<string[]> {
  const root = `${folder.path}/segments`;
  const index = openIndex(folder.path);
  const files = footageFiles(root);
  const clock = { now: () => Date.now() as UtcMs, monotonic: () => 1 as never };
  const told = { factsRecorded: () => undefined };
  const ledger = new FootageLedger({ index, ids: { uuid: uuidv7 }, clock, hub: told });
  const run = uuidv7();
  const names: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const file = `${camera}/${run}/${String(i).padStart(6, '0')}.mp4`;
    await mkdir(dirname(files.path(file)), { recursive: true });
    await writeFile(files.path(file), Buffer.alloc(MIB, i));
    const sealed = await files.seal(file);
    ledger.segment(
      {
        ...{ camera, run, file, mediaStartMs: i * MINUTE, mediaEndMs: i * MINUTE + 4_000, ...sealed },
        ...{
          arrivalAt: (T0 + i * MINUTE + 4_000) as UtcMs,
          arrivalMonoMs: i as never,
          codec: 'h264',
          flags: [],
        },
      },
      { method: 'min-arrival', offsetMs: T0, latencyMs: 0, boundMs: 300 },
    );
    names.push(file);
  }
  index.close();
  return names;
}

function start(limits: Record<string, string>): Program {
  return startProgram(inRepo('hub-server/src/recorder/main.ts'), ['--data', folder.path, '--hub', hub.url], {
    env: {
      ...{
        HAILONG_RECORDER_TOKEN: TOKEN,
        HAILONG_FOOTAGE_HOLD_MB: '0',
        ...limits,
      },
    },
  });
}

const minutes = (from: number, to: number) => ({
  ...{ from: (T0 + from * MINUTE) as UtcMs, to: (T0 + to * MINUTE - MINUTE / 2) as UtcMs },
});

it('goes by reports and holds, and stops with disk full when only held footage is left', async (context) => {
  if (!mounted) context.skip('no tmpfs may be mounted here');
  const names = await film(24);
  const there = () => names.map((name) => existsSync(`${folder.path}/segments/${name}`));
  const left = (from: number, to: number) => there().slice(from, to).filter(Boolean).length;
  // Minutes 0…7 are held, 8…15 unreported, 16…23 reported.
  hub.setHolds([{ camera, ...minutes(0, 8) }]);
  hub.setReported([{ camera, unreported: [minutes(8, 16)] }]);
  hub.set([
    {
      ...{ id: camera, name: 'Quầy 1', address: 'rtsp://127.0.0.1:9/', user: '', password: '' },
      ...{ retentionDays: 30, latencyMs: 0, active: true },
    },
  ]);
  // By the budget: one that starts below the floor pauses, and frees what it needs to resume, which is more than this disk.
  recorder = start({ HAILONG_FOOTAGE_BUDGET_MB: '12', HAILONG_FOOTAGE_FLOOR_MB: '1' });
  await poll(() => hub.all('segment.deleted').some(({ reason }) => reason === 'budget-unreported'), {
    what: 'unreported footage to go',
  });
  // The alarm is told once the round is over, after its last file: from now on nothing goes while it is looked at.
  await poll(() => recorder?.stderr().includes('footage.unreported_deleted'), { what: 'the alarm' });
  await poll(() => hub.all('segment.deleted').length + left(0, 24) === 24, {
    what: 'files after their facts',
  });
  const reasons = hub.all('segment.deleted').map(({ reason }) => reason);
  expect(reasons.slice(0, 8)).toEqual(Array(8).fill('budget'));
  expect(new Set(reasons.slice(8))).toEqual(new Set(['budget-unreported']));
  expect([left(0, 8), left(16, 24)]).toEqual([8, 0]);
  // The oldest of the unreported went first.
  const rest = there().slice(8, 16);
  expect(rest).toEqual([...Array(4).fill(false), ...Array(4).fill(true)]);
  await recorder.stop();

  hub.setHolds([{ camera, ...minutes(0, 24) }]);
  const before = there();
  recorder = start({ HAILONG_FOOTAGE_FLOOR_MB: '36' });
  await poll(() => hub.states.at(-1)?.code === 'program.disk_full', { what: 'disk full' });
  await poll(() => hub.gaps().some(({ reason, to }) => reason === 'disk-full' && to === null), {
    what: 'the reason in the ledger',
  });
  expect(there()).toEqual(before);
});
