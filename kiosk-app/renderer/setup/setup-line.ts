/**
 * The page's line to `hailong-kiosk panel setup`: hello with the token of the address, then what is said and done. It keeps
 * nothing over a cut line: the program says everything anew. Refuses what is not of protocol/panel-setup.ts.
 */
import { type PageToSetup, SETUP_PATH, setupToPage } from '@hailong/shared/protocol/panel-setup.ts';
import { takeToken } from '../bridge/token.ts';
import { SeenStore, type SetupLine } from './setup-seen.ts';

const AGAIN_AFTER_MS = 1_000;

export function openSetupLine(page: Window): SetupLine {
  const { location, history, sessionStorage: storage } = page;
  const token = takeToken({ location, history, storage });
  const store = new SeenStore();
  let socket: WebSocket | null = null;
  const send = (message: PageToSetup): void => socket?.send(JSON.stringify(message));
  const connect = (): void => {
    const line = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${SETUP_PATH}`);
    socket = line;
    line.addEventListener('open', () => send({ type: 'hello', token }));
    line.addEventListener('message', ({ data }: MessageEvent) => {
      const parsed = setupToPage.safeParse(JSON.parse(String(data)));
      if (parsed.success) store.take(parsed.data);
    });
    line.addEventListener('close', () => {
      store.change({ connected: false });
      page.setTimeout(connect, AGAIN_AFTER_MS);
    });
  };
  connect();
  return {
    ...{ seen: store.seen, subscribe: store.subscribe },
    send(choice) {
      if (choice.type === 'try') store.begin();
      if (socket?.readyState === WebSocket.OPEN) send(choice);
    },
  };
}
