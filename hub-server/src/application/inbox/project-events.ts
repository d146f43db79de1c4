/**
 * Projects stored events in order of arrival, a bounded slice at a time, from a cursor that is committed with the rows;
 * then epochs whose standing or times changed, again. An event that no projection can take goes aside alone, and the
 * others count. See hub-server/DESIGN.md, "Projections".
 */
import { ANCHOR_RTT_MAX_MS } from '@hailong/shared/edge/effective-time.ts';
import type { Event, readEvent } from '@hailong/shared/edge/event.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';
import { judgeRead } from '../../domain/transactions/judge-event.ts';
import type { ProjectionState, StoredEvent } from '../ports/projection-state.ts';
import { FactTimes } from './fact-times.ts';
import { Fold, Told } from './fold-facts.ts';

/** Events projected by one call: bounds the pause of a batch that comes meanwhile. */
export const PROJECT_SLICE = 1_000;

export interface Projected {
  readonly events: number;
  /** What pages may want to know, and the counters whose view changed. */
  readonly hints: readonly LiveHint[];
  readonly counters: readonly string[];
  readonly setAside: readonly { readonly event: number; readonly detail: string }[];
  /** More is waiting. */
  readonly more: boolean;
}
type Read = typeof readEvent;
interface Pair {
  readonly stored: StoredEvent;
  readonly event: Event;
}

export function projectEvents(state: ProjectionState, read: Read, limit: number = PROJECT_SLICE): Projected {
  const from = state.cursor();
  const events = state.after(from, limit);
  const full = events.length === limit;
  const to = full ? events.at(-1)!.id : state.newest();
  if (to === from) return projectQueued(state, read, limit);
  const out = new Told();
  const setAside = eachOrAlone(state, events, out, (some, told) => {
    const times = new FactTimes(state, read);
    const pairs = readAll(state, read, times, some);
    placeInTime(times, pairs, from);
    const fold = new Fold(state, read, times);
    for (const { stored, event } of pairs) fold.add(stored, event);
    fold.flush(to, told);
  });
  state.moveCursor(to);
  const more = full || state.queued() !== null;
  return { events: events.length, hints: out.hints(), counters: [...out.counters], setAside, more };
}

/** One event that was let out of quarantine behind the cursor. Answers why it could not be projected, or null. */
export function projectOne(
  state: ProjectionState,
  read: Read,
  stored: StoredEvent,
  out: Told,
): string | null {
  const done = eachOrAlone(state, [stored], out, (some, told) => {
    const times = new FactTimes(state, read);
    const pairs = readAll(state, read, times, some);
    placeInTime(times, pairs, state.cursor());
    const fold = new Fold(state, read, times);
    for (const { stored, event } of pairs) fold.again(stored, event);
    fold.flush(stored.id, told);
  });
  return done[0]?.detail ?? null;
}

/** Forgets every projection and folds all stored events again. Answers the number of events. */
export function rebuildProjections(state: ProjectionState, read: Read): number {
  state.clear();
  for (let count = 0; ; ) {
    const from = state.cursor();
    const slice = projectEvents(state, read, 5_000);
    if (state.cursor() !== from) count += slice.events - slice.setAside.length;
    if (!slice.more) return count;
  }
}

function projectQueued(state: ProjectionState, read: Read, limit: number): Projected {
  const due = state.queued();
  const out = new Told();
  if (!due) return { events: 0, hints: [], counters: [], setAside: [], more: false };
  const cursor = state.cursor();
  // Whole numbers only: what is kept beside the chain under one of them belongs to the same slice.
  let [asked, events] = [limit, state.eventsOf(due.epochId, due.seq, limit)];
  while (events.length === asked && events.at(-1)?.seq === due.seq) {
    asked *= 2;
    events = state.eventsOf(due.epochId, due.seq, asked);
  }
  const full = events.length === asked;
  const next = full ? events.at(-1)!.seq : null;
  if (full) events = events.filter((each) => each.seq !== next);
  const known = events.filter((each) => each.id <= cursor);
  const setAside = eachOrAlone(state, known, out, (some, told) => {
    const times = new FactTimes(state, read);
    const fold = new Fold(state, read, times);
    for (const { stored, event } of readAll(state, read, times, some)) fold.again(stored, event);
    fold.flush(cursor, told);
  });
  state.moveQueued(due.epochId, next);
  const more = state.queued() !== null;
  return { events: known.length, hints: out.hints(), counters: [...out.counters], setAside, more };
}

function readAll(
  state: ProjectionState,
  read: Read,
  times: FactTimes,
  events: readonly StoredEvent[],
): Pair[] {
  const pairs: Pair[] = [];
  for (const stored of events) {
    const done = read(stored.bytes);
    if (stored.branch === 0) {
      if (!done.ok) throw new Error(done.detail);
      pairs.push({ stored, event: done.event });
      continue;
    }
    // A branch was not judged when it was kept: what it may not say stays aside.
    const { device, epoch, own } = times.chain(stored.epochId);
    const counters = own ? null : state.countersOf(device);
    const judged = judgeRead(done, { device, epoch, seq: stored.seq, counters });
    if (judged.status === 'stored') pairs.push({ stored, event: judged.event });
  }
  return pairs;
}

/** Anchors and neighbours first, so that what follows in the slice has its time at once. */
function placeInTime(times: FactTimes, pairs: readonly Pair[], cursor: number): void {
  // Only an anchor, a start, or an event of an epoch that others went on from can be a new neighbour.
  const devices = new Set<string>();
  const continued = new Map<number, boolean>();
  for (const { stored, event } of pairs) {
    const chain = times.chain(stored.epochId);
    if (chain.own) continue;
    const { body } = event;
    let near = continued.get(chain.id);
    if (near === undefined) {
      near = times.continued(chain);
      continued.set(chain.id, near);
    }
    if (near || body.type === 'time.anchor' || body.type === 'agent.started') devices.add(chain.device);
    // A kiosk that makes up its own would date its ratings into any month.
    if (
      body.type === 'time.anchor' &&
      stored.branch === 0 &&
      body.rttMs <= ANCHOR_RTT_MAX_MS &&
      times.toldTime(chain, body)
    )
      times.anchored(chain, stored.seq, { mono: event.mono, hubAt: body.hubAt, rttMs: body.rttMs }, cursor);
  }
  for (const device of devices) times.settle(device, cursor);
}

/** All together, or, where that fails, each by itself: one that fails alone goes into quarantine. */
function eachOrAlone(
  state: ProjectionState,
  events: readonly StoredEvent[],
  out: Told,
  act: (events: readonly StoredEvent[], out: Told) => void,
): { event: number; detail: string }[] {
  const whole = new Told();
  if (state.alone(() => act(events, whole)).ok) {
    out.add(whole);
    return [];
  }
  const setAside: { event: number; detail: string }[] = [];
  for (const event of events) {
    const single = new Told();
    const done = state.alone(() => act([event], single));
    if (done.ok) {
      out.add(single);
      continue;
    }
    const why = done.error instanceof Error ? done.error.message : '';
    const detail = `not projected: ${why}`.slice(0, 200);
    state.setAside(event.id, 'event.invalid', detail);
    setAside.push({ event: event.id, detail });
  }
  return setAside;
}
