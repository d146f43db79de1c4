/**
 * Electron's main: one locked window over the agent's screens. It wires and decides nothing: policy, addresses, the
 * agent's line and its process are files of their own. It refuses to run twice, and messages from any other frame.
 * Document: kiosk-app/DESIGN.md, "The window's door".
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { windowToAgent } from '@hailong/shared/protocol/ui.ts';
import { app, type IpcMainEvent, ipcMain, Menu, net, powerSaveBlocker, protocol, session } from 'electron';
import { AgentLine } from '../shell/agent-line.ts';
import { keepAgent, startAgent } from '../shell/agent-process.ts';
import { CHANNELS } from './channels.ts';
import { readCommandLine, USAGE, type WindowCommand } from './command-line.ts';
import { type KeptWindow, keepWindow } from './kept-window.ts';
import { lockContents, lockSession } from './lock-session.ts';
import { pagePart } from './page-files.ts';
import { maySend, PAGE_HEADERS, PAGE_SCHEME, SWITCHES } from './window-policy.ts';

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

let kept: KeptWindow | null = null;
const contents = () => kept?.current()?.webContents;
const after = (delayMs: number, run: () => void): void => {
  setTimeout(run, delayMs);
};
const line = new AgentLine({
  open: (url) => new WebSocket(url),
  after,
  onMessage(message) {
    if (message.type === 'reload') kept?.step({ type: 'reload' });
    else contents()?.send(CHANNELS.toWindow, message);
  },
  onConnection(connected) {
    contents()?.send(CHANNELS.connection, connected);
    tell();
  },
});
const tell = (): void => {
  const version = `Electron/${process.versions['electron']}`;
  line.tell({ type: 'shell', shell: 'electron', version, restarts: kept?.restarts() ?? 0 });
};

async function servePage(request: Request): Promise<Response> {
  const part = pagePart(request.url);
  if (part.kind === 'refused') return new Response(null, { status: 404 });
  if (part.kind === 'blob') {
    const address = line.blobAddress(part.folder, part.sha256);
    return address === null ? new Response(null, { status: 404 }) : net.fetch(address);
  }
  const bytes = await readFile(join(screens, part.path)).catch(() => null);
  if (bytes === null) return new Response(null, { status: 404 });
  const headers = { ...PAGE_HEADERS, 'content-type': part.type };
  return new Response(new Uint8Array(bytes), { headers });
}

function isOurs(event: IpcMainEvent): boolean {
  return maySend({
    address: event.senderFrame?.url,
    isMainFrame: event.senderFrame !== null && event.senderFrame === contents()?.mainFrame,
    isOurWindow: event.sender === contents(),
  });
}

function relay(): void {
  ipcMain.on(CHANNELS.fromWindow, (event, message: unknown) => {
    if (!isOurs(event)) return;
    const heard = windowToAgent.safeParse(message).data;
    // The window is full screen by Electron itself, and on top: focus is the system's here.
    if (heard?.type === 'beat') kept?.step({ type: 'beat', whole: true });
    // Beats too: by them whoever supervises this program knows that it does not hang.
    line.forward(message);
  });
  ipcMain.on(CHANNELS.listening, (event) => {
    if (!isOurs(event)) return;
    event.sender.send(CHANNELS.connection, line.connected);
    if (line.lastScreen !== null) event.sender.send(CHANNELS.toWindow, line.lastScreen);
  });
}

function reachAgent(command: Exclude<WindowCommand, { kind: 'usage' }>): void {
  if (command.kind === 'join') {
    line.joinAt(command.agent);
    return;
  }
  const node = process.env['HAILONG_NODE'] ?? 'node';
  const agent = keepAgent({
    start: () => startAgent(node, agentBin, command.agentArguments),
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
  for (const [name, value] of SWITCHES) app.commandLine.appendSwitch(name, value);
  app.on('web-contents-created', (_event, created) => lockContents(created));
  app.on('certificate-error', (event) => event.preventDefault());
  app.on('before-quit', () => kept?.letGo());
  app.on('window-all-closed', () => {
    // Locked, the watchdog opens it again.
    if (command.windowed) app.quit();
  });
  app.on('second-instance', () => kept?.current()?.focus());
  app.whenReady().then(() => {
    Menu.setApplicationMenu(null);
    if (!command.windowed) powerSaveBlocker.start('prevent-display-sleep');
    lockSession(session.defaultSession, () => line.origin);
    protocol.handle(PAGE_SCHEME, servePage);
    relay();
    reachAgent(command);
    kept = keepWindow(join(here, 'preload.cjs'), command.windowed, tell);
    // Its page is ours and lies beside us: it can be shown whether the agent is there or not.
    kept.step({ type: 'agent', up: true });
  });
}
