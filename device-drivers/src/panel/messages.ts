/**
 * Purpose: the vocabulary of CPP/1 — numbers of types, flags and keys, and one closed, typed union per direction.
 * Refuses: to know bytes; message-codec.ts turns these to payloads and back.
 * Document: firmware-notes/panel-protocol.md, "Messages".
 */

/** The only major version the host speaks. */
export const HOST_MAJOR = 1;

export const HOST_TYPE = {
  hello: 0x01,
  ack: 0x02,
  arm: 0x03,
  disarm: 0x04,
  led: 0x05,
  prompt: 0x06,
  ping: 0x07,
  selfTest: 0x08,
  setConfig: 0x09,
  getConfig: 0x0a,
  bootloader: 0x0b,
  poll: 0x0c,
} as const;

export const PANEL_TYPE = {
  result: 0x80,
  info: 0x81,
  button: 0x82,
  release: 0x83,
  fault: 0x84,
  status: 0x87,
  test: 0x88,
} as const;

/** Bits of INFO `caps`. */
export const PANEL_CAP = {
  led: 1,
  release: 2,
  prompt: 4,
  journal: 8,
  halfDuplex: 16,
  bootloader: 32,
} as const;
/** RESULT `status`. */
export const RESULT_STATUS = { ok: 0, unknown: 1, length: 2, range: 3, state: 4 } as const;
/** SET_CONFIG keys; times in ms except `stuckAfterS`. */
export const CONFIG_KEY = {
  pressDebounceMs: 0,
  releaseDebounceMs: 1,
  lockoutMs: 2,
  stuckAfterS: 3,
  firstRtoMs: 4,
  maxRtoMs: 5,
} as const;
/** BUTTON `durationMs` while the button is still down. */
export const STILL_DOWN = 0xffff;

export type HostMessage =
  | { readonly name: 'hello'; readonly minMajor: number; readonly maxMajor: number; readonly session: number }
  | { readonly name: 'ack'; readonly boot: number; readonly seq: number }
  | {
      readonly name: 'arm';
      readonly ticket: number;
      readonly mask: number;
      readonly singleShot: boolean;
      readonly timeoutS: number;
    }
  | { readonly name: 'disarm'; readonly ticket: number }
  | { readonly name: 'led'; readonly on: number; readonly blink: number; readonly ttlTenths: number }
  | { readonly name: 'prompt'; readonly sound: number; readonly volume: number }
  | { readonly name: 'ping' }
  | { readonly name: 'selfTest'; readonly mask: number | null }
  | { readonly name: 'setConfig'; readonly key: number; readonly value: number }
  | { readonly name: 'getConfig'; readonly key: number }
  | { readonly name: 'bootloader'; readonly magic: number; readonly mode: number }
  | { readonly name: 'poll' };

export type PanelInfo = {
  readonly name: 'info';
  readonly minMajor: number;
  readonly maxMajor: number;
  /** 16 lower-case hexadecimal digits. */
  readonly hwid: string;
  readonly firmware: readonly [major: number, minor: number, patch: number];
  readonly buttons: number;
  readonly leds: number;
  readonly caps: number;
  readonly boot: number;
  readonly oldestUnacked: number;
  readonly queueLength: number;
  readonly queueCapacity: number;
  readonly resetCause: number;
};
export type PanelButton = {
  readonly name: 'button';
  readonly boot: number;
  readonly seq: number;
  readonly button: number;
  /** bit0 presses were refused before this one, bit1 chord. */
  readonly flags: number;
  readonly uptimeMs: number;
  readonly durationMs: number;
  readonly ticket: number;
};
export type PanelStatus = {
  readonly name: 'status';
  readonly boot: number;
  readonly uptimeMs: number;
  readonly armed: boolean;
  readonly session: boolean;
  readonly overflowed: boolean;
  readonly down: number;
  readonly stuck: number;
  readonly queueLength: number;
  readonly overflow: number;
  readonly ignored: number;
  readonly rxErrors: number;
  readonly ticket: number;
};
export type PanelMessage =
  | { readonly name: 'result'; readonly request: number; readonly status: number; readonly detail: number }
  | PanelInfo
  | PanelButton
  | {
      readonly name: 'release';
      readonly boot: number;
      readonly seq: number;
      readonly button: number;
      readonly durationMs: number;
    }
  | {
      readonly name: 'fault';
      readonly boot: number;
      readonly uptimeMs: number;
      readonly code: number;
      readonly button: number;
      readonly detail: number;
    }
  | PanelStatus
  | {
      readonly name: 'test';
      readonly result: number;
      readonly buttonsDown: number;
      readonly stuck: number;
      readonly freeRam: number;
    };

export type MessageRefusal = 'unknown-type' | 'bad-payload';
export type Decoded<M> =
  | { readonly ok: true; readonly message: M }
  | { readonly ok: false; readonly reason: MessageRefusal };
