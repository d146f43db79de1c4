/* The simulated panel's own machine with a virtual clock (panel-protocol.md, "The panel"). */
import type { HostMessage, PanelMessage } from '@hailong/device-drivers/panel/messages.ts';
import {
  newPanel,
  panelWakeMs,
  stepPanel,
} from '@hailong/device-drivers/simulators/panel-simulator-machine.ts';
import type {
  PanelEffect,
  PanelInput,
  PanelState,
} from '@hailong/device-drivers/simulators/panel-simulator-state.ts';
import { describe, expect, it } from 'vitest';

class Bench {
  nowMs = 50_000;
  state: PanelState;
  effects: PanelEffect[] = [];

  constructor(journal = false) {
    const config = {
      hwid: '53494d0000000001',
      buttons: 5,
      leds: 5,
      minMajor: 1,
      maxMajor: 1,
      journal,
      prompt: false,
      firmware: [1, 0, 0] as const,
      queueCapacity: 32,
    };
    this.state = newPanel(config, 99);
    this.give({ type: 'restart', cause: 1 });
  }

  give(input: PanelInput): void {
    const step = stepPanel(this.state, input, this.nowMs);
    this.state = step.state;
    this.effects.push(...step.effects);
  }

  host(message: HostMessage, tag = 1): PanelMessage | undefined {
    const before = this.effects.length;
    this.give({ type: 'host', message, tag });
    return this.effects.slice(before).find((effect) => effect.tag === tag)?.message;
  }

  advance(ms: number): void {
    const until = this.nowMs + ms;
    for (;;) {
      const wake = panelWakeMs(this.state);
      if (wake > until) break;
      this.nowMs = Math.max(this.nowMs, wake);
      this.give({ type: 'tick' });
    }
    this.nowMs = until;
  }

  press(button: number, holdMs = 80, restMs = 300): void {
    this.give({ type: 'contact', button, down: true });
    this.advance(holdMs);
    this.give({ type: 'contact', button, down: false });
    this.advance(restMs);
  }

  arm(ticket: number, mask = 31, singleShot = false): PanelMessage | undefined {
    return this.host({ name: 'arm', ticket, mask, singleShot, timeoutS: 60 });
  }

  hello(): void {
    this.host({ name: 'hello', minMajor: 1, maxMajor: 1, session: 1 });
  }

  named<N extends PanelMessage['name']>(name: N): Array<PanelMessage & { name: N }> {
    return this.effects
      .map(({ message }) => message)
      .filter((message): message is PanelMessage & { name: N } => message.name === name);
  }
}

const status = (code: number, request = 3) => ({ name: 'result', request, status: code, detail: 0 });

describe('session', () => {
  it('beacons without a session, is quiet in one, and beacons again 3.5 s after the last host frame', () => {
    const bench = new Bench();
    bench.advance(2_500);
    expect(bench.named('info')).toHaveLength(3);
    bench.hello();
    bench.effects = [];
    bench.advance(3_499);
    expect(bench.effects).toEqual([]);
    bench.advance(1);
    expect(bench.named('info')).toHaveLength(1);
    expect(bench.state.session).toBeNull();
  });

  it('keeps the ARM state and the queue when the host goes away', () => {
    const bench = new Bench();
    bench.hello();
    bench.arm(7, 31, true);
    bench.advance(10_000);
    bench.press(3);
    expect(bench.state.armed?.ticket).toBe(7);
    expect(bench.state.queue.map(({ ticket, button }) => [ticket, button])).toEqual([[7, 3]]);
  });
});

