/**
 * Purpose: the host's side of a line-ASCII box as one pure machine: the line's life, its presence, its messages as presses.
 * Refuses: a second connection while one lives; to call a box ready that owes an answer; to be silent about an unplug
 *          longer than 5 s where the box can answer (keep-alive or poll).
 * Document: firmware-notes/families.md, "line-ascii".
 */
import { type LineAsciiConfig, trimmed } from '@hailong/shared/model/panel-config.ts';
import { matches, parsePattern, parseWireText } from '@hailong/shared/model/wire-text.ts';
import type { PanelLinkState } from '../panel-driver.ts';
import {
  acknowledge,
  arm,
  disarm,
  down,
  forgetHeld,
  type KeysStep,
  keysWakeMs,
  newKeys,
  settle,
  up,
} from './line-keys.ts';
import {
  LINE_TIMING,
  type LineEffect,
  type LineInput,
  type LinePhase,
  type LineSetup,
  type LineState,
  type LineStep,
} from './line-state.ts';

type Open = Extract<LinePhase, { name: 'open' }>;

const bytesOf = (text: string): Uint8Array => parseWireText(text) ?? new Uint8Array();

/** Of a configuration that its schema has accepted. */
export function lineSetup(config: Omit<LineAsciiConfig, 'path'>): LineSetup {
  const { framing, buttons, init, poll, keepAlive, led, keys } = config;
  return {
    terminator: framing.kind === 'byte' ? null : bytesOf(framing.terminator),
    messages: buttons.flatMap(({ press, release }, button) => [
      ...press.map((text) => ({ pattern: parsePattern(text) ?? [], button, is: 'press' as const })),
      ...release.map((text) => ({ pattern: parsePattern(text) ?? [], button, is: 'release' as const })),
    ]),
    saysRelease: buttons.map(({ release }) => release.length > 0),
    init: init === undefined ? null : bytesOf(init),
    poll: poll
      ? {
          ...{ send: bytesOf(poll.send), everyMs: poll.everyMs },
          idle: poll.idle === null ? null : parsePattern(poll.idle),
        }
      : null,
    keepAlive: keepAlive
      ? { ...keepAlive, send: bytesOf(keepAlive.send), expect: bytesOf(keepAlive.expect) }
      : null,
    led: led ? { on: bytesOf(led.on), off: bytesOf(led.off) } : null,
    keys,
  };
}

export function initialLine(setup: LineSetup, seed: number): LineState {
  return {
    setup,
    phase: { name: 'stopped' },
    ...{ connections: 0, random: seed >>> 0, attempts: 0, silent: 0, recent: [], drains: [] },
    keys: newKeys(setup.keys, setup.saysRelease),
  };
}

export function lineStateName({ phase }: LineState): PanelLinkState {
  if (phase.name === 'stopped') return 'stopped';
  if (phase.name !== 'open') return 'away';
  return phase.ready ? 'ready' : 'syncing';
}

export function lineWakeMs(state: LineState): number | null {
  const { phase, keys, drains } = state;
  const due: number[] = [];
  if (phase.name === 'backoff') due.push(phase.untilMs);
  if (phase.name === 'open') {
    for (const one of [phase.pollDueMs, phase.askDueMs, phase.answerDueMs]) if (one !== null) due.push(one);
  }
  const keysDue = keysWakeMs(keys);
  if (keysDue !== null) due.push(keysDue);
  for (const { sinceMs } of drains)
    due.push(sinceMs + (keys.queue.length > 0 ? LINE_TIMING.drainMaxMs : LINE_TIMING.drainQuietMs));
  return due.length === 0 ? null : Math.min(...due);
}

export function stepLine(state: LineState, input: LineInput, nowMs: number): LineStep {
  const step = decide(state, input, nowMs);
  return finishDrains(step, nowMs);
}

function decide(state: LineState, input: LineInput, nowMs: number): LineStep {
  const { phase, keys } = state;
  const still: LineStep = { state, effects: [] };
  switch (input.type) {
    case 'start':
      if (phase.name === 'stopped') return connect(state);
      if (phase.name === 'closing' && phase.next === 'stopped')
        return { state: { ...state, phase: { ...phase, next: 'backoff' } }, effects: [{ type: 'stopped' }] };
      return still;
    case 'stop':
      return stop(state);
    case 'opened':
      return phase.name === 'opening' && phase.conn === input.conn ? opened(state, input.conn, nowMs) : still;
    case 'ended':
      return ended(state, input.conn, nowMs);
    case 'heard':
      return phase.name === 'open' && phase.conn === input.conn
        ? heard(state, phase, input.bytes, nowMs)
        : still;
    case 'message':
      return phase.name === 'open' && phase.conn === input.conn
        ? message(state, phase, input.bytes, nowMs)
        : still;
    case 'hotplug': {
      if (phase.name !== 'backoff') return still;
      const untilMs = Math.min(phase.untilMs, nowMs + LINE_TIMING.hotplugSettleMs);
      return { state: { ...state, phase: { ...phase, untilMs } }, effects: [] };
    }
    case 'arm':
      return { state: { ...state, keys: arm(keys, input.arm, nowMs) }, effects: [] };
    case 'disarm':
      return { state: { ...state, keys: disarm(keys, input.askTicket).keys }, effects: [] };
    case 'acknowledge':
      return { state: { ...state, keys: acknowledge(keys, input.seq).keys }, effects: [] };
    case 'drain':
      return {
        state: { ...state, drains: [...state.drains, { id: input.id, sinceMs: nowMs }] },
        effects: [],
      };
    case 'tick':
      return tick(state, nowMs);
  }
}

