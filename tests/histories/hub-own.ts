/*
 * Purpose: what the hub itself states in a history: counters it keeps while their kiosk is away, private votes, decisions of
 * two people; and the second medium that follows its chain, if it has one. The rules are the product's (append-own.ts,
 * own-counter.ts, private-vote.ts); this keeps their rows as stores/own-chain/own-counters.ts and private-rows.ts do.
 * Refuses: a second phone for one rating. A medium that is absent refuses nothing.
 */

import { recordLine } from '../../hub-server/src/application/inbox/record-batch.ts';
import { resolveIntent } from '../../hub-server/src/application/inbox/resolve-intent.ts';
import { appendOwn, type OwnFacts } from '../../hub-server/src/application/own-chain/append-own.ts';
import { voteInTime } from '../../hub-server/src/domain/ratings/private-vote.ts';
import {
  decideOwn,
  EMPTY_OWN,
  followOwn,
  type RatingGiven,
  release,
} from '../../hub-server/src/domain/transactions/own-counter.ts';
import type { RatingId, Sha256Hex } from '../../shared/src/ids.ts';
import type { BodyOf, EventBody } from '../../shared/src/model/event.ts';
import type { Intent } from '../../shared/src/protocol/edge.ts';
import type { HubProcess } from './hub.ts';
import type { HubDisk } from './hub-disk.ts';

interface MirroredEpoch {
  readonly prev: Uint8Array;
  readonly events: Uint8Array[];
}
/** On another machine: it outlives every state of the hub's disk. */
export type Mirror = Map<string, MirroredEpoch>;

/** A code bound to a rating: what stands on the citizen's paper. */
export interface OwnSlip {
  readonly rating: string;
  readonly transaction: string;
  readonly slip: Sha256Hex;
}
export type PrivateRoute = BodyOf<'private.voted'>['route'];

export class HubOwn {
  readonly #process: HubProcess;

  constructor(process: HubProcess) {
    this.#process = process;
  }

