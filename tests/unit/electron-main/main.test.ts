/* Electron's main and preload against a fake of electron: what they set up, whom they hear, what they give the page. */
import { EventEmitter } from 'node:events';
import type { Bridge } from '@hailong/shared/protocol/ui.ts';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANNELS } from '../../../kiosk-app/main/channels.ts';
import { PAGE_ADDRESS, PAGE_ORIGIN } from '../../../kiosk-app/main/window-policy.ts';
import { screens } from '../../support/kiosk-screens.ts';

const fake = vi.hoisted(() => ({
  app: null as unknown,
  windows: [] as unknown[],
  options: [] as unknown[],
  session: {} as Record<string, unknown>,
  served: null as ((request: Request) => Promise<Response>) | null,
  ipcMain: null as unknown,
  ipcRenderer: null as unknown,
  exposed: {} as Record<string, unknown>,
  fetched: [] as string[],
  menus: [] as unknown[],
}));

class FakeContents extends EventEmitter {
  readonly mainFrame = { url: PAGE_ADDRESS };
  readonly sent: unknown[][] = [];
  openHandler: (() => unknown) | null = null;
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
  setWindowOpenHandler(handler: () => unknown): void {
    this.openHandler = handler;
  }
  setVisualZoomLevelLimits(): Promise<void> {
    return Promise.resolve();
  }
  closeDevTools(): void {}
  setZoomFactor(): void {}
}

class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly loaded: string[] = [];
  constructor(options: unknown) {
    super();
    fake.options.push(options);
    fake.windows.push(this);
    (fake.app as EventEmitter).emit('web-contents-created', {}, this.webContents);
  }
  removeMenu(): void {}
  show(): void {}
  focus(): void {}
  destroy(): void {
    this.emit('closed');
  }
  loadURL(address: string): Promise<void> {
    this.loaded.push(address);
    return Promise.resolve();
  }
}

class FakeApp extends EventEmitter {
  isPackaged = false;
  readonly exits: number[] = [];
  sandboxed = false;
  single = true;
  exit(code: number): void {
    this.exits.push(code);
  }
  requestSingleInstanceLock(): boolean {
    return this.single;
  }
  readonly switches: string[] = [];
  readonly commandLine = { appendSwitch: (name: string) => void this.switches.push(name) };
  enableSandbox(): void {
    this.sandboxed = true;
  }
  whenReady(): Promise<void> {
    return Promise.resolve();
  }
  quit(): void {}
}

class FakeIpcRenderer extends EventEmitter {
  readonly sent: unknown[][] = [];
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
}

vi.mock('electron', () => ({
  get app() {
    return fake.app;
  },
  BrowserWindow: FakeWindow,
  get ipcMain() {
    return fake.ipcMain;
  },
  get ipcRenderer() {
    return fake.ipcRenderer;
  },
  contextBridge: {
    exposeInMainWorld: (name: string, object: unknown) => {
      fake.exposed[name] = object;
    },
  },
  Menu: { setApplicationMenu: (menu: unknown) => fake.menus.push(menu) },
  powerSaveBlocker: { start: (kind: string) => fake.menus.push(kind) },
  net: {
    fetch: (address: string) => {
      fake.fetched.push(address);
      return Promise.resolve(new Response('photo'));
    },
  },
  protocol: {
    registerSchemesAsPrivileged: () => {},
    handle: (_scheme: string, serve: (request: Request) => Promise<Response>) => {
      fake.served = serve;
    },
  },
  get session() {
    return { defaultSession: fake.session };
  },
}));

