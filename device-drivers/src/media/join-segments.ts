/**
 * Purpose: whole recorded segments one after the other as one faststart MP4, copied and never encoded, and ffmpeg's hash
 * over the pictures of the segments and of the result. No `-ss`: with concat and copy it began up to 1.4 s late, at the
 * next key frame. No conversion on the way (`-auto_convert 0`), so that the pictures stay bit for bit; the caller joins
 * only segments of one sample description.
 * Refuses: other protocols than files, names that an ffconcat list could misread, output without end.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { type FfmpegPlace, launchOf } from './find-ffmpeg.ts';

export interface JoinRequest {
  /** Absolute, in order. */
  readonly files: readonly string[];
  readonly output: string;
  readonly codec: 'h264' | 'hevc' | 'other';
  /** Where the list for ffmpeg may lie; it stays until the caller removes it. */
  readonly list: string;
}

const QUIET = [
  '-hide_banner',
  '-nostats',
  '-loglevel',
  'error',
  '-nostdin',
  '-protocol_whitelist',
  'file,pipe',
];
/** One line of a hash, or what went wrong. */
const OUTPUT_MAX = 20_000;

function annexB(codec: JoinRequest['codec']): readonly string[] {
  return codec === 'other' ? [] : ['-bsf:v', `${codec}_mp4toannexb`];
}

const hashing = (codec: JoinRequest['codec'], to: string): readonly string[] => [
  ...['-map', '0:v:0', '-c', 'copy', ...annexB(codec), '-f', 'streamhash', '-hash', 'sha256', to],
];

/** The command as the manifest states it, for whoever wants to repeat it. */
export const streamHashCommand = (codec: JoinRequest['codec']): string =>
  `ffmpeg -i FILE ${hashing(codec, '-').join(' ')}`;

function run(place: FfmpegPlace, args: readonly string[]): Promise<string> {
  const child = spawn(place.launcher, [...QUIET, ...args], {
    env: { ...process.env, ...launchOf(place.ffmpeg) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let out = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out = (out + text).slice(0, OUTPUT_MAX);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`ffmpeg ended with ${code}: ${said.trim()}`));
    });
  });
}

function readHash(out: string): string {
  const hash = /^0,v,SHA256=([0-9a-f]{64})\s*$/im.exec(out)?.[1];
  if (hash === undefined) throw new Error(`no stream hash in ${out.slice(0, 200)}`);
  return hash.toLowerCase();
}

/** Writes `output`; answers the stream hash of the segments, taken in the same reading. */
export async function joinSegments(place: FfmpegPlace, request: JoinRequest): Promise<string> {
  const { files, output, codec, list } = request;
  if (files.some((file) => /['\\\n\r]/.test(file))) throw new Error('a name an ffconcat list could misread');
  writeFileSync(list, ['ffconcat version 1.0', ...files.map((file) => `file '${file}'`), ''].join('\n'), {
    mode: 0o600,
  });
  const out = await run(place, [
    ...['-f', 'concat', '-safe', '0', '-auto_convert', '0', '-i', list],
    ...['-map', '0:v:0', '-c', 'copy', ...(codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])],
    ...['-movflags', '+faststart', '-fflags', '+bitexact', '-f', 'mp4', '-y', output],
    ...hashing(codec, 'pipe:1'),
  ]);
  return readHash(out);
}

/** ffmpeg's hash over the pictures of one file. */
export async function streamHashOf(
  place: FfmpegPlace,
  file: string,
  codec: JoinRequest['codec'],
): Promise<string> {
  return readHash(await run(place, ['-i', file, ...hashing(codec, 'pipe:1')]));
}
