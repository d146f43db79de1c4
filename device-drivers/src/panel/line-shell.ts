/**
 * Purpose: what every driver on a serial line does around its pure machine: one connection at a time, the machine's one timer, the
 *   watch for the device while it is away, who waits for a stop or a draining, and the state told once.
 * Refuses: decisions of its own: the machine says when to connect, close and wake; words of an older connection are dropped.
 * Document: firmware-notes/panel-protocol.md, "The driver".
 */
import type { Cancel, PanelClock, SerialConnection, SerialTransport } from './ports.ts';

/** What the line and time say to a machine; each family's inputs have these. */
export type ShellInput =
  | { readonly type: 'opened' | 'ended'; readonly conn: number }
  | { readonly type: 'tick' | 'hotplug' };

export interface ShellParts<State> {
  readonly transport: SerialTransport;
  readonly clock: PanelClock;
  readonly dispatch: (input: ShellInput) => void;
  readonly received: (conn: number, bytes: Uint8Array) => void;
  /** Before the machine hears of it. */
  readonly opened?: () => void;
  readonly told: (state: State) => void;
  /** Told already. */
  readonly state: State;
}

export class LineShell<State> {
  readonly #parts: ShellParts<State>;
  readonly #drains = new Map<number, (drained: boolean) => void>();
  #stops: Array<() => void> = [];
  #line: { readonly conn: number; readonly connection: SerialConnection } | null = null;
  #told: State;
  #cancelTimer: Cancel = () => undefined;
  #cancelWatch: Cancel | null = null;
  #lastId = 0;

  constructor(parts: ShellParts<State>) {
    this.#parts = parts;
    this.#told = parts.state;
  }

  /** For a command or a draining, never the same twice. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  connect(conn: number): void {
    const { transport, dispatch, received, opened } = this.#parts;
    const connection = transport.connect({
      opened: () => {
        opened?.();
        dispatch({ type: 'opened', conn });
      },
      received: (bytes) => {
        if (this.#line?.conn === conn) received(conn, bytes);
      },
      ended: () => {
        if (this.#line?.conn === conn) this.#line = null;
        dispatch({ type: 'ended', conn });
      },
    });
    this.#line = { conn, connection };
  }

  close(conn: number): void {
    if (this.#line?.conn === conn) this.#line.connection.close();
  }

  /** False: it did not go onto the line. Without `conn` onto whichever is open. */
  write(bytes: Uint8Array, conn = this.#line?.conn): boolean {
    return this.#line !== null && this.#line.conn === conn && this.#line.connection.write(bytes);
  }

  /** Settles when the machine says that it has stopped. */
  untilStopped(): Promise<void> {
    return new Promise((resolve) => this.#stops.push(resolve));
  }

  stopped(): void {
    const waiting = this.#stops;
    this.#stops = [];
    for (const resolve of waiting) resolve();
  }

  untilDrained(id: number): Promise<{ readonly drained: boolean }> {
    return new Promise((resolve) => this.#drains.set(id, (drained) => resolve({ drained })));
  }

  drained(id: number, drained: boolean): void {
    const resolve = this.#drains.get(id);
    this.#drains.delete(id);
    resolve?.(drained);
  }

  tell(state: State): void {
    if (state === this.#told) return;
    this.#told = state;
    this.#parts.told(state);
  }

  /** `isWaiting`: for the device, whose folder is watched only then. */
  schedule(wakeMs: number | null, isWaiting: boolean): void {
    const { transport, clock, dispatch } = this.#parts;
    this.#cancelTimer();
    this.#cancelTimer =
      wakeMs === null
        ? () => undefined
        : clock.setTimer(Math.max(0, wakeMs - clock.nowMs()), () => dispatch({ type: 'tick' }));
    if (isWaiting && this.#cancelWatch === null)
      this.#cancelWatch = transport.watch(() => dispatch({ type: 'hotplug' }));
    if (!isWaiting && this.#cancelWatch !== null) {
      this.#cancelWatch();
      this.#cancelWatch = null;
    }
  }
}

export const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xff;

export const isU32 = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
