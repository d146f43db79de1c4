/**
 * A stored (not compressed) ZIP of a package as a list of pieces: headers as bytes, files by their path. It follows from
 * names, sizes and checksums alone, so that any range of it can be read without ever writing it. Zip64 where it must be.
 * Refuses: nothing; names are those of a package. APPNOTE.TXT 6.3.10.
 */
export interface ZipEntry {
  readonly path: string;
  readonly bytes: number;
  readonly crc32: number;
}
export type ZipPiece =
  | { readonly kind: 'bytes'; readonly length: number; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly length: number; readonly path: string };
export interface ZipLayout {
  readonly pieces: readonly ZipPiece[];
  readonly length: number;
}

const U32 = 0xffffffff;
const U16 = 0xffff;
const UTF8_NAMES = 0x0800;
/** 1980-01-01: a package's own times stand in its manifest. */
const DOS_DATE = 0x0021;
const utf8 = new TextEncoder();

class Writer {
  readonly #bytes: number[] = [];
  u16(value: number): this {
    this.#bytes.push(value & 255, (value >> 8) & 255);
    return this;
  }
  u32(value: number): this {
    return this.u16(value & U16).u16(Math.floor(value / 65_536) & U16);
  }
  u64(value: number): this {
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32));
  }
  add(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }
  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

const piece = (bytes: Uint8Array): ZipPiece => ({ kind: 'bytes', length: bytes.length, bytes });

function localHeader(name: Uint8Array, { bytes, crc32 }: ZipEntry): Uint8Array {
  const large = bytes >= U32;
  const header = new Writer()
    .u32(0x04034b50)
    .u16(large ? 45 : 20)
    .u16(UTF8_NAMES)
    .u16(0);
  header.u16(0).u16(DOS_DATE).u32(crc32);
  header.u32(large ? U32 : bytes).u32(large ? U32 : bytes);
  header
    .u16(name.length)
    .u16(large ? 20 : 0)
    .add(name);
  if (large) header.u16(1).u16(16).u64(bytes).u64(bytes);
  return header.bytes;
}

function directoryEntry(name: Uint8Array, { bytes, crc32 }: ZipEntry, at: number): Uint8Array {
  const [large, far] = [bytes >= U32, at >= U32];
  const extra = (large ? 16 : 0) + (far ? 8 : 0);
  const entry = new Writer()
    .u32(0x02014b50)
    .u16(45)
    .u16(extra > 0 ? 45 : 20)
    .u16(UTF8_NAMES)
    .u16(0);
  entry.u16(0).u16(DOS_DATE).u32(crc32);
  entry.u32(large ? U32 : bytes).u32(large ? U32 : bytes);
  entry
    .u16(name.length)
    .u16(extra > 0 ? extra + 4 : 0)
    .u16(0)
    .u16(0)
    .u16(0)
    .u32(0);
  entry.u32(far ? U32 : at).add(name);
  if (extra > 0) entry.u16(1).u16(extra);
  if (large) entry.u64(bytes).u64(bytes);
  if (far) entry.u64(at);
  return entry.bytes;
}

function ending(count: number, size: number, at: number): Uint8Array {
  const end = new Writer();
  const is64 = count >= U16 || size >= U32 || at >= U32;
  if (is64) {
    end.u32(0x06064b50).u64(44).u16(45).u16(45).u32(0).u32(0).u64(count).u64(count).u64(size).u64(at);
    end
      .u32(0x07064b50)
      .u32(0)
      .u64(at + size)
      .u32(1);
  }
  end.u32(0x06054b50).u16(0).u16(0).u16(Math.min(count, U16)).u16(Math.min(count, U16));
  return end.u32(Math.min(size, U32)).u32(Math.min(at, U32)).u16(0).bytes;
}

/** Everything in one folder, so that unpacking makes one. */
export function zipLayout(folder: string, entries: readonly ZipEntry[]): ZipLayout {
  const pieces: ZipPiece[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const add = (next: ZipPiece): void => {
    pieces.push(next);
    at += next.length;
  };
  for (const entry of entries) {
    const name = utf8.encode(`${folder}/${entry.path}`);
    directory.push(directoryEntry(name, entry, at));
    add(piece(localHeader(name, entry)));
    if (entry.bytes > 0) add({ kind: 'file', length: entry.bytes, path: entry.path });
  }
  const begins = at;
  for (const each of directory) add(piece(each));
  add(piece(ending(entries.length, at - begins, begins)));
  return { pieces, length: at };
}

/** What of each piece lies in [from, to): `from`, `to` within the piece. */
export function* sliceOf(
  { pieces }: ZipLayout,
  from: number,
  to: number,
): Generator<{ readonly piece: ZipPiece; readonly from: number; readonly to: number }> {
  let at = 0;
  for (const each of pieces) {
    const [first, last] = [Math.max(from - at, 0), Math.min(to - at, each.length)];
    if (first < last) yield { piece: each, from: first, to: last };
    at += each.length;
    if (at >= to) return;
  }
}
