/* The loopback gateway against whatever else runs on the kiosk's machine: a refused socket that is reset. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { FolderBlobs } from '../../../kiosk-app/agent/adapters/blob-files.ts';
import { Gateway } from '../../../kiosk-app/agent/adapters/ui-gateway/gateway.ts';
import { poll } from '../../support/poll.ts';

const noListener = {
  joined: () => undefined,
  message: () => undefined,
  counted: () => undefined,
  beat: () => undefined,
  shell: () => undefined,
};

test('an upgrade that is refused and reset by the other side does not end the agent', async () => {
  const blobs = { has: () => false, read: () => null } as unknown as FolderBlobs;
  const gateway = new Gateway(
    { port: 0, token: 'token-of-this-test', screens: '/nowhere', blobs },
    noListener,
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
    noListener,
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

test('a shell hears beats and reloads, is no window, presses nothing, and is the only one', async () => {
  const blobs = { has: () => false, read: () => null } as unknown as FolderBlobs;
  const pressed: string[] = [];
  const said: (string | number | null)[] = [];
  const gateway = new Gateway(
    { port: 0, token: 'token-of-this-test', screens: '/nowhere', blobs },
    {
      joined: (send) => send({ type: 'pressed', button: 1 }),
      message: (message) => void pressed.push(message.type),
      counted: () => undefined,
      beat: (screen) => void said.push(screen),
      shell: (word) => void said.push(word?.restarts ?? null),
    },
  );
  await gateway.listen();
  const { host } = new URL(gateway.address);
  const join = async (role?: 'shell') => {
    const socket = new WebSocket(`ws://${host}/ui/v1`);
    const heard: AgentToWindow[] = [];
    socket.on('message', (data) => heard.push(JSON.parse(String(data)) as AgentToWindow));
    const next = (count: number) =>
      poll(() => heard.length >= count, { what: `${count} messages`, everyMs: 5 });
    await once(socket, 'open');
    const say = (message: object) => socket.send(JSON.stringify(message));
    say({ type: 'hello', token: 'token-of-this-test', ...(role ? { role } : {}) });
    return { socket, heard, next, say };
  };
  try {
    const page = await join();
    await page.next(1);
    gateway.reload();
    await page.next(2);
    expect(page.heard[1]).toEqual({ type: 'reload' });
    const shell = await join('shell');
    await shell.next(1);
    expect(gateway.count).toBe(1);
    const beat = { screen: 'rest', focused: true, width: 1, height: 2, displayWidth: 1, displayHeight: 2 };
    page.say({ type: 'beat', ...beat });
    await shell.next(2);
    expect(shell.heard[1]).toEqual({ type: 'beat', ...beat, window: 1 });
    gateway.reload();
    await shell.next(3);
    expect(shell.heard[2]).toEqual({ type: 'reload' });
    expect(page.heard).toHaveLength(2);
    const second = await join('shell');
    expect((await once(second.socket, 'close'))[0]).toBe(4409);
    shell.say({ type: 'citizen.open' });
    shell.say({ type: 'beat', ...beat });
    page.say({ type: 'citizen.open' });
    await poll(() => pressed.length > 0, { what: 'the page’s press', everyMs: 5 });
    expect(pressed).toEqual(['citizen.open']);
    // Of the shell counts its own word; a page speaks for it where there is none.
    const word = { type: 'shell', shell: 'chromium', version: null };
    page.say({ ...word, restarts: 7 });
    page.say({ type: 'citizen.open' });
    await poll(() => pressed.length > 1, { what: 'what the page said', everyMs: 5 });
    shell.say({ ...word, restarts: 3 });
    shell.socket.close();
    await once(shell.socket, 'close');
    await poll(() => said.includes(null), { what: 'its end', everyMs: 5 });
    page.say({ ...word, restarts: 8 });
    await poll(() => said.includes(8), { what: 'the page’s word', everyMs: 5 });
    expect(said).toEqual(['rest', 3, null, 8]);
    const third = await join('shell');
    await third.next(1);
  } finally {
    await gateway.close();
  }
});
