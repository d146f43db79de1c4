/**
 * When the pictures of a recorded file come, from the decode times that its fragments carry: how long it runs, and where no picture came
 * for longer than a camera pauses. One reader for the recorder's ledger, the writer of packages and those who check them, so that what the
 * ledger calls a silence is what nobody can hide. ISO/IEC 14496-12: moov, and moof with traf, tfhd, tfdt, trun of one track.
 * Refuses: whatever else with null: other boxes, another order of times, headers past 1 MB. Bytes come in any pieces; only headers are held.
 */
import { atMostOne, boxes, createHeaders, flagsOf, only, Unreadable, whole64 } from './mp4-boxes.ts';

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
/** Without anything of its own a sample costs no byte, so that a few bytes could claim any number. */
const FRAMES_MAX = 1_000_000;
/** Long pictures in one file. */
const LONG_MAX = 10_000;
/** Each picture as it comes: when it begins and how long it stands by its own word, ms of the file; its bytes. */
export type SampleHeard = (startMs: number, standsMs: number, bytes: number) => void;

export function createSampleTimes(heard?: SampleHeard): SampleTimes {
  let timescale = 0;
  let preset = 0;
  let presetBytes = 0;
  let frames = 0;
  let start = 0;
  /** Where the last picture begins and for how long it stands, in ticks. */
  let last = { at: 0, ticks: 0 };
  const long: { at: number; ticks: number }[] = [];

  const passed = (one: { at: number; ticks: number }): void => {
    if (one.ticks * 1000 <= SILENCE_MS * timescale) return;
    if (long.push(one) > LONG_MAX) throw new Unreadable();
  };
  const sample = (ticks: number, bytes: number): void => {
    if (frames > 0) passed(last);
    last = { at: last.at + last.ticks, ticks };
    frames += 1;
    if (frames > FRAMES_MAX) throw new Unreadable();
    heard?.((last.at * 1000) / timescale, (ticks * 1000) / timescale, bytes);
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
    const trex = mvex && atMostOne(mvex, 'trex');
    preset = trex?.getUint32(12) ?? 0;
    presetBytes = trex?.getUint32(16) ?? 0;
    if (timescale === 0) throw new Unreadable();
  }

  function fragment(moof: DataView): void {
    const traf = only(moof, 'traf');
    const tfhd = only(traf, 'tfhd');
    const tfdt = atMostOne(traf, 'tfdt');
    const flags = flagsOf(tfhd);
    const own = 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
    const ticks = flags & 0x8 ? tfhd.getUint32(own) : preset;
    const bytes = flags & 0x10 ? tfhd.getUint32(own + (flags & 0x8 ? 4 : 0)) : presetBytes;
    // Without a time of its own it follows the one before.
    if (tfdt !== null) begin(tfdt.getUint8(0) === 1 ? whole64(tfdt, 4) : tfdt.getUint32(4));
    for (const { type, body } of boxes(traf)) if (type === 'trun') samples(body, ticks, bytes);
  }

  function samples(trun: DataView, ticks: number, bytes: number): void {
    const flags = flagsOf(trun);
    const count = trun.getUint32(4);
    const width = [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length * 4;
    const from = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
    if (from + count * width > trun.byteLength) throw new Unreadable();
    const sizeAt = flags & 0x100 ? 4 : 0;
    for (let i = 0; i < count; i += 1) {
      const at = from + i * width;
      sample(flags & 0x100 ? trun.getUint32(at) : ticks, flags & 0x200 ? trun.getUint32(at + sizeAt) : bytes);
    }
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

  const tap = createHeaders({ moov: header, moof: fragment }, HEADER_BYTES_MAX);
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
