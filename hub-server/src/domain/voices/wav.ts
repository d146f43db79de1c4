/** RIFF/WAVE with PCM, as Microsoft's "Multiple channel audio data and WAVE files" has it. Bytes in, seconds out. */
import { saysAt } from './says-at.ts';

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const BITS: Readonly<Record<number, readonly number[]>> = { [PCM]: [8, 16, 24, 32], [FLOAT]: [32] };

interface Format {
  readonly bytesPerFrame: number;
  readonly rate: number;
}

function readFormat(view: DataView, at: number, length: number): Format | null {
  if (length < 16) return null;
  const named = view.getUint16(at, true);
  // The real one is the beginning of a GUID.
  const kind = named === EXTENSIBLE && length >= 40 ? view.getUint16(at + 24, true) : named;
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const bytesPerFrame = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  const isTaken = BITS[kind]?.includes(bits) && (channels === 1 || channels === 2);
  if (!isTaken || rate < 8_000 || rate > 96_000 || bytesPerFrame !== (channels * bits) / 8) return null;
  return { bytesPerFrame, rate };
}

export function readWav(view: DataView): number | null {
  if (view.byteLength < 12 || !saysAt(view, 0, 'RIFF') || !saysAt(view, 8, 'WAVE')) return null;
  const end = 8 + view.getUint32(4, true);
  if (end !== view.byteLength) return null;
  let format: Format | null = null;
  let seconds: number | null = null;
  for (let at = 12; at < end; ) {
    if (at + 8 > end) return null;
    const length = view.getUint32(at + 4, true);
    const body = at + 8;
    if (body + length > end) return null;
    if (saysAt(view, at, 'fmt ')) format = readFormat(view, body, length);
    if (saysAt(view, at, 'data')) {
      if (!format || seconds !== null || length % format.bytesPerFrame !== 0) return null;
      seconds = length / format.bytesPerFrame / format.rate;
    }
    // Chunks begin at even places; the last one's padding may be left out.
    at = Math.min(end, body + length + (length % 2));
  }
  return seconds;
}
