/**
 * Purpose: whether a working copy plays what its masters hold, picture by picture: its header says where each picture lies, how long it
 *   stands and what is left out, and that header is no part of the pictures' hash. So that sizes and places follow the one `mdat`
 *   without a hole, no edit list skips, and within each master the pictures come as its own fragments say. Pure.
 * Refuses: to guess. A header of another kind is none that agrees; whoever writes a package says so (`copy-unread`).
 * Document: shared/PROTOCOL.md, "Evidence package". ISO/IEC 14496-12: moov with one trak of stts, stsz, stsc, stco or co64.
 */
import { atMostOne, boxes, createHeaders, only, Unreadable, whole64 } from './mp4-boxes.ts';
import type { SampleHeard } from './sample-times.ts';
import { SEAM_MS } from './spans.ts';

/** A day of one camera: some 40 bytes a picture. */
const HEADER_BYTES_MAX = 128 * 1_048_576;
const PICTURES_MAX = 5_000_000;
/** What another timescale, or a time that came twice, moves a picture by. */
const SHIFT_MS = 100;
/** A coder that looks ahead shows its first picture that much later. */
const AHEAD_MS = 1_000;

export interface CopyTable {
  readonly bytes: Uint32Array;
  /** Ms from the first one. */
  readonly starts: Float64Array;
}

export function createCopyTable(): { update(bytes: Uint8Array): void; read(): CopyTable | null } {
  const moov: DataView[] = [];
  const media: { from: number; bytes: number }[] = [];
  let isPlain = true;
  const headers = createHeaders(
    { moov: (body) => void moov.push(body) },
    HEADER_BYTES_MAX,
    (type, from, bytes) => {
      if (type === 'mdat') media.push({ from, bytes });
      // Fragments would add pictures that the table does not name.
      if (type === 'moof') isPlain = false;
    },
  );
  return {
    update: (bytes) => headers.update(bytes),
    read() {
      const [header, secondHeader] = moov;
      const [pictures, secondMedia] = media;
      if (!headers.ended() || !isPlain || !header || secondHeader || !pictures || secondMedia) return null;
      try {
        return tableOf(header, pictures);
      } catch {
        // A length inside a box pointed past its end.
        return null;
      }
    },
  };
}

function tableOf(moov: DataView, media: { readonly from: number; readonly bytes: number }): CopyTable {
  const trak = only(moov, 'trak');
  const mdhd = only(trak, 'mdia', 'mdhd');
  const timescale = mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12);
  const stbl = only(trak, 'mdia', 'minf', 'stbl');
  if (timescale === 0 || atMostOne(moov, 'mvex') !== null) throw new Unreadable();
  const bytes = sizesOf(only(stbl, 'stsz'));
  const { starts, endMs } = startsOf(only(stbl, 'stts'), bytes.length, timescale);
  shownAsDecoded(atMostOne(stbl, 'ctts'), timescale);
  placedInOrder(stbl, bytes, media);
  skipsNothing(moov, trak, timescale, endMs);
  return { bytes, starts };
}

function sizesOf(stsz: DataView): Uint32Array {
  const [same, count] = [stsz.getUint32(4), stsz.getUint32(8)];
  if (count === 0 || count > PICTURES_MAX) throw new Unreadable();
  return Uint32Array.from({ length: count }, (_none, i) => same || stsz.getUint32(12 + i * 4));
}

function startsOf(stts: DataView, count: number, timescale: number): { starts: Float64Array; endMs: number } {
  const starts = new Float64Array(count);
  let [at, ticks] = [0, 0];
  for (let entry = 0; entry < stts.getUint32(4); entry++) {
    const [times, stands] = [stts.getUint32(8 + entry * 8), stts.getUint32(12 + entry * 8)];
    if (at + times > count) throw new Unreadable();
    for (let i = 0; i < times; i++, ticks += stands) starts[at++] = (ticks * 1000) / timescale;
  }
  if (at !== count) throw new Unreadable();
  return { starts, endMs: (ticks * 1000) / timescale };
}

/** Pictures that refer to later ones are shown a little after they are decoded, never elsewhere. */
function shownAsDecoded(ctts: DataView | null, timescale: number): void {
  for (let entry = 0; ctts !== null && entry < ctts.getUint32(4); entry++)
    if (Math.abs(ctts.getInt32(12 + entry * 8)) > (AHEAD_MS * timescale) / 1000) throw new Unreadable();
}

