/**
 * Purpose: the panel's side of CPP/1 as a pure machine, written from the protocol and not from the host's code.
 * Refuses: a second event for a used single shot, an ACK beyond the head entries of the boot it names, and loss in
 *          silence (a full queue raises a fault and flags the next event).
 * Document: firmware-notes/panel-protocol.md, "The panel".
 */
import {
  type HostMessage,
  PANEL_CAP,
  type PanelMessage,
  RESULT_STATUS,
  STILL_DOWN,
} from '../panel/messages.ts';
import { contact, FAULT, fault, keysDueMs, scanKeys } from './panel-simulator-keys.ts';
import {
  KEY_DEFAULTS,
  KEY_RANGES,
  PANEL_TIMING,
  type PanelEffect,
  type PanelInput,
  type PanelState,
  type PanelStep,
  RESET_CAUSE,
  randomBelow,
  type SimulatedPanelConfig,
  saturate,
  uptimeMs,
} from './panel-simulator-state.ts';

const BOOTLOADER_MAGIC = 0xb007c0de;
/** Requests as numbers, for RESULT. */
const REQUEST = {
  hello: 1,
  ack: 2,
  arm: 3,
  disarm: 4,
  led: 5,
  prompt: 6,
  ping: 7,
  selfTest: 8,
  setConfig: 9,
  getConfig: 10,
  bootloader: 11,
  poll: 12,
} as const satisfies Record<HostMessage['name'], number>;

/** A panel that has never had power; give it a `restart` to start it. */
export function newPanel(config: SimulatedPanelConfig, seed: number): PanelState {
  return {
    config,
    eeprom: { counter: 0, journal: [] },
    random: seed >>> 0,
    boot: 0,
    bootedAtMs: 0,
    resetCause: RESET_CAUSE.powerOn,
    restartTold: false,
    values: [...KEY_DEFAULTS],
    session: null,
    beaconDueMs: 0,
    armed: null,
    usedTicket: 0,
    queue: [],
    nextSeq: 1,
    send: { sent: false, rtoMs: KEY_DEFAULTS[4], dueMs: 0 },
    keys: Array.from({ length: config.buttons }, () => ({
      contact: false,
      changedAtMs: 0,
      down: false,
      pressedAtMs: 0,
      stuck: false,
      event: null,
      lockedUntilMs: 0,
    })),
    lamp: { on: 0, blink: 0, untilMs: null },
    overflow: 0,
    overflowPending: false,
    ignored: 0,
    rxErrors: 0,
  };
}

export function panelWakeMs(state: PanelState): number {
  const due = [...keysDueMs(state)];
  if (state.session === null) due.push(state.beaconDueMs);
  else due.push(state.session.heardAtMs + PANEL_TIMING.sessionMs);
  if (state.armed !== null) due.push(state.armed.untilMs);
  if (state.lamp.untilMs !== null) due.push(state.lamp.untilMs);
  if (state.queue.length > 0) due.push(state.send.dueMs);
  return Math.min(...due);
}

export function stepPanel(before: PanelState, input: PanelInput, nowMs: number): PanelStep {
  const state = structuredClone(before);
  const effects = [...take(state, input, nowMs), ...elapse(state, nowMs)];
  if (state.config.journal) state.eeprom.journal = state.queue.map((press) => ({ ...press }));
  return { state, effects };
}

function take(state: PanelState, input: PanelInput, nowMs: number): PanelEffect[] {
  switch (input.type) {
    case 'host':
      if (state.session !== null) state.session.heardAtMs = nowMs;
      return host(state, input.message, input.tag, nowMs);
    case 'refused':
      if (state.session !== null) state.session.heardAtMs = nowMs;
      return [
        result(
          input.request,
          input.reason === 'unknown-type' ? RESULT_STATUS.unknown : RESULT_STATUS.length,
          0,
          input.tag,
        ),
      ];
    case 'noise':
      state.rxErrors = saturate(state.rxErrors + 1);
      return [];
    case 'contact': {
      // A late timer must not swallow a press whose debounce was over: a panel looks at its keys each millisecond.
      const effects = scanKeys(state, nowMs);
      contact(state, input.button, input.down, nowMs);
      return effects;
    }
    case 'restart':
      return restart(state, input.cause, nowMs);
    case 'eraseEeprom':
      state.eeprom = { counter: 0, journal: [] };
      return [];
    case 'tick':
      return [];
  }
}

