/**
 * MP4 boxes (ISO/IEC 14496-12) for those who read headers of a stranger's file: bytes come in any pieces, only the named headers are held.
 * Refuses: by `Unreadable`: boxes that do not fit, two where one is meant, headers past the given bytes.
 */
/** A file has some hundred boxes on each level at most. */
const BOXES_MAX = 10_000;
const PREFIX = 16;

export class Unreadable extends Error {}

export interface Box {
  readonly type: string;
  readonly body: DataView;
}

const part = (view: DataView, from: number, to = view.byteLength): DataView =>
  new DataView(view.buffer, view.byteOffset + from, to - from);

export function boxes(view: DataView): Box[] {
  const found: Box[] = [];
  for (let at = 0; at < view.byteLength; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > view.byteLength || found.length === BOXES_MAX) throw new Unreadable();
    found.push({ type: nameAt(view, at + 4), body: part(view, at + 8, at + size) });
    at += size;
  }
  return found;
}
const nameAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((each) => view.getUint8(at + each)));

/** Null: there is none. Two would say two things. */
export function atMostOne(view: DataView, type: string): DataView | null {
  const [first, second] = boxes(view).filter((each) => each.type === type);
  if (second !== undefined) throw new Unreadable();
  return first?.body ?? null;
}
export const only = (view: DataView, ...path: readonly string[]): DataView =>
  path.reduce((within, type) => {
    const found = atMostOne(within, type);
    if (found === null) throw new Unreadable();
    return found;
  }, view);

export const whole64 = (view: DataView, at: number): number =>
  view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
export const flagsOf = (view: DataView): number => view.getUint32(0) & 0xffffff;

/** Hands the bodies of these boxes on, whole and in order; the others pass by. */
export function createHeaders(
  heard: Readonly<Record<string, (body: DataView) => void>>,
  bytesMax: number,
  /** Each top-level box: where its body begins, and how long it is. */
  passed?: (type: string, from: number, bytes: number) => void,
) {
  const prefix = new DataView(new ArrayBuffer(PREFIX));
  let held = 0;
  let wanted = 8;
  /** Of the present box that are still to come. */
  let left = 0;
  let kept: { type: string; bytes: Uint8Array; at: number } | null = null;
  let isBroken = false;
  /** Of the file, where the next byte stands. */
  let position = 0;

  function opened(): void {
    const size = prefix.getUint32(0);
    if (size === 1 && wanted === 8) {
      wanted = PREFIX;
      return;
    }
    const whole = size === 1 ? whole64(prefix, 8) : size;
    const type = nameAt(prefix, 4);
    left = whole - wanted;
    passed?.(type, position, left);
    if (left < 0 || !Number.isSafeInteger(whole)) throw new Unreadable();
    if (Object.hasOwn(heard, type)) {
      if (left > bytesMax) throw new Unreadable();
      kept = { type, bytes: new Uint8Array(left), at: 0 };
    }
    held = 0;
    wanted = 8;
    if (left === 0) closed();
  }
  function closed(): void {
    if (kept === null) return;
    const { type, bytes } = kept;
    kept = null;
    heard[type]?.(new DataView(bytes.buffer));
  }
  function take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const count = Math.min(left > 0 ? left : wanted - held, bytes.length - at);
      const some = bytes.subarray(at, at + count);
      at += count;
      position += count;
      if (left > 0) {
        if (kept !== null) {
          kept.bytes.set(some, kept.at);
          kept.at += count;
        }
        left -= count;
        if (left === 0) closed();
      } else {
        new Uint8Array(prefix.buffer).set(some, held);
        held += count;
        if (held === wanted) opened();
      }
    }
  }
  return {
    update(bytes: Uint8Array): void {
      try {
        if (!isBroken) take(bytes);
      } catch {
        isBroken = true;
      }
    },
    ended: (): boolean => !isBroken && left === 0 && held === 0,
  };
}