/** Each picture begins where the one before it ended: none is named twice, and none is left out. */
function placedInOrder(
  stbl: DataView,
  bytes: Uint32Array,
  media: { readonly from: number; readonly bytes: number },
): void {
  const stsc = only(stbl, 'stsc');
  const large = atMostOne(stbl, 'co64');
  const chunks = large ?? only(stbl, 'stco');
  if (large !== null && atMostOne(stbl, 'stco') !== null) throw new Unreadable();
  const [runs, count] = [stsc.getUint32(4), chunks.getUint32(4)];
  if (count > bytes.length || runs > count || (runs > 0 && stsc.getUint32(8) !== 1)) throw new Unreadable();
  let [picture, at] = [0, media.from];
  for (let run = 0; run < runs; run++) {
    const from = 8 + run * 12;
    const [first, each] = [stsc.getUint32(from), stsc.getUint32(from + 4)];
    const next = run + 1 < runs ? stsc.getUint32(from + 12) : count + 1;
    // One description: a camera that was set otherwise begins another copy.
    if (next <= first || stsc.getUint32(from + 8) !== 1) throw new Unreadable();
    for (let chunk = first; chunk < next; chunk++) {
      const told = large ? whole64(chunks, chunk * 8) : chunks.getUint32(4 + chunk * 4);
      if (told !== at || picture + each > bytes.length) throw new Unreadable();
      for (let i = 0; i < each; i++) at += bytes[picture++] ?? 0;
    }
  }
  if (picture !== bytes.length || at !== media.from + media.bytes) throw new Unreadable();
}

/** The edit list, where there is one, shows all of it once, at its own pace; it may begin a moment later. */
function skipsNothing(moov: DataView, trak: DataView, timescale: number, endMs: number): void {
  const edts = atMostOne(trak, 'edts');
  const elst = edts && atMostOne(edts, 'elst');
  if (elst === null) {
    if (edts !== null && boxes(edts).length > 0) throw new Unreadable();
    return;
  }
  const mvhd = only(moov, 'mvhd');
  const movie = mvhd.getUint32(mvhd.getUint8(0) === 1 ? 20 : 12);
  const isLong = elst.getUint8(0) === 1;
  const edits = Array.from({ length: Math.min(elst.getUint32(4), 3) }, (_none, i) => {
    const from = 8 + i * (isLong ? 20 : 12);
    return {
      ms: ((isLong ? whole64(elst, from) : elst.getUint32(from)) * 1000) / movie,
      at: isLong ? Number(elst.getBigInt64(from + 8)) : elst.getInt32(from + 4),
      rate: elst.getInt32(from + (isLong ? 16 : 8)),
    };
  });
  const [first] = edits;
  if (first?.at === -1 && first.ms <= AHEAD_MS) edits.shift();
  const [edit, second] = edits;
  const skippedMs = ((edit?.at ?? -1) * 1000) / timescale;
  const isAll = edit && skippedMs >= 0 && skippedMs <= AHEAD_MS && edit.ms >= endMs - skippedMs - SEAM_MS;
  if (!isAll || edit.rate !== 0x10000 || second) throw new Unreadable();
}

/** Pictures of masters as they come, one master after the other. */
export class MasterPictures {
  readonly #bytes: number[] = [];
  readonly #starts: number[] = [];
  readonly #stand: number[] = [];
  /** Which picture begins a master. */
  readonly #first = new Set<number>();

  begin(): void {
    this.#first.add(this.#bytes.length);
  }
  readonly heard: SampleHeard = (startMs, standsMs, bytes) => {
    this.#bytes.push(bytes);
    this.#starts.push(startMs);
    this.#stand.push(standsMs);
  };

  /** The copy plays these, all of them, in this order and at this pace; from one master to the next without a leap. */
  isPlayedBy(table: CopyTable | null): boolean {
    if (table === null || table.bytes.length !== this.#bytes.length) return false;
    let begin = 0;
    for (let i = 0; i < this.#bytes.length; i++) {
      if (table.bytes[i] !== this.#bytes[i]) return false;
      const at = table.starts[i] ?? 0;
      if (this.#first.has(i)) {
        const stood = at - (table.starts[i - 1] ?? at);
        if (i > 0 && Math.abs(stood - (this.#stand[i - 1] ?? 0)) > SEAM_MS) return false;
        begin = i;
      }
      const own = (this.#starts[i] ?? 0) - (this.#starts[begin] ?? 0);
      if (Math.abs(at - (table.starts[begin] ?? 0) - own) > SHIFT_MS) return false;
    }
    return true;
  }
}
