/**
 * Purpose: what a stream really is: codec, size, rate, key frame distance, B-frames, measured by ffprobe over some
 * seconds; and what a recorded file holds. `probeCamera` joins it with what the camera says of itself.
 * Refuses: believing ONVIF about the codec (Media1 calls H.265 "H264"); a stream that is not H.264 or H.265.
 */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { ProbeResult } from '@hailong/shared/protocol/footage.ts';
import { type AddressPolicy, pinnedText } from '../camera/address-policy.ts';
import {
  type CameraErrorCode,
  type CameraFailure,
  type CameraPort,
  type CameraTarget,
  failure,
} from '../camera/camera.ts';
import { describeStream } from '../camera/rtsp-describe.ts';
import { runFfprobe, type StreamInput } from './ffmpeg.ts';
import type { FfmpegPlace } from './find-ffmpeg.ts';
import { readFmp4 } from './fmp4.ts';

/** Long enough to see two key frames 2 s apart and to notice longer distances. */
const PROBE_SECONDS = 6;
const PROBE_TIMEOUT_MS = 20_000;
/** Longest key frame distance that cutting and joining live with, ms. */
const GOP_MAX_MS = 2_000;
const GOP_SLACK_MS = 150;
const CLOCK_ALARM_MS = 2_000;
/** Below it hands and faces across a counter are guesses. */
const WIDTH_MIN = 1_280;
const HEIGHT_MIN = 720;

export interface MeasuredStream {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Longest distance of two key frames seen, ms; null when fewer than two were. */
  readonly gopMs: number | null;
  readonly bFrames: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
const rows = (json: unknown, name: string): readonly Fields[] => {
  const list = typeof json === 'object' && json !== null ? (json as Fields)[name] : undefined;
  return Array.isArray(list) ? list.filter((row) => typeof row === 'object' && row !== null) : [];
};
const whole = (value: unknown) => (Number.isInteger(value) ? (value as number) : 0);
const words = (value: unknown) => (typeof value === 'string' ? value.slice(0, 40) : '');

/** Reads ffprobe's JSON; null when it holds no video. Pure. */
export function readProbe(json: unknown): MeasuredStream | null {
  const stream = rows(json, 'streams')[0];
  const codec = words(stream?.['codec_name']);
  const width = whole(stream?.['width']);
  const height = whole(stream?.['height']);
  if (stream === undefined || codec === '' || width <= 0 || height <= 0) return null;
  const packets = rows(json, 'packets').flatMap((packet) => {
    const pts = Number.parseFloat(words(packet['pts_time']));
    return Number.isFinite(pts) ? [{ pts, key: words(packet['flags']).startsWith('K') }] : [];
  });
  const keys = packets.filter((packet) => packet.key).map((packet) => packet.pts);
  const distances = keys.slice(1).map((pts, i) => Math.round((pts - (keys[i] as number)) * 1000));
  const first = packets[0];
  const last = packets.at(-1);
  const span = first && last ? last.pts - first.pts : 0;
  const [over = 0, under = 0] = words(stream['avg_frame_rate']).split('/').map(Number);
  const declared = under > 0 ? over / under : 0;
  // Parameter sets come as packets of their own with the time of the picture after them.
  const pictures = new Set(packets.map((packet) => packet.pts)).size;
  const fps = span > 1 ? (pictures - 1) / span : declared;
  const reordered = packets.some((packet, i) => i > 0 && packet.pts < (packets[i - 1]?.pts ?? 0) - 0.000_5);
  return {
    codec,
    width,
    height,
    fps: Math.round(fps * 100) / 100,
    gopMs:
      distances.length > 0
        ? Math.max(...distances)
        : span > GOP_MAX_MS / 1000
          ? Math.round(span * 1000)
          : null,
    bFrames: whole(stream['has_b_frames']) > 0 || reordered,
  };
}

export async function measureStream(
  place: FfmpegPlace,
  input: StreamInput,
): Promise<{ readonly ok: true; readonly value: MeasuredStream } | CameraFailure> {
  const result = await runFfprobe(place, input, {
    seconds: PROBE_SECONDS,
    timeoutMs: PROBE_TIMEOUT_MS,
    folder: tmpdir(),
  });
  const value = readProbe(result.json);
  return value === null ? failure(result.refused ?? 'camera.silent', result.said) : { ok: true, value };
}

/** The whole answer of `camera probe`: address, login, stream, codec, and what should be changed at the camera. */
export async function probeCamera(
  parts: {
    readonly cameras: CameraPort;
    readonly policy: AddressPolicy;
    readonly ffmpeg: FfmpegPlace | null;
  },
  target: CameraTarget,
): Promise<ProbeResult> {
  const said = await parts.cameras.probe(target);
  if (!said.ok) return said;
  const admitted = await parts.policy.admit(said.value.streamUri);
  if (!admitted.ok) return admitted;
  const offered = await describeStream(admitted.value, target);
  if (!offered.ok) return offered;
  if (offered.value === 'other')
    return failure('camera.wrong_codec', 'the stream offers neither H.264 nor H.265');
  if (parts.ffmpeg === null) return failure('ffmpeg.missing');
  const measured = await measureStream(parts.ffmpeg, { ...target, streamUri: pinnedText(admitted.value) });
  if (!measured.ok) return measured;
  const { codec, gopMs, bFrames } = measured.value;
  if (codec !== 'h264' && codec !== 'hevc') return failure('camera.wrong_codec', codec);
  const offset = said.value.clockOffsetMs;
  const advice: CameraErrorCode[] = [];
  if (codec === 'hevc') advice.push('camera.hevc');
  if (gopMs !== null && gopMs > GOP_MAX_MS + GOP_SLACK_MS) advice.push('camera.long_gop');
  if (bFrames) advice.push('camera.b_frames');
  if (measured.value.width < WIDTH_MIN || measured.value.height < HEIGHT_MIN)
    advice.push('camera.low_resolution');
  if (offset !== null && Math.abs(offset) > CLOCK_ALARM_MS) advice.push('camera.clock_off');
  if (said.value.hostReplaced) advice.push('camera.host_replaced');
  return {
    ok: true,
    streamUri: said.value.streamUri,
    ...measured.value,
    manufacturer: said.value.manufacturer,
    model: said.value.model,
    clockOffsetMs: offset,
    via: said.value.via,
    advice,
  };
}

/** What a closed media file holds: `broken` when no player can read it, `unknown` when it could not be read now. */
export type FileContent =
  | { readonly kind: 'film'; readonly durationMs: number; readonly codec: 'h264' | 'hevc' | 'other' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'unknown' };

export async function inspectFile(path: string): Promise<FileContent> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return { kind: 'unknown' };
  const film = readFmp4(bytes);
  return film === null
    ? { kind: 'broken' }
    : { kind: 'film', durationMs: film.durationMs, codec: film.codec };
}
