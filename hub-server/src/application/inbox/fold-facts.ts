/**
 * One slice of projecting: what facts touch is read once, folded in memory by the domain, and written once at the end
 * with the rollups changed by (new − old). A transaction whose facts moved (another time, another standing) is folded
 * again from all events that name it. Everything is computed before anything is written.
 * See hub-server/DESIGN.md, "Projections".
 */
import type { Event, readEvent } from '@hailong/shared/edge/event.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';
import { AnswerChanges, serviceAnswers } from '../../domain/ratings/answer-rollup.ts';
import {
  applyDutyFact,
  type DutyFact,
  type DutyState,
  emptyDuty,
  eventsOfDuty,
} from '../../domain/ratings/duty-fold.ts';
import { contribution, RollupChanges, type RollupCounts } from '../../domain/ratings/rollup.ts';
import { isTwin, overlaps, SERVED_WITHIN_MS } from '../../domain/ratings/same-dossier.ts';
import {
  applyFact,
  chosenChips,
  emptyTransaction,
  eventsOf,
  type FactRef,
  type FormOf,
  isTransactionFact,
  monthOf,
  type Rated,
  ratedAlike,
  ratedOf,
  type TransactionFact,
  type TransactionState,
} from '../../domain/ratings/transaction-fold.ts';
import { isWalkupFact } from '../../domain/ratings/walkup-fold.ts';
import type { ProjectionState, StoredEvent } from '../ports/projection-state.ts';
import type { FactTimes } from './fact-times.ts';
import { WalkupsFold } from './fold-walkups.ts';

interface Touched {
  readonly before: TransactionState;
  now: TransactionState;
}

/** What one slice tells the pages, without repeating itself. */
export class Told {
  readonly #hints = new Map<string, LiveHint>();
  readonly counters = new Set<string>();

