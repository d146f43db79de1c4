/**
 * Purpose: the link while a panel answers: one command in flight, heartbeat, presses told once, their time.
 * Refuses: to acknowledge a press that was not acknowledged from outside before; a time across a restart of the panel.
 * Document: firmware-notes/panel-protocol.md, "The host". Part of link-machine.ts, pure like it.
 */
import {
  type Command,
  type CommandReply,
  LINK_TIMING,
  type LinkEffect,
  type LinkInput,
  type LinkState,
  type LinkStep,
  type ReadyPhase,
} from './link-state.ts';
import {
  HOST_MAJOR,
  HOST_TYPE,
  type HostMessage,
  type PanelButton,
  type PanelMessage,
  STILL_DOWN,
} from './messages.ts';
import type { PanelFaultCode, PanelPress } from './panel-driver.ts';

const FAULT_CODES: Readonly<Record<number, PanelFaultCode>> = {
  1: 'stuck',
  2: 'stuck-cleared',
  3: 'queue-overflow',
  4: 'panel-restarted-by-watchdog',
  5: 'panel-receive-errors',
  6: 'supply',
};

/** RESULT statuses 1…4 as outcomes. */
const REFUSALS = { 1: 'unsupported', 2: 'rejected', 3: 'range', 4: 'state' } as const;

export function commandReply(command: Command, reply: CommandReply): LinkEffect[] {
  return command.owner === null ? [] : [{ type: 'commandDone', id: command.owner, reply }];
}

/** Puts the next command on the free line: a due heartbeat first. Announces READY once nothing of ours waits. */
export function sendNext(state: LinkState, nowMs: number, before: readonly LinkEffect[]): LinkStep {
  const { phase } = state;
  if (phase.name !== 'ready' || phase.flight !== null) return { state, effects: before };
  if (phase.pingDueMs <= nowMs) {
    const ping = { owner: null, message: { name: 'ping' } } as const;
    return send(state, { ...phase, pingDueMs: nowMs + LINK_TIMING.pingEveryMs }, ping, nowMs, before);
  }
  const [next, ...waiting] = phase.waiting;
  if (next !== undefined) return send(state, { ...phase, waiting }, next, nowMs, before);
  if (phase.announced || state.identity === null) return { state, effects: before };
  return {
    state: { ...state, phase: { ...phase, announced: true } },
    effects: [...before, { type: 'ready', identity: state.identity }],
  };
}

function send(
  state: LinkState,
  phase: ReadyPhase,
  command: Command,
  nowMs: number,
  before: readonly LinkEffect[],
): LinkStep {
  const tag = (state.tag % 255) + 1;
  const dueMs = nowMs + LINK_TIMING.commandRetryMs;
  const flight = { command, tag, tries: 1, firstSentMs: nowMs, dueMs };
  const { message } = command;
  return {
    state: { ...state, tag, phase: { ...phase, flight } },
    effects: [...before, { type: 'write', conn: phase.conn, message, tag, retransmission: false }],
  };
}

export function readyMessage(
  state: LinkState,
  phase: ReadyPhase,
  input: LinkInput & { type: 'message' },
  nowMs: number,
): LinkStep {
  const { message } = input;
  switch (message.name) {
    case 'button':
      return button(state, phase, message, nowMs);
    case 'release':
      return {
        state,
        effects: [
          {
            type: 'release',
            release: {
              hwid: phase.info.hwid,
              boot: message.boot,
              seq: message.seq,
              button: message.button,
              durationMs: message.durationMs,
            },
          },
        ],
      };
    case 'fault': {
      const code = FAULT_CODES[message.code] ?? 'unknown-fault';
      const aboutButton = message.code === 1 || message.code === 2;
      const fault = { code, button: aboutButton ? message.button : null, detail: message.detail };
      return { state, effects: [{ type: 'fault', fault }] };
    }
    case 'info':
    case 'status':
    case 'result':
    case 'test':
      return reply(state, phase, input.tag, message, nowMs);
  }
}

function reply(
  state: LinkState,
  before: ReadyPhase,
  tag: number,
  message: PanelMessage,
  nowMs: number,
): LinkStep {
  let phase = before;
  let next = state;
  let effects: LinkEffect[] = [];
  const flight = phase.flight;
  const answered = flight !== null && flight.tag === tag && answers(flight.command.message, message);
  if (message.name === 'status') {
    phase = { ...phase, clock: { uptimeMs: message.uptimeMs, hostMs: nowMs }, pingsMissed: 0 };
    if (phase.held !== null) {
      const { button: waited, receivedMs } = phase.held;
      const told = tell({ ...next, phase }, phase, waited, receivedMs, nowMs);
      next = told.state;
      effects = [...told.effects];
      phase = { ...phase, held: null };
    }
    if (answered) {
      const done = message.queueLength === 0 ? drained(next, flight.firstSentMs) : [];
      effects = [...effects, ...done.map((id) => ({ type: 'drainDone', id, drained: true }) as const)];
      next = { ...next, drains: next.drains.filter(({ id }) => !done.includes(id)) };
      if (next.drains.length > 0)
        phase = { ...phase, pingDueMs: Math.min(phase.pingDueMs, nowMs + LINK_TIMING.drainAskMs) };
    }
  }
  if (answered) {
    effects = [...effects, ...commandReply(flight.command, outcome(message))];
    phase = { ...phase, flight: null };
  }
  // The panel fell back to its idle state (we were silent too long) without a restart: renew the session.
  const idle = (message.name === 'status' && !message.session) || (message.name === 'info' && tag === 0);
  if (idle) phase = renewSession(next, phase);
  return sendNext({ ...next, phase }, nowMs, effects);
}

