/* What the Electron window is and may do: options, addresses, senders, files, command line. */
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../kiosk-app/main/command-line.ts';
import { pagePart } from '../../../kiosk-app/main/page-files.ts';
import {
  mayNavigate,
  maySend,
  PAGE_ADDRESS,
  PAGE_CONTENT_POLICY,
  windowOptions,
} from '../../../kiosk-app/main/window-policy.ts';
import { addressInLine, parseAgentAddress } from '../../../kiosk-app/shell/agent-address.ts';

const hash = 'a'.repeat(64);

describe('window', () => {
  it('is locked: kiosk, isolated, sandboxed, without Node, without developer tools', () => {
    expect(windowOptions('/p/preload.cjs', false)).toMatchObject({
      kiosk: true,
      webPreferences: {
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        webviewTag: false,
        devTools: false,
      },
    });
  });
  it('allows nothing by default, no inline script or style, no connection', () => {
    expect(PAGE_CONTENT_POLICY).toContain("default-src 'none'");
    expect(PAGE_CONTENT_POLICY).toContain("media-src 'self'");
    expect(PAGE_CONTENT_POLICY).not.toMatch(/unsafe|https?:|connect-src|blob:|data:|\*/);
  });
  it('stays on its own page', () => {
    expect(mayNavigate(PAGE_ADDRESS)).toBe(true);
    for (const other of [
      'https://example.org/',
      'kiosk://window/other.html',
      `${PAGE_ADDRESS}?x`,
      'file:///etc/passwd',
    ])
      expect(mayNavigate(other)).toBe(false);
  });
  it('hears only the main frame of its own window on its own page', () => {
    const ours = { address: PAGE_ADDRESS, isMainFrame: true, isOurWindow: true };
    expect(maySend(ours)).toBe(true);
    expect(maySend({ ...ours, isMainFrame: false })).toBe(false);
    expect(maySend({ ...ours, isOurWindow: false })).toBe(false);
    expect(maySend({ ...ours, address: 'https://example.org/' })).toBe(false);
    expect(maySend({ ...ours, address: undefined })).toBe(false);
  });
});

describe('page files', () => {
  it('serves built files, photos and recordings', () => {
    expect(pagePart(PAGE_ADDRESS)).toMatchObject({ kind: 'file', path: 'index.html' });
    expect(pagePart('kiosk://window/assets/index-a_B.js')).toMatchObject({ path: 'assets/index-a_B.js' });
    for (const folder of ['photos', 'voices'])
      expect(pagePart(`kiosk://window/${folder}/${hash}`)).toEqual({ kind: 'blob', folder, sha256: hash });
  });
  it.each([
    'kiosk://window/../main.mjs',
    'kiosk://window/assets/../../x.js',
    'kiosk://window/%2e%2e/x.js',
    'kiosk://window/assets/.hidden.js',
    'kiosk://window/other/x.js',
    'kiosk://window/x.map',
    'kiosk://window/photos/../x',
    'kiosk://window/photos/ABC',
    'kiosk://window/voices/',
    `kiosk://window/voices/${hash}.ogg`,
    'kiosk://window/assets/x.ogg',
    'kiosk://elsewhere/index.html',
    'file:///etc/passwd',
  ])('refuses %s', (address) => expect(pagePart(address)).toEqual({ kind: 'refused' }));
});

describe('agent address', () => {
  it('is on this machine and carries a token', () => {
    expect(parseAgentAddress('http://127.0.0.1:7000/#token=abc')).toEqual({
      origin: 'http://127.0.0.1:7000',
      token: 'abc',
    });
    for (const wrong of [
      'http://10.0.0.5:7000/#token=abc',
      'http://127.0.0.1:7000/',
      'nonsense',
      'https://a/#token=b',
    ])
      expect(parseAgentAddress(wrong)).toBeNull();
  });
  it('is read from the ready line alone', () => {
    expect(addressInLine('{"event":"ready","ui":"http://127.0.0.1:1/#token=t"}')).toEqual({
      origin: 'http://127.0.0.1:1',
      token: 't',
    });
    for (const other of ['', '{', 'null', '{"event":"thanked"}', '{"event":"ready","ui":7}'])
      expect(addressInLine(other)).toBeNull();
  });
});

describe('command line', () => {
  it('joins a running agent, or starts one with what it was given', () => {
    expect(readCommandLine(['--agent-url', 'http://127.0.0.1:1/#token=t'])).toMatchObject({
      kind: 'join',
      windowed: false,
    });
    expect(readCommandLine(['--windowed', '--', '--data', 'D', '--hub', 'http://h'])).toEqual({
      kind: 'start',
      windowed: true,
      agentArguments: ['run', '--data', 'D', '--hub', 'http://h', '--json'],
    });
  });
  it.each([[[]], [['--agent-url']], [['--agent-url', 'http://10.1.1.1/#token=t']], [['--data', 'D']]])(
    'refuses %j',
    (words) => expect(readCommandLine(words)).toEqual({ kind: 'usage' }),
  );
});
