/**
 * Purpose: the host's side of the panel link as one pure machine: (state, input, nowMs) → state + effects as data.
 * Refuses: a second connection while one lives; a press before INFO with its own tag on this port; an ACK that
 *          nobody asked for after a commit; endless silence (heartbeat) and endless retries (bounds in LINK_TIMING).
 * Document: firmware-notes/panel-protocol.md, "The host".
 */
import { accept, enterSync, handshakeFailed, hello } from './link-handshake.ts';
import { abandonCommands, backOff, close, connect } from './link-line.ts';
import { commandReply, readyMessage, sendNext } from './link-ready.ts';
import {
  LINK_TIMING,
  type LinkConfig,
  type LinkEffect,
  type LinkInput,
  type LinkState,
  type LinkStep,
} from './link-state.ts';
import { PANEL_CAP } from './messages.ts';
import type { PanelLinkState } from './panel-driver.ts';

/** `seed` feeds jitter and the first tag, so that a restarted host does not reuse the tags of its predecessor. */
export function initialLink(config: LinkConfig, seed: number): LinkState {
  return {
    config,
    phase: { name: 'stopped' },
    connections: 0,
    tag: (seed >>> 8) % 255,
    random: seed >>> 0,
    attempts: 0,
    failedHandshakes: 0,
    identity: null,
    told: null,
    lastHeardMs: Number.NEGATIVE_INFINITY,
    drains: [],
  };
}

/** What the outside is told. */
export function linkStateName(state: LinkState): PanelLinkState {
  const { phase } = state;
  switch (phase.name) {
    case 'stopped':
      return 'stopped';
    case 'opening':
    case 'backoff':
      return 'away';
    case 'closing':
      return phase.next === 'backoff' ? 'away' : phase.next;
    case 'sync':
      return 'syncing';
    case 'ready':
      return phase.announced ? 'ready' : 'syncing';
    case 'refused':
      return phase.why;
  }
}

/** When the machine wants its next `tick`; null = never. */
export function nextWakeMs(state: LinkState): number | null {
  const due: number[] = [];
  const { phase } = state;
  if (phase.name === 'sync') due.push(phase.helloDueMs, phase.untilMs);
  if (phase.name === 'ready') due.push(phase.flight === null ? phase.pingDueMs : phase.flight.dueMs);
  if (phase.name === 'backoff' || phase.name === 'refused') due.push(phase.untilMs);
  for (const drain of state.drains) due.push(drainEndsMs(state, drain.sinceMs));
  return due.length === 0 ? null : Math.min(...due);
}

export function stepLink(state: LinkState, input: LinkInput, nowMs: number): LinkStep {
  switch (input.type) {
    case 'start':
      return start(state, nowMs);
    case 'stop':
      return stop(state);
    case 'opened':
      return opened(state, input.conn, nowMs);
    case 'ended':
      return ended(state, input.conn, nowMs);
    case 'message':
      return message(state, input, nowMs);
    case 'hotplug':
      return hotplug(state, nowMs);
    case 'command':
      return command(state, input, nowMs);
    case 'acknowledge':
      return acknowledge(state, input);
    case 'drain':
      return drain(state, input.id, nowMs);
    case 'tick':
      return tick(state, nowMs);
  }
}

function start(state: LinkState, nowMs: number): LinkStep {
  const { phase } = state;
  if (phase.name === 'stopped') return connect(state);
  // A stop that has not finished: reopen once the old line is closed, never beside it.
  if (phase.name === 'closing' && phase.next === 'stopped')
    return { state: { ...state, phase: { ...phase, next: 'backoff' } }, effects: [{ type: 'stopped' }] };
  return tick(state, nowMs);
}

