/* The loopback gateway against whatever else runs on the kiosk's machine: a refused socket that is reset. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { FolderBlobs } from '../../../kiosk-app/agent/adapters/blob-files.ts';
import { Gateway } from '../../../kiosk-app/agent/adapters/ui-gateway/gateway.ts';

test('an upgrade that is refused and reset by the other side does not end the agent', async () => {
  const blobs = { has: () => false, read: () => null } as unknown as FolderBlobs;
  const gateway = new Gateway(
    { port: 0, token: 'token-of-this-test', screens: '/nowhere', blobs },
    { joined: () => undefined, message: () => undefined, counted: () => undefined },
  );
  await gateway.listen();
  try {
    const port = Number(new URL(gateway.address).port);
    for (let i = 0; i < 60; i++) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      const head = `GET ${i % 2 ? '/ui/v1' : '/x'} HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
      socket.write(
        `${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n${'z'.repeat(60_000)}`,
      );
      const answered = once(socket, 'data');
      if (i % 3 === 0) await answered.catch(() => undefined);
      else answered.catch(() => undefined);
      socket.resetAndDestroy();
    }
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(answer.status).toBe(503);
    await answer.text();
  } finally {
    await gateway.close();
  }
});

test('a blob is served as what its bytes are, and only under the address of that kind', async () => {
  const hash = (letter: string) => letter.repeat(64);
  const bytes = new Map([
    [hash('a'), Buffer.from('OggS and more')],
    [hash('b'), Buffer.from('RIFF....WAVEfmt ')],
    [hash('c'), Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1')],
    [hash('d'), Buffer.from('<html><script>alert(1)</script>')],
    [hash('1'), Buffer.from([0xff, 0xfb, 0x90, 0x64])],
    [hash('2'), Buffer.from('ID3 and frames')],
    [hash('3'), Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  ]);
  const blobs = { read: (name: string) => bytes.get(name) ?? null } as unknown as FolderBlobs;
  const gateway = new Gateway(
    { port: 0, token: 'token-of-this-test', screens: '/nowhere', blobs },
    { joined: () => undefined, message: () => undefined, counted: () => undefined },
  );
  await gateway.listen();
  try {
    const { origin } = new URL(gateway.address);
    const ask = async (path: string) => {
      const answer = await fetch(`${origin}${path}`);
      await answer.arrayBuffer();
      return answer.ok ? answer.headers.get('content-type') : answer.status;
    };
    const answers = async (folder: string) =>
      Promise.all([...bytes.keys(), hash('e'), '../x'].map((name) => ask(`/${folder}/${name}`)));
    expect(await answers('voices')).toEqual([
      ...['audio/ogg', 'audio/wav', 404, 404],
      ...['audio/mpeg', 'audio/mpeg', 404, 404, 503],
    ]);
    expect(await answers('photos')).toEqual([
      ...[404, 404, 'image/png', 404],
      ...[404, 404, 'image/jpeg', 404, 503],
    ]);
  } finally {
    await gateway.close();
  }
});