function renewSession(state: LinkState, phase: ReadyPhase): ReadyPhase {
  const isHello = (one: Command | undefined): boolean => one?.message.name === 'hello';
  if (isHello(phase.flight?.command) || phase.waiting.some(isHello)) return phase;
  const message = {
    name: 'hello',
    minMajor: HOST_MAJOR,
    maxMajor: HOST_MAJOR,
    session: state.config.session,
  } as const;
  return { ...phase, waiting: [{ owner: null, message }, ...phase.waiting] };
}

/** Drains whose question was put after they began. */
function drained(state: LinkState, askedMs: number): number[] {
  return state.drains.filter(({ sinceMs }) => sinceMs <= askedMs).map(({ id }) => id);
}

function answers(request: HostMessage, message: PanelMessage): boolean {
  switch (message.name) {
    case 'status':
      return request.name === 'ping';
    case 'info':
      return request.name === 'hello';
    case 'test':
      return request.name === 'selfTest';
    case 'result':
      return message.request === HOST_TYPE[request.name];
    case 'button':
    case 'release':
    case 'fault':
      return false;
  }
}

function outcome(message: PanelMessage): CommandReply {
  if (message.name === 'test') return { ok: true, test: message };
  if (message.name !== 'result') return { ok: true, detail: 0 };
  if (message.status === 0) return { ok: true, detail: message.detail };
  const known = REFUSALS[message.status as keyof typeof REFUSALS];
  return { ok: false, code: known ?? 'rejected' };
}

function button(state: LinkState, phase: ReadyPhase, message: PanelButton, nowMs: number): LinkStep {
  const { told } = state;
  const same = told !== null && told.hwid === phase.info.hwid && samePress(told.button, message);
  if (same && told.acknowledged) {
    // Committed before; the panel missed the ACK.
    const ack = { name: 'ack', boot: message.boot, seq: message.seq } as const;
    return {
      state,
      effects: [{ type: 'write', conn: phase.conn, message: ack, tag: 0, retransmission: true }],
    };
  }
  const learnsDuration = same && told.button.durationMs === STILL_DOWN && message.durationMs !== STILL_DOWN;
  if (same && !learnsDuration && nowMs - told.atMs < LINK_TIMING.pressRepeatMs) return { state, effects: [] };
  if (message.boot === phase.info.boot && phase.clock === null) {
    const held = { button: message, receivedMs: phase.held?.receivedMs ?? nowMs };
    return { state: { ...state, phase: { ...phase, held } }, effects: [] };
  }
  return tell(state, phase, message, nowMs, nowMs);
}

function tell(
  state: LinkState,
  phase: ReadyPhase,
  message: PanelButton,
  receivedMs: number,
  nowMs: number,
): LinkStep {
  const { hwid } = phase.info;
  const press: PanelPress = {
    hwid,
    boot: message.boot,
    seq: message.seq,
    askTicket: message.ticket,
    button: message.button,
    flags: { overflowBefore: (message.flags & 1) !== 0, chord: (message.flags & 2) !== 0 },
    uptimeMs: message.uptimeMs,
    durationMs: message.durationMs === STILL_DOWN ? null : message.durationMs,
    pressedAtMonoMs: pressedAt(phase, message, receivedMs),
    receivedAtMonoMs: receivedMs,
    repeat: state.told !== null && state.told.hwid === hwid && samePress(state.told.button, message),
  };
  return {
    state: { ...state, told: { hwid, button: message, atMs: nowMs, acknowledged: false } },
    effects: [{ type: 'press', press }],
  };
}

/** Host time of the press, from the panel's uptime; only within one boot. Uptime wraps at 2^32 ms. */
function pressedAt(phase: ReadyPhase, message: PanelButton, receivedMs: number): number | null {
  if (phase.clock === null || message.boot !== phase.info.boot) return null;
  const agoMs = (phase.clock.uptimeMs - message.uptimeMs) | 0;
  return Math.min(phase.clock.hostMs - agoMs, receivedMs);
}

function samePress(a: PanelButton, b: PanelButton): boolean {
  return (
    a.boot === b.boot &&
    a.seq === b.seq &&
    a.ticket === b.ticket &&
    a.button === b.button &&
    a.uptimeMs === b.uptimeMs
  );
}
