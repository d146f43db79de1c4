/* The loopback bridge on a line made by hand: token first, only understood messages, patient reconnection. */
import { describe, expect, it } from 'vitest';
import { openLoopbackBridge, socketUrl } from '../../../kiosk-app/renderer/bridge/loopback-bridge.ts';
import { takeToken } from '../../../kiosk-app/renderer/bridge/token.ts';
import { screens } from '../../support/kiosk-screens.ts';

class HandLine extends EventTarget {
  readonly sent: unknown[] = [];
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  say(value: unknown): void {
    const data = typeof value === 'string' ? value : JSON.stringify(value);
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
  happen(name: 'open' | 'close'): void {
    this.dispatchEvent(new Event(name));
  }
}

function opened() {
  const lines: HandLine[] = [];
  const waits: { delayMs: number; run: () => void }[] = [];
  const bridge = openLoopbackBridge({
    origin: 'http://127.0.0.1:7000',
    token: 'secret',
    open: () => {
      const line = new HandLine();
      lines.push(line);
      return line as unknown as WebSocket;
    },
    after: (delayMs, run) => waits.push({ delayMs, run }),
  });
  const connections: boolean[] = [];
  const received: unknown[] = [];
  bridge.onConnection((connected) => connections.push(connected));
  bridge.subscribe((message) => received.push(message));
  return { bridge, lines, waits, connections, received, line: () => lines.at(-1) as HandLine };
}

const rest = { type: 'screen', revision: 1, screen: screens.rest };

describe('loopback bridge', () => {
  it('speaks to its own origin', () => {
    expect(socketUrl('http://127.0.0.1:7000')).toBe('ws://127.0.0.1:7000/ui/v1');
    expect(socketUrl('https://kiosk.local')).toBe('wss://kiosk.local/ui/v1');
  });

  it('says hello, and is connected only when the agent answers', () => {
    const { line, connections, received } = opened();
    line().happen('open');
    expect(line().sent).toEqual([{ type: 'hello', token: 'secret' }]);
    expect(connections).toEqual([false]);
    line().say(rest);
    expect(connections).toEqual([false, true]);
    expect(received).toEqual([rest]);
  });

  it('drops what is not of the protocol', () => {
    const { line, received } = opened();
    for (const wrong of ['{', '[]', { type: 'screen' }, { type: 'level', level: 1 }]) line().say(wrong);
    expect(received).toEqual([]);
  });

  it('tries again with growing pauses, and from the start after a good line', () => {
    const { line, waits, connections } = opened();
    for (let at = 0; at < 7; at += 1) {
      line().happen('close');
      waits.at(-1)?.run();
    }
    expect(waits.map(({ delayMs }) => delayMs)).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    line().say(rest);
    line().happen('close');
    expect(waits.at(-1)?.delayMs).toBe(250);
    expect(connections).toEqual([false, true, false]);
  });

  it('sends nothing while the line is cut', () => {
    const { bridge, line } = opened();
    bridge.send({ type: 'citizen.open' });
    expect(line().sent).toEqual([]);
    line().say(rest);
    bridge.send({ type: 'citizen.open' });
    expect(line().sent).toEqual([{ type: 'citizen.open' }]);
  });
});

describe('token', () => {
  const places = (hash: string, stored = new Map<string, string>()) => {
    const shown: string[] = [];
    return {
      shown,
      stored,
      location: { hash, pathname: '/', search: '' },
      history: { replaceState: (_state: null, _unused: string, url: string) => shown.push(url) },
      storage: {
        getItem: (key: string) => stored.get(key) ?? null,
        setItem: (key: string, value: string) => stored.set(key, value),
      },
    };
  };
  it('moves from the address to the tab’s storage and survives a reload', () => {
    const first = places('#token=abc');
    expect(takeToken(first)).toBe('abc');
    expect(first.shown).toEqual(['/']);
    expect(takeToken(places('', first.stored))).toBe('abc');
    expect(takeToken(places(''))).toBe('');
  });
});
