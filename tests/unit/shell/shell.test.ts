/* The Chromium shell's decisions: flags, managed policy, its pipe, whose page is whose, its command line, keys of the page. */
import { PassThrough } from 'node:stream';
import { mayPress } from '@hailong/shared/lock/may-press.ts';
import { describe, expect, it } from 'vitest';
import { lockPage, mayGo } from '../../../kiosk-app/renderer/lock-page.ts';
import { browserFlags } from '../../../kiosk-app/shell/browser-flags.ts';
import { BrowserPipe } from '../../../kiosk-app/shell/browser-pipe.ts';
import { readCommandLine } from '../../../kiosk-app/shell/command-line.ts';
import { displayPower } from '../../../kiosk-app/shell/display-power.ts';
import { findBrowser, policyFile } from '../../../kiosk-app/shell/find-browser.ts';
import { managedPolicy, policyDiffers } from '../../../kiosk-app/shell/managed-policy.ts';
import { watchPages } from '../../../kiosk-app/shell/page-watch.ts';
import type { WatchdogInput } from '../../../kiosk-app/shell/watchdog-machine.ts';

const origin = 'http://127.0.0.1:7070';

describe('Chromium', () => {
  it('shows one window of the page, of a profile of its own, and offers no port to tools', () => {
    const flags = browserFlags(`${origin}/#token=t`, '/p', { width: 800, height: 1280 });
    expect(flags).toContain('--kiosk');
    expect(flags).toContain(`--app=${origin}/#token=t`);
    expect(flags).toContain('--user-data-dir=/p');
    expect(flags).toContain('--window-size=801,1281');
    expect(flags.join(' ')).not.toMatch(
      /no-sandbox|remote-debugging-port|disable-web-security|single-process/,
    );
    expect(browserFlags(origin, '/p', null).join(' ')).not.toContain('--window-size');
  });
  it('may open nothing but the agent’s address', () => {
    const policy = managedPolicy(origin);
    expect(policy['URLBlocklist']).toEqual(['*']);
    expect(policy['URLAllowlist']).toEqual([origin]);
    expect(policy['DeveloperToolsAvailability']).toBe(2);
    expect(policyDiffers(policy, policy)).toEqual([]);
    expect(policyDiffers(managedPolicy('http://127.0.0.1:1'), policy)).toContain('URLAllowlist');
    for (const none of [null, 'x', [], {}]) expect(policyDiffers(none, policy)).toEqual(Object.keys(policy));
  });
  it('is looked for where it usually lies', () => {
    expect(findBrowser('linux', (path) => path === '/usr/bin/chromium')).toBe('/usr/bin/chromium');
    expect(findBrowser('linux', () => false)).toBeNull();
    expect(findBrowser('plan9', () => true)).toBeNull();
    expect(policyFile('/usr/bin/chromium', 'linux')).toBe('/etc/chromium/policies/managed/hailong.json');
    expect(policyFile('/usr/bin/google-chrome', 'linux')).toContain('/etc/opt/chrome/');
    expect(policyFile('C:/x/chrome.exe', 'win32')).toBeNull();
  });
});

