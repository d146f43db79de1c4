/**
 * Purpose: what a recording is and how long it lasts, by walking its bytes to the last one; a name or header proves nothing.
 * Refuses: what a kiosk's window cannot be sure to play: other codecs, files cut short or with something behind them,
 *   more than two channels.
 * Document: hub-server/DESIGN.md, "Voices".
 */
import { readMp3 } from './mp3.ts';
import { readOgg } from './ogg.ts';
import { readWav } from './wav.ts';

export interface Sound {
  readonly mediaType: 'audio/ogg' | 'audio/wav' | 'audio/mpeg';
  readonly durationMs: number;
}

/** Longer than a sentence of a form takes to be read slowly; shorter is a click. */
export const DURATION_MS = { min: 200, max: 20_000 } as const;
/** 20 s of Opus or MP3 at 256 kbit/s and more; 11 s of WAV at 44.1 kHz, 16 bits, one channel. */
export const VOICE_BYTES_MAX = 1_048_576;

/** Each answers seconds, or null when the bytes are none of its kind. */
const READERS = [
  ['audio/ogg', readOgg],
  ['audio/wav', readWav],
  ['audio/mpeg', readMp3],
] as const;

/** Null: no recording of a kind, size and length that is taken. */
export function readSound(bytes: Uint8Array): Sound | null {
  if (bytes.byteLength > VOICE_BYTES_MAX) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [mediaType, read] of READERS) {
    const seconds = read(view);
    if (seconds === null) continue;
    const durationMs = Math.round(seconds * 1_000);
    return durationMs >= DURATION_MS.min && durationMs <= DURATION_MS.max ? { mediaType, durationMs } : null;
  }
  return null;
}
