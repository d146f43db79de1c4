/**
 * Purpose: what the panel driver needs from outside — a serial line, time, and a hint that devices changed.
 * Refuses: to know any library; `serialport` lives in serialport-transport.ts, timers in panel-clock.ts.
 * Document: firmware-notes/panel-protocol.md, "The line".
 */

/** Cancels what it was returned for; calling it twice does nothing. */
export type Cancel = () => void;

/** Monotonic time and one-shot timers. */
export interface PanelClock {
  /** Monotonic time, milliseconds with fractions; the zero point is the caller's, it only has to stay the same. */
  nowMs(): number;
  setTimer(delayMs: number, fire: () => void): Cancel;
}

/** Why a connection ended. `refused` = it never opened. `detail` is for the log only, never for a decision. */
export type SerialEnd = {
  readonly reason: 'asked' | 'refused' | 'hung-up' | 'close-timeout';
  readonly detail: string;
};

export interface SerialListener {
  opened(): void;
  received(bytes: Uint8Array): void;
  /** Exactly once per connection, whatever happened, and the last call it makes. */
  ended(end: SerialEnd): void;
}

/** One connection. A new one is made for each attempt; nothing written to an old one can reach a new one. */
export interface SerialConnection {
  /** False when the line is not open; nothing is kept for later. */
  write(bytes: Uint8Array): boolean;
  /** Allowed while still opening: then the line is closed as soon as it has opened. */
  close(): void;
}

export interface SerialTransport {
  readonly path: string;
  connect(listener: SerialListener): SerialConnection;
  /** Calls back when the path may have come or gone; only cuts a waiting time short, so it may be late or absent. */
  watch(changed: () => void): Cancel;
}
