/**
 * One Ogg stream of Opus or Vorbis (RFC 3533, RFC 7845, Vorbis I): every page with its checksum, in order, up to the end of
 * the file. Bytes in, seconds out.
 */
import { saysAt } from './says-at.ts';

const PAGE_HEAD = 27;
const BEGINS = 2;
/** Opus counts at 48 kHz whatever was recorded. */
const OPUS_RATE = 48_000;
/** A page on which no packet ends. */
const NO_GRANULE = 0xffff_ffff_ffff_ffffn;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value >>> 0;
});

/** Over the whole page with its own checksum as zeros. */
function pageCrc(view: DataView, from: number, end: number): number {
  let crc = 0;
  for (let at = from; at < end; at++) {
    const byte = at >= from + 22 && at < from + 26 ? 0 : view.getUint8(at);
    crc = ((crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ byte) & 0xff]!) >>> 0;
  }
  return crc;
}

interface Page {
  readonly flags: number;
  readonly granule: bigint;
  readonly serial: number;
  readonly sequence: number;
  readonly body: number;
  readonly end: number;
}

function readPage(view: DataView, at: number): Page | null {
  if (at + PAGE_HEAD > view.byteLength || !saysAt(view, at, 'OggS') || view.getUint8(at + 4) !== 0)
    return null;
  const segments = view.getUint8(at + 26);
  const body = at + PAGE_HEAD + segments;
  if (body > view.byteLength) return null;
  let end = body;
  for (let index = 0; index < segments; index++) end += view.getUint8(at + PAGE_HEAD + index);
  if (end > view.byteLength || pageCrc(view, at, end) !== view.getUint32(at + 22, true)) return null;
  return {
    ...{ flags: view.getUint8(at + 5), granule: view.getBigUint64(at + 6, true), body, end },
    ...{ serial: view.getUint32(at + 14, true), sequence: view.getUint32(at + 18, true) },
  };
}

/** How its granule positions become seconds; null: another codec, or channels that nobody here plays. */
function readCodec(view: DataView, { body, end }: Page): { rate: number; skip: number } | null {
  const isPlayed = (channels: number) => channels === 1 || channels === 2;
  if (end - body >= 19 && saysAt(view, body, 'OpusHead')) {
    const isTaken = view.getUint8(body + 8) < 16 && isPlayed(view.getUint8(body + 9));
    return isTaken ? { rate: OPUS_RATE, skip: view.getUint16(body + 10, true) } : null;
  }
  if (end - body >= 30 && saysAt(view, body, '\x01vorbis') && view.getUint32(body + 7, true) === 0) {
    const rate = view.getUint32(body + 12, true);
    return isPlayed(view.getUint8(body + 11)) && rate >= 8_000 && rate <= 96_000 ? { rate, skip: 0 } : null;
  }
  return null;
}

export function readOgg(view: DataView): number | null {
  const first = readPage(view, 0);
  const codec = first && (first.flags & BEGINS) !== 0 ? readCodec(view, first) : null;
  if (!first || !codec) return null;
  let granule = 0n;
  let page = first;
  while (page.end < view.byteLength) {
    const next = readPage(view, page.end);
    // A second stream, beside or behind this one, is not a recording of one sentence.
    if (!next || next.serial !== first.serial || next.sequence !== page.sequence + 1) return null;
    if (next.granule !== NO_GRANULE) {
      if (next.granule < granule) return null;
      granule = next.granule;
    }
    page = next;
  }
  return Math.max(0, Number(granule) - codec.skip) / codec.rate;
}
