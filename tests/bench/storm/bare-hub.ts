/*
 * Purpose: the comparator of a storm: what one would write by hand in an afternoon. @fastify/websocket, JSON.parse,
 * prepared INSERT OR IGNORE into the product's own event table with its indexes, WAL, synchronous=FULL, verdict after
 * the commit. What has come meanwhile from any socket is committed together.
 * It checks nothing: no signature, no hash (32 zero bytes stand for it), no form, no order, no duplicate's content.
 */
import { mkdirSync } from 'node:fs';
import fastifyWebsocket from '@fastify/websocket';
import Fastify from 'fastify';
import type { WebSocket } from 'ws';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { answerOrders } from '../processes.ts';

interface Batch {
  readonly type: 'batch';
  readonly batch: number;
  readonly device: string;
  readonly epoch: string;
  readonly firstSeq: number;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly events: readonly { readonly at: number; readonly body: { readonly type: string } }[];
}

async function listen(dataDir: string): Promise<string> {
  mkdirSync(dataDir, { recursive: true });
  const db = openWriter(dataDir);
  const insert = db.prepare(
    `INSERT OR IGNORE INTO event (epoch_id, seq, branch, hash, prev_hash, bytes, type, at, status, received_at)
     VALUES (?, ?, 0, ?, ?, ?, ?, ?, 'stored', ?)`,
  );
  const newEpoch = db.prepare(
    'INSERT OR IGNORE INTO device_epoch (device, epoch, head_seq, head_hash) VALUES (?, ?, ?, ?)',
  );
  const epochId = db.prepare('SELECT id FROM device_epoch WHERE device = ? AND epoch = ?').pluck();
  const noHash = Buffer.alloc(32);
  const store = db.transaction((waiting: readonly { batch: Batch }[]) => {
    const receivedAt = Date.now();
    for (const { batch } of waiting) {
      newEpoch.run(batch.device, batch.epoch, batch.head.seq, noHash);
      const id = epochId.get(batch.device, batch.epoch);
      batch.events.forEach((event, n) => {
        const bytes = Buffer.from(JSON.stringify(event));
        insert.run(id, batch.firstSeq + n, noHash, noHash, bytes, event.body.type, event.at, receivedAt);
      });
    }
  }).immediate;

  let waiting: { socket: WebSocket; batch: Batch }[] = [];
  const commit = (): void => {
    const now = waiting;
    waiting = [];
    store(now);
    for (const { socket, batch } of now) {
      const { epoch, head } = batch;
      const verdict = { type: 'verdicts', batch: batch.batch, epoch, head: { epoch, ...head } };
      socket.send(JSON.stringify({ ...verdict, exceptions: [], later: false }));
    }
  };

  const app = Fastify();
  await app.register(fastifyWebsocket, { options: { maxPayload: 2 * 1024 * 1024 } });
  app.get('/edge/v1', { websocket: true }, (socket) => {
    socket.send(JSON.stringify({ type: 'challenge', nonce: 'none', protocolMin: 1, protocolMax: 1 }));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Batch | { readonly type: 'hello' };
      if (message.type === 'hello') {
        socket.send(JSON.stringify({ type: 'welcome', have: [] }));
        return;
      }
      waiting.push({ socket, batch: message });
      if (waiting.length === 1) setImmediate(commit);
    });
  });
  return app.listen({ port: 0, host: '127.0.0.1' });
}

answerOrders<string>(listen);
