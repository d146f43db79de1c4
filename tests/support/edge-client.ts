/* Purpose: a kiosk's line to a real hub: enrols a TestDevice, says a signed hello, sends frames, waits for answers. */

import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import {
  type DeviceToHub,
  EDGE_PATH,
  ENROL_PATH,
  type HubToDevice,
  hubToDevice,
} from '@hailong/shared/protocol/edge.ts';
import { WebSocket } from 'ws';
import { poll } from './poll.ts';
import type { Chain, TestDevice } from './test-device.ts';

type Of<T extends HubToDevice['type']> = Extract<HubToDevice, { type: T }>;

export async function enrolOverHttp(hubUrl: string, device: TestDevice, code: string): Promise<Response> {
  return fetch(new URL(ENROL_PATH, hubUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, publicKey: device.publicKeyText, build: 'test' }),
  });
}

/** A head as hello and `epochs` name it. */
export const stated = (chain: Chain, acknowledged = 0) => ({
  ...{ epoch: chain.epoch, seq: chain.bytes.length, acknowledged },
  hash: Buffer.from(chain.hashes.at(-1) ?? Buffer.alloc(32)).toString('hex'),
});

type StatedBox = NonNullable<Extract<DeviceToHub, { type: 'hello' }>['box']>;

export class EdgeClient {
  readonly socket: WebSocket;
  readonly messages: HubToDevice[] = [];
  readonly strange: string[] = [];
  ended = false;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const parsed = hubToDevice.safeParse(JSON.parse(String(data)));
      if (parsed.success) this.messages.push(parsed.data);
      else this.strange.push(String(data));
    });
    socket.on('close', () => {
      this.ended = true;
    });
    socket.on('error', () => undefined);
  }

  static async open(hubUrl: string): Promise<EdgeClient> {
    const url = new URL(EDGE_PATH, hubUrl);
    url.protocol = 'ws:';
    const client = new EdgeClient(new WebSocket(url, { perMessageDeflate: false }));
    await client.first('challenge');
    return client;
  }

  /** Opens, says hello and waits for the welcome. */
  static async greet(
    hubUrl: string,
    device: TestDevice,
    chains: readonly Chain[],
    checkpoint: Checkpoint | null = null,
    said: { readonly more?: boolean; readonly acknowledged?: number; readonly box?: StatedBox } = {},
  ): Promise<EdgeClient> {
    const client = await EdgeClient.open(hubUrl);
    const { nonce } = await client.first('challenge');
    client.send({
      type: 'hello',
      protocol: 1,
      device: device.device,
      sig: device.signText(`hailong-hello-v1\n${device.device}\n${nonce}\n`),
      epochs: chains.map((chain) => stated(chain, said.acknowledged)),
      ...(said.more ? { more: true } : {}),
      ...(said.box ? { box: said.box } : {}),
      checkpoint,
    });
    await client.first('welcome');
    return client;
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }
  sendBytes(frame: Uint8Array): void {
    this.socket.send(frame);
  }

  /** The first message of a type that satisfies the test. */
  first<T extends HubToDevice['type']>(
    type: T,
    test: (message: Of<T>) => boolean = () => true,
  ): Promise<Of<T>> {
    return poll(
      () => this.messages.find((each): each is Of<T> => each.type === type && test(each as Of<T>)),
      { what: `${type} from the hub`, everyMs: 5 },
    );
  }

  over(): Promise<boolean> {
    return poll(() => this.ended, { what: 'the end of the line', everyMs: 5 });
  }

  close(): void {
    this.socket.terminate();
  }
}
