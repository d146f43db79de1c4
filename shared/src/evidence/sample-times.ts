/**
 * When the pictures of a recorded file come, from the decode times that its fragments carry: how long it runs, and where no picture came
 * for longer than a camera pauses. One reader for the recorder's ledger, the writer of packages and those who check them, so that what the
 * ledger calls a silence is what nobody can hide. ISO/IEC 14496-12: moov, and moof with traf, tfhd, tfdt, trun of one track.
 * Refuses: whatever else with null: other boxes, another order of times, headers past 1 MB. Bytes come in any pieces; only headers are held.
 */
export interface FileTimes {
  readonly spanMs: number;
  readonly frames: number;
  /** Pictures that stand for longer than a second and three times the mean: none came meanwhile. Ms from the start. */
  readonly silences: readonly { readonly fromMs: number; readonly toMs: number }[];
}

export interface SampleTimes {
  update(bytes: Uint8Array): void;
  /** After the last byte. */
  read(): FileTimes | null;
}

/** The ledger's limit (hub-server/DESIGN.md, "Recording"). */
export const SILENCE_MS = 1_000;
const SILENCE_TIMES = 3;
/** A header of four seconds is some KB. */
const HEADER_BYTES_MAX = 1_048_576;
/** A file has some hundred boxes on each level at most. */
const BOXES_MAX = 10_000;
/** Without anything of its own a sample costs no byte, so that a few bytes could claim any number. */
const FRAMES_MAX = 1_000_000;
/** Long pictures in one file. */
const LONG_MAX = 10_000;
const PREFIX = 16;

class Unreadable extends Error {}

interface Box {
  readonly type: string;
  readonly body: DataView;
}

const part = (view: DataView, from: number, to = view.byteLength): DataView =>
  new DataView(view.buffer, view.byteOffset + from, to - from);

function boxes(view: DataView): Box[] {
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
function atMostOne(view: DataView, type: string): DataView | null {
  const [first, second] = boxes(view).filter((each) => each.type === type);
  if (second !== undefined) throw new Unreadable();
  return first?.body ?? null;
}
const only = (view: DataView, ...path: readonly string[]): DataView =>
  path.reduce((within, type) => {
    const found = atMostOne(within, type);
    if (found === null) throw new Unreadable();
    return found;
  }, view);

const whole64 = (view: DataView, at: number): number => view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
const flagsOf = (view: DataView): number => view.getUint32(0) & 0xffffff;

export function createSampleTimes(): SampleTimes {
  let timescale = 0;
  let preset = 0;
  let frames = 0;
  let start = 0;
  /** Where the last picture begins and for how long it stands, in ticks. */
  let last = { at: 0, ticks: 0 };
  const long: { at: number; ticks: number }[] = [];

  const passed = (one: { at: number; ticks: number }): void => {
    if (one.ticks * 1000 <= SILENCE_MS * timescale) return;
    if (long.push(one) > LONG_MAX) throw new Unreadable();
  };
  const sample = (ticks: number): void => {
    if (frames > 0) passed(last);
    last = { at: last.at + last.ticks, ticks };
    frames += 1;
    if (frames > FRAMES_MAX) throw new Unreadable();
  };
  const begin = (at: number): void => {
    if (frames === 0) {
      start = at;
      last = { at, ticks: 0 };
    } else if (at < last.at) throw new Unreadable();
    // The last picture of a fragment stands until the next one begins, whatever was known of that when it was written.
    else last = { at: last.at, ticks: at - last.at };
  };

  function header(moov: DataView): void {
    if (timescale > 0) throw new Unreadable();
    const mdhd = only(moov, 'trak', 'mdia', 'mdhd');
    timescale = mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12);
    const mvex = atMostOne(moov, 'mvex');
    preset = (mvex && atMostOne(mvex, 'trex'))?.getUint32(12) ?? 0;
    if (timescale === 0) throw new Unreadable();
  }

  function fragment(moof: DataView): void {
    const traf = only(moof, 'traf');
    const tfhd = only(traf, 'tfhd');
    const tfdt = atMostOne(traf, 'tfdt');
    const flags = flagsOf(tfhd);
    const ticks = flags & 0x8 ? tfhd.getUint32(8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0)) : preset;
    // Without a time of its own it follows the one before.
    if (tfdt !== null) begin(tfdt.getUint8(0) === 1 ? whole64(tfdt, 4) : tfdt.getUint32(4));
    for (const { type, body } of boxes(traf)) if (type === 'trun') samples(body, ticks);
  }

  function samples(trun: DataView, ticks: number): void {
    const flags = flagsOf(trun);
    const count = trun.getUint32(4);
    const width = [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length * 4;
    const from = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
    if (from + count * width > trun.byteLength) throw new Unreadable();
    for (let i = 0; i < count; i += 1) sample(flags & 0x100 ? trun.getUint32(from + i * width) : ticks);
  }

  function read(): FileTimes {
    if (frames === 0 || timescale === 0) throw new Unreadable();
    const ticks = last.at + last.ticks - start;
    const all = [...long];
    if (last.ticks * 1000 > SILENCE_MS * timescale) all.push(last);
    const ms = (amount: number) => Math.round((amount * 1000) / timescale);
    const rest = frames - all.length;
    const mean = rest === 0 ? ticks / frames : (ticks - all.reduce((sum, one) => sum + one.ticks, 0)) / rest;
    return {
      ...{ spanMs: ms(ticks), frames },
      silences: all
        .filter((one) => one.ticks > SILENCE_TIMES * mean)
        .map(({ at, ticks: stands }) => ({ fromMs: ms(at - start + mean), toMs: ms(at - start + stands) })),
    };
  }

  const tap = createHeaders({ moov: header, moof: fragment });
  return {
    update: (bytes) => tap.update(bytes),
    read() {
      try {
        return tap.ended() ? read() : null;
      } catch {
        // A length inside a box pointed past its end.
        return null;
      }
    },
  };
}

/** Hands the bodies of these boxes on, whole and in order; the others pass by. */
function createHeaders(heard: Readonly<Record<string, (body: DataView) => void>>) {
  const prefix = new DataView(new ArrayBuffer(PREFIX));
  let held = 0;
  let wanted = 8;
  /** Of the present box that are still to come. */
  let left = 0;
  let kept: { type: string; bytes: Uint8Array; at: number } | null = null;
  let isBroken = false;

  function opened(): void {
    const size = prefix.getUint32(0);
    if (size === 1 && wanted === 8) {
      wanted = PREFIX;
      return;
    }
    const whole = size === 1 ? whole64(prefix, 8) : size;
    const type = nameAt(prefix, 4);
    left = whole - wanted;
    if (left < 0 || !Number.isSafeInteger(whole)) throw new Unreadable();
    if (Object.hasOwn(heard, type)) {
      if (left > HEADER_BYTES_MAX) throw new Unreadable();
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