function connect(state: LineState): LineStep {
  const conn = state.connections + 1;
  return {
    state: { ...state, connections: conn, recent: [], phase: { name: 'opening', conn } },
    effects: [{ type: 'connect', conn }],
  };
}

function stop(state: LineState): LineStep {
  const { phase } = state;
  const quiet: LineState = { ...state, drains: [] };
  const effects: LineEffect[] = state.drains.map(({ id }) => ({ type: 'drainDone', id, drained: false }));
  if (phase.name === 'stopped' || phase.name === 'backoff')
    return { state: { ...quiet, phase: { name: 'stopped' } }, effects: [...effects, { type: 'stopped' }] };
  const { conn } = phase;
  const closing: LinePhase = { name: 'closing', conn, next: 'stopped' };
  if (phase.name !== 'closing') effects.push({ type: 'close', conn });
  return { state: { ...quiet, phase: closing }, effects };
}

function opened(state: LineState, conn: number, nowMs: number): LineStep {
  const { init, poll, keepAlive } = state.setup;
  const owesAnswer = keepAlive !== null || (poll !== null && poll.idle !== null);
  const phase: Open = {
    ...{ name: 'open', conn, ready: false, answerDueMs: null, missed: 0, heardMs: nowMs },
    pollDueMs: poll ? nowMs : null,
    askDueMs: keepAlive ? nowMs : null,
  };
  const effects: LineEffect[] = init ? [{ type: 'write', conn, bytes: init }] : [];
  const asked = ask({ ...state, phase }, phase, nowMs);
  const step = { state: asked.state, effects: [...effects, ...asked.effects] };
  return owesAnswer ? step : nowReady(step);
}

function nowReady({ state, effects }: LineStep): LineStep {
  const { phase } = state;
  if (phase.name !== 'open' || phase.ready) return { state, effects };
  return {
    state: { ...state, attempts: 0, silent: 0, phase: { ...phase, ready: true } },
    effects: [...effects, { type: 'ready' }],
  };
}

function ended(state: LineState, conn: number, nowMs: number): LineStep {
  const { phase } = state;
  if (phase.name === 'stopped' || phase.name === 'backoff' || phase.conn !== conn)
    return { state, effects: [] };
  if (phase.name === 'closing' && phase.next === 'stopped')
    return { state: { ...state, phase: { name: 'stopped' } }, effects: [{ type: 'stopped' }] };
  return backOff(state, nowMs);
}

function backOff(state: LineState, nowMs: number): LineStep {
  const plain = Math.min(LINE_TIMING.backoffMaxMs, LINE_TIMING.backoffFirstMs * 2 ** state.attempts);
  const random = xorshift(state.random);
  // ±20 %, so that several panels on one machine do not reconnect in step.
  const untilMs = nowMs + plain * (0.8 + (0.4 * random) / 2 ** 32);
  const freed = forgetHeld(state.keys);
  const attempts = Math.min(state.attempts + 1, 16);
  return {
    state: { ...state, random, attempts, keys: freed.keys, phase: { name: 'backoff', untilMs } },
    effects: [...freed.effects],
  };
}

/** Polls and presence checks that are due go onto the line. */
function ask(state: LineState, phase: Open, nowMs: number): LineStep {
  const { poll, keepAlive } = state.setup;
  const { conn } = phase;
  const effects: LineEffect[] = [];
  let next = phase;
  if (poll && next.pollDueMs !== null && next.pollDueMs <= nowMs) {
    effects.push({ type: 'write', conn, bytes: poll.send });
    const missed = poll.idle !== null && keepAlive === null ? next.missed + 1 : next.missed;
    next = { ...next, missed, pollDueMs: nowMs + poll.everyMs };
  }
  if (keepAlive && next.askDueMs !== null && next.askDueMs <= nowMs) {
    effects.push({ type: 'write', conn, bytes: keepAlive.send });
    next = { ...next, askDueMs: null, answerDueMs: nowMs + keepAlive.timeoutMs };
  }
  return { state: { ...state, phase: next }, effects };
}

