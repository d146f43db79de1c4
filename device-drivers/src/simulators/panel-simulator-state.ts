/**
 * Purpose: the data of the simulated CPP/1 panel: what sits in its RAM, what in its EEPROM, and what reaches it.
 * Refuses: behaviour; panel-simulator-machine.ts and panel-simulator-keys.ts own it.
 * Document: firmware-notes/panel-protocol.md, "The panel".
 */
import type { HostMessage, PanelMessage } from '../panel/messages.ts';

export type SimulatedPanelConfig = {
  readonly hwid: string;
  readonly buttons: number;
  readonly leds: number;
  readonly minMajor: number;
  readonly maxMajor: number;
  readonly firmware: readonly [number, number, number];
  /** Events are written to EEPROM and survive a power loss. */
  readonly journal: boolean;
  readonly prompt: boolean;
  readonly queueCapacity: number;
};

/** SET_CONFIG keys 0…5 in order; ms except the stuck time (s). Ranges are what the firmware accepts. */
export const KEY_DEFAULTS = [20, 30, 250, 15, 100, 1600] as const;
export const KEY_RANGES = [
  [3, 100],
  [3, 100],
  [0, 5000],
  [1, 255],
  [20, 5000],
  [20, 10_000],
] as const;

export const PANEL_TIMING = {
  beaconMs: 1_000,
  /** No valid host frame for this long: back to idle. */
  sessionMs: 3_500,
  chordMs: 30,
  jitterMs: 31,
} as const;

export type QueuedPress = {
  readonly boot: number;
  readonly seq: number;
  readonly button: number;
  flags: number;
  readonly uptimeMs: number;
  /** Null while down. */
  durationMs: number | null;
  readonly ticket: number;
};

export type Key = {
  /** The raw contact, and when it last changed. */
  contact: boolean;
  changedAtMs: number;
  /** The debounced state. */
  down: boolean;
  pressedAtMs: number;
  stuck: boolean;
  /** Event of the press that is going on. */
  event: { boot: number; seq: number } | null;
  lockedUntilMs: number;
};

export type PanelState = {
  readonly config: SimulatedPanelConfig;
  /** EEPROM: plain start counter (16 bits) and the journal. */
  eeprom: { counter: number; journal: QueuedPress[] };
  random: number;
  boot: number;
  bootedAtMs: number;
  resetCause: number;
  /** The host has been told of a restart by watchdog or brown-out. */
  restartTold: boolean;
  values: number[];
  session: { heardAtMs: number } | null;
  beaconDueMs: number;
  armed: { ticket: number; mask: number; singleShot: boolean; untilMs: number } | null;
  /** Ticket of the last single shot that was used: a late repetition of its ARM must not re-open it. */
  usedTicket: number;
  queue: QueuedPress[];
  nextSeq: number;
  /** Retransmission of the queue's head; `sent` = it went out before. */
  send: { sent: boolean; rtoMs: number; dueMs: number };
  keys: Key[];
  lamp: { on: number; blink: number; untilMs: number | null };
  overflow: number;
  overflowPending: boolean;
  ignored: number;
  rxErrors: number;
};

/** Reset causes as the firmware reports them. */
export const RESET_CAUSE = { powerOn: 1, external: 2, brownOut: 4, watchdog: 8 } as const;

export type PanelInput =
  | { readonly type: 'host'; readonly message: HostMessage; readonly tag: number }
  | {
      readonly type: 'refused';
      readonly reason: 'unknown-type' | 'bad-payload';
      readonly request: number;
      readonly tag: number;
    }
  | { readonly type: 'noise' }
  | { readonly type: 'contact'; readonly button: number; readonly down: boolean }
  | { readonly type: 'restart'; readonly cause: number }
  | { readonly type: 'eraseEeprom' }
  | { readonly type: 'tick' };

export type PanelEffect = {
  readonly type: 'send';
  readonly message: PanelMessage;
  readonly tag: number;
  readonly retransmission: boolean;
};

export type PanelStep = { readonly state: PanelState; readonly effects: readonly PanelEffect[] };

/** One step of a 32-bit xorshift; changes the state given. */
export function randomBelow(state: PanelState, limit: number): number {
  let x = state.random === 0 ? 0x9e3779b9 : state.random;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  state.random = x >>> 0;
  return state.random % limit;
}

export function uptimeMs(state: PanelState, nowMs: number): number {
  return Math.max(0, Math.floor(nowMs - state.bootedAtMs)) >>> 0;
}

export function saturate(value: number): number {
  return Math.min(value, 0xff);
}
