/**
 * Purpose: run ffmpeg and ffprobe; the sole user of fluent-ffmpeg (archived, so everything it does is behind this file).
 * Refuses: giving ffmpeg a camera's address or login: it gets a relay on this machine (camera/rtsp-relay.ts), whose
 * secret goes through an ffconcat file that only its owner can read; protocols other than RTSP over TCP; endless output.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ffmpeg from 'fluent-ffmpeg';
import { readPinned } from '../camera/address-policy.ts';
import type { Login } from '../camera/digest-auth.ts';
import { openRtspRelay, type RelayCode, type RtspRelay } from '../camera/rtsp-relay.ts';
import { type FfmpegPlace, launchOf } from './find-ffmpeg.ts';

const PROTOCOLS = 'file,rtsp,rtp,tcp,udp';
/** ffmpeg gives up on a silent socket after this; it then takes as long again to end: a frozen camera within 12 s. Microseconds. */
const SOCKET_TIMEOUT_US = 4_000_000;
/** Length of a segment; it ends at the first key frame past it. */
export const SEGMENT_SECONDS = 4;

export interface StreamInput extends Login {
  /** `rtsp(s)://ip:port/path`, admitted, no credentials. */
  readonly streamUri: string;
}

export interface SegmentingEvents {
  /** One line of the segment list, the moment it arrives: `file,start,end` in seconds of the run. */
  line(text: string): void;
  /** One line of diagnostics. */
  said(text: string): void;
  /** The relay found the camera of no use. */
  refused(code: RelayCode): void;
  /** A signal ended it. */
  killed(): void;
  /** The process has ended, for whatever reason; once. */
  ended(): void;
}

export interface RunningFfmpeg {
  /** SIGINT: finish the file that is open. */
  interrupt(): void;
  kill(): void;
  /** Bytes of media that its camera has sent so far. */
  mediaBytes(): number;
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** A stream as ffmpeg is given it. */
export interface RelayedInput {
  /** The input file: 0600, as its address carries the relay's secret. */
  readonly path: string;
  /** What the relay refused; null: nothing. */
  refused(): RelayCode | null;
  /** Bytes of media that came through. */
  mediaBytes(): number;
  /** The relay was joined: the file is needed no more. */
  removeFile(): void;
  close(): void;
}

/** Throws when the address was not pinned before. */
export async function relayInput(
  folder: string,
  input: StreamInput,
  onRefused?: (code: RelayCode) => void,
): Promise<RelayedInput> {
  const address = readPinned(input.streamUri);
  if (address === null) throw new Error(`not a pinned stream address: ${input.streamUri}`);
  const relay: RtspRelay = await openRtspRelay(address, input, onRefused);
  const path = join(folder, `${randomUUID()}.ffconcat`);
  const lines = [
    'ffconcat version 1.0',
    `file ${quote(relay.url)}`,
    'option rtsp_transport tcp',
    `option timeout ${SOCKET_TIMEOUT_US}`,
    // Nobody records sound: it is not asked for, and a camera that refuses it is recorded.
    'option allowed_media_types video',
  ];
  const removeFile = () => rmSync(path, { force: true });
  try {
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    relay.close();
    throw error;
  }
  return {
    path,
    refused: relay.refused,
    mediaBytes: relay.mediaBytes,
    removeFile,
    close() {
      removeFile();
      relay.close();
    },
  };
}

export const inputOptions = ['-protocol_whitelist', PROTOCOLS, '-f', 'concat', '-safe', '0'];

/** Files of a stream that is not re-encoded, and their list on standard output. */
export const segmentOptions = (codec: 'h264' | 'hevc'): string[] => [
  ...['-map', '0:v:0', '-c', 'copy', ...(codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])],
  ...['-f', 'segment', '-segment_time', String(SEGMENT_SECONDS), '-reset_timestamps', '1'],
  ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv', '-segment_format', 'mp4'],
  ...['-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof'],
];

/** Records `input` without re-encoding into `folder`/000000.mp4, 000001.mp4 …: fragmented MP4, readable when cut off. */
export function startSegmenting(
  place: FfmpegPlace,
  input: StreamInput,
  options: { readonly folder: string; readonly codec: 'h264' | 'hevc' },
  events: SegmentingEvents,
): RunningFfmpeg {
  // The launcher finds ffmpeg through this; fluent-ffmpeg passes our own environment on.
  Object.assign(process.env, launchOf(place.ffmpeg));
  let wanted: NodeJS.Signals | null = null;
  let over = false;
  let list: RelayedInput | null = null;
  const command = ffmpeg({ stdoutLines: 20 })
    .outputOptions(segmentOptions(options.codec))
    .output(join(options.folder, '%06d.mp4'));
  command.setFfmpegPath(place.launcher);
  const child = () =>
    (command as unknown as { ffmpegProc?: import('node:child_process').ChildProcess }).ffmpegProc;
  const end = () => {
    if (over) return;
    over = true;
    list?.close();
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
    if (line.startsWith('Input #0') || line.startsWith('Output #0')) list?.removeFile();
    events.said(line.slice(0, 500));
  });
  const failed = (error: Error) => {
    events.said(error.message.slice(0, 500));
    if (error.message.startsWith('ffmpeg was killed with signal')) events.killed();
    end();
  };
  command.on('error', failed);
  command.on('end', end);
  void relayInput(options.folder, input, events.refused).then((relayed) => {
    list = relayed;
    command
      .input(relayed.path)
      .inputOptions(['-hide_banner', '-nostats', '-loglevel', 'info', '-nostdin', ...inputOptions])
      .run();
  }, failed);
  const signal = (name: NodeJS.Signals) => {
    wanted = name;
    child()?.kill(name);
  };
  return {
    interrupt: () => signal('SIGINT'),
    kill: () => signal('SIGKILL'),
    mediaBytes: () => list?.mediaBytes() ?? 0,
  };
}

/** ffprobe's JSON about the first seconds of a stream or file; bounded in time and size. */
export async function runFfprobe(
  place: FfmpegPlace,
  input: StreamInput | { readonly file: string },
  options: { readonly seconds: number; readonly timeoutMs: number; readonly folder: string },
): Promise<{ readonly json: unknown; readonly said: string; readonly refused: RelayCode | null }> {
  const list = 'file' in input ? null : await relayInput(options.folder, input);
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
      list?.close();
      let json: unknown = null;
      try {
        json = JSON.parse(out);
      } catch {
        // Cut off or nothing: the caller sees null.
      }
      done({ json, said, refused: list?.refused() ?? null });
    };
    child.on('error', finish);
    child.on('close', finish);
  });
}

/** 8 seconds at 60 pictures a second are about 60 KB of JSON. */
const FFPROBE_BYTES_MAX = 2_097_152;
