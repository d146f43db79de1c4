/* The firmware's link in emulation: the published frames byte for byte, refusals, retransmission, session, restarts. */
import { readFileSync } from 'node:fs';
import { encodeFrame } from '@hailong/device-drivers/panel/frame.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { AvrLine } from '../../support/firmware/avr-line.ts';
import { CAUSE } from '../../support/firmware/avr-machine.ts';
import { buildFirmware, readHex, withoutAvrGcc } from '../../support/firmware/build.ts';
import { chanceOf } from '../../support/firmware/chance.ts';
import { inRepo } from '../../support/paths.ts';

const firmware = buildFirmware(5);
const program = firmware === undefined ? new Uint16Array(0) : readHex(firmware.hex);
const vectors = JSON.parse(readFileSync(inRepo('tests/vectors/panel/cpp1-frames.json'), 'utf8')) as {
  frames: { name: string; wire: string }[];
};
const unhex = (text: string) => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));
const vector = (start: string) => vectors.frames.find(({ name }) => name.startsWith(start))!.wire;
const u32 = (value: number) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
let line: AvrLine;

beforeEach((context) => {
  if (firmware === undefined) return context.skip(withoutAvrGcc);
  line = new AvrLine(program, chanceOf(21));
  line.machine.powerOn();
  line.machine.runMs(100);
});

const wires = () => line.heard.map(({ wire }) => wire);

/** Host bytes with any type, tag and payload. */
function give(type: number, tag: number, payload: number[], address = 0): void {
  const frame = { direction: 'host-to-panel', retransmission: false, address, type, tag } as const;
  line.write(encodeFrame({ ...frame, payload: Uint8Array.from(payload) }));
}

describe('the published frames', () => {
  /** Writes a variable of the firmware: a frame is published of a panel with a certain past. */
  function set(variable: string, bytes: number[]): void {
    for (const [index, byte] of bytes.entries()) line.machine.poke(firmware!.address(variable) + index, byte);
  }

  /** Stops the panel's clock just before a millisecond, until something is heard. */
  function holdUptime(ms: number, until: () => boolean): void {
    for (let step = 0; step < 400 && !until(); step += 1) {
      set('uptime', u32(ms - 1));
      set('heard_at', u32(ms - 1));
      line.machine.runMs(0.25);
    }
  }

  beforeEach((context) => {
    if (firmware === undefined) return context.skip(withoutAvrGcc);
    set('hwid', [0x53, 0x49, 0x4d, 0, 0, 0, 0, 1]);
    set('boot_id', u32(7));
    set('uptime', u32(120_000));
    line.write(unhex(vector('HELLO')));
    line.machine.runMs(30);
    line.write(unhex(vector('ARM')));
    line.machine.runMs(30);
  });

  test('ARM, RESULT, PING and STATUS', () => {
    expect(wires()).toContain(vector('RESULT'));
    line.write(unhex(vector('PING')));
    holdUptime(124_001, () => wires().includes(vector('STATUS armed')));
    expect(wires()).toContain(vector('STATUS armed'));
  });

  test('BUTTON still down, its retransmission with the duration, RELEASE, ACK', () => {
    set('last_seq', [41, 0]);
    // 20 ms until it counts, 30 ms until the release does, and 7 ms for which this test stops the panel's clock.
    line.machine.press(4, { holdMs: 177 });
    holdUptime(123_456, () => line.of('button').length > 0);
    line.machine.runMs(500);
    for (const name of ['BUTTON 4, still down', 'BUTTON 4, retransmission', 'RELEASE'])
      expect(wires(), name).toContain(vector(name));
    line.write(unhex(vector('ACK')));
    line.machine.runMs(20);
    expect(line.status()).toMatchObject({ queueLength: 0 });
  });

  test('FAULT of a stuck key', () => {
    line.machine.contact(2, true);
    line.machine.runMs(60);
    holdUptime(200_000, () => line.of('fault').length > 0);
    expect(wires()).toContain(vector('FAULT'));
  });

  test('LED, SET_CONFIG, SELF_TEST, DISARM; PROMPT is unknown, BOOTLOADER refused while armed', () => {
    for (const name of ['LED', 'SET_CONFIG', 'SELF_TEST', 'PROMPT', 'BOOTLOADER', 'DISARM']) {
      line.write(unhex(vector(name)));
      line.machine.runMs(30);
    }
    const results = line
      .of('result')
      .map(({ tag, message }) => [tag, message.request, message.status, message.detail]);
    expect(results.slice(1)).toEqual([
      [4, 5, 0, 0],
      [8, 9, 0, 20],
      [5, 6, 1, 0],
      [9, 11, 4, 0],
      [3, 4, 0, 0],
    ]);
    expect(line.of('test')).toMatchObject([{ tag: 7, message: { result: 0 } }]);
  });

  test('INFO with a journal, two presses waiting, the first with number 65535', () => {
    set('boot_id', u32(2_622_357_507));
    set('last_seq', [0xfe, 0xff]);
    for (const afterMs of [0, 300]) line.machine.press(0, { afterMs, holdMs: 40 });
    line.runMs(1_000);
    // Two presses are one more than the ARM's single shot takes.
    line.arm(1);
    line.machine.press(1, { holdMs: 40 });
    line.runMs(200);
    give(1, 17, [1, 1, 1, 0, 0, 0]);
    line.machine.runMs(60);
    expect(wires()).toContain(vector('INFO of a panel with journal'));
    line.write(unhex(vector('ACK')));
    line.tell({ name: 'ack', boot: 2_622_357_507, seq: 1 });
    line.machine.runMs(30);
    // Numbers run from 65535 to 1: the ACK of 1 takes both.
    expect(line.status()).toMatchObject({ queueLength: 0 });
  });
});

