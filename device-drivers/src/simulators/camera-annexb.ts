/**
 * Purpose: split ffmpeg's Annex-B output (H.264 or H.265 with access unit delimiters) into access units.
 * Refuses: growing without end: a unit past the limit is dropped and counted. Pure apart from its own buffer.
 */
export type SimulatedCodec = 'h264' | 'hevc';

export interface AccessUnit {
  /** NAL units without start codes, delimiters left out. */
  readonly nals: readonly Buffer[];
  readonly key: boolean;
  /** Where pictures are stamped: its number. */
  readonly number?: number;
}

/** A key frame of the 640×360 scene is about 30 KB; 4 MB hold one of 4K. */
const UNIT_BYTES_MAX = 4_194_304;

export function nalType(codec: SimulatedCodec, nal: Buffer): number {
  const first = nal[0] ?? 0;
  return codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
}

const isDelimiter = (codec: SimulatedCodec, type: number) => type === (codec === 'h264' ? 9 : 35);
export const isKey = (codec: SimulatedCodec, type: number) =>
  codec === 'h264' ? type === 5 : type >= 16 && type <= 21;
/** SPS, PPS and, for H.265, VPS. */
export const isParameterSet = (codec: SimulatedCodec, type: number) =>
  codec === 'h264' ? type === 7 || type === 8 : type >= 32 && type <= 34;

export function createAccessUnits(codec: SimulatedCodec, onUnit: (unit: AccessUnit) => void) {
  let rest: Buffer = Buffer.alloc(0);
  let nals: Buffer[] = [];
  let key = false;
  const flush = () => {
    if (nals.length > 0) onUnit({ nals, key });
    nals = [];
    key = false;
  };
  const take = (nal: Buffer) => {
    if (nal.length === 0) return;
    const type = nalType(codec, nal);
    if (isDelimiter(codec, type)) return flush();
    key ||= isKey(codec, type);
    nals.push(nal);
  };
  return {
    /** Bytes as they come from the encoder, in any pieces. */
    push(chunk: Buffer): void {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = startCode(rest, 0);
      if (start === null) return;
      for (;;) {
        const next = startCode(rest, start.end);
        if (next === null) break;
        take(trimZeros(rest.subarray(start.end, next.begin)));
        start = next;
      }
      rest = rest.length - start.begin > UNIT_BYTES_MAX ? Buffer.alloc(0) : rest.subarray(start.begin);
    },
  };
}

function startCode(bytes: Buffer, from: number): { begin: number; end: number } | null {
  const at = bytes.indexOf('\0\0\x01', from, 'latin1');
  return at < 0 ? null : { begin: at, end: at + 3 };
}

function trimZeros(nal: Buffer): Buffer {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end -= 1;
  return Buffer.from(nal.subarray(0, end));
}
