/* Keys of the firmware in emulation: debounce, stuck keys, chords, single shots, lamps, limits (panel-protocol.md). */
import { beforeEach, describe, expect, test } from 'vitest';
import { AvrLine } from '../../support/firmware/avr-line.ts';
import { buildFirmware, readHex, withoutAvrGcc } from '../../support/firmware/build.ts';
import { chanceOf } from '../../support/firmware/chance.ts';

const firmware = buildFirmware(5);
const program = firmware === undefined ? new Uint16Array(0) : readHex(firmware.hex);
let line: AvrLine;

beforeEach((context) => {
  if (firmware === undefined) return context.skip(withoutAvrGcc);
  line = new AvrLine(program, chanceOf(11));
  line.machine.powerOn();
  line.machine.runMs(100);
  line.hello();
});

/** Acknowledges what is known and runs on. */
function settle(ms = 300): void {
  line.runMs(ms);
  for (const { boot, seq } of line.presses()) line.tell({ name: 'ack', boot, seq });
  line.runMs(20);
}

describe('debounce', () => {
  test('a press that bounces 8 ms is one event', () => {
    line.arm(1);
    line.machine.press(2, { holdMs: 80, bounceMs: 8 });
    settle();
    expect(line.presses()).toMatchObject([{ button: 2, seq: 1, ticket: 1 }]);
  });

  test('what is shorter than 20 ms is none', () => {
    line.arm(1);
    for (let spike = 0; spike < 10; spike += 1) line.machine.press(1, { afterMs: spike * 40, holdMs: 18 });
    settle(600);
    expect(line.presses()).toEqual([]);
    expect(line.status()).toMatchObject({ ignored: 0, down: 0 });
  });

  test('noise of half the time closed is none, and does not hide a real press after it', () => {
    line.arm(1);
    for (let spike = 0; spike < 40; spike += 1) line.machine.press(1, { afterMs: spike * 4, holdMs: 2 });
    line.machine.press(1, { afterMs: 300, holdMs: 80 });
    settle(600);
    expect(line.presses()).toHaveLength(1);
  });

  test('the event goes out at the press and brings the duration later', () => {
    line.arm(1);
    const pressedMs = line.machine.nowMs;
    line.machine.press(3, { holdMs: 140 });
    line.runMs(400);
    const sent = line.of('button');
    expect(sent[0]!.atMs - pressedMs).toBeLessThan(32);
    expect(sent[0]!.message.durationMs).toBe(0xffff);
    const learnt = sent.find(({ message }) => message.durationMs !== 0xffff)!;
    expect(Math.abs(learnt.message.durationMs - 150)).toBeLessThan(4);
    expect(learnt.retransmission).toBe(true);
    expect(line.of('release')).toHaveLength(1);
  });
});

describe('what counts', () => {
  test('nothing without a ticket, outside the mask, or after the time', () => {
    line.machine.press(0, { holdMs: 60 });
    settle();
    line.arm(5, { mask: 0b00010, timeoutS: 1 });
    line.machine.press(0, { holdMs: 60 });
    settle();
    line.runMs(1_000);
    line.machine.press(1, { holdMs: 60 });
    settle();
    expect(line.presses()).toEqual([]);
    expect(line.status()).toMatchObject({ ignored: 3, armed: false, ticket: 0 });
  });

  test('a single shot once, also when its ARM comes again, before and after DISARM', () => {
    line.arm(9, { singleShot: true });
    line.machine.press(0, { holdMs: 60 });
    settle(400);
    line.arm(9, { singleShot: true });
    line.machine.press(1, { holdMs: 60 });
    settle(400);
    line.ask({ name: 'disarm', ticket: 9 });
    line.arm(9, { singleShot: true });
    line.machine.press(2, { holdMs: 60 });
    settle(400);
    expect(line.presses()).toMatchObject([{ button: 0, ticket: 9 }]);
    line.arm(10, { singleShot: true });
    line.machine.press(2, { holdMs: 60 });
    settle(400);
    expect(line.presses()).toMatchObject([{ ticket: 9 }, { button: 2, ticket: 10 }]);
  });

  test('the same key again only after 250 ms', () => {
    line.arm(1);
    line.machine.press(0, { holdMs: 40 });
    line.machine.press(0, { afterMs: 120, holdMs: 40 });
    line.machine.press(0, { afterMs: 400, holdMs: 40 });
    settle(700);
    expect(line.presses()).toHaveLength(2);
  });

  test('two keys within 30 ms are a chord, both of them', () => {
    line.arm(1);
    line.machine.press(0, { holdMs: 80 });
    line.machine.press(4, { afterMs: 12, holdMs: 80 });
    line.runMs(300);
    line.tell({ name: 'ack', boot: line.presses()[0]!.boot, seq: 1 });
    line.runMs(60);
    expect(line.presses()).toMatchObject([
      { button: 0, flags: 2 },
      { button: 4, flags: 2 },
    ]);
  });

  test('a full queue refuses the new press, says so, and marks the next one', () => {
    line.arm(1);
    for (let press = 0; press < 40; press += 1) {
      line.machine.press(press % 5, { holdMs: 40 });
      line.runMs(130);
    }
    expect(line.status()).toMatchObject({ queueLength: 32, overflow: 8, overflowed: true });
    expect(line.of('fault').map(({ message }) => message.code)).toEqual(Array(8).fill(3));
    for (let round = 0; round < 34; round += 1) {
      const head = line.of('button').at(-1)!.message;
      line.tell({ name: 'ack', boot: head.boot, seq: head.seq });
      line.runMs(30);
    }
    line.machine.press(0, { holdMs: 40 });
    line.runMs(100);
    const presses = line.presses();
    expect(presses.map(({ seq }) => seq)).toEqual(Array.from({ length: 33 }, (_, i) => i + 1));
    expect(presses.at(-1)!.flags).toBe(1);
    expect(presses.slice(0, -1).every(({ flags }) => flags === 0)).toBe(true);
  });
});