describe('the display', () => {
  it('is switched where the system has a command for that', () => {
    expect(displayPower(false, { DISPLAY: ':0' })).toEqual(['xset', 'dpms', 'force', 'off']);
    expect(displayPower(true, { DISPLAY: ':0' })).toEqual(['xset', 'dpms', 'force', 'on']);
    expect(displayPower(true, { DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0' })).toBeNull();
    expect(displayPower(true, {})).toBeNull();
  });
});

describe('the pipe', () => {
  it('tells pages, strayed ones, crashes and foreign windows, and closes the latter', () => {
    const to = new PassThrough();
    const from = new PassThrough();
    const said: WatchdogInput[] = [];
    const versions: string[] = [];
    const pipe = new BrowserPipe(
      to,
      from,
      watchPages(
        origin,
        (input) => said.push(input),
        (product) => versions.push(product),
      ),
    );
    from.write('{"id":2,"result":{"product":"Chrome/150.0.7871.46"}}\0');
    const tell = (method: string, params: unknown) => from.write(`${JSON.stringify({ method, params })}\0`);
    const page = (targetId: string, url: string, type = 'page') =>
      tell('Target.targetCreated', { targetInfo: { targetId, type, url } });
    from.write('not json\0');
    page('A', '');
    page('A', `${origin}/`);
    page('F', 'about:blank', 'iframe');
    expect(said).toEqual([]);
    page('B', 'about:blank');
    page('B', 'about:blank');
    page('A', 'https://example.org/');
    page('A', `${origin}.example.org/`);
    tell('Target.targetCrashed', { targetId: 'B' });
    tell('Target.targetCrashed', { targetId: 'A' });
    tell('Target.targetDestroyed', { targetId: 'B' });
    tell('Target.targetDestroyed', { targetId: 'A' });
    expect(said).toEqual([
      { type: 'foreign', target: 'B' },
      { type: 'strayed' },
      { type: 'strayed' },
      { type: 'crashed' },
      { type: 'closed' },
    ]);
    pipe.close('B');
    const sent = String(to.read())
      .split('\0')
      .filter(Boolean)
      .map((one) => JSON.parse(one));
    expect(sent.map(({ method }) => method)).toEqual([
      'Target.setDiscoverTargets',
      'Browser.getVersion',
      'Browser.setDownloadBehavior',
      'Target.closeTarget',
    ]);
    expect(versions).toEqual(['Chrome/150.0.7871.46']);
    expect(sent[3].params).toEqual({ targetId: 'B' });
  });
  it('takes records in any pieces', () => {
    const from = new PassThrough();
    const said: WatchdogInput[] = [];
    new BrowserPipe(
      new PassThrough(),
      from,
      watchPages(
        origin,
        (input) => said.push(input),
        () => undefined,
      ),
    );
    const record = JSON.stringify({
      method: 'Target.targetCreated',
      params: { targetInfo: { targetId: 'A', type: 'page', url: 'file:///x' } },
    });
    for (const piece of `${record}\0`) from.write(piece);
    expect(said).toEqual([{ type: 'strayed' }]);
  });
});

describe('command line', () => {
  it('names the agent by address or by file', () => {
    expect(readCommandLine(['shell', '--agent-file', '/run/hailong/screen', '--json'])).toMatchObject({
      kind: 'shell',
      shell: { agent: { kind: 'file', path: '/run/hailong/screen' }, json: true, unmanaged: false },
    });
    expect(
      readCommandLine(['shell', '--agent-url', `${origin}/#token=t`, '--display', '800x1280']),
    ).toMatchObject({ shell: { display: { width: 800, height: 1_280 } } });
    expect(readCommandLine(['shell', '--print-policy', '--agent-url', `${origin}/#token=t`])).toEqual({
      kind: 'policy',
      origin,
    });
    expect(readCommandLine(['shell', '--help'])).toEqual({ kind: 'help' });
  });
  it.each([
    [['shell']],
    [['shell', 'x', '--agent-file', 'f']],
    [['shell', '--agent-url', 'http://10.0.0.1:1/#token=t']],
    [['shell', '--agent-file', 'f', '--agent-url', `${origin}/#token=t`]],
    [['shell', '--agent-file', 'f', '--chromium', 'c', '--electron', 'e']],
    [['shell', '--agent-file', 'f', '--display', 'big']],
    [['shell', '--print-policy', '--agent-file', 'f']],
    [['shell', '--no-sandbox']],
  ])('refuses %j', (words) => expect(readCommandLine(words).kind).toBe('usage'));
});

describe('the page', () => {
  const plain = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };
  it('keeps the keys by which its screens are used, and refuses every other', () => {
    for (const key of ['1', 'a', 'Đ', '-', ' ', 'Enter', 'Tab', 'Escape', 'Backspace', 'ArrowUp'])
      expect(mayPress({ ...plain, key }), key).toBe(true);
    expect(mayPress({ ...plain, shiftKey: true, key: 'A' })).toBe(true);
    expect(mayPress({ ...plain, shiftKey: true, key: 'Tab' })).toBe(true);
    for (const key of ['F1', 'F12', 'ContextMenu', 'BrowserBack', 'Print', 'Insert', 'Home', 'Unidentified'])
      expect(mayPress({ ...plain, key }), key).toBe(false);
    for (const held of ['ctrlKey', 'altKey', 'metaKey'] as const)
      for (const key of ['n', 'Tab', 'Enter', 'F4', 'ArrowLeft'])
        expect(mayPress({ ...plain, [held]: true, key })).toBe(false);
    expect(mayPress({ ...plain, shiftKey: true, key: 'Escape' })).toBe(false);
  });
  it('goes nowhere but to itself', () => {
    const page = { origin, pathname: '/' };
    for (const own of [`${origin}/`, `${origin}/#token=t`, `${origin}/?x`])
      expect(mayGo(own, page)).toBe(true);
    for (const other of [
      'about:blank',
      'https://example.org/',
      `${origin}.example.org/`,
      `${origin}/photos/x`,
      `blob:${origin}/x`,
      'javascript:1',
      'file:///',
    ])
      expect(mayGo(other, page)).toBe(false);
  });
  it('refuses events before its screens hear them, and takes what opens windows', () => {
    const heard = new Map<string, (event: unknown) => void>();
    const taken = { open: () => 0, moveTo: () => 0 };
    const navigation = { addEventListener: (kind: string, listen: never) => void heard.set(kind, listen) };
    lockPage({
      ...taken,
      location: { origin, pathname: '/' },
      navigation,
      addEventListener: (kind: string, listen: never) => void heard.set(kind, listen),
    });
    const refused = (kind: string, given: object): boolean => {
      let was = false;
      heard.get(kind)?.({ ...given, preventDefault: () => (was = true) });
      return was;
    };
    for (const kind of ['contextmenu', 'drop', 'dragover', 'auxclick', 'wheel', 'paste'])
      expect(refused(kind, {}), kind).toBe(true);
    expect(refused('keydown', { ...plain, ctrlKey: true, key: 'w' })).toBe(true);
    expect(refused('keydown', { ...plain, key: '5' })).toBe(false);
    expect(refused('mousedown', { button: 1 })).toBe(true);
    expect(refused('mousedown', { button: 0 })).toBe(false);
    expect(refused('click', { target: { tagName: 'INPUT' } })).toBe(true);
    expect(refused('click', { target: { tagName: 'BUTTON' } })).toBe(false);
    expect(refused('navigate', { destination: { url: 'about:blank' } })).toBe(true);
    expect(refused('navigate', { destination: { url: `${origin}/` } })).toBe(false);
  });
});
