/*
 * A kiosk that talks faster than the disk writes: whatever it says waits on its own side of the line, not in the
 * hub's memory. A real WebSocket, a disk that answers when the test says so.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { EdgeParts } from '../../../hub-server/src/adapters/ws/edge-parts.ts';
import { EdgeSession } from '../../../hub-server/src/adapters/ws/edge-session.ts';
import { ReadGate } from '../../../hub-server/src/adapters/ws/read-gate.ts';
import { poll } from '../../support/poll.ts';
import { TestDevice } from '../../support/test-device.ts';

const STATUS = JSON.stringify({
  type: 'status',
  status: {
    ...{ build: 'test', panel: 'none', unsynced: 0, oldestUnsyncedMs: 0 },
    ...{ screens: 0, configRevision: 0, diskFreeBytes: null },
  },
});

test('the socket is not read while what it said waits for the disk', async () => {
  const device = new TestDevice();
  const writes: (() => void)[] = [];
  const counterId = 'counter';
  const reported: unknown[] = [];
  const parts = {
    greet: async () => ({
      ...{ ok: true, publicKey: device.publicKeyText, told: null },
      live: { fence: 1, counterId, lineage: 'l', have: [] },
      welcome: { lineage: 'l', have: [], checkpoint: null },
    }),
    devices: { said: () => new Promise<void>((done) => writes.push(done)) },
    clock: { now: () => device.at },
    timers: { after: () => () => undefined },
    gate: new ReadGate(),
    log: (error: unknown) => void reported.push(error),
    sessionStarted: async () => undefined,
    sessionEnded: () => undefined,
    deviceChanged: () => undefined,
  } as unknown as EdgeParts;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const kiosk = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const hubSide = once(server, 'connection').then(([socket, request]) => {
      new EdgeSession(socket as WebSocket, request.socket, parts);
      return socket as WebSocket;
    });
    const [challenge] = await once(kiosk, 'message');
    const { nonce } = JSON.parse(String(challenge)) as { nonce: string };
    const sig = device.signText(`hailong-hello-v1\n${device.device}\n${nonce}\n`);
    const hello = { type: 'hello', protocol: 1, device: device.device, sig, epochs: [], checkpoint: null };
    kiosk.send(JSON.stringify(hello));
    await once(kiosk, 'message');
    const socket = await hubSide;
    for (let i = 0; i < 20_000; i++) kiosk.send(STATUS);
    await poll(() => socket.isPaused, { what: 'the hub to stop reading' });
    // What one read of the socket held may still come; the other tens of thousands stay where they are.
    expect(writes.length).toBeLessThan(2_000);
    await poll(
      () => {
        for (const done of writes.splice(0)) done();
        return kiosk.bufferedAmount === 0 && !socket.isPaused;
      },
      { what: 'the rest to be read' },
    );
    expect(reported).toEqual([]);
  } finally {
    kiosk.terminate();
    server.close();
  }
});
