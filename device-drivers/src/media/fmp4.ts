/**
 * Purpose: read what a recorded fragmented MP4 holds: codec, duration, where its header ends and where its last whole
 * fragment ends. Serves files a killed ffmpeg left and byte ranges of playlists. Pure: bytes in, facts out.
 * Refuses: anything without a header and one whole fragment (null). ISO/IEC 14496-12.
 */
export interface Fmp4 {
  readonly codec: 'h264' | 'hevc' | 'other';
  /** Sum of the video samples' durations, ms. */
  readonly durationMs: number;
  readonly frames: number;
  /** Pictures that stand for longer than a second and three times the mean: none came meanwhile. Ms from the start. */
  readonly stalls: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** ftyp and moov: the initialisation part is bytes [0, initBytes). */
  readonly initBytes: number;
  /** End of the last whole moof+mdat pair; what follows is a torn tail or an index. */
  readonly wholeBytes: number;
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

const STALL_S = 1;
const STALL_TIMES = 3;
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
  const mdia = inside(bytes, moov, 'trak', 'mdia');
  const mdhd = inside(bytes, mdia, 'mdhd');
  const stsd = inside(bytes, mdia, 'minf', 'stbl', 'stsd');
  if (moov === undefined || mdhd === undefined || stsd === undefined) return null;
  const timescale = bytes.readUInt32BE(mdhd.body + (bytes[mdhd.body] === 1 ? 20 : 12));
  const entry = bytes.toString('latin1', stsd.body + 12, stsd.body + 16);
  const codec = /^avc[13]$/.test(entry) ? 'h264' : /^(hvc1|hev1)$/.test(entry) ? 'hevc' : 'other';
  const trex = inside(bytes, moov, 'mvex', 'trex');
  const trackDuration = trex === undefined ? 0 : bytes.readUInt32BE(trex.body + 12);

  let ticks = 0;
  let frames = 0;
  let wholeBytes = 0;
  const long: { at: number; ticks: number }[] = [];
  for (const [index, moof] of top.entries()) {
    const mdat = top[index + 1];
    if (moof.type !== 'moof' || mdat?.type !== 'mdat') continue;
    for (const traf of boxes(bytes, moof.body, moof.end).filter((box) => box.type === 'traf')) {
      const before = ticks;
      const sum = trafDuration(bytes, traf, trackDuration, (at, duration) => {
        if (duration > STALL_S * timescale) long.push({ at: before + at, ticks: duration });
      });
      ticks += sum.ticks;
      frames += sum.frames;
    }
    wholeBytes = mdat.end;
  }
  if (frames === 0 || timescale === 0) return null;
  const ms = (amount: number) => Math.round((amount * 1000) / timescale);
  const rest = frames - long.length;
  const mean = rest === 0 ? ticks / frames : (ticks - long.reduce((sum, one) => sum + one.ticks, 0)) / rest;
  const stalls = long
    .filter((one) => one.ticks > STALL_TIMES * mean)
    .map((one) => ({ fromMs: ms(one.at + mean), toMs: ms(one.at + one.ticks) }));
  return {
    ...{ codec, frames, stalls },
    durationMs: ms(ticks),
    initBytes: moov.end,
    wholeBytes,
  };
}

/** `sample` hears where each begins, from the start of the fragment, and how long it stands. */
function trafDuration(
  bytes: Buffer,
  traf: Box,
  trackDuration: number,
  sample: (at: number, ticks: number) => void,
): { ticks: number; frames: number } {
  let preset = trackDuration;
  let ticks = 0;
  let frames = 0;
  for (const box of boxes(bytes, traf.body, traf.end)) {
    const flags = bytes.readUInt32BE(box.body) & 0xffffff;
    if (box.type === 'tfhd' && flags & 0x8)
      preset = bytes.readUInt32BE(box.body + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0));
    if (box.type !== 'trun') continue;
    const count = bytes.readUInt32BE(box.body + 4);
    const width = [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length * 4;
    const from = box.body + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
    frames += count;
    if (!(flags & 0x100)) ticks += count * preset;
    else
      for (let i = 0; i < count; i += 1) {
        const duration = bytes.readUInt32BE(from + i * width);
        sample(ticks, duration);
        ticks += duration;
      }
  }
  return { ticks, frames };
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
