/* The pure machines of a line-ASCII box: parser, keys, line (firmware-notes/families.md). */
import {
  acknowledge,
  arm,
  down,
  type KeysState,
  newKeys,
} from '@hailong/device-drivers/panel/line/line-keys.ts';
import {
  initialLine,
  lineSetup,
  lineStateName,
  lineWakeMs,
  stepLine,
} from '@hailong/device-drivers/panel/line/line-machine.ts';
import { LineParser, MAX_MESSAGE_BYTES } from '@hailong/device-drivers/panel/line/line-parser.ts';
import type { LineEffect, LineInput } from '@hailong/device-drivers/panel/line/line-state.ts';
import { type LineAsciiConfig, panelConfig } from '@hailong/shared/model/panel-config.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const CONFIG = {
  family: 'line-ascii',
  path: '/dev/box',
  line: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  framing: { kind: 'line', terminator: '\\n' },
  buttons: [{ press: ['1'] }, { press: ['2'] }, { press: ['D3'], release: ['U3'] }],
};
const KEEP_ALIVE = { send: '\\x89', expect: 'OK\\r' };
const configOf = (more: object = {}) => panelConfig.parse({ ...CONFIG, ...more }) as LineAsciiConfig;

/** The machine with a virtual clock: woken exactly when it asks, never otherwise. */
class Box {
  nowMs = 1_000;
  state;
  effects: LineEffect[] = [];
  wakes = 0;

  constructor(config: LineAsciiConfig) {
    this.state = initialLine(lineSetup(config), 7);
  }

  get name() {
    return lineStateName(this.state);
  }

  give(input: LineInput): void {
    const step = stepLine(this.state, input, this.nowMs);
    this.state = step.state;
    this.effects.push(...step.effects);
  }

  advance(ms: number): void {
    const until = this.nowMs + ms;
    for (let turns = 0; ; turns += 1) {
      const wake = lineWakeMs(this.state);
      if (wake === null || wake > until) break;
      if (turns > 10_000) throw new Error('the machine asks to be woken without end');
      this.nowMs = Math.max(this.nowMs, wake);
      this.wakes += 1;
      this.give({ type: 'tick' });
    }
    this.nowMs = until;
  }

  open(): void {
    this.give({ type: 'start' });
    this.give({ type: 'opened', conn: this.state.connections });
  }

  say(text: string): void {
    this.give({ type: 'heard', conn: this.state.connections, bytes: bytes(text) });
    this.give({ type: 'message', conn: this.state.connections, bytes: bytes(text) });
  }

  arm(askTicket: number, mask = 0b111): void {
    this.give({ type: 'arm', arm: { askTicket, mask, singleShot: true, timeoutMs: 60_000 } });
  }

  told() {
    return this.effects.flatMap((effect) => (effect.type === 'tell' ? [effect.press] : []));
  }

  /** Answers as an agent does, so that nothing is told twice. */
  ack(): void {
    for (const { seq } of this.told()) this.give({ type: 'acknowledge', seq });
  }

  faults() {
    return this.effects.flatMap((effect) => (effect.type === 'fault' ? [effect.fault] : []));
  }
}

function ready(more: object = {}): Box {
  const box = new Box(configOf(more));
  box.open();
  box.advance(100);
  return box;
}

describe('a press', () => {
  it('counts once for the armed ticket, after the time of a chord', () => {
    const box = ready();
    box.say('1');
    box.arm(77);
    // Held since before the question: it is not an answer to it.
    box.say('1');
    box.advance(800);
    box.say('2');
    box.advance(29);
    expect(box.told()).toEqual([]);
    box.advance(1);
    expect(box.told()).toMatchObject([{ askTicket: 77, button: 1, chord: false, seq: 1 }]);
    box.ack();
    box.say('1');
    box.advance(5_000);
    expect(box.told()).toHaveLength(1);
    box.arm(77);
    box.say('2');
    box.advance(5_000);
    expect(box.told()).toHaveLength(1);
  });

  it('together with another is a chord', () => {
    const box = ready();
    box.arm(5);
    box.say('1');
    box.advance(20);
    box.say('2');
    box.advance(100);
    expect(box.told()).toMatchObject([{ button: 0, chord: true }]);
  });

  it('is told again each second until it is acknowledged', () => {
    const box = ready();
    box.arm(5);
    box.say('1');
    box.advance(2_100);
    expect(box.told().map(({ seq }) => seq)).toEqual([1, 1, 1]);
    box.ack();
    box.advance(10_000);
    expect(box.told()).toHaveLength(3);
  });

  it('outside the mask or after the time is none', () => {
    const box = ready();
    box.arm(5, 0b001);
    box.say('2');
    box.advance(70_000);
    box.say('1');
    box.advance(1_000);
    expect(box.told()).toEqual([]);
  });
});

