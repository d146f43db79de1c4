/*
 * Purpose: the kiosks' side of a storm, in a process of its own: all connect, sign the hub's challenge, say hello, and
 * send what they recorded over real WebSockets, one batch in flight, as the real client does; time stops at the last
 * verdict.
 * The bare hub gets the same talk with its batch as JSON text. Nothing is encoded or signed in the timed part but the
 * answer to the challenge. Refuses: any verdict that does not name the head that was sent.
 */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { readBatch } from '@hailong/shared/edge/batch.ts';
import { EDGE_PATH } from '@hailong/shared/protocol/edge.ts';
import { WebSocket } from 'ws';
import { answerOrders } from '../processes.ts';
import type { Kiosk, SignedBatch } from './fleet.ts';

export type LoadOrder =
  | { readonly kind: 'load'; readonly file: string; readonly json: boolean }
  | { readonly kind: 'storm'; readonly url: string };
export interface StormTimes {
  /** From the first connection to the last verdict, ms. */
  readonly tookMs: number;
  /** To the last welcome. */
  readonly welcomedMs: number;
  readonly cpuSeconds: number;
}

/** Connections being made at once: fewer than a listening socket queues, so that none waits for a TCP retry. */
const CONNECTING_MAX = 256;

interface Sender {
  readonly kiosk: Kiosk;
  readonly key: KeyObject;
  readonly frames: readonly (Uint8Array | string)[];
  readonly hello: string;
}
let senders: Sender[] = [];

/** The same events as JSON: what a hand-written hub would take. */
function asJson({ frame }: SignedBatch): string {
  const batch = readBatch(frame);
  if (!batch.ok) throw new Error(batch.detail);
  const { device, epoch, firstSeq, prevHash, head, sig } = batch.header;
  const events = batch.events.map((bytes) => Buffer.from(bytes).toString()).join(',');
  return `${JSON.stringify({ type: 'batch', batch: batch.header.batch, device, epoch, firstSeq, prevHash, head, sig }).slice(0, -1)},"events":[${events}]}`;
}

function load(file: string, json: boolean): number {
  senders = (deserialize(readFileSync(file)) as Kiosk[]).map((kiosk) => ({
    kiosk,
    key: createPrivateKey(kiosk.privateKey),
    frames: kiosk.batches.map((each) => (json ? asJson(each) : each.frame)),
    hello: JSON.stringify({
      ...{ type: 'hello', protocol: 1, device: kiosk.device, sig: '', checkpoint: null },
      epochs: kiosk.batches.map(({ epoch, head }) => ({ epoch, ...head, acknowledged: 0 })),
    }),
  }));
  return senders.length;
}

function storm(url: string): Promise<StormTimes> {
  const address = new URL(EDGE_PATH, url);
  address.protocol = 'ws:';
  return new Promise((done, fail) => {
    const cpu = process.cpuUsage();
    const from = performance.now();
    let next = 0;
    let welcomed = 0;
    let welcomedMs = 0;
    let finished = 0;
    const sockets: WebSocket[] = [];
    const connect = (): void => {
      const sender = senders[next++];
      if (!sender) return;
      let sent = 0;
      const socket = new WebSocket(address, { perMessageDeflate: false, skipUTF8Validation: true });
      sockets.push(socket);
      socket.on('error', fail);
      socket.on('close', () => finished < senders.length && fail(new Error('the hub ended a line')));
      socket.on('message', (data) => {
        const text = String(data);
        if (text.startsWith('{"type":"challenge"')) {
          const { nonce } = JSON.parse(text) as { nonce: string };
          const { device } = sender.kiosk;
          const sig = sign(null, Buffer.from(`hailong-hello-v1\n${device}\n${nonce}\n`), sender.key);
          socket.send(sender.hello.replace('"sig":""', `"sig":"${sig.toString('base64url')}"`));
        } else if (text.startsWith('{"type":"welcome"')) {
          connect();
          welcomed += 1;
          if (welcomed === senders.length) welcomedMs = performance.now() - from;
          socket.send(sender.frames[0]!);
        } else if (text.startsWith('{"type":"verdicts"')) {
          const { head, later } = JSON.parse(text) as { head: { seq: number; hash: string }; later: boolean };
          const expected = sender.kiosk.batches[sent]!.head;
          if (later || head.seq !== expected.seq || head.hash !== expected.hash)
            fail(new Error(`verdict ${text.slice(0, 300)}`));
          const following = sender.frames[++sent];
          if (following) {
            socket.send(following);
            return;
          }
          finished += 1;
          if (finished < senders.length) return;
          const tookMs = performance.now() - from;
          const { user, system } = process.cpuUsage(cpu);
          for (const each of sockets) each.terminate();
          done({ tookMs, welcomedMs, cpuSeconds: (user + system) / 1e6 });
        } else if (text.startsWith('{"type":"error"')) fail(new Error(text));
      });
    };
    for (let n = 0; n < CONNECTING_MAX; n++) connect();
  });
}

answerOrders<LoadOrder>(async (order) =>
  order.kind === 'load' ? load(order.file, order.json) : storm(order.url),
);
