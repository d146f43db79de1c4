/**
 * Purpose: the steps of the link machine that open, close and wait for the line.
 * Refuses: a second connection beside a living one — a new one is made only from a phase that holds none.
 * Document: firmware-notes/panel-protocol.md, "The host". Part of link-machine.ts, pure like it.
 */
import { commandReply } from './link-ready.ts';
import {
  LINK_TIMING,
  type LinkEffect,
  type LinkState,
  type LinkStep,
  type RefusedWhy,
} from './link-state.ts';

export function connect(state: LinkState): LinkStep {
  const conn = state.connections + 1;
  return {
    state: { ...state, connections: conn, phase: { name: 'opening', conn } },
    effects: [{ type: 'connect', conn }],
  };
}

/** Closes the line; the next phase begins only when the connection has reported its end. */
export function close(state: LinkState, conn: number, next: 'backoff' | RefusedWhy): LinkStep {
  return {
    state: { ...state, phase: { name: 'closing', conn, next } },
    effects: [...abandonCommands(state), { type: 'close', conn }],
  };
}

export function backOff(state: LinkState, nowMs: number): LinkStep {
  const effects = abandonCommands(state);
  const plain = Math.min(LINK_TIMING.backoffMaxMs, LINK_TIMING.backoffFirstMs * 2 ** state.attempts);
  const random = nextRandom(state.random);
  // ±20 %, so that several panels on one machine do not reconnect in step.
  const untilMs = nowMs + plain * (0.8 + (0.4 * random) / 2 ** 32);
  const attempts = Math.min(state.attempts + 1, 16);
  return { state: { ...state, random, attempts, phase: { name: 'backoff', untilMs } }, effects };
}

export function abandonCommands(state: LinkState): LinkEffect[] {
  const { phase } = state;
  if (phase.name !== 'ready') return [];
  const all = phase.flight === null ? phase.waiting : [phase.flight.command, ...phase.waiting];
  return all.flatMap((one) => commandReply(one, { ok: false, code: 'away' }));
}

/** One step of a 32-bit xorshift generator. */
function nextRandom(from: number): number {
  let x = from === 0 ? 0x9e3779b9 : from;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}