  hint(key: string, hint: LiveHint): void {
    this.#hints.set(key, hint);
  }
  hints(): LiveHint[] {
    return [...this.#hints.values()];
  }
  add(other: Told): void {
    for (const [key, hint] of other.#hints) this.#hints.set(key, hint);
    for (const counter of other.counters) this.counters.add(counter);
  }
}

export class Fold {
  readonly #state: ProjectionState;
  readonly #read: typeof readEvent;
  readonly #times: FactTimes;
  readonly #touched = new Map<string, Touched>();
  readonly #refolded = new Map<string, ReadonlySet<number>>();
  readonly #duties = new Map<string, { before: DutyState; now: DutyState }>();
  readonly #walkups: WalkupsFold;

  constructor(state: ProjectionState, read: typeof readEvent, times: FactTimes) {
    this.#state = state;
    this.#read = read;
    this.#times = times;
    this.#walkups = new WalkupsFold(state, (id) => {
      const [stored, event] = this.#load(id);
      if (!stored || !event || !this.#counts(stored)) return null;
      return { stored, event, ref: this.#times.refOf(stored, event) };
    });
  }

  /** A fact that was not projected before. One that does not count (yet) changes nothing, but its code is on a paper. */
  add(stored: StoredEvent, event: Event): void {
    if (this.#counts(stored)) this.#apply(stored, event);
    else this.#claimSlip(event.body, stored.id);
  }

  /** A fact whose time or standing may have changed. */
  again(stored: StoredEvent, event: Event): void {
    const { body } = event;
    if (isTransactionFact(body)) {
      this.#claimSlip(body, stored.id);
      this.#refold(body.transaction, stored.id);
    } else if (body.type === 'duty.started' || body.type === 'duty.ended')
      this.#refoldDuty(body.duty, stored.id);
    else if (isWalkupFact(body)) this.#walkups.again(body.rating, stored.id);
    else if (body.type === 'press.stray' && !this.#counts(stored)) this.#state.dropStray(stored.id);
    else this.add(stored, event);
  }

  #counts({ epochId, branch }: StoredEvent): boolean {
    const chain = this.#times.chain(epochId);
    return branch === 0 ? chain.counted : chain.branchesCounted;
  }

  #apply(stored: StoredEvent, event: Event): void {
    const { body } = event;
    const state = this.#state;
    const ref = this.#times.refOf(stored, event);
    if (isTransactionFact(body)) {
      this.#fact(body.transaction, body, ref);
      this.#claimSlip(body, stored.id);
      return;
    }
    switch (body.type) {
      case 'private.voted':
        if (body.route.via === 'ticket') this.#fact(body.route.transaction, body, ref);
        else {
          state.putSlipVote(body.route.slip, stored.id);
          const owner = this.#ownerOf(body.route.slip);
          if (owner !== null) this.#fact(owner, body, ref);
        }
        return;
      case 'duty.started':
      case 'duty.ended':
        this.#duty(body, ref, this.#times.chain(stored.epochId).device);
        return;
      case 'press.stray':
        state.putStray(body, ref, this.#times.chain(stored.epochId).device);
        return;
      case 'walkup.opened':
      case 'walkup.voted':
      case 'walkup.closed':
        this.#walkups.apply(body, ref);
        return;
      // The duty stands throughout a pause.
      case 'duty.paused':
      case 'duty.resumed':
        return;
      // What a chain says of itself, of its device and of its questions: judged or kept when it came in.
      case 'agent.started':
      case 'time.anchor':
      case 'question.asked':
      case 'pin.locked':
      case 'intent.refused':
      case 'checkpoint.refused':
      case 'loss.detected':
      case 'handover.accepted':
      case 'hub.started':
      case 'counter.handed_over':
      case 'chain.decided':
        return;
      default:
        body satisfies never;
    }
  }

  #transaction(id: string): Touched {
    let touched = this.#touched.get(id);
    if (!touched) {
      const before = this.#state.transaction(id) ?? emptyTransaction(id);
      touched = { before, now: before };
      this.#touched.set(id, touched);
    }
    return touched;
  }

  #fact(transaction: string, body: TransactionFact, ref: FactRef): void {
    const touched = this.#transaction(transaction);
    touched.now = applyFact(touched.now, body, ref, (event) => this.#state.claimOf(event));
  }

  // -------------------------------------------------------------- slips: a code's votes belong to the rating that has it

  /**
   * The one transaction whose rating carries the code and counts. A clone's or an old image's kiosk puts one code on two
   * papers: who votes by it holds either, so that the votes wait, uncounted, whether or not the other's chain counts; and
   * what is kept beside a chain tells that another paper may be known to nobody.
   */
  #ownerOf(slip: string): string | null {
    const claims = this.#state.slipClaims(slip);
    const owner = claims[0]?.transaction ?? null;
    if (claims.some(({ transaction }) => transaction !== owner)) return null;
    const counts = claims.some(({ event }) => {
      const stored = this.#state.event(event);
      return stored !== null && stored.branch === 0 && this.#counts(stored);
    });
    return counts ? owner : null;
  }

  #claimSlip(body: Event['body'], event: number): void {
    if (body.type !== 'rating.opened' || body.slip === undefined) return;
    const { slip, transaction } = body;
    this.#state.putSlipClaim(slip, { event, transaction });
    if (this.#state.slipVotes(slip).length === 0) return;
    for (const each of new Set(this.#state.slipClaims(slip).map((claim) => claim.transaction)))
      this.#refold(each);
  }

  // -------------------------------------------------------------- folding again

  #refold(transaction: string, extra: number | null = null): void {
    const slips = this.#state.slipsOf(transaction);
    // Each of its facts asks for it, and what they are folded from does not change in between unless a slip does.
    if (extra !== null && slips.length === 0 && this.#refolded.get(transaction)?.has(extra)) return;
    const touched = this.#transaction(transaction);
    const events = eventsOf(touched.now);
    if (extra !== null) events.add(extra);
    this.#refolded.set(transaction, events);
    for (const slip of slips) {
      const mine = this.#ownerOf(slip) === transaction;
      for (const vote of this.#state.slipVotes(slip))
        if (mine) events.add(vote);
        else events.delete(vote);
    }
    touched.now = { ...emptyTransaction(transaction), twin: touched.now.twin };
    for (const event of [...events].sort((a, b) => a - b)) this.#applyEvent(transaction, event);
  }

  #applyEvent(transaction: string, id: number): void {
    const [stored, event] = this.#load(id);
    if (!stored || !event || !this.#counts(stored)) return;
    if (isTransactionFact(event.body) || event.body.type === 'private.voted')
      this.#fact(transaction, event.body, this.#times.refOf(stored, event));
  }

  #load(id: number): readonly [StoredEvent | null, Event | null] {
    const stored = this.#state.event(id);
    const read = stored && this.#read(stored.bytes);
    return [stored, read?.ok ? read.event : null];
  }

  #dutyTouched(id: string): { before: DutyState; now: DutyState } {
    let touched = this.#duties.get(id);
    if (!touched) {
      const before = this.#state.duty(id) ?? emptyDuty(id);
      touched = { before, now: before };
      this.#duties.set(id, touched);
    }
    return touched;
  }

  #duty(body: DutyFact, ref: FactRef, device: string): void {
    const touched = this.#dutyTouched(body.duty);
    touched.now = applyDutyFact(touched.now, body, ref, device, (event) => this.#state.claimOf(event));
  }

  #refoldDuty(id: string, extra: number): void {
    const touched = this.#dutyTouched(id);
    const events = eventsOfDuty(touched.now).add(extra);
    touched.now = emptyDuty(id);
    for (const each of [...events].sort((a, b) => a - b)) {
      const [stored, event] = this.#load(each);
      if (!stored || !event || !this.#counts(stored)) continue;
      if (event.body.type === 'duty.started' || event.body.type === 'duty.ended')
        this.#duty(event.body, this.#times.refOf(stored, event), this.#times.chain(stored.epochId).device);
    }
  }

  // -------------------------------------------------------------- writing

  flush(cursor: number, out: Told): void {
    this.#settleTwins();
    const changes = new RollupChanges();
    const answers = new AnswerChanges();
    const formOf: FormOf = (ref) => this.#state.instrument(ref);
    const writes: (Touched & { readonly counts: Rated; readonly rated: boolean })[] = [];
    for (const { before, now } of this.#touched.values()) {
      if (before === now) continue;
      const rated = !ratedAlike(before, now);
      const old = ratedOf(before, formOf);
      const counts = rated ? ratedOf(now, formOf) : old;
      changes.add(contribution(before, old), -1);
      changes.add(contribution(now, counts), 1);
      answers.add(serviceAnswers(before, old, chosenChips(before, old.effective)), -1);
      answers.add(serviceAnswers(now, counts, chosenChips(now, counts.effective)), 1);
      writes.push({ before, now, counts, rated });
      tell(out, before, now, cursor, rated && (counts.effective ?? counts.form) !== null);
    }
    for (const { before, now, counts, rated } of writes) {
      this.#state.saveTransaction(before, now);
      if (!rated) continue;
      this.#state.saveEffective(now.id, counts.effective);
      this.#state.saveForm(now.id, counts.form);
    }
    this.#walkups.flush(answers);
    for (const { key, n } of answers.changed()) this.#state.addToAnswers(key, n);
    for (const { key, counts } of changes.changed())
      this.#state.addToRollup(key, counts as readonly number[] as RollupCounts);
    for (const { before, now } of this.#duties.values()) {
      if (before === now) continue;
      this.#state.saveDuty(now);
      for (const each of [before, now]) if (each.started) out.counters.add(each.started.counterId);
    }
  }

  /** Where a dossier was served twice at once, one rating steps back: also one that this slice did not touch. */
  #settleTwins(): void {
    const byDossier = new Map<string, string[]>();
    const keysOf = ({ service }: TransactionState): string[] =>
      service ? service.dossierCodes.map((code) => `${service.counterId} ${code}`) : [];
    const index = (id: string, each: TransactionState): void => {
      for (const key of keysOf(each)) {
        const held = byDossier.get(key);
        if (held) held.push(id);
        else byDossier.set(key, [id]);
      }
    };
    for (const [id, { now }] of this.#touched) index(id, now);
    const peersOf = (each: TransactionState): TransactionState[] => {
      const { service, opened } = each;
      if (!service || !opened || service.dossierCodes.length === 0) return [];
      const ids = new Set(keysOf(each).flatMap((key) => byDossier.get(key) ?? []));
      const [from, to] = [opened.at - SERVED_WITHIN_MS, opened.at + SERVED_WITHIN_MS];
      for (const id of this.#state.sameDossier(service.counterId, service.dossierCodes, from, to))
        ids.add(id);
      return [...ids].map((id) => this.#transaction(id).now).filter((other) => overlaps(each, other));
    };
    const near = new Set<string>();
    for (const { before, now } of [...this.#touched.values()]) {
      if (before === now) continue;
      const peers = [...peersOf(now), ...(before.opened === now.opened ? [] : peersOf(before))];
      if (peers.length > 0 || now.twin) near.add(now.id);
      for (const peer of peers) near.add(peer.id);
    }
    for (const id of near) {
      const touched = this.#transaction(id);
      const twin = isTwin(touched.now, peersOf(touched.now), (ref) => this.#state.instrument(ref));
      if (twin !== touched.now.twin) touched.now = { ...touched.now, twin };
    }
  }
}

/** What a page shows of a transaction; what holds no part of it (`others`) changes none. */
const SHOWN = ['service', 'opened', 'finished', 'annotated', 'prompt', 'votes', 'twin'] as const;
/** A vote or a close changes nothing a station shows, so its officer's page must not move when one comes. */
const shownToStation = ({ service, opened, finished, annotated, prompt }: TransactionState) =>
  [service, opened, finished, annotated, prompt?.opened ?? null] as const;

function tell(
  out: Told,
  before: TransactionState,
  now: TransactionState,
  cursor: number,
  rated: boolean,
): void {
  const counterId = now.service?.counterId ?? before.service?.counterId;
  if (!counterId || SHOWN.every((part) => before[part] === now[part])) return;
  const shown = shownToStation(now);
  if (shownToStation(before).some((part, i) => part !== shown[i])) out.counters.add(counterId);
  const typed = counterId as Extract<LiveHint, { type: 'transaction.changed' }>['counterId'];
  out.hint(`t ${counterId}`, { type: 'transaction.changed', cursor, counterId: typed });
  const month = monthOf(now);
  if (rated && month)
    out.hint(`r ${counterId} ${month}`, { type: 'rating.recorded', cursor, month, counterId: typed });
}