describe('a held button', () => {
  it.each([
    ['1', undefined],
    ['D3', 'U3'],
  ])('that repeats %s answers one question, is stuck after 15 s, and is free again', (text, release) => {
    const box = ready();
    for (let ticket = 1; ticket <= 40; ticket += 1) {
      box.arm(ticket);
      box.say(text);
      box.advance(500);
      box.ack();
    }
    expect(box.told().filter(({ toldMs }, at, all) => all[at - 1]?.toldMs !== toldMs)).toHaveLength(1);
    expect(box.faults().map(({ code }) => code)).toEqual(['stuck']);
    box.arm(50);
    if (release) box.say(release);
    box.advance(1_000);
    expect(box.faults().map(({ code }) => code)).toEqual(['stuck', 'stuck-cleared']);
    box.say(text);
    box.advance(1_000);
    expect(box.told().at(-1)).toMatchObject({ askTicket: 50 });
  });

  it('whose contact bounces on the way up is one press', () => {
    const box = ready();
    box.arm(1);
    box.say('D3');
    box.advance(40);
    for (const text of ['U3', 'D3', 'U3']) {
      box.say(text);
      box.arm(2);
      box.advance(10);
    }
    box.advance(2_000);
    box.ack();
    expect(new Set(box.told().map(({ askTicket }) => askTicket))).toEqual(new Set([1]));
  });

  it('whose release was lost counts again later', () => {
    const box = ready();
    box.say('D3');
    box.advance(3_000);
    box.arm(4);
    box.say('D3');
    box.advance(100);
    expect(box.told()).toMatchObject([{ askTicket: 4, button: 2 }]);
  });
});

describe('presence', () => {
  it('with a keep-alive is ready after the first answer, and away within 5 s of the last', () => {
    const box = new Box(configOf({ keepAlive: KEEP_ALIVE }));
    box.open();
    expect(box.name).toBe('syncing');
    box.give({ type: 'heard', conn: 1, bytes: bytes('O') });
    box.give({ type: 'heard', conn: 1, bytes: bytes('K\r') });
    expect(box.name).toBe('ready');
    const heardMs = box.nowMs;
    while (box.name === 'ready') box.advance(10);
    expect(box.nowMs - heardMs).toBeLessThan(5_000);
    expect(box.effects.at(-1)).toEqual({ type: 'close', conn: 1 });
  });

  it('with polls is ready by any known answer and away within 5 s', () => {
    for (const everyMs of [50, 1_000]) {
      const box = new Box(configOf({ poll: { send: '?', everyMs, idle: '0' } }));
      box.open();
      expect(box.name).toBe('syncing');
      box.say('0');
      expect(box.name).toBe('ready');
      const heardMs = box.nowMs;
      while (box.name === 'ready') box.advance(10);
      expect(box.nowMs - heardMs).toBeLessThan(5_000);
    }
  });

  it('of a box that never answers is a fault at the third line, once', () => {
    const box = new Box(configOf({ keepAlive: KEEP_ALIVE }));
    box.give({ type: 'start' });
    for (let round = 0; round < 8; round += 1) {
      box.give({ type: 'opened', conn: box.state.connections });
      box.advance(1_600);
      box.give({ type: 'ended', conn: box.state.connections });
      box.advance(5_000);
    }
    expect(box.faults()).toEqual([{ code: 'handshake-failed', button: null, detail: 3 }]);
  });

  it('asks again at once after a hot plug', () => {
    const box = ready();
    box.give({ type: 'ended', conn: 1 });
    for (let failed = 0; failed < 6; failed += 1) {
      box.advance(10_000);
      box.give({ type: 'ended', conn: box.state.connections });
    }
    const before = box.state.connections;
    box.give({ type: 'hotplug' });
    box.advance(100);
    expect(box.state.connections).toBe(before + 1);
  });
});

describe('draining', () => {
  it('waits for what was just said and its acknowledgement', () => {
    const box = ready();
    box.arm(3);
    box.say('1');
    box.give({ type: 'drain', id: 9 });
    box.advance(500);
    const done = () => box.effects.filter(({ type }) => type === 'drainDone');
    expect(done()).toEqual([]);
    box.ack();
    expect(done()).toEqual([{ type: 'drainDone', id: 9, drained: true }]);
  });

  it('of a box that is away is not drained', () => {
    const box = ready();
    box.give({ type: 'ended', conn: 1 });
    box.give({ type: 'drain', id: 9 });
    box.advance(100);
    expect(box.effects.at(-1)).toMatchObject({ type: 'drainDone', drained: false });
  });
});

