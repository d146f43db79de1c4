/**
 * Purpose: ffmpeg's segment list and its prose, read into facts. Pure.
 * Refuses: lines it does not know (null), file names that are not the ones we asked for.
 */
import type { StreamCode } from './recorder-machine.ts';

export interface ListedSegment {
  /** `000123.mp4`, in the run's folder. */
  readonly name: string;
  /** From the start of the ffmpeg process, ms. */
  readonly startMs: number;
  readonly endMs: number;
}

/** `000001.mp4,4.083000,8.166000` */
export function readListLine(line: string): ListedSegment | null {
  const match = /^(\d{6,9}\.mp4),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(line.trim());
  if (!match) return null;
  const startMs = Math.round(Number(match[2]) * 1000);
  const endMs = Math.round(Number(match[3]) * 1000);
  return endMs < startMs ? null : { name: match[1] as string, startMs, endMs };
}

/** Media files numbered after `told` (empty: all), in their order: past 999999 names are longer, and no text order holds. */
export function namesAfter(names: readonly string[], told: string): string[] {
  const numberOf = (name: string) => Number(/^(\d{6,9})\.mp4$/.exec(name)?.[1] ?? Number.NaN);
  const after = told === '' ? -1 : numberOf(told);
  return names.filter((name) => numberOf(name) > after).sort((a, b) => numberOf(a) - numberOf(b));
}

/** A backwards step of the stream's clock by more than this many ticks (half a second at 90 kHz) is a reset. */
const DTS_STEP_TICKS = 45_000;

/**
 * What a line of diagnostics tells the machine; null: nothing. A camera has words of its own in such lines (its stream's title):
 * they accuse nobody but itself, and a full disk is believed when the disk says so too.
 */
export function readSaid(line: string): 'clock' | StreamCode | null {
  // Said so up to ffmpeg 6.0, and since.
  const dts = /Non-monoton(?:ous|ic) DTS.*previous: (-?\d+), current: (-?\d+)/.exec(line);
  if (dts) return Number(dts[1]) - Number(dts[2]) > DTS_STEP_TICKS ? 'clock' : null;
  if (/no space left on device/i.test(line)) return 'program.disk_full';
  if (/401 Unauthorized/.test(line)) return 'camera.auth_refused';
  if (/404 (Stream )?Not Found/.test(line)) return 'camera.stream_missing';
  return null;
}

export interface SaidStream {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
}

/** `Stream #0:0: Video: h264 (Constrained Baseline), yuv420p(progressive), 640x360 …` */
export function readStreamLine(line: string): SaidStream | null {
  const match = /^\s*Stream #0:\d+.*: Video: (\w+).*?, (\d{2,5})x(\d{2,5})/.exec(line);
  return match ? { codec: match[1] as string, width: Number(match[2]), height: Number(match[3]) } : null;
}
