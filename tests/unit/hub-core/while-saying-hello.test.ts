/*
 * What is decided while a kiosk says hello: its welcome knew nothing of it, and it has no line yet on which it could be
 * told. A checkpoint (or it would bear witness of an older log until the next change, which may be a quiet day away),
 * another kiosk in its place, its own revocation. A real log on real SQLite, a real WebSocket; storage answers when the test says so.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { EdgeLinks, type EdgeLinksParts } from '../../../hub-server/src/adapters/ws/edge-links.ts';
import { LiveBus } from '../../../hub-server/src/application/live-bus.ts';
import { EdgeClient } from '../../support/edge-client.ts';
import { poll } from '../../support/poll.ts';
import { NOW, openLog } from '../hub-log/kit.ts';

/** Who comes waits until it is opened. */
class Gate {
  readonly #opened = Promise.withResolvers<void>();
  readonly #reached = Promise.withResolvers<void>();
  readonly reached = this.#reached.promise;

  pass(): Promise<void> {
    this.#reached.resolve();
    return this.#opened.promise;
  }
  open(): void {
    this.#opened.resolve();
  }
}

async function openLine() {
  const log = await openLog();
  const { storage, sealer } = log;
  const counter = randomUUID();
  const kiosk = await log.enrolled(counter);
  const gates = new Map<string, Gate>();
  const reported: unknown[] = [];
  const parts = {
    ...storage,
    backups: {
      safe: async (...of: Parameters<typeof storage.backups.safe>) => {
        const gate = gates.get('hello');
        gates.delete('hello');
        await gate?.pass();
        return storage.backups.safe(...of);
      },
    },
    log: {
      ...storage.log,
      consistency: async (...of: Parameters<typeof storage.log.consistency>) => {
        await gates.get(`from ${of[0].from} to ${of[0].to}`)?.pass();
        return storage.log.consistency(...of);
      },
    },
    ...{ keys: log.hub, clock: log.clock, logSealer: sealer, bus: new LiveBus(), isConfidential: false },
    own: { fresh: () => null, stated: () => undefined, mirrored: true },
    timers: { after: () => () => undefined },
    report: (error: unknown) => void reported.push(error),
  } as unknown as EdgeLinksParts;
  const links = new EdgeLinks(parts, false);
  const told: Promise<void>[] = [];
  sealer.onSealed((checkpoint) => void told.push(links.checkpointSigned(checkpoint)));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket, request) => links.accept(socket as WebSocket, request.socket));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let changes = 0;
  return {
    /** The next one to come that way waits. */
    shut(way: string): Gate {
      const gate = new Gate();
      gates.set(way, gate);
      return gate;
    },
    greet: (who = kiosk) => EdgeClient.greet(url, who, []),
    another: () => log.enrolled(counter),
    async revoke(): Promise<void> {
      const { device: id } = kiosk;
      const object = `device:${id}`;
      await storage.devices.revoke({
        ...{ id, at: NOW },
        audit: { at: NOW, actor: 'An', action: 'device.revoked', object, reason: null, body: null },
      });
      links.end(id, 'device.revoked');
    },
    onLine: () => poll(() => links.onlineSince(kiosk.device) !== null, { what: 'its line', everyMs: 5 }),
    /** How many rows are signed for now. */
    async change(): Promise<number> {
      await log.note(`unit:${changes++}`);
      return (await sealer.seal())!.size;
    },
    async close(): Promise<void> {
      links.close();
      server.close();
      // A proof that is still asked for would find the storage closed.
      await Promise.all(told);
      // What a session says of its end may come when the storage is closed: that is nobody's fault.
      const before = [...reported];
      await log.close();
      expect(before).toEqual([]);
    },
  };
}

test('a kiosk is told of what is signed while it says hello', async () => {
  const line = await openLine();
  try {
    const before = await line.change();
    const hello = line.shut('hello');
    const greeting = line.greet();
    await hello.reached;
    const after = await line.change();
    hello.open();
    const kiosk = await greeting;
    expect((await kiosk.first('welcome')).checkpoint).toMatchObject({ size: before });
    expect(await kiosk.first('log.checkpoint')).toMatchObject({ from: before, checkpoint: { size: after } });
  } finally {
    await line.close();
  }
});

test('a kiosk is told of what is signed while it is told of the one before', async () => {
  const line = await openLine();
  try {
    const before = await line.change();
    const kiosk = await line.greet();
    await line.onLine();
    const [one, both] = [
      line.shut(`from ${before} to ${before + 1}`),
      line.shut(`from ${before} to ${before + 2}`),
    ];
    await line.change();
    await one.reached;
    const after = await line.change();
    await both.reached;
    one.open();
    await kiosk.first('log.checkpoint');
    both.open();
    expect(await kiosk.first('log.checkpoint', ({ from }) => from === before + 1)).toMatchObject({
      checkpoint: { size: after },
    });
  } finally {
    await line.close();
  }
});

test('a kiosk is told of another that took its place while it said hello', async () => {
  const line = await openLine();
  try {
    const hello = line.shut('hello');
    const greeting = line.greet();
    await hello.reached;
    const other = await line.greet(await line.another());
    expect((await other.first('welcome')).standing).toBe('serving');
    hello.open();
    const kiosk = await greeting;
    expect((await kiosk.first('welcome')).standing).toBe('serving');
    expect((await kiosk.first('standing')).standing).toBe('superseded');
  } finally {
    await line.close();
  }
});

test('a kiosk that is revoked while it says hello is refused, and is told of no screen and no officer', async () => {
  const line = await openLine();
  try {
    const hello = line.shut('hello');
    const greeting = line.greet();
    await hello.reached;
    await line.revoke();
    hello.open();
    const kiosk = await greeting;
    expect((await kiosk.first('error')).code).toBe('device.revoked');
    await kiosk.over();
    expect(kiosk.messages.map((each) => each.type)).toEqual(['challenge', 'welcome', 'error']);
  } finally {
    await line.close();
  }
});