/** RAM is lost; the journal, where there is one, is the queue's beginning and keeps its older boots. */
function restart(state: PanelState, cause: number, nowMs: number): PanelEffect[] {
  const { eeprom } = state;
  eeprom.counter = (eeprom.counter + 1) & 0xffff;
  const fresh = newPanel(state.config, state.random);
  const keys = state.keys.map((key) => ({
    ...key,
    // Down at the start means stuck until it has been released.
    changedAtMs: nowMs,
    down: key.contact,
    pressedAtMs: nowMs,
    stuck: key.contact,
    event: null,
    lockedUntilMs: 0,
  }));
  Object.assign(state, fresh, { eeprom, keys, resetCause: cause, bootedAtMs: nowMs, beaconDueMs: nowMs });
  state.boot = ((randomBelow(state, 0x10000) << 16) | eeprom.counter) >>> 0;
  state.queue = state.config.journal ? eeprom.journal.map((press) => ({ ...press })) : [];
  // A press whose release was never seen has no duration to wait for.
  state.send = { sent: false, rtoMs: state.values[4]!, dueMs: nowMs };
  return [];
}

function elapse(state: PanelState, nowMs: number): PanelEffect[] {
  if (state.armed !== null && nowMs >= state.armed.untilMs) state.armed = null;
  if (state.lamp.untilMs !== null && nowMs >= state.lamp.untilMs)
    state.lamp = { on: 0, blink: 0, untilMs: null };
  if (state.session !== null && nowMs - state.session.heardAtMs >= PANEL_TIMING.sessionMs) {
    state.session = null;
    state.beaconDueMs = nowMs;
  }
  const effects = scanKeys(state, nowMs);
  if (state.session === null && nowMs >= state.beaconDueMs) {
    state.beaconDueMs = nowMs + PANEL_TIMING.beaconMs;
    effects.push(send(info(state), 0));
  }
  if (state.queue.length > 0 && nowMs >= state.send.dueMs) effects.push(sendHead(state, nowMs));
  return effects;
}

function sendHead(state: PanelState, nowMs: number): PanelEffect {
  const head = state.queue[0]!;
  const maxRtoMs = state.values[5]!;
  const { sent } = state.send;
  const rtoMs = state.session === null ? maxRtoMs : state.send.rtoMs;
  const dueMs = nowMs + rtoMs + randomBelow(state, PANEL_TIMING.jitterMs + 1);
  state.send = { sent: true, rtoMs: Math.min(rtoMs * 2, maxRtoMs), dueMs };
  const message = { name: 'button', ...head, durationMs: head.durationMs ?? STILL_DOWN } as const;
  return { type: 'send', message, tag: 0, retransmission: sent };
}

function host(state: PanelState, message: HostMessage, tag: number, nowMs: number): PanelEffect[] {
  const request = REQUEST[message.name];
  const ok = (detail = state.queue.length): PanelEffect[] => [result(request, RESULT_STATUS.ok, detail, tag)];
  const no = (status: number): PanelEffect[] => [result(request, status, 0, tag)];
  switch (message.name) {
    case 'hello': {
      const missed = state.session === null ? missedFaults(state, nowMs) : [];
      state.session = { heardAtMs: nowMs };
      state.send = { sent: state.send.sent, rtoMs: state.values[4]!, dueMs: nowMs };
      return [send(info(state), tag), ...missed];
    }
    case 'ack':
      acknowledge(state, message, nowMs);
      return [];
    case 'arm':
      if (message.ticket === 0 || message.mask >= 1 << state.config.buttons || message.timeoutS === 0)
        return no(RESULT_STATUS.range);
      arm(state, message, nowMs);
      return ok();
    case 'disarm':
      if (state.armed !== null && message.ticket !== 0 && message.ticket !== state.armed.ticket)
        return no(RESULT_STATUS.state);
      state.armed = null;
      return ok();
    case 'led':
      state.lamp = {
        on: message.on,
        blink: message.blink,
        untilMs: message.ttlTenths === 0 ? null : nowMs + message.ttlTenths * 100,
      };
      return ok();
    case 'prompt':
      return state.config.prompt ? ok() : no(RESULT_STATUS.unknown);
    case 'ping':
      return [send(status(state, nowMs), tag)];
    case 'selfTest':
      return [
        send(
          {
            name: 'test',
            result: 0,
            buttonsDown: bits(state, 'down'),
            stuck: bits(state, 'stuck'),
            freeRam: 1100,
          },
          tag,
        ),
      ];
    case 'setConfig': {
      const range = KEY_RANGES[message.key];
      if (range === undefined || message.value < range[0] || message.value > range[1])
        return no(RESULT_STATUS.range);
      state.values[message.key] = message.value;
      return ok(message.value);
    }
    case 'getConfig': {
      const value = state.values[message.key];
      return value === undefined ? no(RESULT_STATUS.range) : ok(value);
    }
    case 'bootloader':
      if (message.magic !== (BOOTLOADER_MAGIC ^ state.boot) >>> 0) return no(RESULT_STATUS.range);
      if (state.armed !== null || state.queue.length > 0) return no(RESULT_STATUS.state);
      return [...ok(), ...restart(state, RESET_CAUSE.watchdog, nowMs)];
    case 'poll':
      return [];
  }
}

