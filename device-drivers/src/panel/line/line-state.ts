/**
 * Purpose: the data of the host's side of a line-ASCII box: phases, inputs, effects and their fixed timings.
 * Refuses: behaviour; line-machine.ts and line-keys.ts own it.
 * Document: firmware-notes/families.md, "line-ascii".
 */
import type { LineKeys } from '@hailong/shared/model/panel-config.ts';
import type { PatternPart } from '@hailong/shared/model/wire-text.ts';
import type { PanelFault } from '../panel-driver.ts';
import type { KeysState, LinePress } from './line-keys.ts';

/** All times in milliseconds. */
export const LINE_TIMING = {
  backoffFirstMs: 250,
  /** Opening is cheap and a technician waits beside it. */
  backoffMaxMs: 4_000,
  hotplugSettleMs: 100,
  /** Lines that opened and gave no expected answer, in a row, before the operator hears of it. */
  silentBeforeFault: 3,
  /** What was pressed just before may still be on its way through the adapter. */
  drainQuietMs: 40,
  /** A caller that does not acknowledge for so long will not. */
  drainMaxMs: 10_000,
  /** Unanswered polls in a row, and how long at least, before the box is away. */
  pollsMissed: 3,
  pollSilentMs: 2_000,
} as const;

/** A configuration with its texts as bytes. */
export type LineSetup = {
  readonly terminator: Uint8Array | null;
  readonly messages: ReadonlyArray<{
    readonly pattern: readonly PatternPart[];
    readonly button: number;
    readonly is: 'press' | 'release';
  }>;
  readonly saysRelease: readonly boolean[];
  readonly init: Uint8Array | null;
  readonly poll: {
    readonly send: Uint8Array;
    readonly everyMs: number;
    readonly idle: readonly PatternPart[] | null;
  } | null;
  readonly keepAlive: {
    readonly send: Uint8Array;
    readonly expect: Uint8Array;
    readonly everyMs: number;
    readonly timeoutMs: number;
    readonly misses: number;
  } | null;
  readonly led: { readonly on: Uint8Array; readonly off: Uint8Array } | null;
  readonly keys: LineKeys;
};

export type LinePhase =
  | { readonly name: 'stopped' }
  | { readonly name: 'opening'; readonly conn: number }
  | {
      readonly name: 'open';
      readonly conn: number;
      /** It answered as expected, or nothing is expected of it. */
      readonly ready: boolean;
      readonly pollDueMs: number | null;
      readonly askDueMs: number | null;
      /** The presence check on its way fails then; null: none is. */
      readonly answerDueMs: number | null;
      readonly missed: number;
      readonly heardMs: number;
    }
  | { readonly name: 'closing'; readonly conn: number; readonly next: 'backoff' | 'stopped' }
  | { readonly name: 'backoff'; readonly untilMs: number };

export type LineState = {
  readonly setup: LineSetup;
  readonly phase: LinePhase;
  /** Strictly increasing, so that a late event of an old connection is recognised. */
  readonly connections: number;
  readonly random: number;
  readonly attempts: number;
  readonly silent: number;
  readonly keys: KeysState;
  /** The last bytes heard, for an expected answer that is several messages. */
  readonly recent: readonly number[];
  readonly drains: ReadonlyArray<{ readonly id: number; readonly sinceMs: number }>;
};

export type LineInput =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'opened'; readonly conn: number }
  | { readonly type: 'ended'; readonly conn: number }
  | { readonly type: 'heard'; readonly conn: number; readonly bytes: Uint8Array }
  | { readonly type: 'message'; readonly conn: number; readonly bytes: Uint8Array }
  | { readonly type: 'hotplug' }
  | {
      readonly type: 'arm';
      readonly arm: { askTicket: number; mask: number; singleShot: boolean; timeoutMs: number };
    }
  | { readonly type: 'disarm'; readonly askTicket: number }
  | { readonly type: 'acknowledge'; readonly seq: number }
  | { readonly type: 'drain'; readonly id: number }
  | { readonly type: 'tick' };

export type LineEffect =
  | { readonly type: 'connect'; readonly conn: number }
  | { readonly type: 'close'; readonly conn: number }
  | { readonly type: 'write'; readonly conn: number; readonly bytes: Uint8Array }
  | { readonly type: 'ready' }
  | { readonly type: 'tell'; readonly press: LinePress }
  | { readonly type: 'fault'; readonly fault: PanelFault }
  | { readonly type: 'unknown'; readonly bytes: number }
  | { readonly type: 'drainDone'; readonly id: number; readonly drained: boolean }
  | { readonly type: 'stopped' };

export type LineStep = { readonly state: LineState; readonly effects: readonly LineEffect[] };
