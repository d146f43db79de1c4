/**
 * Purpose: WebSockets belong to a login or a station; when it ends they end. Dead peers are found by ping, slow ones
 * by what waits in their buffer.
 * Refuses: messages from the browser: these sockets only speak.
 */
import type { WebSocket } from 'ws';

const PING_EVERY_MS = 25_000;
/** A page that does not read is dropped; it comes back and fetches again. */
const BUFFER_MAX_BYTES = 1_000_000;
/** Windows one login or station may have open; one more ends the oldest. */
const PER_OWNER_MAX = 16;
/** Application close code: the login has ended. */
const CLOSE_ENDED = 4401;
const CLOSE_REFUSED = 1008;

interface Held {
  readonly socket: WebSocket;
  readonly owners: readonly string[];
  /** Whether the login still lives, asked at every ping. */
  readonly alive: () => Promise<boolean>;
  /** Ends what feeds the socket; nothing is said after the login has ended. */
  readonly stop: () => void;
  answered: boolean;
}

export class SessionSockets {
  readonly #held = new Set<Held>();
  #timer: NodeJS.Timeout | undefined;

  /** `owners`: session id, `station:<id>`: whoever of them ends, ends the socket. */
  add(socket: WebSocket, owners: readonly string[], alive: Held['alive'], stop: Held['stop']): void {
    const held: Held = { socket, owners, alive, stop, answered: true };
    const siblings = [...this.#held].filter((each) => each.owners[0] === owners[0]);
    if (siblings.length >= PER_OWNER_MAX) this.#end(siblings[0]!);
    this.#held.add(held);
    socket.on('pong', () => {
      held.answered = true;
    });
    socket.on('message', () => socket.close(CLOSE_REFUSED));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#drop(held));
    this.#timer ??= setInterval(() => this.#check(), PING_EVERY_MS).unref();
  }

  #drop(held: Held): void {
    if (this.#held.delete(held)) held.stop();
  }

  #end(held: Held): void {
    this.#drop(held);
    held.socket.close(CLOSE_ENDED);
  }

  #check(): void {
    for (const held of this.#held) {
      if (!held.answered) {
        held.socket.terminate();
        continue;
      }
      held.answered = false;
      held.socket.ping();
      held.alive().then(
        (alive) => alive || this.#end(held),
        () => held.socket.terminate(),
      );
    }
  }

  end(owners: readonly string[]): void {
    for (const held of this.#held) if (held.owners.some((owner) => owners.includes(owner))) this.#end(held);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const held of this.#held) {
      this.#drop(held);
      held.socket.terminate();
    }
  }
}

export function say(socket: WebSocket, message: unknown): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > BUFFER_MAX_BYTES) socket.terminate();
  else socket.send(JSON.stringify(message));
}
