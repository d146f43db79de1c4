/* The host's link machine with a virtual clock (panel-protocol.md, "The host"). */
import { LINK_TIMING } from '@hailong/device-drivers/panel/link-state.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUTTON, INFO, LinkHarness, STATUS } from './link-harness.ts';

const ARM = { name: 'arm', ticket: 1001, mask: 31, singleShot: true, timeoutS: 60 } as const;

describe('handshake', () => {
  it('repeats HELLO every 250 ms with one tag and ignores beacons until INFO with its own tag', () => {
    const link = new LinkHarness();
    link.sync();
    link.advance(1_000);
    const hellos = link.written('hello');
    expect(hellos).toHaveLength(5);
    expect(new Set(hellos.map(({ tag }) => tag)).size).toBe(1);
    link.hear(INFO, 0);
    link.hear(INFO, (hellos[0]!.tag % 255) + 1);
    expect(link.state.phase.name).toBe('sync');
    link.hear(INFO, hellos[0]!.tag);
    expect(link.state.phase.name).toBe('ready');
  });

  it('pushes the configuration before it is ready, and only then takes commands', () => {
    const link = new LinkHarness({
      panelConfig: [
        [0, 20],
        [2, 250],
      ],
    });
    link.sync();
    link.hear(INFO, link.lastTag());
    link.give({ type: 'command', id: 1, message: ARM });
    expect(link.all('commandDone')).toEqual([
      { type: 'commandDone', id: 1, reply: { ok: false, code: 'away' } },
    ]);
    link.answerPing();
    link.answer();
    expect(link.name).toBe('syncing');
    link.answer();
    expect(link.name).toBe('ready');
    expect(link.written('setConfig').map(({ message }) => message)).toEqual([
      { name: 'setConfig', key: 0, value: 20 },
      { name: 'setConfig', key: 2, value: 250 },
    ]);
    expect(link.all('ready')).toHaveLength(1);
  });

  it('closes after 4 s without an answer and raises one alarm at the third failure', () => {
    const link = new LinkHarness();
    link.give({ type: 'start' });
    for (let round = 1; round <= 5; round += 1) {
      link.give({ type: 'opened', conn: link.conn });
      link.advance(LINK_TIMING.handshakeMs);
      expect(link.all('close')).toHaveLength(round);
      link.end();
      link.advance(LINK_TIMING.backoffMaxMs * 1.2);
      expect(link.all('fault')).toHaveLength(round < 3 ? 0 : 1);
    }
    expect(link.all('fault')[0]?.fault.code).toBe('handshake-failed');
  });

  it.each([
    ['incompatible', { ...INFO, minMajor: 2, maxMajor: 3 }],
    ['wrong-device', { ...INFO, hwid: 'ffffffffffffffff' }],
  ] as const)('%s: closes, says so, and looks again only after 30 s or a change of devices', (code, info) => {
    const link = new LinkHarness({ expectedHwid: INFO.hwid });
    link.sync();
    link.hear(info, link.lastTag());
    expect(link.all('close')).toHaveLength(1);
    expect(link.all('fault').map(({ fault }) => fault.code)).toEqual([code]);
    expect(link.name).toBe(code);
    link.end();
    expect(link.name).toBe(code);
    link.advance(29_000);
    expect(link.all('connect')).toHaveLength(1);
    link.give({ type: 'hotplug' });
    link.advance(LINK_TIMING.hotplugSettleMs);
    expect(link.all('connect')).toHaveLength(2);
  });
});