describe('refusals', () => {
  test('unknown types, short payloads, values out of range, with the tag', () => {
    give(0x33, 9, [1, 2]);
    give(3, 10, [1, 0, 0]);
    give(3, 11, [0, 0, 0, 0, 1, 0, 1, 0]);
    give(3, 12, [1, 0, 0, 0, 0x20, 0, 1, 0]);
    line.machine.runMs(40);
    give(3, 13, [1, 0, 0, 0, 1, 0, 0, 0]);
    give(9, 14, [0, 2, 0]);
    give(9, 15, [6, 2, 0]);
    give(0x0a, 16, [9]);
    line.machine.runMs(40);
    const refused = line.of('result').map(({ tag, message }) => [tag, message.status]);
    expect(refused).toEqual([
      [9, 1],
      [10, 2],
      [11, 3],
      [12, 3],
      [13, 3],
      [14, 3],
      [15, 3],
      [16, 3],
    ]);
    expect(line.status()).toMatchObject({ armed: false, rxErrors: 0 });
  });

  test('a longer payload is taken and its tail ignored; a foreign address and an echo are not taken', () => {
    give(3, 1, [1, 0, 0, 0, 1, 0, 9, 0, 77, 88, 99]);
    give(4, 2, [0, 0, 0, 0], 17);
    const echo = { direction: 'panel-to-host', retransmission: false, address: 0, type: 4, tag: 3 } as const;
    line.write(encodeFrame({ ...echo, payload: Uint8Array.of(0, 0, 0, 0) }));
    line.machine.runMs(40);
    expect(line.status()).toMatchObject({ armed: true, ticket: 1, rxErrors: 0 });
    // A broadcast is obeyed and not answered.
    const before = line.heard.length;
    give(4, 5, [0, 0, 0, 0], 255);
    line.machine.runMs(40);
    expect(line.heard.slice(before).filter(({ tag }) => tag === 5)).toEqual([]);
    expect(line.status()).toMatchObject({ armed: false });
  });

  test('damaged frames and endless noise are counted, and the next frame is understood', () => {
    line.write(Uint8Array.from({ length: 500 }, (_, i) => (i % 50 === 49 ? 0 : 1 + (i % 7))));
    line.machine.runMs(200);
    const { rxErrors } = line.status();
    expect(rxErrors).toBeGreaterThanOrEqual(10);
    expect(line.damaged).toBe(0);
  });
});

