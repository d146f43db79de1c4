/*
 * A disk that takes no more in the middle of a file: the real ffmpeg lists that file as if it were whole. What its pictures do not
 * cover is no footage, and what holds no picture at all is left to the sweep, with no row of its own.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentOptions } from '@hailong/device-drivers/media/ffmpeg.ts';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { readFmp4 } from '@hailong/device-drivers/media/fmp4.ts';
import { type ListedSegment, readListLine } from '@hailong/device-drivers/media/segments.ts';
import { createRunClock } from '@hailong/device-drivers/media/time-mapping.ts';
import type { RecorderCamera } from '@hailong/shared/protocol/footage.ts';
import { describe, expect, it } from 'vitest';
import { inspectFile } from '../../hub-server/src/recorder/adapters/inspect-file.ts';
import { CameraKeeper } from '../../hub-server/src/recorder/application/keep-camera.ts';
import type { Cameras, RecorderFact } from '../../hub-server/src/recorder/application/ports.ts';
import { cameraA, openParts, type Parts, settle, T0 } from '../unit/recorder/parts.ts';

const place = findFfmpeg();
/** Of `ulimit -f`. */
const BLOCK_BYTES = 512;

/** What ffmpeg lists of 16 s whose files may grow so far and no further. */
function film(folder: string, mostBytes: number): Promise<ListedSegment[]> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=16,format=yuv420p'];
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-sc_threshold', '0'];
  const copied = segmentOptions('h264').join(' ').replace('-c copy', encoder.join(' ')).split(' ');
  const args = ['-v', 'error', '-nostdin', ...source, ...copied, join(folder, '%06d.mp4')];
  // A write past the limit fails as on a full disk, where its signal is ignored.
  const script = `trap '' XFSZ; ulimit -f ${Math.floor(mostBytes / BLOCK_BYTES)}; exec "$0" "$@"`;
  return new Promise((done) => {
    execFile('sh', ['-c', script, place?.ffmpeg ?? '', ...args], (_failed, listed) =>
      done(listed.split('\n').flatMap((line) => readListLine(line) ?? [])),
    );
  });
}

function keeping(parts: Parts) {
  let tell: (fact: RecorderFact) => void = () => undefined;
  const cameras = {
    find: async () => ({ ok: true, streamUri: 'rtsp://10.0.0.9:554/', clockOffsetMs: 0 }),
    record: (_camera: unknown, _uri: string, _folder: string, listen: typeof tell) => {
      tell = listen;
      return { stop: async () => undefined };
    },
    runClock: createRunClock,
  } as unknown as Cameras;
  const camera = { id: cameraA, name: 'Quầy 1', address: 'rtsp://10.0.0.9/', latencyMs: 0 } as RecorderCamera;
  const keeper = new CameraKeeper(camera, { ...parts, cameras, inspect: inspectFile });
  return { keeper, tell: (fact: RecorderFact) => tell(fact) };
}

/** All files that ffmpeg lists with this limit, kept as the recorder tells of them. */
async function kept(parts: Parts, mostBytes: number) {
  const run = parts.ids.uuid();
  const folder = parts.files.path(`${cameraA}/${run}`);
  await mkdir(folder, { recursive: true });
  const listed = await film(folder, mostBytes);
  const { keeper, tell } = keeping(parts);
  await settle();
  tell({ kind: 'run-started', run });
  for (const { name, startMs, endMs } of listed)
    tell({
      ...{ kind: 'segment', run, file: join(folder, name), mediaStartMs: startMs, mediaEndMs: endMs },
      ...{ arrivalAt: T0 + endMs, arrivalMonoMs: parts.clock.monotonic() + endMs, flags: [] },
    });
  tell({ kind: 'run-ended', run, reason: 'disk-full' });
  await keeper.stop('disk-full', 'program.disk_full');
  return { folder, listed, rows: parts.facts('segment.closed').map(({ segment }) => segment) };
}

describe.skipIf(place === null)('a file that the disk took only a part of', () => {
  it('is footage as far as its pictures go, and a gap from there on', async () => {
    await using parts = await openParts();
    const whole = await kept(parts, 1e9);
    expect(whole.rows.map(({ mediaEndMs }) => mediaEndMs)).toEqual([4_000, 8_000, 12_000, 16_000]);
    const { wholeBytes = 0 } = readFmp4(await readFile(join(whole.folder, '000000.mp4'))) ?? {};

    await using less = await openParts();
    const { folder, listed, rows } = await kept(less, wholeBytes - 1_024);
    expect(listed[0]).toMatchObject({ startMs: 0, endMs: 4_000 });
    const torn = readFmp4(await readFile(join(folder, '000000.mp4')));
    expect(torn).toMatchObject({ durationMs: 2_000, torn: true });
    expect(rows[0]).toMatchObject({ codec: 'h264', mediaStartMs: 0, mediaEndMs: 2_000 });
    const gaps = less.facts('gap.recorded').map(({ gap }) => gap);
    expect(gaps[0]?.from).toBe(less.index.placeOf(rows[0]?.file ?? '') && T0 + 2_000);
  }, 60_000);

  it('has no row where it holds no picture', async () => {
    await using parts = await openParts();
    const { listed, rows } = await kept(parts, 4_096);
    expect(listed.length).toBeGreaterThan(0);
    expect(rows).toEqual([]);
    expect(parts.logged.join()).toContain('left to the sweep');
  }, 60_000);
});
