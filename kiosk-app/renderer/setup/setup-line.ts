/**
 * The page's line to `hailong-kiosk panel setup`: hello with the token of the address, the newest view, the last live bytes.
 * It keeps nothing over a cut line: the program says everything anew. Refuses what is not of protocol/panel-setup.ts.
 */
import {
  type PageToSetup,
  SETUP_PATH,
  type SetupToPage,
  type SetupView,
  setupToPage,
} from '@hailong/shared/protocol/panel-setup.ts';
import { takeToken } from '../bridge/token.ts';

export interface LiveBytes {
  readonly id: number;
  readonly direction: 'in' | 'out';
  readonly text: string;
}
export interface SetupSeen {
  /** Null: nothing was said yet. */
  readonly view: SetupView | null;
  readonly connected: boolean;
  /** Newest first. */
  readonly bytes: readonly LiveBytes[];
  /** Whole messages since the last trial began, each once, in the order they came. */
  readonly heard: readonly string[];
}
export interface SetupLine {
  readonly seen: () => SetupSeen;
  readonly subscribe: (changed: () => void) => () => void;
  readonly send: (message: PageToSetup) => void;
}

const BYTES_SHOWN = 12;
const HEARD_MAX = 16;
const AGAIN_AFTER_MS = 1_000;

export function openSetupLine(page: Window): SetupLine {
  const { location, history, sessionStorage: storage } = page;
  const token = takeToken({ location, history, storage });
  let seen: SetupSeen = { view: null, connected: false, bytes: [], heard: [] };
  let socket: WebSocket | null = null;
  let count = 0;
  const listeners = new Set<() => void>();
  const change = (part: Partial<SetupSeen>): void => {
    seen = { ...seen, ...part };
    for (const changed of listeners) changed();
  };
  const take = (message: SetupToPage): void => {
    switch (message.type) {
      case 'view':
        change({ view: message.view, connected: true });
        return;
      case 'bytes': {
        count += 1;
        const { direction, text } = message;
        change({ bytes: [{ id: count, direction, text }, ...seen.bytes].slice(0, BYTES_SHOWN) });
        return;
      }
      case 'heard':
        if (!seen.heard.includes(message.text))
          change({ heard: [...seen.heard, message.text].slice(0, HEARD_MAX) });
    }
  };
  const connect = (): void => {
    const line = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${SETUP_PATH}`);
    socket = line;
    line.addEventListener('open', () => line.send(JSON.stringify({ type: 'hello', token })));
    line.addEventListener('message', ({ data }: MessageEvent) => {
      const parsed = setupToPage.safeParse(JSON.parse(String(data)));
      if (parsed.success) take(parsed.data);
    });
    line.addEventListener('close', () => {
      change({ connected: false });
      page.setTimeout(connect, AGAIN_AFTER_MS);
    });
  };
  connect();
  return {
    seen: () => seen,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    send(message) {
      if (message.type === 'try') change({ bytes: [], heard: [] });
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
  };
}