describe('retransmission and session', () => {
  test('the head goes out again after 100, 200 … 1600 ms until its ACK, and only the head', () => {
    line.hello();
    line.arm(1);
    line.machine.press(0, { holdMs: 40 });
    line.machine.press(1, { afterMs: 60, holdMs: 40 });
    line.runMs(6_500);
    const sent = line.of('button');
    expect(new Set(sent.map(({ message }) => message.seq))).toEqual(new Set([1]));
    const gaps = sent.slice(1).map(({ atMs }, i) => atMs - sent[i]!.atMs);
    for (const [index, rto] of [100, 200, 400, 800, 1_600].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(rto - 3);
      expect(gaps[index]).toBeLessThanOrEqual(rto + 35);
    }
    line.tell({ name: 'ack', boot: sent[0]!.message.boot, seq: 1 });
    line.runMs(30);
    expect(line.of('button').at(-1)).toMatchObject({ retransmission: false, message: { seq: 2 } });
  });

  test('an ACK of another boot takes nothing', () => {
    const { boot } = line.hello();
    line.arm(1);
    line.machine.press(0, { holdMs: 40 });
    line.runMs(100);
    for (const other of [boot ^ 1, boot ^ 0x8000_0000]) line.tell({ name: 'ack', boot: other >>> 0, seq: 1 });
    line.tell({ name: 'ack', boot, seq: 0 });
    line.runMs(30);
    expect(line.status()).toMatchObject({ queueLength: 1 });
  });

  test('beacons once a second without a host, none with one, again 3.5 s after its last word', () => {
    line.machine.runMs(5_000);
    const beacons = line.of('info').filter(({ tag }) => tag === 0);
    expect(beacons.length).toBeGreaterThanOrEqual(5);
    expect(beacons.length).toBeLessThanOrEqual(6);
    line.hello();
    const before = line.of('info').length;
    line.runMs(5_000);
    expect(line.of('info')).toHaveLength(before);
    line.arm(3);
    line.machine.runMs(3_700);
    expect(line.of('info').at(-1)).toMatchObject({ tag: 0 });
    // Armed all the same, and what is pressed waits.
    line.machine.press(0, { holdMs: 40 });
    line.machine.runMs(200);
    expect(line.status()).toMatchObject({ session: false, armed: true, ticket: 3, queueLength: 1 });
  });
});

describe('restarts', () => {
  test('a program that hangs is restarted by the watchdog, and the host hears of it', () => {
    const first = line.hello();
    line.arm(1);
    line.machine.press(2, { holdMs: 40 });
    line.machine.runMs(200);
    // The timer's interrupt off: the clock stands still.
    line.restart(() => line.machine.poke(0x6e, 0));
    line.machine.runMs(800);
    expect(line.machine.starts).toBe(2);
    const second = line.hello();
    expect(second).toMatchObject({ resetCause: CAUSE.watchdog, queueLength: 1 });
    expect(second.boot & 0xffff).toBe((first.boot & 0xffff) + 1);
    line.runMs(100);
    expect(line.of('fault')).toMatchObject([{ message: { code: 4, detail: CAUSE.watchdog } }]);
    expect(line.presses().at(-1)).toMatchObject({ boot: first.boot, button: 2, seq: 1 });
  });

  test('BOOTLOADER restarts an idle panel, with the magic of this boot only', () => {
    const { boot } = line.hello();
    const magic = (0xb007c0de ^ boot) >>> 0;
    expect(line.ask({ name: 'bootloader', magic: magic ^ 1, mode: 0 })).toMatchObject({ status: 3 });
    line.tell({ name: 'bootloader', magic, mode: 0 }, 9);
    line.machine.runMs(300);
    expect(line.machine.starts).toBe(2);
    expect(line.hello().boot).not.toBe(boot);
  });

  test('a weak supply is told once', () => {
    line.restart(() => line.machine.cutPower());
    line.machine.supplyVolts = 4.4;
    line.machine.powerOn();
    line.machine.runMs(100);
    line.hello();
    line.runMs(4_000);
    const told = line.of('fault').filter(({ message }) => message.code === 6);
    expect(told).toHaveLength(1);
    expect(Math.abs(told[0]!.message.detail - 4_400)).toBeLessThan(60);
  });
});
