/**
 * Purpose: the picture of a simulated camera: one ffmpeg draws a moving scene with its own wall clock burnt in
 * (Asia/Ho_Chi_Minh, milliseconds) and encodes it; what comes out are access units, each when its picture was made.
 * Refuses: pretending: the clock is read when the frame is drawn, so a late frame shows that it is late.
 * A product camera is recorded by media/recorder.ts; nothing there knows this file.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findFfmpeg, launchOf } from '../media/find-ffmpeg.ts';
import {
  type AccessUnit,
  createAccessUnits,
  isParameterSet,
  nalType,
  type SimulatedCodec,
} from './camera-annexb.ts';

export interface FeedOptions {
  readonly label: string;
  readonly codec: SimulatedCodec;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Distance of key frames, ms. */
  readonly gopMs: number;
  readonly bFrames: number;
  readonly pattern: 'testsrc2' | 'smptebars';
}

export const DEFAULT_FEED: FeedOptions = {
  label: 'Camera',
  codec: 'h264',
  width: 640,
  height: 360,
  fps: 12,
  gopMs: 1_000,
  bFrames: 0,
  pattern: 'smptebars',
};

export interface Feed {
  /** The answer unsubscribes. */
  onUnit(listen: (unit: AccessUnit) => void): () => void;
  /** SPS and PPS (and VPS) once seen. */
  parameterSets(): readonly Buffer[];
  /** Whether the clock could be drawn: false where the machine has no font. */
  readonly clockDrawn: boolean;
  /** Pictures come at their own pace; before that ffmpeg empties what it drew while it started. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

const FONTS = [
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf',
  '/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf',
  '/Library/Fonts/Arial Unicode.ttf',
  '/System/Library/Fonts/Menlo.ttc',
  'C:/Windows/Fonts/consola.ttf',
];

const escapeText = (text: string) => text.replace(/[^\p{L}\p{N} .,_-]/gu, ' ').slice(0, 60);

/** The clock prints pts, and pts is set from the machine's clock when the frame is drawn: one reading for both parts. */
function scene(options: FeedOptions, font: string | undefined): string {
  const startS = Math.floor(Date.now() / 1000);
  const source = `${options.pattern}=size=${options.width}x${options.height}:rate=${options.fps},realtime`;
  const stamp = `settb=1/1000000,setpts='(RTCTIME/1000000-${startS})/TB'`;
  if (font === undefined) return `${source},${stamp},format=yuv420p`;
  const file = font.replaceAll(':', '\\:');
  const size = Math.round(options.height / 11);
  const clock = `%{pts\\:localtime\\:${startS}\\:%d/%m/%Y %H\\\\\\:%M\\\\\\:%S}.%{eif\\:mod(t*1000\\,1000)\\:d\\:3}`;
  const box = `fontfile='${file}':fontcolor=white:box=1:boxcolor=black:boxborderw=6`;
  return [
    source,
    stamp,
    `drawtext=${box}:fontsize=${size}:x=10:y=10:text='${clock}'`,
    `drawtext=${box}:fontsize=${Math.round(size * 0.7)}:x=10:y=h-th-14:expansion=none:text='${escapeText(options.label)}'`,
    'format=yuv420p',
  ].join(',');
}

function encoder(options: FeedOptions): string[] {
  const gop = String(Math.max(1, Math.round((options.gopMs / 1000) * options.fps)));
  if (options.codec === 'hevc')
    return [
      ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', gop],
      ...[
        '-x265-params',
        `aud=1:repeat-headers=1:bframes=0:scenecut=0:keyint=${gop}:pools=1:log-level=error`,
      ],
      ...['-f', 'hevc'],
    ];
  const tune = options.bFrames === 0 ? ['-tune', 'zerolatency'] : [];
  return [
    ...['-c:v', 'libx264', '-preset', 'ultrafast', ...tune, '-g', gop, '-bf', String(options.bFrames)],
    ...['-crf', '26', '-threads', '1', '-x264-params', 'aud=1:repeat-headers=1:scenecut=0:slices=1'],
    ...['-f', 'h264'],
  ];
}

/** Starts drawing. Throws `ffmpeg.missing` as a plain Error's message: a simulator without ffmpeg is a set-up fault. */
export function startFeed(options: FeedOptions): Feed {
  const place = findFfmpeg();
  if (place === null) throw new Error('ffmpeg.missing');
  const named = process.env['HAILONG_FONT'];
  const font = [...(named ? [named] : []), ...FONTS].find(existsSync);
  const child = spawn(
    place.launcher,
    [
      ...[
        '-hide_banner',
        '-nostats',
        '-loglevel',
        'error',
        '-nostdin',
        '-analyzeduration',
        '0',
        '-probesize',
        '32',
        '-f',
        'lavfi',
        '-i',
        scene(options, font),
      ],
      ...[
        '-fps_mode',
        'passthrough',
        '-enc_time_base',
        '1/90000',
        '-an',
        ...encoder(options),
        '-flush_packets',
        '1',
        'pipe:1',
      ],
    ],
    {
      env: { ...process.env, ...launchOf(place.ffmpeg), TZ: 'Asia/Ho_Chi_Minh' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const listeners = new Set<(unit: AccessUnit) => void>();
  let sets: readonly Buffer[] = [];
  let steady = false;
  let last = 0;
  let isReady: () => void = () => undefined;
  let isBroken: (error: Error) => void = () => undefined;
  const ready = new Promise<void>((done, fail) => {
    isReady = done;
    isBroken = fail;
  });
  ready.catch(() => undefined);
  const units = createAccessUnits(options.codec, (unit) => {
    const found = unit.nals.filter((nal) => isParameterSet(options.codec, nalType(options.codec, nal)));
    if (found.length > 0) sets = found;
    const now = performance.now();
    steady ||= sets.length > 0 && now - last > 500 / options.fps && last > 0;
    last = now;
    if (!steady) return;
    isReady();
    for (const listen of listeners) listen(unit);
  });
  child.stdout.on('data', (chunk: Buffer) => units.push(chunk));
  const ended = new Promise<void>((done) => {
    const gone = () => {
      isBroken(new Error('ffmpeg.failed'));
      done();
    };
    child.on('close', gone);
    child.on('error', gone);
  });
  return {
    clockDrawn: font !== undefined,
    ready,
    onUnit(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    parameterSets: () => sets,
    stop: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
