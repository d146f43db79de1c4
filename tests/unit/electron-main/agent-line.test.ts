/* Main's line to the agent and the agent it may start, on hand-made sockets and processes. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AgentLine } from '../../../kiosk-app/shell/agent-line.ts';
import { keepAgent, startAgent } from '../../../kiosk-app/shell/agent-process.ts';
import { screens } from '../../support/kiosk-screens.ts';

class HandLine extends EventTarget {
  readonly sent: unknown[] = [];
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.dispatchEvent(new Event('close'));
  }
  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(data) }));
  }
}

function opened() {
  const lines: { url: string; line: HandLine }[] = [];
  const waits: (() => void)[] = [];
  const messages: unknown[] = [];
  const connections: boolean[] = [];
  const agent = new AgentLine({
    open: (url) => {
      const line = new HandLine();
      lines.push({ url, line });
      return line as unknown as WebSocket;
    },
    after: (_delayMs, run) => waits.push(run),
    onMessage: (message) => messages.push(message),
    onConnection: (connected) => connections.push(connected),
  });
  agent.joinAt({ origin: 'http://127.0.0.1:7000', token: 'secret' });
  return { agent, lines, waits, messages, connections, line: () => lines.at(-1)?.line as HandLine };
}

const rest = { type: 'screen', revision: 4, screen: screens.rest };

describe('agent line', () => {
  it('greets, relays screens, and keeps the last for a page that loads later', () => {
    const { agent, lines, line, messages, connections } = opened();
    expect(lines[0]?.url).toBe('ws://127.0.0.1:7000/ui/v1');
    line().dispatchEvent(new Event('open'));
    expect(line().sent).toEqual([{ type: 'hello', token: 'secret' }]);
    line().say(rest);
    line().say({ type: 'nonsense' });
    expect(messages).toEqual([rest]);
    expect(connections).toEqual([true]);
    expect(agent.lastScreen).toEqual(rest);
  });

  it('forwards only touches of the protocol, and only while connected', () => {
    const { agent, line } = opened();
    agent.forward({ type: 'citizen.open' });
    line().say(rest);
    const word = { type: 'shell', shell: 'electron', version: 'Electron/45.4.1', restarts: 0 } as const;
    for (const wrong of [null, { type: 'hello', token: 'x' }, { type: 'tap' }, 'tap', word])
      agent.forward(wrong);
    agent.forward({ type: 'citizen.open' });
    agent.tell(word);
    expect(line().sent).toEqual([{ type: 'citizen.open' }, word]);
  });

  it('comes back after a cut, and follows an agent that moved', () => {
    const { agent, lines, line, waits, connections } = opened();
    line().say(rest);
    line().close();
    waits.pop()?.();
    expect(lines).toHaveLength(2);
    agent.joinAt({ origin: 'http://127.0.0.1:7001', token: 'next' });
    waits.pop()?.();
    expect(lines.at(-1)?.url).toBe('ws://127.0.0.1:7001/ui/v1');
    expect(agent.blobAddress('photos', 'ab')).toBe('http://127.0.0.1:7001/photos/ab');
    expect(connections).toEqual([true, false]);
  });
});

class HandProcess extends EventEmitter {
  readonly stdout = new PassThrough();
  readonly killed: string[] = [];
  kill(signal: string): boolean {
    this.killed.push(signal);
    return true;
  }
}

describe('kept agent', () => {
  it('gives its address, starts again when it ends, and stays stopped', async () => {
    const children: HandProcess[] = [];
    const waits: (() => void)[] = [];
    const addresses: unknown[] = [];
    const agent = keepAgent({
      start: () => {
        const child = new HandProcess();
        children.push(child);
        return child as unknown as ChildProcess;
      },
      after: (_delayMs, run) => waits.push(run),
      onAddress: (address) => addresses.push(address),
    });
    children[0]?.stdout.end('{"event":"other"}\n{"event":"ready","ui":"http://127.0.0.1:1/#token=t"}\n');
    await new Promise<void>((done) => children[0]?.stdout.once('close', done));
    expect(addresses).toEqual([{ origin: 'http://127.0.0.1:1', token: 't' }]);
    children[0]?.emit('error', new Error('spawn'));
    children[0]?.emit('exit', 1);
    expect(waits).toHaveLength(1);
    waits.pop()?.();
    expect(children).toHaveLength(2);
    agent.stop();
    expect(children[1]?.killed).toEqual(['SIGTERM']);
    children[1]?.emit('exit', 0);
    expect(waits).toHaveLength(0);
  });

  it('waits longer for each that never was ready, up to 30 s, and 2 s again after one that was', async () => {
    const children: HandProcess[] = [];
    const delays: number[] = [];
    const next: (() => void)[] = [];
    keepAgent({
      start: () => {
        const child = new HandProcess();
        children.push(child);
        return child as unknown as ChildProcess;
      },
      after(delayMs, run) {
        delays.push(delayMs);
        next.push(run);
      },
      onAddress: () => undefined,
    });
    const end = () => {
      children.at(-1)?.emit('exit', 3);
      next.pop()?.();
    };
    for (let each = 0; each < 6; each += 1) end();
    const last = children.at(-1);
    last?.stdout.end('{"event":"ready","ui":"http://127.0.0.1:1/#token=t"}\n');
    await new Promise<void>((done) => last?.stdout.once('close', done));
    end();
    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 2_000]);
  });

  it('ends with the window that started it, also when that is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hailong-agent-'));
    try {
      const bin = join(folder, 'bin.mjs');
      const watch = new URL('../../../scripts/watch-parent.js', import.meta.url).href;
      writeFileSync(bin, `import '${watch}';\nsetInterval(() => undefined, 1_000);\nconsole.log('up');\n`);
      const child = startAgent(process.execPath, bin, []);
      const ended = new Promise((done) => child.once('exit', (_code, signal) => done(signal)));
      await new Promise((done) => child.stdout?.once('data', done));
      // What the kernel does to the descriptors of a killed process.
      child.stdio[3]?.destroy();
      expect(await ended).toBe('SIGTERM');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
