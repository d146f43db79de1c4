/**
 * Electron's main: one locked window over the agent's screens. It wires and decides nothing: policy, addresses, the
 * agent's line and its process are files of their own. It refuses to run twice, and messages from any other frame.
 * Document: kiosk-app/DESIGN.md, "The window's door".
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, type IpcMainEvent, ipcMain, net, protocol, session } from 'electron';
import { AgentLine } from './agent-line.ts';
import { keepAgent } from './agent-process.ts';
import { CHANNELS } from './channels.ts';
import { readCommandLine, USAGE, type WindowCommand } from './command-line.ts';
import { lockContents, lockSession } from './lock-session.ts';
import { pagePart } from './page-files.ts';
import { maySend, PAGE_ADDRESS, PAGE_CONTENT_POLICY, PAGE_SCHEME, windowOptions } from './window-policy.ts';

/** Built to kiosk-app/dist/electron; the screens lie beside, the agent's bin two folders up. */
const here = import.meta.dirname;
const screens = join(here, '../renderer');
const agentBin = join(here, '../../bin/hailong-kiosk.js');

protocol.registerSchemesAsPrivileged([
  {
    scheme: PAGE_SCHEME,
    // Streams, because a recording is played from an address of this scheme.
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
  },
]);

let window: BrowserWindow | null = null;
const after = (delayMs: number, run: () => void): void => {
  setTimeout(run, delayMs);
};
const line = new AgentLine({
  open: (url) => new WebSocket(url),
  after,
  onMessage: (message) => window?.webContents.send(CHANNELS.toWindow, message),
  onConnection: (connected) => window?.webContents.send(CHANNELS.connection, connected),
});

async function servePage(request: Request): Promise<Response> {
  const part = pagePart(request.url);
  if (part.kind === 'refused') return new Response(null, { status: 404 });
  if (part.kind === 'blob') {
    const address = line.blobAddress(part.folder, part.sha256);
    return address === null ? new Response(null, { status: 404 }) : net.fetch(address);
  }
  const bytes = await readFile(join(screens, part.path)).catch(() => null);
  if (bytes === null) return new Response(null, { status: 404 });
  const headers = {
    'content-type': part.type,
    'content-security-policy': PAGE_CONTENT_POLICY,
    'x-content-type-options': 'nosniff',
  };
  return new Response(new Uint8Array(bytes), { headers });
}

function isOurs(event: IpcMainEvent): boolean {
  return maySend({
    address: event.senderFrame?.url,
    isMainFrame: event.senderFrame !== null && event.senderFrame === window?.webContents.mainFrame,
    isOurWindow: event.sender === window?.webContents,
  });
}

function relay(): void {
  ipcMain.on(CHANNELS.fromWindow, (event, message: unknown) => {
    if (isOurs(event)) line.forward(message);
  });
  ipcMain.on(CHANNELS.listening, (event) => {
    if (!isOurs(event)) return;
    event.sender.send(CHANNELS.connection, line.connected);
    if (line.lastScreen !== null) event.sender.send(CHANNELS.toWindow, line.lastScreen);
  });
}

function openWindow(windowed: boolean): void {
  window = new BrowserWindow(windowOptions(join(here, 'preload.cjs'), windowed));
  const own = window;
  own.removeMenu();
  own.once('ready-to-show', () => own.show());
  // A crashed page is shown again; the agent holds everything that matters.
  own.webContents.on('render-process-gone', () => own.webContents.reload());
  own.on('closed', () => {
    window = null;
  });
  own.loadURL(PAGE_ADDRESS).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    app.exit(1);
  });
}

function reachAgent(command: Exclude<WindowCommand, { kind: 'usage' }>): void {
  if (command.kind === 'join') {
    line.joinAt(command.agent);
    return;
  }
  const node = process.env['HAILONG_NODE'] ?? 'node';
  const agent = keepAgent({
    start: () => spawn(node, [agentBin, ...command.agentArguments], { stdio: ['ignore', 'pipe', 'inherit'] }),
    after,
    onAddress: (address) => line.joinAt(address),
  });
  app.on('will-quit', () => agent.stop());
}

const command = readCommandLine(process.argv.slice(app.isPackaged ? 1 : 2));
if (command.kind === 'usage') {
  process.stderr.write(USAGE);
  app.exit(2);
} else if (!app.requestSingleInstanceLock()) {
  app.exit(3);
} else {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.on('window-all-closed', () => app.quit());
  app.whenReady().then(() => {
    lockSession(session.defaultSession);
    protocol.handle(PAGE_SCHEME, servePage);
    relay();
    reachAgent(command);
    openWindow(command.windowed);
  });
}
