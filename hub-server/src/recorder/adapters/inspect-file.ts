/**
 * What a media file left behind by a killed process holds. Our own reader counts its whole fragments; what it cannot
 * read is `broken` only when ffprobe says so too: a file is removed on two verdicts, and a missing or stuck ffprobe is
 * none.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { readFmp4 } from '@hailong/device-drivers/media/fmp4.ts';
import { z } from 'zod';
import type { FileContent, InspectFile } from '../application/ports.ts';

const INSPECT_MS = 15_000;

/** Of a file with an hour of packets. */
const ANSWER_BYTES_MAX = 16_777_216;

const probed = z.object({
  streams: z.array(z.object({ codec_name: z.string() })).min(1),
  format: z.object({ duration: z.coerce.number().positive() }),
  packets: z
    .array(
      z.object({
        ...{ pts_time: z.coerce.number(), size: z.coerce.number(), pos: z.coerce.number() },
        duration_time: z.coerce.number().catch(0),
      }),
    )
    // Of one that says less of them the header is believed.
    .catch([]),
});

/** Of the pictures that are whole, ms; 0: none is. One that ends with the file was cut there. Its header alone claims more. */
function wholeMs({ format, packets }: z.infer<typeof probed>, bytes: number): number {
  const whole = packets.filter(({ pos, size }) => pos + size < bytes);
  if (whole.length === packets.length) return Math.round(format.duration * 1000);
  const ends = whole.map((one) => one.pts_time + one.duration_time);
  const first = Math.min(...whole.map((one) => one.pts_time));
  return whole.length === 0 ? 0 : Math.round((Math.max(...ends) - first) * 1000);
}

export const inspectFile: InspectFile = async (path) => {
  const bytes = await readFile(path);
  if (bytes.byteLength === 0) return { kind: 'broken' };
  const film = readFilm(bytes);
  if (film !== null) return film;
  const place = findFfmpeg();
  return place === null ? { kind: 'unknown' } : askFfprobe(place.ffprobe, path, bytes.byteLength);
};

/** Null: our own reader finds no picture in it. */
export function readFilm(bytes: Buffer): FileContent | null {
  const film = readFmp4(bytes);
  return film === null || film.durationMs <= 0
    ? null
    : {
        kind: 'film',
        durationMs: film.durationMs,
        codec: film.codec,
        initBytes: film.initBytes,
        torn: film.torn,
        stalls: film.stalls,
      };
}

function askFfprobe(ffprobe: string, path: string, bytes: number): Promise<FileContent> {
  const show = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=codec_name:format=duration:packet=pts_time,duration_time,size,pos',
  ];
  const options = { timeout: INSPECT_MS, killSignal: 'SIGKILL', maxBuffer: ANSWER_BYTES_MAX } as const;
  return new Promise((done) => {
    execFile(ffprobe, [...show, '-of', 'json', '-i', path], options, (error, stdout) => {
      // An exit code is ffprobe's own verdict; a signal or a failed start is not.
      if (error !== null) return done({ kind: typeof error.code === 'number' ? 'broken' : 'unknown' });
      const read = probed.safeParse(JSON.parse(stdout));
      if (!read.success) return done({ kind: 'broken' });
      const name = read.data.streams[0]?.codec_name;
      const durationMs = wholeMs(read.data, bytes);
      if (durationMs === 0) return done({ kind: 'broken' });
      done({
        // Without a whole fragment for our own reader it was not closed.
        ...{ kind: 'film', durationMs, torn: true },
        codec: name === 'h264' || name === 'hevc' ? name : 'other',
      });
    });
  });
}