describe('presses', () => {
  it('neither tells nor acknowledges a BUTTON before INFO with its own tag on this port', () => {
    const link = new LinkHarness();
    link.sync();
    link.hear(BUTTON);
    link.hear(INFO, 0);
    link.hear(BUTTON);
    link.give({ type: 'acknowledge', boot: BUTTON.boot, seq: BUTTON.seq });
    expect(link.all('press')).toEqual([]);
    expect(link.written('ack')).toEqual([]);
    expect(link.all('discard').map(({ discard }) => discard.reason)).toEqual(['before-sync', 'before-sync']);
  });

  it('holds a press of this boot until the first STATUS gives its time', () => {
    const link = new LinkHarness();
    link.sync();
    link.hear(INFO, link.lastTag());
    link.hear(BUTTON);
    expect(link.all('press')).toEqual([]);
    link.advance(10);
    link.answerPing({ ...STATUS, uptimeMs: 100_000 });
    const [told] = link.all('press');
    expect(told?.press).toMatchObject({
      seq: 1,
      askTicket: 1001,
      button: 4,
      durationMs: null,
      repeat: false,
    });
    expect(told?.press.pressedAtMonoMs).toBe(link.nowMs - 100);
  });

  it('computes the time across the wrap of the uptime and never after the receipt', () => {
    const link = new LinkHarness();
    link.ready();
    link.advance(1_000);
    link.answerPing({ ...STATUS, uptimeMs: 500 });
    link.hear({ ...BUTTON, uptimeMs: 0xffff_ffff - 499 });
    expect(link.all('press')[0]?.press.pressedAtMonoMs).toBe(link.nowMs - 1000);
    link.hear({ ...BUTTON, seq: 2, uptimeMs: 700 });
    expect(link.all('press')[1]?.press.pressedAtMonoMs).toBe(link.nowMs);
  });

  it('accepts a journalled press of an older boot, without a time, and stays ready', () => {
    const link = new LinkHarness();
    link.ready();
    link.hear({ ...BUTTON, boot: 0x51d70002, seq: 0xffff });
    expect(link.all('press')[0]?.press).toMatchObject({
      boot: 0x51d70002,
      seq: 0xffff,
      pressedAtMonoMs: null,
    });
    expect(link.name).toBe('ready');
    link.give({ type: 'acknowledge', boot: 0x51d70002, seq: 0xffff });
    expect(link.written('ack').map(({ message }) => message)).toEqual([
      { name: 'ack', boot: 0x51d70002, seq: 0xffff },
    ]);
  });

  it('acknowledges on demand only, and again by itself once it was asked to', () => {
    const link = new LinkHarness();
    link.ready();
    link.hear(BUTTON);
    link.hear(BUTTON);
    expect(link.written('ack')).toEqual([]);
    expect(link.all('press')).toHaveLength(1);
    link.give({ type: 'acknowledge', boot: BUTTON.boot, seq: 1 });
    expect(link.written('ack')).toHaveLength(1);
    link.hear(BUTTON);
    expect(link.written('ack')).toHaveLength(2);
    expect(link.all('press')).toHaveLength(1);
  });

  it('tells an unacknowledged press again after 1 s, and at once when its duration became known', () => {
    const link = new LinkHarness();
    link.ready();
    link.hear(BUTTON);
    link.hear({ ...BUTTON, durationMs: 180 });
    link.hear({ ...BUTTON, durationMs: 180 });
    expect(link.all('press').map(({ press }) => [press.durationMs, press.repeat])).toEqual([
      [null, false],
      [180, true],
    ]);
    link.nowMs += LINK_TIMING.pressRepeatMs;
    link.hear({ ...BUTTON, durationMs: 180 });
    expect(link.all('press')).toHaveLength(3);
  });

  it('takes a press with the same number but another content for another press', () => {
    const link = new LinkHarness();
    link.ready();
    link.hear(BUTTON);
    link.give({ type: 'acknowledge', boot: BUTTON.boot, seq: 1 });
    link.hear({ ...BUTTON, ticket: 2002 });
    expect(link.all('press').map(({ press }) => press.askTicket)).toEqual([1001, 2002]);
  });
});

describe('restarts of the panel', () => {
  it.each([
    ['INFO', { ...INFO, boot: 0x11110008 }],
    ['STATUS', { ...STATUS, boot: 0x11110008 }],
  ] as const)(
    'a changed boot in %s returns to SYNC on the same line and fails what was in flight',
    (_, message) => {
      const link = new LinkHarness();
      link.ready();
      link.give({ type: 'command', id: 5, message: ARM });
      link.hear(message);
      expect(link.name).toBe('syncing');
      expect(link.all('commandDone')).toEqual([
        { type: 'commandDone', id: 5, reply: { ok: false, code: 'away' } },
      ]);
      expect(link.all('close')).toEqual([]);
      link.handshake({ ...INFO, boot: 0x11110008 });
      expect(link.name).toBe('ready');
    },
  );

  it('renews a session that the panel gave up, without leaving READY', () => {
    const link = new LinkHarness();
    link.ready();
    link.hear(INFO, 0);
    expect(link.written('hello')).toHaveLength(1);
    link.hear(INFO, 0);
    expect(link.written('hello')).toHaveLength(1);
    link.hear(INFO, link.lastTag());
    expect(link.name).toBe('ready');
  });
});

