/**
 * Purpose: the simulated panel's keys: debounce, stuck keys, lockout, chords, and the queue a counted press enters.
 * Refuses: a press while not armed, outside the mask, on a stuck key, or into a full queue (then it says so).
 * Document: firmware-notes/panel-protocol.md, "The panel". Works on the machine's private copy of the state.
 */
import {
  type Key,
  PANEL_TIMING,
  type PanelEffect,
  type PanelState,
  saturate,
  uptimeMs,
} from './panel-simulator-state.ts';

const FLAG_OVERFLOW_BEFORE = 1;
const FLAG_CHORD = 2;
export const FAULT = { stuck: 1, stuckCleared: 2, overflow: 3, restarted: 4 } as const;

export function keysDueMs(state: PanelState): number[] {
  return state.keys.flatMap((key) => {
    const due: number[] = [];
    if (key.contact !== key.down) due.push(key.changedAtMs + debounceMs(state, key.contact));
    if (key.down && !key.stuck) due.push(key.pressedAtMs + state.values[3]! * 1000);
    return due;
  });
}

export function contact(state: PanelState, index: number, down: boolean, nowMs: number): void {
  const key = state.keys[index];
  if (key === undefined || key.contact === down) return;
  key.contact = down;
  key.changedAtMs = nowMs;
}

/** Takes every key whose debounce or stuck time is over. */
export function scanKeys(state: PanelState, nowMs: number): PanelEffect[] {
  const effects: PanelEffect[] = [];
  for (const [index, key] of state.keys.entries()) {
    if (key.contact !== key.down && nowMs - key.changedAtMs >= debounceMs(state, key.contact)) {
      key.down = key.contact;
      effects.push(...(key.down ? pressed(state, index, key, nowMs) : released(state, index, key, nowMs)));
    }
    if (key.down && !key.stuck && nowMs - key.pressedAtMs >= state.values[3]! * 1000) {
      key.stuck = true;
      effects.push(fault(state, FAULT.stuck, index, state.values[3]!, nowMs));
    }
  }
  return effects;
}

function debounceMs(state: PanelState, down: boolean): number {
  return state.values[down ? 0 : 1]!;
}

function pressed(state: PanelState, index: number, key: Key, nowMs: number): PanelEffect[] {
  key.pressedAtMs = nowMs;
  key.event = null;
  const locked = nowMs < key.lockedUntilMs;
  const chord = state.keys.some(
    (other, at) =>
      at !== index &&
      ((other.contact && !other.down && nowMs - other.changedAtMs <= PANEL_TIMING.chordMs) ||
        (other.down && !other.stuck && nowMs - other.pressedAtMs <= PANEL_TIMING.chordMs)),
  );
  // The first key of a chord is on its way already: mark it for the retransmission.
  const last = state.queue.at(-1);
  if (chord && last?.boot === state.boot && uptimeMs(state, nowMs) - last.uptimeMs <= PANEL_TIMING.chordMs)
    last.flags |= FLAG_CHORD;
  const armed = state.armed;
  if (armed === null || (armed.mask & (1 << index)) === 0 || key.stuck || locked) {
    state.ignored = saturate(state.ignored + 1);
    return [];
  }
  key.lockedUntilMs = nowMs + state.values[2]!;
  if (state.queue.length >= state.config.queueCapacity) {
    state.overflow = saturate(state.overflow + 1);
    state.overflowPending = true;
    return [fault(state, FAULT.overflow, index, state.overflow, nowMs)];
  }
  const flags = (state.overflowPending ? FLAG_OVERFLOW_BEFORE : 0) | (chord ? FLAG_CHORD : 0);
  state.overflowPending = false;
  const seq = state.nextSeq;
  state.nextSeq = seq === 0xffff ? 1 : seq + 1;
  state.queue.push({
    boot: state.boot,
    seq,
    button: index,
    flags,
    uptimeMs: uptimeMs(state, nowMs),
    durationMs: null,
    ticket: armed.ticket,
  });
  key.event = { boot: state.boot, seq };
  if (state.queue.length === 1) state.send = { sent: false, rtoMs: state.values[4]!, dueMs: nowMs };
  if (armed.singleShot) {
    armed.mask = 0;
    state.usedTicket = armed.ticket;
  }
  return [];
}

function released(state: PanelState, index: number, key: Key, nowMs: number): PanelEffect[] {
  const durationMs = Math.min(Math.floor(nowMs - key.pressedAtMs), 0xfffe);
  const effects: PanelEffect[] = [];
  if (key.stuck) {
    key.stuck = false;
    effects.push(fault(state, FAULT.stuckCleared, index, Math.min(durationMs, 0xffff), nowMs));
  }
  const event = key.event;
  key.event = null;
  if (event === null) return effects;
  const queued = state.queue.find(({ boot, seq }) => boot === event.boot && seq === event.seq);
  if (queued !== undefined) queued.durationMs = durationMs;
  if (state.session !== null)
    effects.push({
      type: 'send',
      message: { name: 'release', boot: event.boot, seq: event.seq, button: index, durationMs },
      tag: 0,
      retransmission: false,
    });
  return effects;
}

export function fault(
  state: PanelState,
  code: number,
  button: number,
  detail: number,
  nowMs: number,
): PanelEffect {
  const message = {
    name: 'fault',
    boot: state.boot,
    uptimeMs: uptimeMs(state, nowMs),
    code,
    button,
    detail,
  } as const;
  return { type: 'send', message, tag: 0, retransmission: false };
}
