/**
 * Purpose: one picture as JPEG: of what a stream shows now, or the first one of a recorded file.
 * Refuses: waiting long, pictures past 2 MB (1920 pixels of width are kept at most), an address that was not admitted before.
 */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { PICTURE_BYTES_MAX } from '@hailong/shared/protocol/cameras.ts';
import { type CameraAnswer, failure } from '../camera/camera.ts';
import { inputOptions, relayInput, type StreamInput } from './ffmpeg.ts';
import { type FfmpegPlace, launchOf } from './find-ffmpeg.ts';

const GRAB_MS = 15_000;
const WIDTH_MAX = 1920;

export async function grabFrame(
  place: FfmpegPlace,
  input: StreamInput | { readonly file: string },
): Promise<CameraAnswer<Buffer>> {
  const list = 'file' in input ? null : await relayInput(tmpdir(), input);
  const source = 'file' in input ? ['-i', input.file] : [...inputOptions, '-i', list?.path ?? ''];
  const args = [
    ...['-hide_banner', '-nostats', '-loglevel', 'error', '-nostdin', ...source, '-map', '0:v:0'],
    ...['-frames:v', '1', '-vf', `scale='min(${WIDTH_MAX},iw)':-2`, '-q:v', '4', '-c:v', 'mjpeg'],
    ...['-f', 'image2pipe', 'pipe:1'],
  ];
  const child = spawn(place.launcher, args, {
    env: { ...process.env, ...launchOf(place.ffmpeg) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((done) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    let said = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, GRAB_MS);
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > PICTURE_BYTES_MAX) child.kill('SIGKILL');
      else pieces.push(piece);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    const finish = () => {
      clearTimeout(timer);
      list?.close();
      const picture = Buffer.concat(pieces);
      const whole = picture.length > 4 && picture.readUInt16BE(0) === 0xffd8;
      if (whole && bytes <= PICTURE_BYTES_MAX && !late) return done({ ok: true, value: picture });
      done(failure(list?.refused() ?? (late ? 'camera.timeout' : 'camera.silent'), said));
    };
    child.once('error', finish);
    child.once('close', finish);
  });
}