describe('commands and heartbeat', () => {
  it('keeps one in flight, sends it 8 times 120 ms apart with the same tag, then fails it', () => {
    const link = new LinkHarness();
    link.ready();
    link.give({ type: 'command', id: 1, message: ARM });
    link.give({ type: 'command', id: 2, message: { name: 'disarm', ticket: 0 } });
    link.advance(LINK_TIMING.commandRetryMs * LINK_TIMING.commandTries - 1);
    expect(link.written('arm')).toHaveLength(8);
    expect(new Set(link.written('arm').map(({ tag }) => tag)).size).toBe(1);
    expect(link.written('arm').map(({ retransmission }) => retransmission)).toEqual([
      false,
      ...Array(7).fill(true),
    ]);
    expect(link.written('disarm')).toEqual([]);
    link.advance(1);
    expect(link.all('commandDone')).toEqual([
      { type: 'commandDone', id: 1, reply: { ok: false, code: 'no-answer' } },
    ]);
    // A heartbeat goes first; the link is not given up for one deaf command.
    expect(link.written().at(-1)?.message.name).toBe('ping');
    link.answerPing();
    link.answer();
    expect(link.all('commandDone').at(-1)?.reply).toEqual({ ok: true, detail: 0 });
    expect(link.name).toBe('ready');
  });

  it.each([
    [1, 'unsupported'],
    [2, 'rejected'],
    [3, 'range'],
    [4, 'state'],
    [77, 'rejected'],
  ] as const)('RESULT %i becomes %s', (status, code) => {
    const link = new LinkHarness();
    link.ready();
    link.give({ type: 'command', id: 1, message: ARM });
    link.answer(status);
    expect(link.all('commandDone')).toEqual([{ type: 'commandDone', id: 1, reply: { ok: false, code } }]);
  });

  it('ignores a reply with another tag or for another request', () => {
    const link = new LinkHarness();
    link.ready();
    link.give({ type: 'command', id: 1, message: ARM });
    link.hear({ name: 'result', request: 3, status: 0, detail: 0 }, link.lastTag() + 1);
    link.hear({ name: 'result', request: 4, status: 0, detail: 0 }, link.lastTag());
    expect(link.all('commandDone')).toEqual([]);
  });

  it('refuses more than 16 waiting commands and what the panel cannot do', () => {
    const link = new LinkHarness();
    link.ready();
    for (let id = 1; id <= 18; id += 1) link.give({ type: 'command', id, message: ARM });
    expect(link.all('commandDone')).toEqual([
      { type: 'commandDone', id: 18, reply: { ok: false, code: 'busy' } },
    ]);
    const other = new LinkHarness();
    other.ready();
    other.give({ type: 'command', id: 1, message: { name: 'prompt', sound: 1, volume: 1 } });
    expect(other.all('commandDone')[0]?.reply).toEqual({ ok: false, code: 'unsupported' });
  });

  it('pings each second, closes after 3 unanswered heartbeats, within 4 s of silence', () => {
    const link = new LinkHarness();
    link.ready();
    for (let second = 0; second < 10; second += 1) {
      link.advance(1_000);
      link.answerPing();
    }
    expect(link.written('ping')).toHaveLength(10);
    expect(link.name).toBe('ready');
    link.advance(3_800);
    expect(link.all('close')).toEqual([]);
    link.advance(200);
    expect(link.all('close')).toHaveLength(1);
    expect(link.name).toBe('away');
  });
});

