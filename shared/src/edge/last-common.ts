/**
 * Purpose: where sending goes on in one epoch: after the last event that device and hub hold alike. What the hub says it
 *   has decides; where it holds other bytes, single events are sent to ask, and what one batch taught is judged.
 * Refuses: to trust a note of what was acknowledged over the hub's word.
 * Document: kiosk-app/DESIGN.md, procedure 5; shared/PROTOCOL.md, "The line".
 */
import type { SeenHead } from './seen-head.ts';
import type { EpochSync, HeldHead, InFlight, Search, SyncEffect, SyncInput } from './sync-state.ts';

export function epochOf({ epoch, head, acknowledged, floor = 1 }: HeldHead): EpochSync {
  const place = after(acknowledged, floor);
  return { epoch, head, floor, ...place, search: null, stuck: 0 };
}

/** Sending goes on after the last common event, or where what is still here begins. */
export function after(acknowledged: number, floor: number): Pick<EpochSync, 'acknowledged' | 'next' | 'gap'> {
  return { acknowledged, ...fromNext(acknowledged, floor) };
}

function fromNext(held: number, floor: number): Pick<EpochSync, 'next' | 'gap'> {
  return { next: Math.max(held + 1, floor), gap: held + 1 < floor };
}

export function allPlaced(
  epochs: readonly EpochSync[],
  have: readonly SeenHead[],
  effects: SyncEffect[],
): readonly EpochSync[] {
  const seen = new Map(have.map((head) => [head.epoch, head]));
  return epochs.map((one) => placed(one, seen.get(one.epoch), effects));
}

/** Where sending goes on. The hub's word decides; what was acknowledged before is only a first guess. */
function placed(one: EpochSync, seen: SeenHead | undefined, effects: SyncEffect[]): EpochSync {
  if (!seen || seen.seq === 0) return { ...one, ...after(0, one.floor) };
  if (seen.ours === seen.hash) return acknowledgedTo(one, seen.seq, effects);
  if (seen.ours !== null) effects.push({ kind: 'alarm', code: 'forked', epoch: one.epoch, seq: seen.seq });
  return seen.beside > 0 ? { ...one, ...fromNext(seen.beside, one.floor) } : searching(one, seen);
}

function acknowledgedTo(one: EpochSync, seq: number, effects: SyncEffect[]): EpochSync {
  if (seq > one.acknowledged)
    effects.push({ kind: 'acknowledged', epoch: one.epoch, from: one.acknowledged, to: seq });
  return { ...one, ...after(seq, one.floor), search: null };
}

/** The hub's head is not one of ours. What lies below the floor cannot be asked for; it was common when it was safe. */
function searching(one: EpochSync, seen: SeenHead): EpochSync {
  const ahead = seen.ours === null;
  const low = Math.min(one.floor - 1, one.head);
  const high = Math.min(ahead ? one.head + 1 : seen.seq, one.head + 1);
  const guess = ahead ? high - 1 : one.acknowledged;
  return narrowed(one, { low, high, probe: guess, ahead });
}

function narrowed(one: EpochSync, search: Search): EpochSync {
  const { low, high, probe } = search;
  if (high - low <= 1) {
    // What was deleted here cannot be compared: it may lie behind the hub's head.
    const gap = one.floor > 1 && low < one.floor;
    return { ...one, ...after(low, one.floor), gap, search: null };
  }
  const within = probe > low && probe < high;
  return { ...one, search: { ...search, probe: within ? probe : low + Math.floor((high - low) / 2) } };
}

/** The one event that was sent to ask: was it known to the hub? */
function probed(one: EpochSync, search: Search, forked: boolean, effects: SyncEffect[]): EpochSync {
  const { low, high, probe, ahead } = search;
  if (ahead) {
    const code = forked ? 'forked' : 'hub-ahead';
    effects.push({ kind: 'alarm', code, epoch: one.epoch, seq: probe });
    if (!forked) return acknowledgedTo(one, probe, effects);
  }
  const guess = forked ? one.acknowledged : 0;
  const next = { low: forked ? low : probe, high: forked ? probe : high, probe: guess, ahead: false };
  return narrowed(one, next);
}

/** What one batch taught about its epoch. `stuck` counts the batches in a row that changed nothing. */
export function judge(
  one: EpochSync,
  inFlight: InFlight,
  { head, forkedFrom }: Extract<SyncInput, { type: 'verdicts' }>,
  effects: SyncEffect[],
): EpochSync {
  const ours = head.seq > 0 && head.ours === head.hash;
  if (inFlight.probe && one.search && head.seq >= inFlight.last)
    return { ...probed(one, one.search, forkedFrom !== null, effects), stuck: 0 };
  // Another chain under our numbers: the hub keeps each event beside it; what follows is sent once.
  if (forkedFrom !== null) {
    const known = forkedFrom > inFlight.first ? forkedFrom - 1 : one.acknowledged;
    const common = acknowledgedTo(one, Math.max(one.acknowledged, known), effects);
    return { ...common, next: inFlight.last + 1, gap: false, stuck: 0 };
  }
  // Not named: stored or known. Where the hub's head is ours, everything up to it is common.
  if (head.seq >= inFlight.last)
    return { ...acknowledgedTo(one, ours ? head.seq : inFlight.last, effects), stuck: 0 };
  if (ours && head.seq >= inFlight.first) return { ...acknowledgedTo(one, head.seq, effects), stuck: 0 };
  // The hub lacks something before this batch: go back to where it stands.
  const stuck = one.stuck + 1;
  if (head.seq > 0 && !ours) return { ...searching(one, head), stuck };
  return { ...one, ...after(head.seq, one.floor), search: null, stuck };
}
