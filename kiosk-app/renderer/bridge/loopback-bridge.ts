/**
 * The Bridge over the agent's loopback WebSocket, for any Chromium in kiosk mode. Says hello with the token, parses
 * every message once, reconnects with growing pauses. It refuses what is not of protocol/ui.ts, and it does not keep
 * messages while the line is cut: the machine sends an unanswered touch again.
 */
import { type AgentToWindow, agentToWindow, type Bridge, UI_PATH } from '@hailong/shared/protocol/ui.ts';
import { pauseBeforeAttemptMs } from './backoff.ts';

export interface LoopbackParts {
  /** Same origin as the page, `http:` or `https:`. */
  readonly origin: string;
  readonly token: string;
  readonly open: (url: string) => WebSocket;
  readonly after: (delayMs: number, run: () => void) => void;
}

export function socketUrl(origin: string): string {
  return `${origin.replace(/^http/, 'ws')}${UI_PATH}`;
}

function parse(raw: unknown): AgentToWindow | undefined {
  if (typeof raw !== 'string') return undefined;
  try {
    return agentToWindow.safeParse(JSON.parse(raw)).data;
  } catch {
    return undefined;
  }
}

export function openLoopbackBridge(parts: LoopbackParts): Bridge {
  const receivers = new Set<(message: AgentToWindow) => void>();
  const connectionListeners = new Set<(connected: boolean) => void>();
  let socket: WebSocket | undefined;
  let connected = false;
  let failures = 0;

  const setConnected = (now: boolean): void => {
    if (now === connected) return;
    connected = now;
    for (const listen of connectionListeners) listen(now);
  };

  const connect = (): void => {
    const line = parts.open(socketUrl(parts.origin));
    socket = line;
    line.addEventListener('open', () => line.send(JSON.stringify({ type: 'hello', token: parts.token })));
    line.addEventListener('message', ({ data }: MessageEvent) => {
      const message = parse(data);
      if (message === undefined) return;
      // The first understood message is the agent's answer to hello: only now is the line good.
      failures = 0;
      setConnected(true);
      for (const receive of receivers) receive(message);
    });
    line.addEventListener('close', () => {
      setConnected(false);
      parts.after(pauseBeforeAttemptMs(failures), connect);
      failures += 1;
    });
  };
  connect();

  return {
    subscribe(receive) {
      receivers.add(receive);
      return () => receivers.delete(receive);
    },
    send(message) {
      if (connected) socket?.send(JSON.stringify(message));
    },
    onConnection(listen) {
      connectionListeners.add(listen);
      listen(connected);
      return () => connectionListeners.delete(listen);
    },
    photoUrl: (sha256) => `/photos/${sha256}`,
    voiceUrl: (sha256) => `/voices/${sha256}`,
  };
}