describe('the line', () => {
  it('waits 0.25…10 s, doubling, ±20 %, and starts over after READY', () => {
    const link = new LinkHarness();
    link.give({ type: 'start' });
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      link.end();
      const { phase } = link.state;
      if (phase.name !== 'backoff') throw new Error(phase.name);
      waits.push(phase.untilMs - link.nowMs);
      link.advance(phase.untilMs - link.nowMs);
    }
    for (const [round, wait] of waits.entries()) {
      const plain = Math.min(10_000, 250 * 2 ** round);
      expect(wait).toBeGreaterThanOrEqual(plain * 0.8);
      expect(wait).toBeLessThanOrEqual(plain * 1.2);
    }
    link.give({ type: 'opened', conn: link.conn });
    link.handshake();
    link.end();
    expect(link.state.phase).toMatchObject({ name: 'backoff' });
    link.advance(300);
    expect(link.state.phase.name).toBe('opening');
  });

  it('closes a line that opens after stop(), and reports stopped only when it is closed', () => {
    const link = new LinkHarness();
    link.give({ type: 'start' });
    link.give({ type: 'stop' });
    expect(link.all('close')).toHaveLength(1);
    expect(link.all('stopped')).toEqual([]);
    link.give({ type: 'opened', conn: link.conn });
    expect(link.written()).toEqual([]);
    link.end();
    expect(link.all('stopped')).toHaveLength(1);
  });

  it('never has two connections, whatever happens in whatever order', () => {
    const kinds = [
      'start',
      'stop',
      'opened',
      'ended',
      'late-ended',
      'late-opened',
      'hotplug',
      'info',
      'boot',
      'wait',
      'arm',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 120 }), (script) => {
        const link = new LinkHarness({ expectedHwid: INFO.hwid });
        let living = 0;
        for (const kind of script) {
          const before = link.effects.length;
          if (kind === 'start' || kind === 'stop' || kind === 'hotplug') link.give({ type: kind });
          if (kind === 'opened') link.give({ type: 'opened', conn: link.conn });
          if (kind === 'ended' && living > 0) {
            living -= 1;
            link.end();
          }
          if (kind === 'late-ended') link.end(link.conn - 1);
          if (kind === 'late-opened') link.give({ type: 'opened', conn: link.conn - 1 });
          if (kind === 'info') link.hear(INFO, link.state.tag);
          if (kind === 'boot') link.hear({ ...INFO, boot: 5 });
          if (kind === 'arm') link.give({ type: 'command', id: 1, message: ARM });
          if (kind === 'wait') link.advance(4_100);
          for (const effect of link.effects.slice(before)) if (effect.type === 'connect') living += 1;
          expect(living).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('drain', () => {
  it('is done by a STATUS asked for after it began and saying that the queue is empty', () => {
    const link = new LinkHarness();
    link.ready();
    // A heartbeat is on its way when the drain begins: its answer is too old to count.
    link.advance(1_000);
    link.nowMs += 1;
    link.give({ type: 'drain', id: 9 });
    link.answerPing();
    expect(link.all('drainDone')).toEqual([]);
    link.advance(LINK_TIMING.drainAskMs);
    link.answerPing({ ...STATUS, queueLength: 1 });
    expect(link.all('drainDone')).toEqual([]);
    link.advance(LINK_TIMING.drainAskMs);
    link.answerPing();
    expect(link.all('drainDone')).toEqual([{ type: 'drainDone', id: 9, drained: true }]);
  });

  it('gives up when the panel was away 2 s, when the queue does not empty in 10 s, and at stop()', () => {
    const away = new LinkHarness();
    away.ready();
    away.end();
    away.give({ type: 'drain', id: 1 });
    away.advance(1_999);
    expect(away.all('drainDone')).toEqual([]);
    away.advance(1);
    expect(away.all('drainDone')).toEqual([{ type: 'drainDone', id: 1, drained: false }]);

    const full = new LinkHarness();
    full.ready();
    full.give({ type: 'drain', id: 2 });
    for (let asked = 0; asked < 10_000 / LINK_TIMING.drainAskMs; asked += 1) {
      full.answerPing({ ...STATUS, queueLength: 3 });
      full.advance(LINK_TIMING.drainAskMs);
    }
    expect(full.all('drainDone')).toEqual([{ type: 'drainDone', id: 2, drained: false }]);

    const stopped = new LinkHarness();
    stopped.ready();
    stopped.give({ type: 'drain', id: 3 });
    stopped.give({ type: 'stop' });
    expect(stopped.all('drainDone')).toEqual([{ type: 'drainDone', id: 3, drained: false }]);
  });
});