/** What the host missed while it was away: a restart by watchdog or brown-out, once, and the stuck keys. */
function missedFaults(state: PanelState, nowMs: number): PanelEffect[] {
  const byItself = state.resetCause === RESET_CAUSE.watchdog || state.resetCause === RESET_CAUSE.brownOut;
  const restarted =
    byItself && !state.restartTold ? [fault(state, FAULT.restarted, 0, state.resetCause, nowMs)] : [];
  state.restartTold = true;
  const stuck = state.keys.flatMap((key, index) =>
    key.stuck ? [fault(state, FAULT.stuck, index, state.values[3]!, nowMs)] : [],
  );
  return [...restarted, ...stuck];
}

function arm(state: PanelState, message: HostMessage & { name: 'arm' }, nowMs: number): void {
  const untilMs = nowMs + message.timeoutS * 1000;
  if (state.armed?.ticket === message.ticket) {
    state.armed.untilMs = untilMs;
    return;
  }
  const used = message.singleShot && message.ticket === state.usedTicket;
  const { ticket, singleShot } = message;
  state.armed = { ticket, singleShot, mask: used ? 0 : message.mask, untilMs };
}

function acknowledge(state: PanelState, ack: { boot: number; seq: number }, nowMs: number): void {
  let popped = false;
  for (let head = state.queue[0]; head !== undefined; head = state.queue[0]) {
    // Serial-number comparison: seq runs through 65535 to 1.
    const covered = head.boot === ack.boot && ((ack.seq - head.seq) << 16) >> 16 >= 0;
    if (!covered) break;
    state.queue.shift();
    popped = true;
  }
  if (popped) state.send = { sent: false, rtoMs: state.values[4]!, dueMs: nowMs };
}

function info(state: PanelState): PanelMessage {
  const { config } = state;
  const caps =
    PANEL_CAP.led |
    PANEL_CAP.release |
    (config.prompt ? PANEL_CAP.prompt : 0) |
    (config.journal ? PANEL_CAP.journal : 0);
  return {
    name: 'info',
    minMajor: config.minMajor,
    maxMajor: config.maxMajor,
    hwid: config.hwid,
    firmware: config.firmware,
    buttons: config.buttons,
    leds: config.leds,
    caps,
    boot: state.boot,
    oldestUnacked: state.queue[0]?.seq ?? 0,
    queueLength: state.queue.length,
    queueCapacity: config.queueCapacity,
    resetCause: state.resetCause,
  };
}

function status(state: PanelState, nowMs: number): PanelMessage {
  return {
    name: 'status',
    boot: state.boot,
    uptimeMs: uptimeMs(state, nowMs),
    armed: state.armed !== null,
    session: state.session !== null,
    overflowed: state.overflowPending,
    down: bits(state, 'down'),
    stuck: bits(state, 'stuck'),
    queueLength: state.queue.length,
    overflow: state.overflow,
    ignored: state.ignored,
    rxErrors: state.rxErrors,
    ticket: state.armed?.ticket ?? 0,
  };
}

function bits(state: PanelState, of: 'down' | 'stuck'): number {
  return state.keys.reduce((sum, key, index) => sum | (key[of] ? 1 << index : 0), 0);
}

function send(message: PanelMessage, tag: number): PanelEffect {
  return { type: 'send', message, tag, retransmission: false };
}

function result(request: number, code: number, detail: number, tag: number): PanelEffect {
  return send({ name: 'result', request, status: code, detail }, tag);
}