function stop(state: LinkState): LinkStep {
  const { phase } = state;
  const effects: LinkEffect[] = [
    ...abandonCommands(state),
    ...state.drains.map(({ id }) => ({ type: 'drainDone', id, drained: false }) as const),
  ];
  const quiet = { ...state, drains: [] };
  switch (phase.name) {
    case 'stopped':
    case 'backoff':
    case 'refused':
      return { state: { ...quiet, phase: { name: 'stopped' } }, effects: [...effects, { type: 'stopped' }] };
    case 'closing':
      return { state: { ...quiet, phase: { ...phase, next: 'stopped' } }, effects };
    case 'opening':
    case 'sync':
    case 'ready':
      return {
        state: { ...quiet, phase: { name: 'closing', conn: phase.conn, next: 'stopped' } },
        effects: [...effects, { type: 'close', conn: phase.conn }],
      };
  }
}

function opened(state: LinkState, conn: number, nowMs: number): LinkStep {
  if (state.phase.name !== 'opening' || state.phase.conn !== conn) return { state, effects: [] };
  return enterSync(state, conn, nowMs);
}

function ended(state: LinkState, conn: number, nowMs: number): LinkStep {
  const { phase } = state;
  switch (phase.name) {
    case 'stopped':
    case 'backoff':
    case 'refused':
      return { state, effects: [] };
    case 'opening':
    case 'sync':
    case 'ready':
      if (phase.conn !== conn) return { state, effects: [] };
      return backOff(state, nowMs);
    case 'closing':
      if (phase.conn !== conn) return { state, effects: [] };
      if (phase.next === 'stopped')
        return { state: { ...state, phase: { name: 'stopped' } }, effects: [{ type: 'stopped' }] };
      if (phase.next === 'backoff') return backOff(state, nowMs);
      return {
        state: {
          ...state,
          phase: { name: 'refused', why: phase.next, untilMs: nowMs + LINK_TIMING.refusedRetryMs },
        },
        effects: [],
      };
  }
}

function hotplug(state: LinkState, nowMs: number): LinkStep {
  const { phase } = state;
  if (phase.name !== 'backoff' && phase.name !== 'refused') return { state, effects: [] };
  const untilMs = Math.min(phase.untilMs, nowMs + LINK_TIMING.hotplugSettleMs);
  return { state: { ...state, phase: { ...phase, untilMs } }, effects: [] };
}

function message(state: LinkState, input: LinkInput & { type: 'message' }, nowMs: number): LinkStep {
  const { phase } = state;
  if ((phase.name !== 'sync' && phase.name !== 'ready') || phase.conn !== input.conn)
    return { state, effects: [] };
  if (phase.name === 'sync') {
    if (input.message.name === 'info' && input.tag === phase.tag)
      return accept(state, phase.conn, input.message, nowMs);
    if (input.message.name !== 'button') return { state, effects: [] };
    return { state, effects: [{ type: 'discard', discard: { reason: 'before-sync', bytes: 0 } }] };
  }
  const heard = { ...state, lastHeardMs: nowMs };
  const { message: body } = input;
  // Only INFO and STATUS can say that the panel has started anew; a journalled BUTTON keeps its older boot.
  if ((body.name === 'info' || body.name === 'status') && body.boot !== phase.info.boot)
    return enterSync(heard, phase.conn, nowMs);
  return readyMessage(heard, phase, input, nowMs);
}

function command(state: LinkState, input: LinkInput & { type: 'command' }, nowMs: number): LinkStep {
  const { phase } = state;
  const fail = (code: 'away' | 'busy' | 'unsupported'): LinkStep => ({
    state,
    effects: [{ type: 'commandDone', id: input.id, reply: { ok: false, code } }],
  });
  if (phase.name !== 'ready' || !phase.announced) return fail('away');
  if (phase.waiting.length >= LINK_TIMING.commandQueue) return fail('busy');
  if (input.message.name === 'prompt' && !(phase.info.caps & PANEL_CAP.prompt)) return fail('unsupported');
  if (input.message.name === 'led' && !(phase.info.caps & PANEL_CAP.led)) return fail('unsupported');
  const waiting = [...phase.waiting, { owner: input.id, message: input.message }];
  return sendNext({ ...state, phase: { ...phase, waiting } }, nowMs, []);
}

