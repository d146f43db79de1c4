/**
 * Purpose: recorded segments of one run as one film, no picture touched: the header of the first, then the fragments of all,
 * their decode times moved to where they belong and numbered through. Pure: bytes in, bytes changed in place.
 * Refuses: what is no whole fragment (a torn tail, an index) is left out. ISO/IEC 14496-12.
 */

/** What of a file goes into a film: its header is [0, initBytes), its whole fragments [initBytes, endBytes). */
export interface FilmExtent {
  readonly initBytes: number;
  readonly endBytes: number;
  readonly fragments: number;
}

interface Box {
  readonly type: string;
  readonly body: number;
  readonly end: number;
}

/** A header is this long at most, with its 64-bit length. */
export const BOX_HEAD_BYTES = 16;
/** A file has some hundred boxes on each level at most. */
const BOXES_MAX = 10_000;

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Of a box's first bytes; null: there is none. */
export function readBoxHead(head: Uint8Array): { readonly type: string; readonly bytes: number } | null {
  if (head.length < 8) return null;
  const at = view(head);
  const type = String.fromCharCode(...head.subarray(4, 8));
  const short = at.getUint32(0);
  if (short !== 1) return short < 8 ? null : { type, bytes: short };
  if (head.length < BOX_HEAD_BYTES) return null;
  const long = Number(at.getBigUint64(8));
  return long < BOX_HEAD_BYTES ? null : { type, bytes: long };
}

/** `boxes`: of a file's top level, in order. */
export function filmExtent(boxes: readonly { readonly type: string; readonly end: number }[]): FilmExtent {
  let [initBytes, endBytes, fragments, open] = [0, 0, 0, false];
  for (const { type, end } of boxes) {
    if (type === 'moov') initBytes = end;
    if (type === 'mdat' && open) [endBytes, fragments] = [end, fragments + 1];
    open = type === 'moof';
  }
  return { initBytes, endBytes: Math.max(initBytes, endBytes), fragments };
}

function boxesIn(bytes: Uint8Array, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to && found.length < BOXES_MAX; ) {
    const head = readBoxHead(bytes.subarray(at, Math.min(to, at + BOX_HEAD_BYTES)));
    if (head === null || at + head.bytes > to) break;
    const long = view(bytes).getUint32(at) === 1;
    found.push({ type: head.type, body: at + (long ? 16 : 8), end: at + head.bytes });
    at += head.bytes;
  }
  return found;
}

const inside = (bytes: Uint8Array, parent: Box | undefined, ...path: readonly string[]): Box | undefined =>
  path.reduce<Box | undefined>(
    (box, type) => box && boxesIn(bytes, box.body, box.end).find((each) => each.type === type),
    parent,
  );

/** Ticks a second of the pictures' times; null: this is no header. */
export function timescaleOf(header: Uint8Array): number | null {
  const moov = boxesIn(header, 0, header.length).find(({ type }) => type === 'moov');
  const mdhd = inside(header, moov, 'trak', 'mdia', 'mdhd');
  if (mdhd === undefined) return null;
  const at = mdhd.body + (header[mdhd.body] === 1 ? 20 : 12);
  return at + 4 > mdhd.end ? null : view(header).getUint32(at) || null;
}

/** Moves the fragments in `bytes` later by `ticks` and numbers them from `sequence` on; answers the next number. */
export function placeFragments(
  bytes: Uint8Array,
  { ticks, sequence }: { readonly ticks: number; readonly sequence: number },
): number {
  const at = view(bytes);
  let number = sequence;
  for (const moof of boxesIn(bytes, 0, bytes.length).filter(({ type }) => type === 'moof')) {
    const mfhd = inside(bytes, moof, 'mfhd');
    if (mfhd !== undefined) at.setUint32(mfhd.body + 4, number);
    number += 1;
    for (const traf of boxesIn(bytes, moof.body, moof.end).filter(({ type }) => type === 'traf')) {
      const tfdt = inside(bytes, traf, 'tfdt');
      if (tfdt === undefined) continue;
      if (bytes[tfdt.body] === 1)
        at.setBigUint64(tfdt.body + 4, at.getBigUint64(tfdt.body + 4) + BigInt(ticks));
      else at.setUint32(tfdt.body + 4, at.getUint32(tfdt.body + 4) + ticks);
    }
  }
  return number;
}