describe('answering', () => {
  it('takes one press for a single shot, and a repeated ARM of that ticket opens nothing', () => {
    const bench = new Bench();
    bench.hello();
    bench.arm(7, 31, true);
    bench.press(1);
    bench.press(2);
    expect(bench.arm(7, 31, true)).toMatchObject({ status: 0 });
    bench.press(2);
    bench.host({ name: 'disarm', ticket: 7 });
    bench.arm(7, 31, true);
    bench.press(2);
    expect(bench.state.queue).toHaveLength(1);
    bench.arm(8, 31, true);
    bench.press(2);
    expect(bench.state.queue.map(({ ticket, seq }) => [ticket, seq])).toEqual([
      [7, 1],
      [8, 2],
    ]);
  });

  it('counts presses while disarmed or masked only as ignored', () => {
    const bench = new Bench();
    bench.hello();
    bench.press(0);
    bench.arm(7, 0b00010);
    bench.press(0);
    expect(bench.state.queue).toEqual([]);
    expect(bench.state.ignored).toBe(2);
  });

  it('disarms by DISARM of the same ticket or 0, by time, and refuses another ticket', () => {
    const bench = new Bench();
    bench.arm(7);
    expect(bench.host({ name: 'disarm', ticket: 8 })).toEqual(status(4, 4));
    expect(bench.host({ name: 'disarm', ticket: 7 })).toEqual(status(0, 4));
    // Again, as after a lost RESULT.
    expect(bench.host({ name: 'disarm', ticket: 7 })).toEqual(status(0, 4));
    bench.arm(9);
    bench.advance(60_000);
    expect(bench.state.armed).toBeNull();
  });

  it.each([
    [{ name: 'arm', ticket: 0, mask: 1, singleShot: true, timeoutS: 1 }, 3, 3],
    [{ name: 'arm', ticket: 1, mask: 0x20, singleShot: true, timeoutS: 1 }, 3, 3],
    [{ name: 'prompt', sound: 1, volume: 1 }, 6, 1],
    [{ name: 'setConfig', key: 0, value: 2 }, 9, 3],
    [{ name: 'setConfig', key: 9, value: 20 }, 9, 3],
    [{ name: 'getConfig', key: 9 }, 10, 3],
    [{ name: 'bootloader', magic: 1, mode: 0 }, 11, 3],
  ] as const)('refuses %j', (message, request, code) => {
    expect(new Bench().host(message)).toEqual(status(code, request));
  });

  it('answers an unknown type with RESULT 1 and a short payload with RESULT 2', () => {
    const bench = new Bench();
    bench.give({ type: 'refused', reason: 'unknown-type', request: 0x33, tag: 4 });
    bench.give({ type: 'refused', reason: 'bad-payload', request: 3, tag: 5 });
    expect(bench.named('result')).toEqual([status(1, 0x33), status(2, 3)]);
  });
});

