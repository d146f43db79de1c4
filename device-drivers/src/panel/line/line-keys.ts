/**
 * Purpose: what a line-ASCII box's messages mean: presses gated by the armed ticket, bounce and repetition of a held button,
 *          chords, stuck buttons. Pure: (keys, input, nowMs) → keys + effects.
 * Refuses: a press while not armed, outside the mask, after the single shot, and a button that is held since before: a
 *          finger left on a button answers one question.
 * Document: firmware-notes/families.md, "line-ascii".
 */
import type { LineKeys } from '@hailong/shared/model/panel-config.ts';
import type { PanelFault } from '../panel-driver.ts';

/** Presses that wait for their acknowledgement; with single shots more than one is rare. */
export const QUEUE_MAX = 32;

export type LineButton = {
  /** Since when it is held; null: it is up, as far as its messages tell. */
  readonly sinceMs: number | null;
  /** Its last message, also of one that did not count. */
  readonly lastMs: number;
  readonly releasedMs: number;
  readonly stuck: boolean;
};

export type LinePress = {
  readonly seq: number;
  readonly askTicket: number;
  readonly button: number;
  readonly atMs: number;
  readonly chord: boolean;
  /** Presses were refused before it: too many waited. */
  readonly overflowBefore: boolean;
  /** When the caller was told last; null: not yet, another button may still make it a chord. */
  readonly toldMs: number | null;
};

export type KeysState = {
  readonly config: LineKeys;
  /** Per button: whether its box says when it comes up. */
  readonly saysRelease: readonly boolean[];
  readonly buttons: readonly LineButton[];
  readonly armed: {
    readonly askTicket: number;
    readonly mask: number;
    readonly singleShot: boolean;
    readonly untilMs: number;
  } | null;
  /** Ticket of the last single shot that was used: arming it again opens nothing. */
  readonly usedTicket: number;
  readonly queue: readonly LinePress[];
  readonly nextSeq: number;
  readonly overflowed: boolean;
};

export type KeysEffect =
  | { readonly type: 'tell'; readonly press: LinePress }
  | { readonly type: 'fault'; readonly fault: PanelFault };
export type KeysStep = { readonly keys: KeysState; readonly effects: readonly KeysEffect[] };

const UP: LineButton = {
  sinceMs: null,
  lastMs: Number.NEGATIVE_INFINITY,
  releasedMs: Number.NEGATIVE_INFINITY,
  stuck: false,
};
/** A press that was not acknowledged is told again this rarely. */
const REPEAT_MS = 1_000;

export function newKeys(config: LineKeys, saysRelease: readonly boolean[]): KeysState {
  return {
    ...{ config, saysRelease, armed: null, usedTicket: 0, queue: [], nextSeq: 1, overflowed: false },
    buttons: saysRelease.map(() => UP),
  };
}

export function down(keys: KeysState, index: number, nowMs: number): KeysStep {
  const settled = settle(keys, nowMs);
  const before = settled.keys.buttons[index];
  if (before === undefined) return settled;
  const { config, saysRelease } = settled.keys;
  const goesOn = before.sinceMs !== null && nowMs - before.lastMs < config.lockoutMs;
  const bounces =
    before.sinceMs === null && saysRelease[index] === true && nowMs - before.releasedMs < config.debounceMs;
  if (goesOn || bounces) {
    const held = { ...before, sinceMs: before.sinceMs ?? nowMs, lastMs: nowMs };
    return { keys: withButton(settled.keys, index, held), effects: settled.effects };
  }
  // Said to be held all the time: its release was lost on the line.
  const freed = before.sinceMs === null ? settled : release(settled.keys, index, before, nowMs);
  const next = withButton(freed.keys, index, { ...UP, sinceMs: nowMs, lastMs: nowMs });
  const step = edge(next, index, nowMs);
  const lost = freed === settled ? [] : freed.effects;
  return { keys: step.keys, effects: [...settled.effects, ...lost, ...step.effects] };
}

export function up(keys: KeysState, index: number, nowMs: number): KeysStep {
  const settled = settle(keys, nowMs);
  const before = settled.keys.buttons[index];
  if (before === undefined || before.sinceMs === null) return settled;
  const step = release(settled.keys, index, before, nowMs);
  return { keys: step.keys, effects: [...settled.effects, ...step.effects] };
}

/** What time alone brings: the end of a hold that only silence tells, a stuck button, a press that waited for a chord. */
export function settle(keys: KeysState, nowMs: number): KeysStep {
  let next = keys;
  const effects: KeysEffect[] = [];
  for (const [index, button] of keys.buttons.entries()) {
    if (button.sinceMs === null) continue;
    const silentSince = button.lastMs + keys.config.lockoutMs;
    // Without a release message only its own repetition says that it is still held, so stuck is judged at its last word.
    const until = keys.saysRelease[index] ? nowMs : button.lastMs;
    if (!button.stuck && until - button.sinceMs >= keys.config.stuckAfterS * 1_000) {
      next = withButton(next, index, { ...button, stuck: true });
      effects.push(fault('stuck', index, keys.config.stuckAfterS));
    }
    const now = next.buttons[index]!;
    if (keys.saysRelease[index] || silentSince > nowMs) continue;
    const step = release(next, index, now, now.lastMs);
    next = step.keys;
    effects.push(...step.effects);
  }
  for (const press of next.queue) {
    const dueMs = press.toldMs === null ? press.atMs + keys.config.chordMs : press.toldMs + REPEAT_MS;
    if (dueMs > nowMs) continue;
    const told = { ...press, toldMs: nowMs };
    next = { ...next, queue: next.queue.map((one) => (one === press ? told : one)) };
    effects.push({ type: 'tell', press: told });
  }
  return { keys: next, effects };
}

