/**
 * Purpose: the outer interface of every panel family, with declared capabilities, so that no screen promises
 *          what the panel cannot do.
 * Refuses: to store, to thank, or to acknowledge by itself — `acknowledge` is the caller's, after its commit.
 * Document: firmware-notes/panel-protocol.md, "The driver".
 */

export type PanelCapabilities = {
  readonly delivery: 'exactly-once' | 'at-most-once';
  readonly arm: 'device' | 'host';
  readonly led: boolean;
  readonly prompt: boolean;
  readonly selfTest: boolean;
  readonly stuckKey: 'device' | 'host' | 'none';
  readonly presence: 'heartbeat' | 'poll' | 'none';
};

/**
 * `syncing` = line open, handshake running · `away` = no line or no answer; the driver keeps trying ·
 * `ready` = it answered last; a pulled cable may go unnoticed for a heartbeat, a command's outcome does not lie ·
 * `incompatible` and `wrong-device` are tried again only every 30 s or when the device changes.
 */
export type PanelLinkState = 'stopped' | 'away' | 'syncing' | 'ready' | 'incompatible' | 'wrong-device';

/** What the panel said about itself in its INFO. */
export type PanelIdentity = {
  /** Hardware id, 16 lower-case hexadecimal digits. */
  readonly hwid: string;
  /** Low 16 bits: start counter; high 16: random (an erased counter repeats). */
  readonly boot: number;
  readonly firmware: string;
  readonly buttons: number;
  readonly leds: number;
  /** 1 when presses survive a power loss of the panel. */
  readonly journal: boolean;
};

/**
 * One press. Its unique key is (hwid, boot, seq, askTicket, button, uptimeMs); everything else is outside the key.
 * It arrives again (`repeat: true`) until it was acknowledged, at most once a second within one run, and after a
 * restart of the host: storing it must be idempotent, and a duplicate must be acknowledged too.
 */
export type PanelPress = {
  readonly hwid: string;
  readonly boot: number;
  /** 1…65535, counts within a boot. */
  readonly seq: number;
  /** Ticket under which the panel took it; 0 = none. */
  readonly askTicket: number;
  /** 0-based index. */
  readonly button: number;
  readonly flags: { readonly overflowBefore: boolean; readonly chord: boolean };
  /** Panel uptime at the press, milliseconds, wraps after 49.7 days. */
  readonly uptimeMs: number;
  /** How long it was held; null = was still down when this frame was made. */
  readonly durationMs: number | null;
  /** Host monotonic time of the press (PanelClock); null for a journalled press of an older boot. */
  readonly pressedAtMonoMs: number | null;
  readonly receivedAtMonoMs: number;
  readonly repeat: boolean;
};

/** The button came up; best effort, may never arrive. */
export type PanelRelease = {
  readonly hwid: string;
  readonly boot: number;
  readonly seq: number;
  readonly button: number;
  readonly durationMs: number;
};

/** Closed list. `stuck`…`supply` come from the panel, the rest from this side of the line. */
export type PanelFaultCode =
  | 'stuck'
  | 'stuck-cleared'
  | 'queue-overflow'
  | 'panel-restarted-by-watchdog'
  | 'panel-receive-errors'
  | 'supply'
  | 'handshake-failed'
  | 'incompatible'
  | 'wrong-device'
  | 'unknown-fault';

export type PanelFault = {
  readonly code: PanelFaultCode;
  readonly button: number | null;
  readonly detail: number;
};

/** Bytes or frames that were thrown away. `bytes` counts what was dropped, delimiters not counted. */
export type PanelDiscard = {
  readonly reason:
    | 'overlong'
    | 'too-short'
    | 'cobs'
    | 'crc'
    | 'version'
    | 'direction'
    | 'address'
    | 'unknown-type'
    | 'bad-payload'
    | 'unexpected'
    | 'before-sync';
  readonly bytes: number;
};

/** Outcome of a command; expected failures are values, never exceptions. */
export type PanelCommandResult =
  | { readonly ok: true; readonly detail: number }
  | {
      readonly ok: false;
      readonly code: 'away' | 'no-answer' | 'busy' | 'unsupported' | 'range' | 'state' | 'rejected';
    };

export type PanelArm = {
  /** Random non-zero u32, committed before this call. Same ticket again only extends the time. */
  readonly askTicket: number;
  /** Bit n = button n may answer. */
  readonly mask: number;
  readonly singleShot: boolean;
  /** 1 000…65 535 000 ms, rounded up to seconds on the wire. */
  readonly timeoutMs: number;
};

export type PanelLed = {
  readonly on: number;
  readonly blink: number;
  /** 0 = stay; otherwise up to 25 500 ms, rounded up to tenths of a second. */
  readonly ttlMs: number;
};

export type PanelSelfTest =
  | { readonly ok: true; readonly result: number; readonly buttonsDown: number; readonly stuck: number }
  | { readonly ok: false; readonly code: 'away' | 'no-answer' | 'busy' | 'unsupported' | 'rejected' };

export interface PanelEvents {
  /** Handshake done and configuration pushed: now give the wanted `arm` or `disarm(0)` from the database. */
  ready: PanelIdentity;
  state: { readonly state: PanelLinkState; readonly identity: PanelIdentity | null };
  press: PanelPress;
  release: PanelRelease;
  fault: PanelFault;
  discard: PanelDiscard;
}

export interface PanelDriver {
  readonly capabilities: PanelCapabilities;
  readonly state: PanelLinkState;
  /** Null until the first handshake; afterwards the last panel seen. */
  readonly identity: PanelIdentity | null;
  /** Subscribe before `start()`. Listeners run synchronously; returns the unsubscribe. */
  on<K extends keyof PanelEvents>(event: K, listen: (value: PanelEvents[K]) => void): () => void;
  start(): void;
  /** Resolves when the line is closed and nothing keeps the process alive. Allowed at any time. */
  stop(): Promise<void>;
  arm(arm: PanelArm): Promise<PanelCommandResult>;
  /** 0 = whatever is armed. Another ticket than the armed one → `state`. */
  disarm(askTicket: number): Promise<PanelCommandResult>;
  led(led: PanelLed): Promise<PanelCommandResult>;
  prompt(prompt: { readonly sound: number; readonly volume: number }): Promise<PanelCommandResult>;
  selfTest(): Promise<PanelSelfTest>;
  /**
   * Call only after the press is committed to disk. True = the ACK went onto the line. False = the line is not
   * ready; the panel then sends the press again and it is acknowledged then.
   */
  acknowledge(press: { readonly boot: number; readonly seq: number }): boolean;
  /**
   * Waits until the panel says its queue is empty (which needs the presses to be acknowledged meanwhile).
   * `drained: false` when the panel was away for 2 s, or the queue did not empty within 10 s.
   */
  drain(): Promise<{ readonly drained: boolean }>;
}
