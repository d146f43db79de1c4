/**
 * MPEG-1, -2 and -2.5 layer III (ISO 11172-3, 13818-3): frames one behind the other between an ID3v2 tag and an ID3v1 tag,
 * all of one rate; dictation machines cut the last one. Bytes in, seconds out.
 */
import { saysAt } from './says-at.ts';

/** kbit/s; 0: not stated by the file, or forbidden. */
const BITRATES = {
  one: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
  two: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
} as const;
/** Hz by the two bits of the version; 1 is reserved. */
const RATES = [[11_025, 12_000, 8_000], [], [22_050, 24_000, 16_000], [44_100, 48_000, 32_000]] as const;
const VERSION_ONE = 3;
const LAYER_THREE = 1;
const TAG_ONE_BYTES = 128;
/** Fewer may stand in any bytes by chance. */
const FRAMES_MIN = 4;

interface Frame {
  readonly bytes: number;
  readonly rate: number;
  readonly samples: number;
}

function readFrame(view: DataView, at: number): Frame | null {
  if (at + 4 > view.byteLength) return null;
  const head = view.getUint32(at);
  const version = (head >>> 19) & 3;
  const rate = RATES[version]?.[(head >>> 10) & 3];
  const kbits = BITRATES[version === VERSION_ONE ? 'one' : 'two'][(head >>> 12) & 15];
  if (head >>> 21 !== 0x7ff || ((head >>> 17) & 3) !== LAYER_THREE || !rate || !kbits) return null;
  const samples = version === VERSION_ONE ? 1_152 : 576;
  const padding = (head >>> 9) & 1;
  return { bytes: Math.floor(((samples / 8) * kbits * 1_000) / rate) + padding, rate, samples };
}

/** Four bytes of seven bits each. */
function tagBytes(view: DataView): number {
  if (view.byteLength < 10 || !saysAt(view, 0, 'ID3')) return 0;
  const size = [6, 7, 8, 9].reduce((sum, at) => (sum << 7) | (view.getUint8(at) & 0x7f), 0);
  const hasFooter = (view.getUint8(5) & 0x10) !== 0;
  return 10 + size + (hasFooter ? 10 : 0);
}

export function readMp3(view: DataView): number | null {
  const from = tagBytes(view);
  const tag = view.byteLength - TAG_ONE_BYTES;
  const end = tag > from && saysAt(view, tag, 'TAG') ? tag : view.byteLength;
  const first = readFrame(view, from);
  if (!first) return null;
  let frames = 0;
  for (let at = from; at < end; ) {
    const frame = readFrame(view, at);
    if (frame?.rate !== first.rate) return null;
    at += frame.bytes;
    if (at <= end) frames++;
  }
  return frames < FRAMES_MIN ? null : (frames * first.samples) / first.rate;
}