/** When `settle` next has something to do; null: never. */
export function keysWakeMs(keys: KeysState): number | null {
  const due: number[] = [];
  for (const [index, { sinceMs, lastMs, stuck }] of keys.buttons.entries()) {
    if (sinceMs === null) continue;
    if (!keys.saysRelease[index]) due.push(lastMs + keys.config.lockoutMs);
    else if (!stuck) due.push(sinceMs + keys.config.stuckAfterS * 1_000);
  }
  for (const { toldMs, atMs } of keys.queue)
    due.push(toldMs === null ? atMs + keys.config.chordMs : toldMs + REPEAT_MS);
  return due.length === 0 ? null : Math.min(...due);
}

/** The same ticket again only extends the time; a used single shot stays used. */
export function arm(
  keys: KeysState,
  wanted: { askTicket: number; mask: number; singleShot: boolean; timeoutMs: number },
  nowMs: number,
): KeysState {
  const { askTicket, singleShot, timeoutMs } = wanted;
  const same = keys.armed?.askTicket === askTicket ? keys.armed : null;
  const used = singleShot && keys.usedTicket === askTicket;
  const mask = used ? 0 : (same?.mask ?? wanted.mask);
  return { ...keys, armed: { askTicket, mask, singleShot, untilMs: nowMs + timeoutMs } };
}

/** False: another ticket is armed. */
export function disarm(keys: KeysState, askTicket: number): { keys: KeysState; ok: boolean } {
  const other = askTicket !== 0 && keys.armed !== null && keys.armed.askTicket !== askTicket;
  return other ? { keys, ok: false } : { keys: { ...keys, armed: null }, ok: true };
}

export function acknowledge(keys: KeysState, seq: number): { keys: KeysState; known: boolean } {
  const queue = keys.queue.filter((press) => press.seq !== seq);
  return { keys: { ...keys, queue }, known: queue.length < keys.queue.length };
}

/** A new line: nobody knows what is held. What waits for its acknowledgement stays. */
export function forgetHeld(keys: KeysState): KeysStep {
  const effects = keys.buttons.flatMap(({ stuck }, index) =>
    stuck ? [fault('stuck-cleared', index, 0)] : [],
  );
  return { keys: { ...keys, buttons: keys.buttons.map(() => UP) }, effects };
}

function edge(keys: KeysState, index: number, nowMs: number): KeysStep {
  // Still inside the time of the press before: both were meant at once, whatever the second would have counted for.
  const waiting = keys.queue.find(({ toldMs }) => toldMs === null);
  if (waiting && waiting.button !== index) {
    const queue = keys.queue.map((one) => (one === waiting ? { ...one, chord: true } : one));
    return { keys: { ...keys, queue }, effects: [] };
  }
  const { armed } = keys;
  if (armed === null || armed.untilMs <= nowMs || (armed.mask & (1 << index)) === 0)
    return { keys, effects: [] };
  if (keys.queue.length >= QUEUE_MAX) {
    const next = { ...keys, overflowed: true };
    return { keys: next, effects: [fault('queue-overflow', null, keys.queue.length)] };
  }
  const press: LinePress = {
    ...{ seq: keys.nextSeq, askTicket: armed.askTicket, button: index, atMs: nowMs },
    ...{ chord: false, overflowBefore: keys.overflowed, toldMs: null },
  };
  const next: KeysState = {
    ...keys,
    queue: [...keys.queue, press],
    overflowed: false,
    nextSeq: keys.nextSeq === 0xffff ? 1 : keys.nextSeq + 1,
    armed: armed.singleShot ? { ...armed, mask: 0 } : armed,
    usedTicket: armed.singleShot ? armed.askTicket : keys.usedTicket,
  };
  return keys.config.chordMs === 0 ? settle(next, nowMs) : { keys: next, effects: [] };
}

function release(keys: KeysState, index: number, button: LineButton, atMs: number): KeysStep {
  const next = withButton(keys, index, { ...button, sinceMs: null, stuck: false, releasedMs: atMs });
  const heldMs = Math.min(0xffff, Math.max(0, Math.round(atMs - (button.sinceMs ?? atMs))));
  return { keys: next, effects: button.stuck ? [fault('stuck-cleared', index, heldMs)] : [] };
}

function withButton(keys: KeysState, index: number, button: LineButton): KeysState {
  return { ...keys, buttons: keys.buttons.map((one, at) => (at === index ? button : one)) };
}

function fault(code: PanelFault['code'], button: number | null, detail: number): KeysEffect {
  return { type: 'fault', fault: { code, button, detail } };
}