function acknowledge(state: LinkState, input: LinkInput & { type: 'acknowledge' }): LinkStep {
  const { phase, told } = state;
  if (phase.name !== 'ready') return { state, effects: [] };
  const { boot, seq } = input;
  const same = told !== null && told.button.boot === boot && told.button.seq === seq;
  return {
    state: same ? { ...state, told: { ...told, acknowledged: true } } : state,
    effects: [
      { type: 'write', conn: phase.conn, message: { name: 'ack', boot, seq }, tag: 0, retransmission: false },
    ],
  };
}

function drain(state: LinkState, id: number, nowMs: number): LinkStep {
  const { phase } = state;
  if (phase.name === 'stopped') return { state, effects: [{ type: 'drainDone', id, drained: false }] };
  const drains = [...state.drains, { id, sinceMs: nowMs }];
  if (phase.name !== 'ready') return { state: { ...state, drains }, effects: [] };
  return sendNext({ ...state, drains, phase: { ...phase, pingDueMs: nowMs } }, nowMs, []);
}

function drainEndsMs(state: LinkState, sinceMs: number): number {
  return Math.min(
    Math.max(sinceMs, state.lastHeardMs) + LINK_TIMING.drainAwayMs,
    sinceMs + LINK_TIMING.drainMaxMs,
  );
}

function tick(before: LinkState, nowMs: number): LinkStep {
  const over = before.drains.filter(({ sinceMs }) => drainEndsMs(before, sinceMs) <= nowMs);
  const effects: LinkEffect[] = over.map(({ id }) => ({ type: 'drainDone', id, drained: false }));
  const state =
    over.length === 0 ? before : { ...before, drains: before.drains.filter((one) => !over.includes(one)) };
  const step = tickPhase(state, nowMs);
  return { state: step.state, effects: [...effects, ...step.effects] };
}

function tickPhase(state: LinkState, nowMs: number): LinkStep {
  const { phase } = state;
  switch (phase.name) {
    case 'stopped':
    case 'opening':
    case 'closing':
      return { state, effects: [] };
    case 'backoff':
    case 'refused':
      return phase.untilMs <= nowMs ? connect(state) : { state, effects: [] };
    case 'sync':
      if (phase.untilMs <= nowMs) return handshakeFailed(state, phase.conn);
      if (phase.helloDueMs > nowMs) return { state, effects: [] };
      return {
        state: { ...state, phase: { ...phase, helloDueMs: nowMs + LINK_TIMING.helloEveryMs } },
        effects: [hello(state, phase.conn, phase.tag, true)],
      };
    case 'ready': {
      const { flight } = phase;
      if (flight === null || flight.dueMs > nowMs) return sendNext(state, nowMs, []);
      if (flight.tries < LINK_TIMING.commandTries) {
        const again = { ...flight, tries: flight.tries + 1, dueMs: nowMs + LINK_TIMING.commandRetryMs };
        return {
          state: { ...state, phase: { ...phase, flight: again } },
          effects: [
            {
              type: 'write',
              conn: phase.conn,
              message: flight.command.message,
              tag: flight.tag,
              retransmission: true,
            },
          ],
        };
      }
      return noAnswer(state, nowMs);
    }
  }
}

/** One command went unanswered 8 times: ask for a heartbeat first; only silence there closes the line. */
function noAnswer(state: LinkState, nowMs: number): LinkStep {
  const { phase } = state;
  if (phase.name !== 'ready' || phase.flight === null) return { state, effects: [] };
  const { command: failed } = phase.flight;
  const wasPing = failed.message.name === 'ping';
  const pingsMissed = phase.pingsMissed + (wasPing ? 1 : 0);
  if (pingsMissed >= LINK_TIMING.pingsMissed) return close(state, phase.conn, 'backoff');
  const effects = commandReply(failed, { ok: false, code: 'no-answer' });
  const next = { ...phase, flight: null, pingsMissed, pingDueMs: nowMs };
  return sendNext({ ...state, phase: next }, nowMs, effects);
}