  /** One transaction: the facts and what follows from them; then the second medium. */
  state(bodies: readonly EventBody[]): void {
    const { hub } = this.#process;
    const facts: OwnFacts = { ...this.#process.writer(), bodies };
    const recorded = hub.commit((disk) => {
      const done = appendOwn(hub.parts.seams.inbox(disk.inbox), hub.rules, facts);
      follow(disk, bodies);
      return done;
    });
    const held = hub.mirror?.get(facts.epoch);
    if (held) held.events.push(...recorded.events);
    else hub.mirror?.set(facts.epoch, { prev: recorded.prevHash, events: [...recorded.events] });
  }

  /** At a start: what the second medium holds and this disk has lost. */
  takeBack(): void {
    const { hub } = this.#process;
    const { seams, key } = hub.parts;
    if (!hub.mirror || !seams.readsMirror) return;
    let tookBack = 0;
    for (const [epoch, { prev, events }] of hub.mirror)
      hub.commit((disk) => {
        const line = { device: key.id, epoch, firstSeq: 1, prevHash: prev, events, receivedAt: 0, own: true };
        const { stored } = recordLine(disk.inbox, hub.rules, line, true);
        tookBack += stored;
        for (const bytes of events.slice(events.length - stored)) {
          const read = hub.rules.read(bytes);
          if (read.ok) follow(disk, [read.event.body]);
        }
      });
    if (tookBack === 0) return;
    const at = this.#process.now();
    hub.commit((disk) =>
      disk.recover({ type: 'mirror', active: disk.active(), at }, `u-${hub.parts.prng.uuid()}`),
    );
  }

  /** A broken kiosk: its counter's facts are the hub's from here on. */
  handOver(counter: string, device: string, handover: string): void {
    const { hub } = this.#process;
    if (hub.disk.inbox.openHandover(counter) !== null) return;
    this.state([
      { type: 'counter.handed_over', handover, counter, device, reason: 'broken', by: 'Lan' } as EventBody,
    ]);
    hub.commit((disk) => {
      for (const [id, held] of disk.inbox.intents)
        if (held.counterId === counter && held.state === 'pending')
          resolveIntent(
            disk.inbox,
            { intentId: id, state: 'refused', code: 'kiosk.handed_over' },
            this.#process.now(),
          );
    });
    this.#process.sessions.get(device)?.tellStanding();
  }

  /** An intent for a counter the hub keeps; answers the rating that was opened. */
  decide(intent: Intent): OwnSlip | null {
    const { hub } = this.#process;
    const { counterId, intentId } = intent;
    hub.project();
    const state = hub.disk.ownCounters.get(counterId) ?? EMPTY_OWN;
    const given = this.#given();
    const known = 'transaction' in intent ? hub.disk.inbox.transaction(intent.transaction) : null;
    const step = decideOwn(state, intent, {
      ...{ ...given, counter: counterId },
      known: known ? (known.finished ? 'finished' : 'open') : 'unknown',
    });
    const at = this.#process.now();
    if (!step.ok) {
      hub.commit((disk) => resolveIntent(disk.inbox, { intentId, state: 'refused', code: step.code }, at));
      return null;
    }
    if (step.facts.length > 0) this.state(step.facts);
    hub.commit((disk) => resolveIntent(disk.inbox, { intentId, state: 'accepted', code: null }, at));
    const opened = step.facts.find((fact) => fact.type === 'rating.opened');
    return opened ? { rating: opened.rating, transaction: opened.transaction, slip: given.slip } : null;
  }

  /** The kiosk has its counter again: what is open here ends. */
  endTakenBack(counterId: string): void {
    const { disk } = this.#process.hub;
    const state = disk.ownCounters.get(counterId);
    if (!state || disk.inbox.openHandover(counterId) !== null) return;
    const facts = release(state, this.#given(), 'handover', null);
    if (facts.length > 0) this.state(facts);
  }

  /** Null: another phone opened it first. */
  vote(ask: {
    readonly route: PrivateRoute;
    readonly phone: Sha256Hex;
    readonly until: number | null;
    readonly vote: string;
    readonly level: number;
  }): { readonly thanked: 'full' | 'received'; readonly inTime: boolean } | null {
    const { hub } = this.#process;
    const { route, phone, until, vote, level } = ask;
    const name = routeName(route);
    const bound = hub.disk.phones.get(name);
    if (bound !== undefined && bound !== phone) return null;
    hub.project();
    const carriers = route.via === 'slip' ? hub.disk.inbox.slipClaims(route.slip) : [route];
    const [transaction, ...others] = new Set(carriers.map((each) => each.transaction));
    // A code on two papers says of neither when it was opened.
    const opened =
      transaction && others.length === 0
        ? (hub.disk.inbox.transaction(transaction)?.prompt?.opened ?? null)
        : null;
    const inTime = voteInTime({ at: this.#process.now(), until, opened });
    const answers = [{ question: 'overall', level }];
    this.state([{ type: 'private.voted', vote, answers, route, phone, inTime } as EventBody]);
    return { thanked: hub.mirror ? 'full' : 'received', inTime };
  }

  #given(): RatingGiven & { readonly rating: RatingId } {
    const { prng } = this.#process.hub.parts;
    return {
      instrument: { id: 'ngan', version: 1 },
      ...{ rating: prng.uuid() as RatingId, slip: prng.hex(32) as Sha256Hex },
    };
  }
}

export const routeName = (route: PrivateRoute): string =>
  route.via === 'ticket' ? `ticket ${route.rating}` : `slip ${route.slip}`;

/** The rows that follow from the hub's own facts. */
function follow(disk: HubDisk, bodies: readonly EventBody[]): void {
  for (const body of bodies) {
    if (body.type === 'private.voted') {
      const name = routeName(body.route);
      if (!disk.phones.has(name)) disk.phones.set(name, body.phone);
    }
    if ('counter' in body && body.counter && !disk.ownCounters.has(body.counter))
      disk.ownCounters.set(body.counter, EMPTY_OWN);
    for (const [counter, state] of disk.ownCounters)
      if (!('counter' in body) || body.counter === counter)
        disk.ownCounters.set(counter, followOwn(state, body));
  }
}
