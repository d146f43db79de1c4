/*
 * The EEPROM journal in emulation: power cut at any cycle, also within a cell's write, never gives a false or doubled
 * press, and never takes one that was written (firmware-notes/panel-protocol.md, "The journal").
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { AvrLine } from '../../support/firmware/avr-line.ts';
import { CYCLES_PER_MS } from '../../support/firmware/avr-machine.ts';
import { buildFirmware, readHex, withoutAvrGcc } from '../../support/firmware/build.ts';
import { chanceOf } from '../../support/firmware/chance.ts';
import { judge, type PinEvent, type StoredPress } from '../../support/firmware/judge.ts';

const JOURNAL_AT = 64;
const RECORD_BYTES = 20;
const SLOTS = 48;
const firmware = buildFirmware(5);
const program = firmware === undefined ? new Uint16Array(0) : readHex(firmware.hex);
let chance = chanceOf(31);
let line: AvrLine;

beforeEach((context) => {
  if (firmware === undefined) return context.skip(withoutAvrGcc);
  chance = chanceOf(31);
  line = new AvrLine(program, chance);
  line.machine.powerOn();
  line.machine.runMs(100);
});

function powerCycle(): void {
  line.restart(() => line.machine.cutPower());
  line.heard.length = 0;
  line.machine.runMs(5);
  line.machine.powerOn();
  line.machine.runMs(60);
}

/** Reads the queue to its end, as a host does: each head acknowledged. */
function emptyQueue(): ReturnType<AvrLine['presses']> {
  line.hello();
  for (let waited = 0; waited < 200; waited += 1) {
    line.machine.runMs(20);
    for (const { boot, seq } of line.presses()) line.tell({ name: 'ack', boot, seq });
    if (waited % 4 === 3 && line.status().queueLength === 0) return line.presses();
  }
  throw new Error('the queue did not empty');
}

test('presses come back in their order, under their older boot, and only until they are acknowledged', () => {
  const { boot } = line.hello();
  line.arm(77);
  for (const button of [3, 1, 4]) {
    line.machine.press(button, { holdMs: 60 });
    line.runMs(150);
  }
  powerCycle();
  const info = line.hello();
  expect(info).toMatchObject({ queueLength: 3, oldestUnacked: 1 });
  expect(info.boot & 0xffff).toBe((boot & 0xffff) + 1);
  line.arm(78);
  line.machine.press(0, { holdMs: 60 });
  line.runMs(200);
  expect(emptyQueue()).toMatchObject([
    { boot, seq: 1, button: 3, ticket: 77, durationMs: 0xffff },
    { boot, seq: 2, button: 1, ticket: 77 },
    { boot, seq: 3, button: 4, ticket: 77 },
    { boot: info.boot, seq: 1, button: 0, ticket: 78 },
  ]);
  line.runMs(100);
  powerCycle();
  expect(line.hello()).toMatchObject({ queueLength: 0, oldestUnacked: 0 });
});

test('a single shot whose press waits in the journal stays used after a power loss', () => {
  line.hello();
  line.arm(5, { singleShot: true });
  line.machine.press(2, { holdMs: 60 });
  line.runMs(200);
  powerCycle();
  line.hello();
  line.arm(5, { singleShot: true });
  line.machine.press(3, { holdMs: 60 });
  line.runMs(200);
  expect(emptyQueue()).toMatchObject([{ button: 2, ticket: 5 }]);
});

test('an erased EEPROM repeats the start counter and no boot, and gives the panel a new id', () => {
  const first = line.hello();
  line.restart(() => line.machine.cutPower());
  line.machine.cells.bytes.fill(0xff);
  line.machine.powerOn();
  line.machine.runMs(120);
  const second = line.hello();
  expect(second.boot & 0xffff).toBe(first.boot & 0xffff);
  expect(second.boot).not.toBe(first.boot);
  expect(second.hwid).not.toBe(first.hwid);
});

test('the id given at production is kept', () => {
  const { hwid } = line.hello();
  for (let start = 0; start < 3; start += 1) {
    powerCycle();
    expect(line.hello().hwid).toBe(hwid);
  }
});

test('a cell that no longer takes its value sends the record to the next slot', () => {
  line.hello();
  line.arm(1);
  const worn = JOURNAL_AT + 15;
  const write = line.machine.cells.writeMemory.bind(line.machine.cells);
  line.machine.cells.writeMemory = (at, value) => write(at, at === worn ? value | 1 : value);
  line.arm(0x0a00);
  line.machine.press(2, { holdMs: 60 });
  line.runMs(250);
  expect(line.ask({ name: 'selfTest', mask: null })).toMatchObject({ result: 1 });
  powerCycle();
  expect(emptyQueue()).toMatchObject([{ button: 2, ticket: 0x0a00 }]);
});

