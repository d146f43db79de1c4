/* Purpose: all lines together may hold only so much; every held line is read again, in turn, and none is forgotten. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GatedLine, ReadGate } from '../../../hub-server/src/adapters/ws/read-gate.ts';

const MB = 1_048_576;

class Line implements GatedLine {
  isHeld = false;
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
  }
}

function gateOf(count: number) {
  const turns: (() => void)[] = [];
  const gate = new ReadGate((act) => turns.push(act));
  const lines = Array.from({ length: count }, () => new Line());
  for (const line of lines) gate.add(line);
  const turn = () => turns.splice(0).forEach((act) => void act());
  return { gate, lines, turn, turns };
}
const held = (lines: readonly Line[]) => lines.filter((line) => line.isHeld).length;

describe('the gate of all lines', () => {
  test('lets everyone be read until 4 MB wait', () => {
    const { gate, lines } = gateOf(100);
    gate.take(4 * MB);
    expect(held(lines)).toBe(0);
    gate.take(1);
    expect(held(lines)).toBe(100);
  });

  test('a kiosk that comes while the others wait, waits behind them', () => {
    const { gate, lines, turn } = gateOf(40);
    const done = gate.take(5 * MB);
    const late = new Line();
    gate.add(late);
    expect(late.isHeld).toBe(true);
    done();
    turn();
    expect(held(lines)).toBe(8);
    expect(late.isHeld).toBe(true);
    turn();
    expect(held([...lines, late])).toBe(0);
  });

  test('reads on when half has been written, not before', () => {
    const { gate, lines, turn } = gateOf(10);
    const first = gate.take(1 * MB);
    gate.take(4 * MB)();
    expect(held(lines)).toBe(10);
    turn();
    expect(held(lines)).toBe(0);
    first();
  });

  test('one that has gone is not read again, and holds nobody up', () => {
    const { gate, lines, turn } = gateOf(33);
    const done = gate.take(5 * MB);
    gate.remove(lines[0]!);
    done();
    turn();
    expect(held(lines.slice(1))).toBe(0);
    expect(lines[0]!.isHeld).toBe(true);
  });

  test('whatever comes and goes, all are read once everything is written', () => {
    const act = fc.oneof(
      fc.record({ take: fc.integer({ min: 0, max: 3 * MB }) }),
      fc.constant('write' as const),
      fc.constant('turn' as const),
      fc.constant('join' as const),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const { gate, lines, turn, turns } = gateOf(70);
        const waiting: (() => void)[] = [];
        for (const each of acts) {
          if (each === 'write') waiting.shift()?.();
          else if (each === 'turn') turn();
          else if (each === 'join') {
            lines.push(new Line());
            gate.add(lines.at(-1)!);
          } else waiting.push(gate.take(each.take));
        }
        for (const done of waiting) done();
        while (turns.length > 0) turn();
        expect(held(lines)).toBe(0);
      }),
    );
  });
});
