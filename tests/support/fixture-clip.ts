/*
 * Makes a short H.264 clip in whole segments with an m3u8 over them, as the hub serves it. The picture carries its own
 * seconds. Needs ffmpeg, which is a program of the system: a test without it says so and is skipped.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function hasFfmpeg(): Promise<boolean> {
  try {
    await run('ffmpeg', ['-version']);
    return true;
  } catch {
    return false;
  }
}

/** Writes `playlist.m3u8` and its segments of 2 s into `folder`. */
export async function makeClip(folder: string, seconds: number, hue: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const picture = `testsrc2=size=640x360:rate=12:duration=${seconds},hue=h=${hue}:s=0.35`;
  await run('ffmpeg', [
    ...['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', picture],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '24', '-keyint_min', '24'],
    ...['-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', '-hls_playlist_type', 'vod'],
    ...['-hls_segment_type', 'fmp4', '-hls_segment_filename', join(folder, 's%03d.m4s')],
    join(folder, 'playlist.m3u8'),
  ]);
}
