/**
 * A WebSocket to the hub that comes back by itself. A hint may be lost, so `onOpen` always means "fetch again".
 * While it is away the page polls; this file only says which of the two holds.
 */
/** First wait before trying again, doubled up to the last; a hub restart takes a few seconds. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

export interface LiveLink {
  /** Speaks with the login of now: what the hub still says to the one of before is not heard. */
  renew(): void;
  close(): void;
}

export function openLive(
  path: string,
  on: { open(): void; message(value: unknown): void; lost(): void },
): LiveLink {
  let socket: WebSocket | null = null;
  let retry: number | undefined;
  let waitMs = FIRST_RETRY_MS;
  let closed = false;
  const address = `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${path}`;

  const connect = (): void => {
    const mine = new WebSocket(address);
    socket = mine;
    mine.addEventListener('open', () => {
      if (socket !== mine) return;
      waitMs = FIRST_RETRY_MS;
      on.open();
    });
    mine.addEventListener('message', (event) => {
      if (socket !== mine) return;
      try {
        on.message(JSON.parse(String(event.data)));
      } catch {
        on.lost();
      }
    });
    mine.addEventListener('close', () => {
      if (closed || socket !== mine) return;
      on.lost();
      retry = window.setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, LAST_RETRY_MS);
    });
  };
  connect();
  return {
    renew() {
      window.clearTimeout(retry);
      const before = socket;
      connect();
      before?.close();
    },
    close() {
      closed = true;
      window.clearTimeout(retry);
      socket?.close();
    },
  };
}
