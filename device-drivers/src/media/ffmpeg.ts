/**
 * Purpose: run ffmpeg and ffprobe; the sole user of fluent-ffmpeg (archived, so everything it does is behind this file).
 * Refuses: a password on a command line: the address goes through an ffconcat file that only its owner can read, and
 * what ffmpeg prints is redacted before anyone sees it; inputs other than the whitelisted protocols; endless output.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ffmpeg from 'fluent-ffmpeg';
import { type FfmpegPlace, launchOf } from './find-ffmpeg.ts';

const PROTOCOLS = 'file,rtsp,rtsps,rtp,tcp,tls,udp,crypto';
/** ffmpeg gives up on a silent socket after this; it then takes as long again to end: a frozen camera within 12 s. Microseconds. */
const SOCKET_TIMEOUT_US = 4_000_000;
/** Length of a segment; it ends at the first key frame past it. */
export const SEGMENT_SECONDS = 4;

export interface StreamInput {
  /** `rtsp(s)://ip:port/path`, no credentials. */
  readonly streamUri: string;
  readonly user: string;
  readonly password: string;
}

export interface SegmentingEvents {
  /** One line of the segment list, the moment it arrives: `file,start,end` in seconds of the run. */
  line(text: string): void;
  /** One line of diagnostics, without password. */
  said(text: string): void;
  /** The process has ended, for whatever reason; once. */
  ended(): void;
}

export interface RunningFfmpeg {
  /** SIGINT: finish the file that is open. */
  interrupt(): void;
  kill(): void;
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const encode = (text: string) => encodeURIComponent(text).replaceAll("'", '%27');

/** The address with its login, for the input file only. */
function withLogin(input: StreamInput): string {
  if (input.user === '') return input.streamUri;
  return input.streamUri.replace('://', `://${encode(input.user)}:${encode(input.password)}@`);
}

export function redact(text: string, input: StreamInput): string {
  const plain = text.replace(/(\b\w+:\/\/)[^\s/@]*@/g, '$1***@');
  return input.password.length < 3
    ? plain
    : plain.replaceAll(input.password, '***').replaceAll(encode(input.password), '***');
}

/** Writes the input file, 0600; the answer removes it. */
export function inputFile(folder: string, input: StreamInput): { readonly path: string; remove(): void } {
  const path = join(folder, `${randomUUID()}.ffconcat`);
  const lines = [
    'ffconcat version 1.0',
    `file ${quote(withLogin(input))}`,
    'option rtsp_transport tcp',
    `option timeout ${SOCKET_TIMEOUT_US}`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  return {
    path,
    remove() {
      try {
        unlinkSync(path);
      } catch {
        // Removed before.
      }
    },
  };
}

export const inputOptions = ['-protocol_whitelist', PROTOCOLS, '-f', 'concat', '-safe', '0'];

/** Records `input` without re-encoding into `folder`/000000.mp4, 000001.mp4 …: fragmented MP4, readable when cut off. */
export function startSegmenting(
  place: FfmpegPlace,
  input: StreamInput,
  options: { readonly folder: string; readonly codec: 'h264' | 'hevc' },
  events: SegmentingEvents,
): RunningFfmpeg {
  // The launcher finds ffmpeg through this; fluent-ffmpeg passes our own environment on.
  Object.assign(process.env, launchOf(place.ffmpeg));
  const list = inputFile(options.folder, input);
  let wanted: NodeJS.Signals | null = null;
  let over = false;
  const command = ffmpeg({ stdoutLines: 20 })
    .input(list.path)
    .inputOptions(['-hide_banner', '-nostats', '-loglevel', 'info', '-nostdin', ...inputOptions])
    .outputOptions([
      ...['-map', '0:v:0', '-c', 'copy', ...(options.codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])],
      ...['-f', 'segment', '-segment_time', String(SEGMENT_SECONDS), '-reset_timestamps', '1'],
      ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv', '-segment_format', 'mp4'],
      ...['-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof'],
    ])
    .output(join(options.folder, '%06d.mp4'));
  command.setFfmpegPath(place.launcher);
  const child = () =>
    (command as unknown as { ffmpegProc?: import('node:child_process').ChildProcess }).ffmpegProc;
  const end = () => {
    if (over) return;
    over = true;
    list.remove();
    events.ended();
  };
  command.on('start', () => {
    let rest = '';
    child()
      ?.stdout?.setEncoding('utf8')
      .on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = (lines.pop() ?? '').slice(-1_000);
        for (const line of lines) events.line(line.trim());
      });
    if (wanted !== null) child()?.kill(wanted);
  });
  command.on('stderr', (line: string) => {
    // It has opened its input: the file with the password is needed no more.
    if (line.startsWith('Input #0') || line.startsWith('Output #0')) list.remove();
    events.said(redact(line, input).slice(0, 500));
  });
  command.on('error', (error: Error) => {
    events.said(redact(error.message, input).slice(0, 500));
    end();
  });
  command.on('end', end);
  command.run();
  const signal = (name: NodeJS.Signals) => {
    wanted = name;
    child()?.kill(name);
  };
  return { interrupt: () => signal('SIGINT'), kill: () => signal('SIGKILL') };
}

/** ffprobe's JSON about the first seconds of a stream or file; bounded in time and size. */
export function runFfprobe(
  place: FfmpegPlace,
  input: StreamInput | { readonly file: string },
  options: { readonly seconds: number; readonly timeoutMs: number; readonly folder: string },
): Promise<{ readonly json: unknown; readonly said: string }> {
  const list = 'file' in input ? null : inputFile(options.folder, input);
  const source = 'file' in input ? ['-i', input.file] : [...inputOptions, '-i', list?.path ?? ''];
  const show =
    'stream=codec_name,profile,width,height,avg_frame_rate,has_b_frames:packet=pts_time,dts_time,flags';
  const args = ['-hide_banner', '-loglevel', 'error', '-select_streams', 'v:0', '-show_entries', show];
  const child = spawn(
    place.launcher,
    [...args, '-read_intervals', `%+${options.seconds}`, '-of', 'json', ...source],
    { env: { ...process.env, ...launchOf(place.ffprobe) }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return new Promise((done) => {
    let out = '';
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.length > FFPROBE_BYTES_MAX) child.kill('SIGKILL');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    const finish = () => {
      clearTimeout(timer);
      list?.remove();
      let json: unknown = null;
      try {
        json = JSON.parse(out);
      } catch {
        // Cut off or nothing: the caller sees null.
      }
      done({ json, said: 'file' in input ? said : redact(said, input) });
    };
    child.on('error', finish);
    child.on('close', finish);
  });
}

/** 8 seconds at 60 pictures a second are about 60 KB of JSON. */
const FFPROBE_BYTES_MAX = 2_097_152;