/** Every byte, before it is cut into messages: the expected answer may stand anywhere among them. */
function heard(state: LineState, phase: Open, bytes: Uint8Array, nowMs: number): LineStep {
  const { keepAlive } = state.setup;
  if (!keepAlive) return { state, effects: [] };
  const { expect, everyMs } = keepAlive;
  const all = [...state.recent, ...bytes];
  const recent = all.slice(-expect.length);
  if (phase.answerDueMs === null || !contains(all, expect))
    return { state: { ...state, recent }, effects: [] };
  const answered: Open = {
    ...phase,
    ...{ answerDueMs: null, askDueMs: nowMs + everyMs, missed: 0, heardMs: nowMs },
  };
  return nowReady({ state: { ...state, recent: [], phase: answered }, effects: [] });
}

function message(state: LineState, phase: Open, bytes: Uint8Array, nowMs: number): LineStep {
  const { messages, poll, keepAlive } = state.setup;
  const found = messages.find(({ pattern }) => matches(pattern, bytes));
  const isIdle = poll?.idle != null && matches(poll.idle, bytes);
  if (!found && !isIdle) {
    const isAnswer = keepAlive !== null && partOf(bytes, keepAlive.expect, state.setup.terminator === null);
    return { state, effects: isAnswer ? [] : [{ type: 'unknown', bytes: bytes.length }] };
  }
  // A message it is known by is a sign of life where polls are the check; a keep-alive has its own answer.
  const alive = keepAlive === null ? { ...phase, missed: 0, heardMs: nowMs } : phase;
  const step: LineStep = { state: { ...state, phase: alive }, effects: [] };
  const ready = keepAlive === null ? nowReady(step) : step;
  if (!found) return ready;
  const act = found.is === 'press' ? down : up;
  return withKeys(ready, act(ready.state.keys, found.button, nowMs));
}

function tick(state: LineState, nowMs: number): LineStep {
  const settled = withKeys({ state, effects: [] }, settle(state.keys, nowMs));
  const { phase } = settled.state;
  if (phase.name === 'backoff' && phase.untilMs <= nowMs) {
    const step = connect(settled.state);
    return { state: step.state, effects: [...settled.effects, ...step.effects] };
  }
  if (phase.name !== 'open') return settled;
  const checked = check(settled.state, phase, nowMs);
  return { state: checked.state, effects: [...settled.effects, ...checked.effects] };
}

function check(state: LineState, phase: Open, nowMs: number): LineStep {
  const { keepAlive } = state.setup;
  if (keepAlive && phase.answerDueMs !== null && phase.answerDueMs <= nowMs) {
    const missed = phase.missed + 1;
    if (missed >= keepAlive.misses) return close(state, phase);
    const again: Open = { ...phase, missed, answerDueMs: null, askDueMs: nowMs };
    return ask({ ...state, phase: again }, again, nowMs);
  }
  const isSilent =
    phase.missed >= LINE_TIMING.pollsMissed && nowMs - phase.heardMs >= LINE_TIMING.pollSilentMs;
  if (!keepAlive && isSilent) return close(state, phase);
  return ask(state, phase, nowMs);
}

/** No answer: the line is opened anew, which also finds another adapter under the same name. */
function close(state: LineState, phase: Open): LineStep {
  const silent = phase.ready ? state.silent : state.silent + 1;
  const closing: LinePhase = { name: 'closing', conn: phase.conn, next: 'backoff' };
  const effects: LineEffect[] = [{ type: 'close', conn: phase.conn }];
  if (silent === LINE_TIMING.silentBeforeFault && !phase.ready)
    effects.push({ type: 'fault', fault: { code: 'handshake-failed', button: null, detail: silent } });
  return { state: { ...state, silent, phase: closing }, effects };
}

function finishDrains({ state, effects }: LineStep, nowMs: number): LineStep {
  if (state.drains.length === 0) return { state, effects };
  const waits = state.keys.queue.length > 0;
  const isReady = state.phase.name === 'open' && state.phase.ready;
  const done: LineEffect[] = [];
  const drains = state.drains.filter(({ id, sinceMs }) => {
    const over = nowMs - sinceMs >= LINE_TIMING.drainMaxMs;
    const quiet = nowMs - sinceMs >= LINE_TIMING.drainQuietMs;
    if (!over && (waits || !quiet)) return true;
    // The box keeps nothing: what was pressed while it was away is not waiting anywhere, and nobody can say that it was not.
    done.push({ type: 'drainDone', id, drained: !waits && isReady });
    return false;
  });
  return { state: { ...state, drains }, effects: [...effects, ...done] };
}

function withKeys({ state, effects }: LineStep, step: KeysStep): LineStep {
  return { state: { ...state, keys: step.keys }, effects: [...effects, ...step.effects] };
}

function contains(all: readonly number[], wanted: Uint8Array): boolean {
  for (let from = 0; from + wanted.length <= all.length; from += 1)
    if (wanted.every((byte, at) => all[from + at] === byte)) return true;
  return false;
}

function partOf(bytes: Uint8Array, expect: Uint8Array, byByte: boolean): boolean {
  if (byByte) return bytes.every((byte) => expect.includes(byte));
  const whole = trimmed(expect);
  return whole.length === bytes.length && whole.every((byte, at) => byte === bytes[at]);
}

function xorshift(from: number): number {
  let x = from === 0 ? 0x9e3779b9 : from;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}