describe('a stuck key', () => {
  test('is masked alone after 15 s, and works again when it was released', () => {
    line.arm(1, { timeoutS: 600 });
    line.machine.contact(1, true);
    settle(16_000);
    expect(line.of('fault')).toMatchObject([{ message: { code: 1, button: 1, detail: 15 } }]);
    expect(line.status()).toMatchObject({ stuck: 0b10, down: 0b10 });
    line.machine.press(3, { holdMs: 60 });
    settle();
    line.machine.contact(1, false);
    settle();
    line.machine.press(1, { holdMs: 60 });
    settle();
    expect(line.of('fault').at(-1)).toMatchObject({ message: { code: 2, button: 1 } });
    expect(line.presses().map(({ button }) => button)).toEqual([1, 3, 1]);
  });

  test('down at the start is stuck at once, and the next host is told', () => {
    line.machine.contact(4, true);
    line.machine.runMs(1);
    line.restart(() => line.machine.reset());
    line.machine.runMs(100);
    line.hello();
    line.arm(1);
    line.machine.press(0, { holdMs: 60 });
    settle();
    expect(line.of('fault')).toMatchObject([{ message: { code: 1, button: 4 } }]);
    expect(line.presses()).toMatchObject([{ button: 0 }]);
    line.machine.contact(4, false);
    settle();
    line.machine.press(4, { holdMs: 60 });
    settle();
    expect(line.presses()).toHaveLength(2);
  });
});

describe('lamps', () => {
  const lit = () => [0, 1, 2, 3, 4].map((index) => (line.machine.lamp(index) ? 1 : 0)).join('');

  test('are the host’s, for as long as it said, and dark without one', () => {
    line.ask({ name: 'led', on: 0b00101, blink: 0b10000, ttlTenths: 20 });
    const seen = new Set<string>();
    for (let look = 0; look < 12; look += 1) {
      line.machine.runMs(100);
      seen.add(lit());
    }
    expect(seen).toEqual(new Set(['10100', '10101']));
    line.runMs(1_000);
    expect(lit()).toBe('00000');
    line.ask({ name: 'led', on: 0b11111, blink: 0, ttlTenths: 0 });
    line.machine.runMs(20);
    expect(lit()).toBe('11111');
    line.machine.runMs(3_600);
    expect(lit()).toBe('00000');
    line.hello();
    line.machine.runMs(5);
    expect(lit()).toBe('11111');
  });

  test('a press changes none: the panel never thanks by itself', () => {
    line.arm(1);
    line.machine.press(0, { holdMs: 60 });
    for (let look = 0; look < 20; look += 1) {
      line.machine.runMs(10);
      expect(lit()).toBe('00000');
    }
  });

  test('all of them in a self-test', () => {
    line.ask({ name: 'selfTest', mask: null });
    line.machine.runMs(5);
    expect(lit()).toBe('11111');
    line.machine.runMs(600);
    expect(lit()).toBe('00000');
  });
});
