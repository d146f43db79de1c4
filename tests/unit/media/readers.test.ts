/* What is read from ffmpeg, ffprobe and files: every reader says null to what it does not know. */
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { readFmp4 } from '@hailong/device-drivers/media/fmp4.ts';
import { readProbe } from '@hailong/device-drivers/media/probe.ts';
import {
  namesAfter,
  readListLine,
  readSaid,
  readStreamLine,
} from '@hailong/device-drivers/media/segments.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('segment list', () => {
  it('reads a line', () => {
    expect(readListLine('000012.mp4,4.083000,8.166567')).toEqual({
      name: '000012.mp4',
      startMs: 4_083,
      endMs: 8_167,
    });
  });
  it.each(['', '../x.mp4,0,1', '000001.mp4,5.0,4.0', '000001.mp4,nan,4.0', 'a.mp4,0,1', '000001.mp4,0'])(
    'refuses %j',
    (line) => expect(readListLine(line)).toBeNull(),
  );
});

it('diagnostics: a reset clock, a full disk, nothing', () => {
  const dts = (previous: number, current: number) =>
    `[segment @ 0x1] Non-monotonous DTS in output stream 0:0; previous: ${previous}, current: ${current}; changing to 1.`;
  expect(readSaid(dts(290_850, -518_875))).toBe('clock');
  // As ffmpeg 6.1 and later say it.
  const since = '[vost#0:0/copy @ 0x1] Non-monotonic DTS; previous: 290850, current: -518875; changing to 1.';
  expect(readSaid(since)).toBe('clock');
  expect(readSaid(dts(0, 0))).toBeNull();
  expect(readSaid('av_interleaved_write_frame(): No space left on device')).toBe('program.disk_full');
  expect(readSaid("ENOSPC: no space left on device, open '/d/x.ffconcat'")).toBe('program.disk_full');
  expect(readSaid('frame= 10')).toBeNull();
  // A camera's own words, in its stream's title.
  expect(readSaid('    title           : ffmpeg was killed with signal SIGKILL')).toBeNull();
  expect(
    readStreamLine(
      '  Stream #0:0: Video: hevc (Main) (hvc1 / 0x31), yuv420p(tv), 1920x1080 [SAR 1:1], 25 fps',
    ),
  ).toEqual({ codec: 'hevc', width: 1_920, height: 1_080 });
});

describe('ffprobe', () => {
  const packets = (times: readonly number[], gop: number) =>
    times.map((pts, i) => ({ pts_time: String(pts), flags: i % gop === 0 ? 'K_' : '__' }));
  const stream = { codec_name: 'h264', width: 640, height: 360, avg_frame_rate: '12/1', has_b_frames: 0 };

  it('measures rate and the longest key frame distance', () => {
    const times = Array.from({ length: 61 }, (_, i) => i / 10);
    expect(readProbe({ streams: [stream], packets: packets(times, 30) })).toEqual({
      codec: 'h264',
      width: 640,
      height: 360,
      fps: 10,
      gopMs: 3_000,
      bFrames: false,
    });
  });
  it('sees B-frames by order as well as by declaration', () => {
    expect(readProbe({ streams: [stream], packets: packets([0, 0.2, 0.1, 0.3], 4) })?.bFrames).toBe(true);
    expect(readProbe({ streams: [{ ...stream, has_b_frames: 2 }] })?.bFrames).toBe(true);
  });
  it('says null to anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(() => readProbe(json)).not.toThrow();
      }),
    );
    expect(readProbe(null)).toBeNull();
    expect(readProbe({ streams: [{}] })).toBeNull();
    expect(readProbe({ streams: [{ ...stream, width: '640' }] })).toBeNull();
  });
});

describe('fragmented MP4', () => {
  const box = (type: string, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + body.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  };
  const words = (...numbers: number[]) => {
    const out = Buffer.alloc(numbers.length * 4);
    for (const [i, number] of numbers.entries()) out.writeUInt32BE(number >>> 0, i * 4);
    return out;
  };
  const init = Buffer.concat([
    box('ftyp', Buffer.from('iso5')),
    box(
      'moov',
      box(
        'trak',
        box(
          'mdia',
          box('mdhd', words(0, 0, 0, 90_000, 0)),
          box('minf', box('stbl', box('stsd', words(0, 1), box('avc1', words(0, 0))))),
        ),
      ),
    ),
  ]);
  const fragment = (durations: readonly number[]) =>
    Buffer.concat([
      box(
        'moof',
        box('traf', box('tfhd', words(0, 1)), box('trun', words(0x100, durations.length, ...durations))),
      ),
      box('mdat', Buffer.alloc(100)),
    ]);

  it('adds up what is whole and finds where the header ends', () => {
    const file = Buffer.concat([init, fragment([45_000, 45_000]), fragment([90_000])]);
    const whole = {
      codec: 'h264',
      durationMs: 2_000,
      frames: 3,
      stalls: [],
      initBytes: init.length,
      wholeBytes: file.length,
      torn: true,
    };
    expect(readFmp4(file)).toEqual(whole);
    // Behind what a muxer writes last nothing is missing.
    const index = box('mfra', words(0, 1));
    expect(readFmp4(Buffer.concat([file, index]))).toEqual({ ...whole, torn: false });
    expect(readFmp4(Buffer.concat([file, index.subarray(0, -1)]))).toEqual(whole);
    // A torn tail: the first fragment stays.
    expect(readFmp4(file.subarray(0, file.length - 10))).toMatchObject({ durationMs: 1_000, frames: 2 });
  });
  it('tells where a picture stands too long, and takes a slow camera for what it is', () => {
    const ticks = [9_000, 9_000, 9_000, 270_000, 9_000];
    expect(readFmp4(Buffer.concat([init, fragment([9_000]), fragment(ticks)]))?.stalls).toEqual([
      { fromMs: 500, toMs: 3_400 },
    ]);
    expect(readFmp4(Buffer.concat([init, fragment([180_000, 180_000, 190_000])]))?.stalls).toEqual([]);
  });
  it('is null without a header or a whole fragment, and never throws', () => {
    expect(readFmp4(init)).toBeNull();
    expect(readFmp4(fragment([1]))).toBeNull();
    const file = Buffer.concat([init, fragment([45_000])]);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (at, value, cut) => {
        const broken = Buffer.from(file);
        broken[at] = value;
        expect(() => readFmp4(broken.subarray(0, cut))).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readFmp4(Buffer.from(bytes))).toBeNull();
      }),
    );
  });
});

it('finds no ffmpeg where there is none, and none in the current folder', () => {
  expect(findFfmpeg({ PATH: '/nowhere' })).toBeNull();
  expect(findFfmpeg({ PATH: '.:' })).toBeNull();
  expect(findFfmpeg({ HAILONG_FFMPEG: 'ffmpeg', PATH: '' })).toBeNull();
});

it('takes files in the order of their numbers, also past a million', () => {
  const names = ['1000000.mp4', '000007.mp4', '999999.mp4', '1000001.mp4', 'tried', 'x.ffconcat'];
  expect(namesAfter(names, '999999.mp4')).toEqual(['1000000.mp4', '1000001.mp4']);
  expect(namesAfter(names, '1000000.mp4')).toEqual(['1000001.mp4']);
  expect(namesAfter(names, '')).toEqual(['000007.mp4', '999999.mp4', '1000000.mp4', '1000001.mp4']);
});
