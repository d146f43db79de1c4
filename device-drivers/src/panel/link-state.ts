/**
 * Purpose: the data of the host's side of the panel link: phases, inputs, effects and their fixed timings.
 * Refuses: behaviour; link-machine.ts owns every transition.
 * Document: firmware-notes/panel-protocol.md, "The host".
 */
import type { HostMessage, PanelButton, PanelInfo, PanelMessage } from './messages.ts';
import type {
  PanelCommandResult,
  PanelDiscard,
  PanelFault,
  PanelIdentity,
  PanelPress,
  PanelRelease,
} from './panel-driver.ts';

/** All times in milliseconds. */
export const LINK_TIMING = {
  /** Between two HELLOs of one handshake. */
  helloEveryMs: 250,
  /** Boards that reset when the port opens need about 1.6 s before they can answer. */
  handshakeMs: 4_000,
  /** Failed handshakes in a row before the operator hears of it. */
  handshakesBeforeFault: 3,
  /** A command is sent again after this time … */
  commandRetryMs: 120,
  /** … and this often in all. */
  commandTries: 8,
  /** Waiting commands; a caller that queues more has lost its way. */
  commandQueue: 16,
  pingEveryMs: 1_000,
  /** Unanswered heartbeats (each of 8 tries) before the line is closed. */
  pingsMissed: 3,
  backoffFirstMs: 250,
  backoffMaxMs: 10_000,
  /** After a hot-plug hint: long enough for the system to settle the device's rights. */
  hotplugSettleMs: 100,
  /** A wrong or incompatible panel is looked at again this rarely. */
  refusedRetryMs: 30_000,
  /** An unacknowledged press is told again no sooner than this, so that a running commit is left in peace. */
  pressRepeatMs: 1_000,
  /** While draining, the queue's length is asked this often. */
  drainAskMs: 50,
  drainAwayMs: 2_000,
  drainMaxMs: 10_000,
} as const;

export type LinkConfig = {
  /** Only this panel may serve; null = the first one that answers. */
  readonly expectedHwid: string | null;
  /** Random u32 of this process, carried in HELLO. */
  readonly session: number;
  /** SET_CONFIG pairs pushed after every handshake (the panel keeps them in RAM only). */
  readonly panelConfig: ReadonlyArray<readonly [key: number, value: number]>;
};

/** `owner` null = the link's own command (heartbeat, configuration, session renewal). */
export type Command = { readonly owner: number | null; readonly message: HostMessage };
export type Flight = {
  readonly command: Command;
  readonly tag: number;
  readonly tries: number;
  readonly firstSentMs: number;
  readonly dueMs: number;
};

export type RefusedWhy = 'incompatible' | 'wrong-device';

export type ReadyPhase = {
  readonly name: 'ready';
  readonly conn: number;
  readonly info: PanelInfo;
  /** Configuration pushed and `ready` told; caller commands only from then on. */
  readonly announced: boolean;
  readonly waiting: readonly Command[];
  readonly flight: Flight | null;
  readonly pingDueMs: number;
  readonly pingsMissed: number;
  /** The last STATUS of this boot: panel uptime beside host time. */
  readonly clock: { readonly uptimeMs: number; readonly hostMs: number } | null;
  /** A press of this boot that arrived before the first STATUS: told as soon as its time can be computed. */
  readonly held: { readonly button: PanelButton; readonly receivedMs: number } | null;
};

export type Phase =
  | { readonly name: 'stopped' }
  | { readonly name: 'opening'; readonly conn: number }
  | {
      readonly name: 'sync';
      readonly conn: number;
      readonly tag: number;
      readonly helloDueMs: number;
      readonly untilMs: number;
    }
  | ReadyPhase
  | { readonly name: 'closing'; readonly conn: number; readonly next: 'backoff' | 'stopped' | RefusedWhy }
  | { readonly name: 'backoff'; readonly untilMs: number }
  | { readonly name: 'refused'; readonly why: RefusedWhy; readonly untilMs: number };

export type Drain = { readonly id: number; readonly sinceMs: number };

export type LinkState = {
  readonly config: LinkConfig;
  readonly phase: Phase;
  /** Number of the latest connection; strictly increasing, so that a late event of an old one is recognised. */
  readonly connections: number;
  readonly tag: number;
  readonly random: number;
  readonly attempts: number;
  readonly failedHandshakes: number;
  readonly identity: PanelIdentity | null;
  /** The press told last; the panel sends one at a time. */
  readonly told: {
    readonly hwid: string;
    readonly button: PanelButton;
    readonly atMs: number;
    readonly acknowledged: boolean;
  } | null;
  readonly lastHeardMs: number;
  readonly drains: readonly Drain[];
};

export type LinkInput =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'opened'; readonly conn: number }
  | { readonly type: 'ended'; readonly conn: number }
  | {
      readonly type: 'message';
      readonly conn: number;
      readonly tag: number;
      readonly message: PanelMessage;
    }
  | { readonly type: 'hotplug' }
  | { readonly type: 'command'; readonly id: number; readonly message: HostMessage }
  | { readonly type: 'acknowledge'; readonly boot: number; readonly seq: number }
  | { readonly type: 'drain'; readonly id: number }
  | { readonly type: 'tick' };

export type CommandReply =
  | PanelCommandResult
  | { readonly ok: true; readonly test: PanelMessage & { name: 'test' } };

export type LinkEffect =
  | { readonly type: 'connect'; readonly conn: number }
  | { readonly type: 'close'; readonly conn: number }
  | {
      readonly type: 'write';
      readonly conn: number;
      readonly message: HostMessage;
      readonly tag: number;
      readonly retransmission: boolean;
    }
  | { readonly type: 'ready'; readonly identity: PanelIdentity }
  | { readonly type: 'press'; readonly press: PanelPress }
  | { readonly type: 'release'; readonly release: PanelRelease }
  | { readonly type: 'fault'; readonly fault: PanelFault }
  | { readonly type: 'discard'; readonly discard: PanelDiscard }
  | { readonly type: 'commandDone'; readonly id: number; readonly reply: CommandReply }
  | { readonly type: 'drainDone'; readonly id: number; readonly drained: boolean }
  | { readonly type: 'stopped' };

export type LinkStep = { readonly state: LinkState; readonly effects: readonly LinkEffect[] };