describe('whatever comes', () => {
  const act = fc.oneof(
    fc.constantFrom('1', '2', 'D3', 'U3', 'x', 'OK').map((text) => ({ say: text })),
    fc.integer({ min: 1, max: 3_000 }).map((ms) => ({ pass: ms })),
    fc.constantFrom('arm', 'ack', 'end', 'open', 'drain', 'disarm').map((name) => ({ name })),
  );
  it('a ticket has one press at most, the machine never spins, and only one line lives', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), fc.boolean(), (acts, checked) => {
        const box = new Box(configOf(checked ? { keepAlive: KEEP_ALIVE } : {}));
        box.open();
        let ticket = 0;
        for (const each of acts) {
          if ('say' in each) box.say(each.say);
          else if ('pass' in each) box.advance(each.pass);
          else if (each.name === 'arm') box.arm(++ticket);
          else if (each.name === 'ack') box.ack();
          else if (each.name === 'drain') box.give({ type: 'drain', id: box.effects.length });
          else if (each.name === 'disarm') box.give({ type: 'disarm', askTicket: 0 });
          else box.give({ type: each.name === 'end' ? 'ended' : 'opened', conn: box.state.connections });
        }
        box.advance(60_000);
        const seqOf = new Map<number, number>();
        for (const { askTicket, seq } of box.told()) {
          expect(seqOf.get(askTicket) ?? seq).toBe(seq);
          seqOf.set(askTicket, seq);
        }
        const connects = box.effects.filter(({ type }) => type === 'connect').length;
        expect(connects).toBe(box.state.connections);
        const drains = box.effects.filter(({ type }) => type === 'drainDone').length;
        expect(drains).toBe(acts.filter((each) => 'name' in each && each.name === 'drain').length);
      }),
      { numRuns: 500 },
    );
  });

  it('the queue is bounded and what does not fit is said', () => {
    let keys: KeysState = newKeys(configOf().keys, [false, false]);
    let faults = 0;
    for (let ticket = 1; ticket <= 40; ticket += 1) {
      keys = arm(keys, { askTicket: ticket, mask: 1, singleShot: true, timeoutMs: 60_000 }, ticket * 1_000);
      const pressed = down(keys, 0, ticket * 1_000);
      keys = pressed.keys;
      faults += pressed.effects.filter(({ type }) => type === 'fault').length;
    }
    expect(keys.queue.length).toBe(32);
    expect(faults).toBe(8);
    expect(acknowledge(keys, 1).known).toBe(true);
  });
});

describe('messages', () => {
  const all = (parser: LineParser, chunks: readonly Uint8Array[]) =>
    chunks.flatMap((chunk) => parser.push(chunk, 1_000));
  const opened = () => {
    const parser = new LineParser(bytes('\r\n'));
    parser.reset(0);
    return parser;
  };

  it('are the same however the bytes are cut', () => {
    const text = fc.array(fc.constantFrom('1', 'D3', '\r', '\n', '\r\n', ' ', 'x'.repeat(80)), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (pieces, cuts) => {
        const whole = bytes(pieces.join(''));
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < whole.length; ) {
          const size = cuts.next().value as number;
          chunks.push(whole.subarray(at, at + size));
          at += size;
        }
        expect(all(opened(), chunks)).toEqual(all(opened(), [whole]));
      }),
    );
  });

  it('never exceed their bound, and every byte that is thrown away is counted', () => {
    const noise = fc.uint8Array({ minLength: 0, maxLength: 4_000 });
    fc.assert(
      fc.property(noise, (chunk) => {
        for (const message of all(opened(), [chunk]))
          if (message.kind === 'message') expect(message.bytes.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      }),
    );
    const long = all(opened(), [bytes(`${'y'.repeat(5_000)}\r\n1\r\n`)]);
    expect(long.filter(({ kind }) => kind === 'message')).toEqual([{ kind: 'message', bytes: bytes('1') }]);
    const dropped = long.reduce((sum, one) => sum + (one.kind === 'discard' ? one.bytes : 0), 0);
    expect(dropped).toBe(5_000);
  });

  it('whose beginning was before the opening are dropped', () => {
    const parser = new LineParser(bytes('\n'));
    parser.reset(1_000);
    expect(parser.push(bytes('2\n1\n'), 1_010)).toEqual([
      { kind: 'discard', reason: 'unexpected', bytes: 1 },
      { kind: 'message', bytes: bytes('1') },
    ]);
  });
});