test('wears its cells evenly, whether the host is quick or slow', () => {
  line.hello();
  line.arm(1);
  const presses = 96;
  for (let press = 0; press < presses; press += 1) {
    line.machine.press(press % 5, { holdMs: 40 });
    // The quick half is acknowledged within the write of its record, the other after it.
    line.runMs(press % 2 === 0 ? 35 : 110);
    for (const { boot, seq } of line.presses().slice(-1)) line.tell({ name: 'ack', boot, seq });
    line.heard.length = 0;
    line.runMs(25);
  }
  const journal = [...line.machine.cells.wear.slice(JOURNAL_AT, JOURNAL_AT + SLOTS * RECORD_BYTES)];
  const mostMarker = Math.max(...journal);
  // 100,000 erasures a cell, one in a lap of the ring: 4.8 million presses.
  expect(mostMarker).toBeLessThanOrEqual(presses / SLOTS + 1);
  expect(Math.max(...line.machine.cells.wear.slice(0, JOURNAL_AT))).toBeLessThanOrEqual(2);
});

describe('power cut at any cycle', () => {
  /** One panel's life: presses, acknowledgements here and there, and a power cut; then what the host has got. */
  function lives(
    seed: number,
    cuts: number,
    cutWithinMs: number,
    afterCut: () => void = () => undefined,
  ): ReturnType<typeof judge> {
    chance = chanceOf(seed);
    line = new AvrLine(program, chance);
    const events: PinEvent[] = [];
    const stored = new Map<string, StoredPress>();
    const startOfBoot = new Map<number, number>();
    const { machine } = line;
    machine.onArmed = (on) => events.push({ kind: 'armed', atMs: machine.nowMs, on, byHost: false });
    const keep = () => {
      for (const { boot, seq, ticket, button, uptimeMs } of line.presses()) {
        const key = [boot, seq, ticket, button, uptimeMs].join();
        stored.set(key, { start: startOfBoot.get(boot) ?? null, button, uptimeMs });
      }
    };
    for (let cut = 0; cut <= cuts; cut += 1) {
      machine.powerOn();
      events.push({ kind: 'start', atMs: machine.nowMs, start: machine.starts });
      machine.runMs(100);
      const { boot } = line.hello();
      startOfBoot.set(boot, machine.starts);
      if (cut === cuts || chance() < 0.5) emptyQueue();
      keep();
      if (cut === cuts) break;
      line.arm(1 + cut);
      // Mostly nobody listens, so that only the journal can bring the press.
      const listening = chance() < 0.3;
      let atMs = 0;
      for (let press = 0; press < 1 + Math.floor(chance() * 4); press += 1) {
        const button = press % 5;
        const bounceMs = chance() * 6;
        const firstMs = machine.nowMs + atMs;
        machine.press(button, { afterMs: atMs, holdMs: 60, bounceMs });
        events.push({ kind: 'press', button, firstMs, settledMs: firstMs + bounceMs, openMs: firstMs + 60 });
        atMs += 40 + chance() * 80;
      }
      const end = machine.cycles + Math.floor(chance() * cutWithinMs * CYCLES_PER_MS);
      while (machine.cycles < end) {
        machine.runTo(Math.min(end, machine.cycles + 10 * CYCLES_PER_MS));
        if (!listening) continue;
        keep();
        const head = line.of('button').at(-1)?.message;
        if (head !== undefined && chance() < 0.15) line.tell({ name: 'ack', boot: head.boot, seq: head.seq });
      }
      line.restart(() => machine.cutPower());
      events.push({ kind: 'cut', atMs: machine.nowMs });
      afterCut();
      line.heard.length = 0;
      machine.runMs(200);
    }
    return judge(events, [...stored.values()]);
  }

  test('within the records: none lost, none doubled, none invented', () => {
    const verdict = lives(101, 100, 160);
    expect(verdict).toMatchObject({ lost: [], doubled: [], wrong: [] });
    expect(verdict.matched.length).toBeGreaterThan(50);
    expect(verdict.unfinished.length).toBeGreaterThan(20);
  });

  test('later, when all is written: nothing is unfinished either', () => {
    const verdict = lives(102, 25, 900);
    expect(verdict).toMatchObject({ lost: [], doubled: [], wrong: [] });
    expect(verdict.presses).toBeGreaterThan(40);
  });

  test('control: the same with the journal erased at each cut loses presses, and the judge says so', () => {
    const verdict = lives(102, 10, 900, () => line.machine.cells.bytes.fill(0xff, JOURNAL_AT));
    expect(verdict.lost.length).toBeGreaterThan(3);
  });

  test('within the start: the next start counts on, with a boot of its own', () => {
    const boots: number[] = [];
    for (let cut = 0; cut < 60; cut += 1) {
      line.restart(() => line.machine.cutPower());
      line.machine.powerOn();
      line.machine.runTo(line.machine.cycles + Math.floor(chance() * 60 * CYCLES_PER_MS));
      if (cut % 3 !== 2) continue;
      line.restart(() => line.machine.cutPower());
      line.machine.powerOn();
      line.machine.runMs(100);
      boots.push(line.hello().boot);
    }
    const counters = boots.map((boot) => boot & 0xffff);
    expect(counters).toEqual(counters.toSorted((a, b) => a - b));
    expect(new Set(counters).size).toBe(boots.length);
    expect(new Set(boots.map((boot) => boot >>> 16)).size).toBeGreaterThan(boots.length / 2);
  });
});