describe('keys', () => {
  it('takes 12 bounces and a press for one event', () => {
    const bench = new Bench();
    bench.arm(7);
    for (let bounce = 0; bounce < 12; bounce += 1) {
      bench.give({ type: 'contact', button: 1, down: bounce % 2 === 0 });
      bench.advance(2);
    }
    bench.press(1);
    expect(bench.state.queue).toHaveLength(1);
  });

  it('masks a stuck key only, says so, and says when it is free again', () => {
    const bench = new Bench();
    bench.hello();
    bench.arm(7);
    bench.give({ type: 'contact', button: 2, down: true });
    bench.advance(16_000);
    bench.press(4);
    bench.give({ type: 'contact', button: 2, down: false });
    bench.advance(100);
    expect(bench.named('fault').map(({ code, button }) => [code, button])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(bench.state.queue.map(({ button }) => button)).toEqual([2, 4]);
  });

  it('takes a key that is down at the start for stuck', () => {
    const bench = new Bench();
    bench.give({ type: 'contact', button: 2, down: true });
    bench.give({ type: 'restart', cause: 1 });
    bench.arm(7);
    bench.advance(100);
    expect(bench.state.queue).toEqual([]);
    expect(bench.host({ name: 'ping' })).toMatchObject({ stuck: 0b100, down: 0b100 });
  });

  it('counts a press whose timer came later than its release', () => {
    const bench = new Bench();
    bench.arm(7);
    bench.give({ type: 'contact', button: 3, down: true });
    bench.nowMs += 45;
    bench.give({ type: 'contact', button: 3, down: false });
    bench.advance(100);
    expect(bench.state.queue.map(({ button }) => button)).toEqual([3]);
  });

  it('tells a host that comes what it missed: a restart by watchdog once, stuck keys each time', () => {
    const bench = new Bench();
    bench.give({ type: 'contact', button: 2, down: true });
    bench.give({ type: 'restart', cause: 8 });
    bench.hello();
    expect(bench.named('fault').map(({ code, button }) => [code, button])).toEqual([
      [4, 0],
      [1, 2],
    ]);
    bench.hello();
    bench.advance(4_000);
    bench.hello();
    expect(bench.named('fault').map(({ code }) => code)).toEqual([4, 1, 1]);
  });

  it('flags a chord, also on the press that came first', () => {
    const bench = new Bench();
    bench.arm(7);
    bench.give({ type: 'contact', button: 0, down: true });
    bench.advance(24);
    bench.give({ type: 'contact', button: 1, down: true });
    bench.advance(100);
    expect(bench.state.queue.map(({ button, flags }) => [button, flags])).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });
});

describe('queue', () => {
  it('sends the oldest again with doubling pauses until it is acknowledged, then the next at once', () => {
    const bench = new Bench();
    bench.hello();
    bench.arm(7);
    bench.press(0, 50, 0);
    const times: number[] = [];
    for (let step = 0; step < 4000; step += 1) {
      const before = bench.named('button').length;
      bench.advance(1);
      bench.host({ name: 'ping' });
      if (bench.named('button').length > before) times.push(bench.nowMs);
    }
    expect(bench.named('button').at(0)?.durationMs).toBe(0xffff);
    expect(bench.named('button').at(-1)?.durationMs).toBe(60);
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    for (const [index, gap] of gaps.entries())
      expect(gap).toBeGreaterThanOrEqual(Math.min(1600, 200 * 2 ** index) - 1);
    bench.press(1);
    bench.effects = [];
    bench.host({ name: 'ack', boot: bench.state.boot, seq: 1 });
    expect(bench.named('button').map(({ seq }) => seq)).toEqual([2]);
  });

  it('refuses the press that finds 32 waiting, raises a fault, and flags the next event', () => {
    const bench = new Bench();
    bench.arm(7);
    for (let count = 0; count < 40; count += 1) bench.press(count % 5);
    expect(bench.state.queue).toHaveLength(32);
    expect(bench.state.overflow).toBe(8);
    expect(bench.named('fault').every(({ code }) => code === 3)).toBe(true);
    bench.host({ name: 'ack', boot: bench.state.boot, seq: 32 });
    bench.arm(8);
    bench.press(0);
    expect(bench.state.queue.map(({ seq, flags }) => [seq, flags])).toEqual([[33, 1]]);
  });

  it('pops cumulatively, but only head entries of the boot that the ACK names', () => {
    const bench = new Bench(true);
    bench.arm(7);
    bench.press(0);
    bench.press(1);
    const older = bench.state.boot;
    bench.give({ type: 'restart', cause: 4 });
    bench.arm(8);
    bench.press(2);
    const queued = () => bench.state.queue.map(({ boot, seq }) => [boot === older, seq]);
    expect(queued()).toEqual([
      [true, 1],
      [true, 2],
      [false, 1],
    ]);
    bench.host({ name: 'ack', boot: bench.state.boot, seq: 1 });
    expect(queued()).toHaveLength(3);
    bench.host({ name: 'ack', boot: older, seq: 2 });
    expect(queued()).toEqual([[false, 1]]);
  });

  it('loses RAM at a restart without a journal, disarms, and never repeats a boot after an erased EEPROM', () => {
    const bench = new Bench();
    bench.arm(7);
    bench.press(0);
    const boots = [bench.state.boot];
    bench.give({ type: 'restart', cause: 1 });
    expect(bench.state.queue).toEqual([]);
    expect(bench.state.armed).toBeNull();
    boots.push(bench.state.boot);
    bench.give({ type: 'eraseEeprom' });
    bench.give({ type: 'restart', cause: 1 });
    boots.push(bench.state.boot);
    expect(boots.map((boot) => boot & 0xffff)).toEqual([1, 2, 1]);
    expect(new Set(boots).size).toBe(3);
  });

  it('runs its numbers from 65535 to 1 and acknowledges across that', () => {
    const bench = new Bench();
    bench.state = { ...bench.state, nextSeq: 0xffff };
    bench.arm(7);
    bench.press(0);
    bench.press(1);
    expect(bench.state.queue.map(({ seq }) => seq)).toEqual([0xffff, 1]);
    bench.host({ name: 'ack', boot: bench.state.boot, seq: 1 });
    expect(bench.state.queue).toEqual([]);
  });
});
