/**
 * Purpose: read what a recorded fragmented MP4 holds: codec, duration, where its header ends and where its last whole
 * fragment ends. Serves files a killed ffmpeg left and byte ranges of playlists. Pure: bytes in, facts out.
 * Refuses: anything without a header and one whole fragment (null). ISO/IEC 14496-12.
 */
import { createSampleTimes } from '@hailong/shared/evidence/sample-times.ts';

export interface Fmp4 {
  readonly codec: 'h264' | 'hevc' | 'other';
  /** From the first picture to the end of the last, ms. */
  readonly durationMs: number;
  readonly frames: number;
  /** Pictures that stand for longer than a second and three times the mean: none came meanwhile. Ms from the start. */
  readonly stalls: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** ftyp and moov: the initialisation part is bytes [0, initBytes). */
  readonly initBytes: number;
  /** End of the last whole moof+mdat pair; what follows is a torn tail or an index. */
  readonly wholeBytes: number;
  /** The muxer did not come to write its index as the last thing: it was ended, or the disk took no more. */
  readonly torn: boolean;
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** A file has some hundred boxes on each level at most. */
const BOXES_MAX = 10_000;

function boxes(bytes: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  let at = from;
  while (at + 8 <= to && found.length < BOXES_MAX) {
    let size = bytes.readUInt32BE(at);
    let body = at + 8;
    if (size === 1 && at + 16 <= to) {
      size = Number(bytes.readBigUInt64BE(at + 8));
      body = at + 16;
    }
    if (size < body - at || at + size > to) break;
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), start: at, body, end: at + size });
    at += size;
  }
  return found;
}

function inside(bytes: Buffer, parent: Box | undefined, ...path: readonly string[]): Box | undefined {
  return path.reduce<Box | undefined>(
    (box, type) => box && boxes(bytes, box.body, box.end).find((one) => one.type === type),
    parent,
  );
}

export function readFmp4(bytes: Buffer): Fmp4 | null {
  try {
    return read(bytes);
  } catch {
    // A length inside a box pointed past its end.
    return null;
  }
}

function read(bytes: Buffer): Fmp4 | null {
  const top = boxes(bytes, 0, bytes.length);
  const moov = top.find((box) => box.type === 'moov');
  const stsd = inside(bytes, moov, 'trak', 'mdia', 'minf', 'stbl', 'stsd');
  if (moov === undefined || stsd === undefined) return null;
  const entry = bytes.toString('latin1', stsd.body + 12, stsd.body + 16);
  const codec = /^avc[13]$/.test(entry) ? 'h264' : /^(hvc1|hev1)$/.test(entry) ? 'hevc' : 'other';
  let wholeBytes = 0;
  for (const [index, moof] of top.entries()) {
    const mdat = top[index + 1];
    if (moof.type === 'moof' && mdat?.type === 'mdat') wholeBytes = mdat.end;
  }
  const samples = createSampleTimes();
  samples.update(bytes.subarray(0, wholeBytes));
  const times = samples.read();
  if (times === null) return null;
  const { spanMs: durationMs, frames, silences: stalls } = times;
  const last = top.at(-1);
  const torn = last?.type !== 'mfra' || last.end !== bytes.length;
  return { ...{ codec, frames, stalls, durationMs, torn }, initBytes: moov.end, wholeBytes };
}

/** Of a visual sample entry before its boxes: reserved, size, resolution, name, depth. ISO/IEC 14496-12, 12.1.3. */
const VISUAL_ENTRY_BYTES = 78;
const SIZE_AT = 24;

/**
 * What a decoder is told of a file's pictures: format, width and height, parameter sets. Files that are told the same can be
 * joined. Null: there is none. Not the whole entry: `btrt` beside them carries a bit rate that changes with every segment.
 */
export function sampleDescription(header: Buffer): Buffer | null {
  try {
    const moov = boxes(header, 0, header.length).find((box) => box.type === 'moov');
    const stsd = inside(header, moov, 'trak', 'mdia', 'minf', 'stbl', 'stsd');
    const entry = stsd && boxes(header, stsd.body + 8, stsd.end)[0];
    if (entry === undefined) return null;
    const config = boxes(header, entry.body + VISUAL_ENTRY_BYTES, entry.end).find(({ type }) =>
      /^(avcC|hvcC)$/.test(type),
    );
    return Buffer.concat([
      Buffer.from(entry.type, 'latin1'),
      header.subarray(entry.body + SIZE_AT, entry.body + SIZE_AT + 4),
      config ? header.subarray(config.start, config.end) : Buffer.alloc(0),
    ]);
  } catch {
    return null;
  }
}