class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  readonly sent: string[] = [];
  constructor() {
    super();
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  say(message: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
}

const rest = { type: 'screen', revision: 1, screen: screens.rest };

async function startMain(words: readonly string[], single = true): Promise<FakeApp> {
  vi.resetModules();
  const app = new FakeApp();
  app.single = single;
  Object.assign(fake, { app, ipcMain: new EventEmitter(), windows: [], options: [], fetched: [], menus: [] });
  const handlers: Record<string, unknown> = {};
  fake.session = Object.assign(handlers, {
    setPermissionRequestHandler: (run: unknown) => Object.assign(handlers, { request: run }),
    setPermissionCheckHandler: (run: unknown) => Object.assign(handlers, { check: run }),
    setDevicePermissionHandler: (run: unknown) => Object.assign(handlers, { device: run }),
    on: (name: string, run: unknown) => Object.assign(handlers, { [name]: run }),
    webRequest: { onBeforeRequest: (run: unknown) => Object.assign(handlers, { load: run }) },
  });
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const argv = process.argv;
  process.argv = ['electron', 'kiosk-app', ...words];
  await import('../../../kiosk-app/main/main.ts');
  process.argv = argv;
  // What main does when ready has been done once the promises so far are settled.
  await new Promise(setImmediate);
  return app;
}

const join = ['--agent-url', 'http://127.0.0.1:7000/#token=t'];
const ownWindow = (): FakeWindow => fake.windows[0] as FakeWindow;

beforeEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('main', () => {
  it('opens one locked window on its own page', async () => {
    const app = await startMain(join);
    expect(app.sandboxed).toBe(true);
    expect(fake.options[0]).toMatchObject({ kiosk: true, webPreferences: { sandbox: true } });
    expect(ownWindow().loaded).toEqual([PAGE_ADDRESS]);
    const { openHandler } = ownWindow().webContents;
    expect(openHandler?.()).toEqual({ action: 'deny' });
  });

  it('denies navigation, permissions and downloads', async () => {
    await startMain(join);
    const prevented = vi.fn();
    const { webContents } = ownWindow();
    webContents.emit('will-navigate', { url: 'https://example.org/', preventDefault: prevented });
    webContents.emit('will-redirect', { preventDefault: prevented });
    webContents.emit('will-attach-webview', { preventDefault: prevented });
    expect(prevented).toHaveBeenCalledTimes(3);
    webContents.emit('will-navigate', { url: PAGE_ADDRESS, preventDefault: prevented });
    expect(prevented).toHaveBeenCalledTimes(3);
    const { request, check, device } = fake.session as Record<string, (...given: unknown[]) => unknown>;
    const answer = vi.fn();
    request?.({}, 'media', answer);
    expect(answer).toHaveBeenCalledWith(false);
    expect(check?.()).toBe(false);
    expect(device?.()).toBe(false);
    const download = { preventDefault: vi.fn() };
    (fake.session['will-download'] as (event: unknown) => void)(download);
    expect(download.preventDefault).toHaveBeenCalledOnce();
    const bluetooth = vi.fn();
    webContents.emit('select-bluetooth-device', { preventDefault: prevented }, [], bluetooth);
    expect(bluetooth).toHaveBeenCalledWith('');
  });

  it('loads its own files, and the agent’s photos and recordings, and nothing else', async () => {
    await startMain(join);
    const load = fake.session['load'] as (details: { url: string }, answer: (said: unknown) => void) => void;
    const cancelled = (url: string): unknown => {
      const answer = vi.fn();
      load({ url }, answer);
      return answer.mock.calls[0]?.[0].cancel;
    };
    expect(cancelled(PAGE_ADDRESS)).toBe(false);
    expect(cancelled(`http://127.0.0.1:7000/photos/${'a'.repeat(64)}`)).toBe(false);
    for (const url of [
      'http://127.0.0.1:7000/',
      'https://example.org/',
      'file:///etc/passwd',
      'chrome://gpu',
    ])
      expect(cancelled(url)).toBe(true);
  });

  it('refuses chords before the page hears them, and menus, and to be closed', async () => {
    const app = await startMain(join);
    expect(fake.menus).toEqual([null, 'prevent-display-sleep']);
    expect(app.switches).toContain('disable-pinch');
    const { webContents } = ownWindow();
    const pressed = (key: string, more: object = {}): boolean => {
      const event = { preventDefault: vi.fn() };
      const input = { type: 'keyDown', key, control: false, alt: false, meta: false, shift: false, ...more };
      webContents.emit('before-input-event', event, input);
      return event.preventDefault.mock.calls.length === 0;
    };
    for (const key of ['1', 'Enter', 'Tab', 'ArrowDown', 'F13']) expect(pressed(key)).toBe(true);
    expect(pressed('p', { control: true })).toBe(false);
    expect(pressed('F4', { alt: true })).toBe(false);
    const close = { preventDefault: vi.fn() };
    ownWindow().emit('close', close);
    expect(close.preventDefault).toHaveBeenCalledOnce();
    (app as EventEmitter).emit('before-quit');
    ownWindow().emit('close', close);
    expect(close.preventDefault).toHaveBeenCalledOnce();
  });

  it('relays between its page and the agent, and hears no other frame', async () => {
    await startMain(join);
    const { webContents } = ownWindow();
    const [socket] = FakeSocket.all;
    socket?.say(rest);
    expect(webContents.sent).toEqual([
      [CHANNELS.connection, true],
      [CHANNELS.toWindow, rest],
    ]);
    const ipc = fake.ipcMain as EventEmitter;
    const ours = { sender: webContents, senderFrame: webContents.mainFrame };
    ipc.emit(CHANNELS.fromWindow, ours, { type: 'citizen.open' });
    ipc.emit(CHANNELS.fromWindow, { ...ours, senderFrame: { url: PAGE_ADDRESS } }, { type: 'citizen.open' });
    ipc.emit(CHANNELS.fromWindow, { ...ours, sender: {} }, { type: 'citizen.open' });
    expect(socket?.sent.filter((text) => !text.includes('"shell"'))).toEqual(['{"type":"citizen.open"}']);
    const answered: unknown[][] = [];
    const late = {
      ...ours,
      sender: Object.assign(webContents, { send: (...m: unknown[]) => answered.push(m) }),
    };
    ipc.emit(CHANNELS.listening, late);
    expect(answered).toEqual([
      [CHANNELS.connection, true],
      [CHANNELS.toWindow, rest],
    ]);
  });

  it('serves the page with its content policy, photos and recordings from the agent, and nothing else', async () => {
    await startMain(join);
    const ask = (path: string) => fake.served?.(new Request(`${PAGE_ORIGIN}${path}`)) as Promise<Response>;
    expect((await ask('/etc/passwd')).status).toBe(404);
    expect((await ask('/missing.js')).status).toBe(404);
    for (const folder of ['photos', 'voices']) await ask(`/${folder}/${'a'.repeat(64)}`);
    expect(fake.fetched).toEqual(
      ['photos', 'voices'].map((folder) => `http://127.0.0.1:7000/${folder}/${'a'.repeat(64)}`),
    );
  });

  it('opens a new window for a page that crashed or hangs, and when it is told to', async () => {
    await startMain(join);
    const last = (): FakeWindow => fake.windows.at(-1) as FakeWindow;
    last().webContents.emit('render-process-gone');
    expect(fake.windows).toHaveLength(2);
    last().emit('unresponsive');
    expect(fake.windows).toHaveLength(3);
    FakeSocket.all[0]?.say({ type: 'reload' });
    expect(fake.windows).toHaveLength(4);
    last().emit('closed');
    expect(fake.windows).toHaveLength(5);
    expect(last().loaded).toEqual([PAGE_ADDRESS]);
  });

  it('says what it is, and how often its page had to be put right', async () => {
    await startMain(join);
    const [socket] = FakeSocket.all;
    const restarts = () =>
      socket?.sent
        .map((text) => JSON.parse(text))
        .filter(({ type, shell }) => type === 'shell' && shell === 'electron')
        .map((word) => word.restarts);
    socket?.say(rest);
    ownWindow().webContents.emit('render-process-gone');
    socket?.say({ type: 'reload' });
    expect(restarts()).toEqual([0, 1, 1]);
  });

  it('hands its page’s beats on, so that whoever supervises it hears them', async () => {
    await startMain(join);
    const [socket] = FakeSocket.all;
    socket?.say(rest);
    const beat = { screen: 'rest', focused: true, width: 1, height: 1, displayWidth: 1, displayHeight: 1 };
    const { webContents } = ownWindow();
    const ours = { sender: webContents, senderFrame: webContents.mainFrame };
    (fake.ipcMain as EventEmitter).emit(CHANNELS.fromWindow, ours, { type: 'beat', ...beat });
    expect(socket?.sent.map((text) => JSON.parse(text).type)).toEqual(['shell', 'beat']);
  });

  it('refuses a wrong command with 2 and a second start with 3', async () => {
    expect((await startMain([])).exits).toEqual([2]);
    expect((await startMain(join, false)).exits).toEqual([3]);
    expect(fake.windows).toEqual([]);
  });
});

describe('preload', () => {
  it('exposes exactly the Bridge, and passes messages without the event', async () => {
    vi.resetModules();
    const ipc = new FakeIpcRenderer();
    Object.assign(fake, { ipcRenderer: ipc, exposed: {} });
    await import('../../../kiosk-app/preload/preload.ts');
    expect(Object.keys(fake.exposed)).toEqual(['hailong']);
    const bridge = fake.exposed['hailong'] as Bridge;
    expect(Object.keys(bridge).sort()).toEqual(['onConnection', 'photoUrl', 'send', 'subscribe', 'voiceUrl']);
    const received: unknown[][] = [];
    const connections: boolean[] = [];
    const leave = bridge.subscribe((...given: unknown[]) => received.push(given));
    bridge.onConnection((connected) => connections.push(connected));
    ipc.emit(CHANNELS.connection, {}, true);
    ipc.emit(CHANNELS.toWindow, {}, rest);
    leave();
    ipc.emit(CHANNELS.toWindow, {}, rest);
    expect(received).toEqual([[rest]]);
    expect(connections).toEqual([false, true]);
    bridge.send({ type: 'citizen.open' });
    expect(ipc.sent).toEqual([[CHANNELS.listening], [CHANNELS.fromWindow, { type: 'citizen.open' }]]);
  });
});
