/*
 * Purpose: the promise, checked after every history: what citizens saw (citizen-ledger.ts) and what the surviving media hold
 * against what the hub holds and counts. Its own small sums, never the product's fold.
 * Refuses nothing; answers a sentence for every breach.
 */

import { monthOf, type TransactionState } from '../../hub-server/src/domain/ratings/transaction-fold.ts';
import { sameBytes } from '../../hub-server/src/domain/transactions/chain-judge.ts';
import type { BodyOf } from '../../shared/src/model/event.ts';
import { vietnamMonth } from '../../shared/src/time.ts';
import type { MemoryInbox } from '../support/memory-inbox.ts';
import type { MemoryEvent } from '../support/memory-projection.ts';
import type { Tap } from './citizen-ledger.ts';
import { controlOf, figures } from './control.ts';
import { sha256 } from './keyring.ts';
import { tapName, type World } from './world.ts';

export type Kind = 'lost' | 'doubled' | 'moved' | 'invented' | 'silent' | 'stuck' | 'broken';
export interface Breach {
  readonly kind: Kind;
  readonly sentence: string;
}
export interface Sums {
  readonly thanked: number;
  readonly stored: number;
  readonly gone: number;
}

export class PromiseCheck {
  readonly breaches: Breach[] = [];
  readonly #world: World;
  readonly #inbox: MemoryInbox;
  /** Rows of each tap. */
  readonly #found = new Map<string, MemoryEvent[]>();
  /** Ratings that carry a code. */
  readonly #carriers = new Map<string, { readonly transaction: string; readonly row: MemoryEvent }[]>();

  constructor(world: World) {
    this.#world = world;
    this.#inbox = world.hub.disk.inbox;
  }

  #breach(kind: Kind, sentence: string): void {
    this.breaches.push({ kind, sentence });
  }

  check(): Sums {
    this.#world.hub.project();
    for (const device of this.#world.olderLines)
      this.#breach('broken', `an older line of ${device.slice(0, 6)} was heard`);
    this.#drained();
    this.#chains();
    const sums = this.#taps();
    this.#byPhone();
    this.#handovers();
    this.#fixedTimes();
    this.#standings();
    this.#counted();
    this.#intents();
    this.#recovered();
    this.#control();
    return sums;
  }

  /** A hub that was set back has found out by itself, and has left recovering by itself. */
  #recovered(): void {
    const { hub, mustNotice, kiosks } = this.#world;
    if (kiosks.some(({ disk }) => mustNotice.has(disk)) && hub.disk.noticed === this.#world.noticedBefore)
      this.#breach('silent', 'the hub was set back and did not notice');
    if (hub.disk.noticed > 0 && !this.#world.faults.has('old backup put back'))
      this.#breach('broken', 'the hub holds less than it has acknowledged, and nobody put it back');
    if (hub.disk.recovery.mode === 'normal') return;
    const waits = hub.disk.recovery.awaited.filter(({ missing }) => missing === null || missing.length > 0);
    this.#breach('stuck', `the hub still recovers: ${JSON.stringify(waits).slice(0, 200)}`);
  }

  /** Every event of every disk that is left is at the hub, byte for byte. */
  #drained(): void {
    for (const kiosk of this.#world.kiosks) {
      for (const [epoch, rows] of kiosk.disk.chains()) {
        const held = this.#inbox.epoch(kiosk.device, epoch);
        for (const row of rows) {
          const same =
            held !== null &&
            this.#inbox.line(held.id, row.seq).some((each) => sameBytes(each.hash, row.hash));
          if (same) continue;
          this.#breach('stuck', `${kiosk.name} holds ${epoch.slice(0, 6)}/${row.seq}, the hub does not`);
          break;
        }
      }
    }
  }

  /** What the hub holds is chained bytes, without holes up to each head. */
  #chains(): void {
    const inbox = this.#inbox;
    for (const { id, epoch, headSeq, headHash } of inbox.chains) {
      let prev: Uint8Array | null = null;
      for (let seq = 1; seq <= headSeq; seq += 1) {
        const row: MemoryEvent | undefined = inbox.line(id, seq)[0];
        const name = `${epoch.slice(0, 6)}/${seq}`;
        if (!row) {
          this.#breach('broken', `hole at ${name}`);
          break;
        }
        if (prev && !sameBytes(row.prev, prev)) this.#breach('broken', `${name} does not follow`);
        // Hashing is half of what a check costs: every eighth history does it for all events.
        if (this.#world.seed % 8 === 0 && !sameBytes(sha256(row.prev, row.bytes), row.hash))
          this.#breach('broken', `${name} has another hash than its bytes`);
        prev = row.hash;
      }
      if (prev && !sameBytes(prev, headHash))
        this.#breach('broken', `the head of ${epoch.slice(0, 6)} is no event's hash`);
    }
  }

  #taps(): Sums {
    const { ledger } = this.#world;
    const found = this.#found;
    const openings = new Map<string, MemoryEvent>();
    for (const row of this.#inbox.events) {
      const body = this.#bodyOf(row);
      if (!body) continue;
      if (body.type === 'rating.opened') {
        const { rating, transaction, slip } = body as BodyOf<'rating.opened'>;
        openings.set(rating, row);
        if (slip) this.#carriers.set(slip, [...(this.#carriers.get(slip) ?? []), { transaction, row }]);
      }
      const name = tapName(body);
      if (name === null) continue;
      if (!ledger.taps.has(name)) this.#breach('invented', `vote ${name} was never given`);
      const rows = found.get(name);
      if (rows) rows.push(row);
      else found.set(name, [row]);
    }
    let stored = 0;
    let gone = 0;
    for (const tap of ledger.taps.values()) {
      const rows = found.get(tap.name) ?? [];
      if (rows.length > 1) this.#breach('doubled', `${say(tap)} is stored ${rows.length} times`);
      if (rows[0]) this.#same(tap, rows[0], openings.get(tap.rating));
      if (!tap.thanked) continue;
      if (rows.length > 0) stored += 1;
      else if (tap.gone) {
        gone += 1;
        if (!this.#noticed(tap)) this.#breach('silent', `${say(tap)} is lost (${tap.gone.how}), unnoticed`);
      } else this.#breach('lost', `${say(tap)} was thanked for and is nowhere`);
    }
    return { thanked: ledger.thankedCount(), stored, gone };
  }

  #bodyOf(row: MemoryEvent): { readonly type: string } | null {
    if (row.event) return row.event.body;
    if (row.status === 'quarantined') return null;
    try {
      return (JSON.parse(Buffer.from(row.bytes).toString('utf8')) as { body: { type: string } }).body;
    } catch {
      return null;
    }
  }

  /** The stored vote says what the citizen saw and touched. */
  #same(tap: Tap, row: MemoryEvent, opening: MemoryEvent | undefined): void {
    const body = this.#bodyOf(row) as unknown as Record<string, unknown>;
    const { chips } = body;
    const voted = Array.isArray(chips) ? { ...body, question: 'chips', level: chips.length } : body;
    const prompt = this.#world.ledger.prompts.get(tap.rating);
    const epoch = this.#inbox.chain(row.epochId);
    const opened = opening ? (this.#bodyOf(opening) as unknown as Record<string, unknown>) : null;
    const wrong = (what: string) => this.#breach('moved', `${say(tap)}: ${what}`);
    if (voted['level'] !== tap.level) wrong(`stored as level ${voted['level']}`);
    // Whoever is not served rates no service: a vote on one stands behind its opening, in whichever chain that is.
    if (body['type'] === 'rating.voted' && !opening) wrong('counts for a service that was never asked about');
    if (voted['question'] !== tap.question) wrong(`stored for ${voted['question']}`);
    if (voted['rating'] !== tap.rating) wrong(`stored for another rating`);
    if (epoch.device !== tap.device) wrong('stored for another device');
    if (prompt && voted['transaction'] !== prompt.transaction) wrong('stored for another transaction');
    if (opened && prompt && opened['transaction'] !== prompt.transaction)
      wrong('its rating is of another one');
    if (opened && prompt?.officer && this.#officerName(String(opened['officer'])) !== prompt.officer)
      wrong(`${prompt.officer} was on the screen`);
  }

  #officerName(id: string): string | null {
    for (const { officers } of this.#world.places.values())
      for (const officer of officers) if (officer.id === id) return officer.name;
    return null;
  }

  /** Somebody was told: the chain or the hub holds an alarm about that device. */
  #noticed(tap: Tap): boolean {
    const { gone } = tap;
    if (!gone) return false;
    // A new key is an act of the operator at the hub; the old device stays listed until it is written off.
    if (gone.how === 're-enrolled' && this.#inbox.devices.has(tap.device)) return true;
    // An image of nothing, and another key before it ever came up: two people wrote the old device off.
    if (!this.#world.kiosks.some(({ device }) => device === tap.device)) return true;
    // What a hub that was set back had known of it went with the newer state; that it was set back is known.
    if (this.#world.hub.disk.wasSetBack) return true;
    if (!gone.covered) return true;
    if (this.#inbox.alarms.some((alarm) => alarm.device === tap.device)) return true;
    return this.#inbox.events.some(
      (row) =>
        row.event?.body.type === 'loss.detected' && this.#inbox.chain(row.epochId).device === tap.device,
    );
  }

  /** One effective rating a transaction; the sums are theirs; each under its officer and its month. */
  #counted(): void {
    const { ledger } = this.#world;
    const inbox = this.#inbox;
    const sums = new Map<string, number>();
    for (const [id, effective] of inbox.effective) {
      const state = inbox.transactions.get(id);
      const month = state ? monthOf(state) : null;
      if (!state || month === null || !state.service) continue;
      if (state.twin) continue;
      const key = `${state.service.officerId} ${month}`;
      sums.set(key, (sums.get(key) ?? 0) + 1);
      const vote = state.votes.find((each) => each.id === effective.votes['overall']);
      const row = vote && inbox.events[vote.event - 1];
      const chain = row && inbox.chain(row.epochId);
      if (chain && (row.branch === 0 ? chain.state : chain.branches) !== 'counted')
        this.#breach('doubled', `the rating of ${id} counts a vote of a chain that does not count`);
      if (!vote || vote.level !== effective.overall)
        this.#breach('moved', `the rating of ${id} counts a vote that is not its own`);
      const prompt = ledger.prompts.get(vote?.ratingId ?? '');
      if (!prompt) continue;
      if (prompt.transaction !== id)
        this.#breach('moved', `a vote for ${prompt.transaction} counts for ${id}`);
      this.#month(state, month, prompt.at);
    }
    const rated = new Map<string, number>();
    for (const { key, counts } of inbox.rollups.values()) {
      const name = `${key.officerId} ${key.month}`;
      rated.set(name, (rated.get(name) ?? 0) + counts[2]!);
    }
    for (const name of new Set([...sums.keys(), ...rated.keys()])) {
      const [want, have] = [sums.get(name) ?? 0, rated.get(name) ?? 0];
      if (want !== have) this.#breach(have > want ? 'doubled' : 'lost', `${name}: ${have} rated of ${want}`);
    }
    this.#lastTapCounts();
  }

  /** The month is the true one unless the time itself says that it cannot know: provisional, or a bound over the edge. */
  #month(state: TransactionState, month: string, at: number): void {
    const { finished, id } = state;
    if (!finished || finished.provisional || finished.bound === null) return;
    // A machine that was set back or cloned may have ended it twice; which end counts is the fold's own rule.
    const ends = [...this.#world.ledger.prompts.values()].filter((each) => each.transaction === id);
    const { bound } = finished;
    const near = ends.some((each) => Math.abs(finished.at - each.at) <= bound + 2);
    if (!near && !this.#suspect(id))
      this.#breach('moved', `${id} ended ${finished.at - at} ms off, bound ${bound}`);
    const right = vietnamMonth(at);
    const unsure = vietnamMonth(finished.at - bound) !== vietnamMonth(finished.at + bound);
    if (month !== right && !unsure && !this.#suspect(id))
      this.#breach('moved', `${id} counts in ${month}, ended in ${right}`);
  }

  /** It was served by a machine that was lost, cloned or set back. */
  #suspect(transaction: string): boolean {
    const { ledger, suspects, suspectKiosks } = this.#world;
    for (const tap of ledger.taps.values())
      if (suspects.has(tap.device) && ledger.prompts.get(tap.rating)?.transaction === transaction)
        return true;
    for (const prompt of ledger.prompts.values())
      if (prompt.transaction === transaction && suspectKiosks.has(prompt.kiosk)) return true;
    return false;
  }

  /** At the counter the last answer before the close counts. */
  #lastTapCounts(): void {
    const { ledger } = this.#world;
    const last = new Map<string, Tap>();
    const ratings = new Map<string, Set<string>>();
    for (const tap of ledger.taps.values()) {
      const prompt = ledger.prompts.get(tap.rating);
      if (!prompt || tap.question !== 'overall') continue;
      ratings.set(prompt.transaction, (ratings.get(prompt.transaction) ?? new Set()).add(tap.rating));
      if (tap.thanked && !tap.gone && this.#counts(tap)) last.set(prompt.transaction, tap);
    }
    for (const transaction of new Set(ledger.byPhone.map((each) => each.transaction))) {
      const byPhone = this.#phoneLevel(transaction);
      const effective = this.#inbox.effective.get(transaction);
      if (byPhone !== null && (!effective || effective.overall > byPhone))
        this.#breach('lost', `the phone vote ${byPhone} for ${transaction} does not count`);
      else if (
        byPhone !== null &&
        !ratings.has(transaction) &&
        effective?.overall !== byPhone &&
        !this.#askedUntold(transaction)
      )
        this.#breach('moved', `the phone vote ${byPhone} for ${transaction} counts as ${effective?.overall}`);
    }
    for (const [transaction, tap] of last) {
      // Two machines with one disk asked twice: which one counts is the fold's own rule, checked by the control.
      if ((ratings.get(transaction)?.size ?? 0) > 1) continue;
      const effective = this.#inbox.effective.get(transaction);
      const byPhone = this.#phoneLevel(transaction);
      if (!effective) {
        this.#breach('lost', `${say(tap)} counts for nothing`);
        continue;
      }
      // Where both routes voted the lower level counts.
      const lower = ({ level }: Tap): number => Math.min(level, byPhone ?? level);
      if (effective.overall === lower(tap)) continue;
      // A later touch whose thanks the crash swallowed may count as well: it was on disk or it was not. So may one that
      // the machine forgot after it was uploaded (it asked the same question again), or a clone's of the same prompt.
      const tapped = [...ledger.taps.values()].filter(
        (each) =>
          each.rating === tap.rating &&
          each.question === 'overall' &&
          (each.gone !== null || each.kiosk !== tap.kiosk || (!each.thanked && each.at > tap.at)),
      );
      // A vote by phone that nobody can place may count, as the lower of the two, or not.
      const byCode = effective.votes['overall'];
      if (byCode && this.#unplaced.has(byCode) && effective.overall < tap.level) continue;
      if (this.#askedUntold(transaction)) continue;
      if (!tapped.some((each) => lower(each) === effective.overall))
        this.#breach('moved', `${say(tap)} is effective as ${effective.overall}`);
    }
  }

  /** What counts was given to a machine that asked as well, and died before anybody was told that it did. */
  #askedUntold(transaction: string): boolean {
    const effective = this.#inbox.effective.get(transaction);
    const votes = this.#inbox.transactions.get(transaction)?.votes ?? [];
    const vote = votes.find((each) => each.id === effective?.votes['overall']);
    return vote !== undefined && vote.via !== 'private' && !this.#world.ledger.prompts.has(vote.ratingId);
  }

  readonly #phoneRows = new Set<string>();
  /** Votes by phone whose question may have been asked before them or after. */
  readonly #unplaced = new Set<string>();

  /** Votes by phone: stored once as they were given, and counted for nothing else. */
  #byPhone(): void {
    const given = new Map(this.#world.ledger.byPhone.map((each) => [each.vote, each]));
    for (const row of this.#inbox.events) {
      const body = this.#bodyOf(row) as { type: string; vote?: string; answers?: { level: number }[] } | null;
      if (body?.type !== 'private.voted' || !this.#inbox.chain(row.epochId).own) continue;
      const level = given.get(body.vote ?? '')?.level;
      if (level === undefined) this.#breach('invented', `phone vote ${body.vote} was never given`);
      else if (body.answers?.[0]?.level !== level)
        this.#breach('moved', `phone vote ${body.vote} has another level`);
      if (this.#phoneRows.has(body.vote ?? ''))
        this.#breach('doubled', `phone vote ${body.vote} is stored twice`);
      this.#phoneRows.add(body.vote ?? '');
    }
    // Thanked in full only when it is on a second medium or machine; what was only received can go with a hub that is set
    // back, and nobody knows when neither a kiosk's events nor a checkpoint that a kiosk saw went with it (#recovered).
    for (const { vote, answered, gone } of given.values())
      if (answered !== null && !this.#phoneRows.has(vote) && (answered === 'full' || !gone))
        this.#breach('lost', `phone vote ${vote} was answered “${answered}” and is nowhere`);
    for (const [id, { votes }] of this.#inbox.effective) {
      const vote = given.get(votes['overall'] ?? '');
      if (vote && vote.transaction !== id)
        this.#breach('moved', `phone vote ${vote.vote} for ${vote.transaction} counts for ${id}`);
    }
  }

  /** The first phone vote that is held and in time, and whose paper or screen was of this transaction; null: none. */
  #phoneLevel(transaction: string): number | null {
    for (const { vote, transaction: of, inTime, slip, level, at } of this.#world.ledger.byPhone) {
      if (of !== transaction || !inTime || !this.#phoneRows.has(vote)) continue;
      const carriers = slip === null ? null : (this.#carriers.get(slip) ?? []);
      // “Where ratings of two transactions carry one code, it stands on two papers: its votes count for neither”, as little
      // as where its rating is kept beside a chain; and a code waits, uncounted, until its rating counts.
      if (carriers?.some((each) => each.transaction !== of)) continue;
      if (carriers && !carriers.some(({ row }) => row.branch === 0 && this.#rowCounts(row))) continue;
      // “A vote that anchored time proves earlier than the question counts for nothing”: the time of a machine that was set
      // back may be off, and then a vote by a code is one that nobody can place.
      const opened = this.#inbox.transactions.get(of)?.prompt?.opened;
      if (carriers && this.#suspect(of) && opened && at < opened.at - (opened.bound ?? 0)) {
        this.#unplaced.add(vote);
        continue;
      }
      return level;
    }
    return null;
  }

  /** A kiosk that was told of a hand-over opens nothing before it has accepted it. */
  #handovers(): void {
    const { kiosks, suspects, faults } = this.#world;
    for (const { name, device, disk, told } of kiosks) {
      if (suspects.has(device)) continue;
      const accepted = new Map<string, number>();
      const opened: number[] = [];
      disk.records.forEach(({ rows = [], at = 0 }, index) => {
        for (const { event } of rows) {
          // A hub that was set back may ask for it again.
          if (event?.body.type === 'handover.accepted' && !accepted.has(event.body.handover))
            accepted.set(event.body.handover, index);
          if (event?.body.type === 'transaction.opened') opened.push(at);
        }
      });
      for (const { handover, at } of told) {
        if (handover === null) continue;
        const index = accepted.get(handover);
        const acceptedAt = index === undefined ? Number.POSITIVE_INFINITY : (disk.records[index]?.at ?? 0);
        // “It holds until the hub says otherwise”: one that was set back may have lost the hand-over.
        const ended = told.find((each) => each.at > at && each.handover === null)?.at;
        const until = Math.min(acceptedAt, (faults.has('old backup put back') && ended) || acceptedAt);
        if (opened.some((when) => when > at && when < until))
          this.#breach('broken', `${name} opened before it accepted hand-over ${handover}`);
      }
    }
  }

  /**
   * “The counter stays taken until the fixed time”, also when the vote was taken to the phone, and then nothing is voted at the
   * counter any more; chips belong to the overall vote that stands when they are touched. By each machine's own boot time; an image that was woken again has two pasts and is passed over.
   */
  #fixedTimes(): void {
    for (const { name, device, disk } of this.#world.kiosks) {
      if (this.#world.suspects.has(device)) continue;
      let boot = '';
      let open: { readonly rating: string; readonly boot: string; readonly until: number } | null = null;
      const handed = new Set<string>();
      const overall = new Map<string, string>();
      for (const rows of disk.chains().values())
        for (const { event } of rows) {
          if (!event) continue;
          const { body, mono } = event;
          if (body.type === 'rating.voted' && body.question === 'overall')
            overall.set(body.rating, body.vote);
          if (body.type === 'agent.started') boot = body.bootId;
          else if (body.type === 'rating.opened' && body.prompt !== false)
            open = { rating: body.rating, boot, until: mono + body.closeAfterMs };
          else if (body.type === 'rating.went_private') handed.add(body.rating);
          else if (body.type === 'rating.voted' && handed.has(body.rating))
            this.#breach('broken', `${name} took a vote for ${body.rating}, which went to the phone`);
          else if (body.type === 'chips.chosen' && overall.get(body.rating) !== body.overallVote)
            this.#breach('moved', `${name} gave chips of ${body.rating} to a vote that was corrected`);
          else if ((body.type === 'question.asked' || body.type === 'rating.voted') && open) {
            if (open.rating === body.rating && open.boot !== boot)
              this.#breach('broken', `${name} went on with ${body.rating} after the machine had been off`);
          } else if (body.type === 'rating.closed' && body.reason === 'interrupted') open = null;
          else if (body.type === 'rating.closed' || body.type === 'transaction.opened') {
            if (open && open.boot === boot && mono < open.until)
              this.#breach('broken', `${name}: ${body.type} ${open.until - mono} ms before the fixed time`);
          }
        }
    }
  }

  /** It stands in a chain that counts. */
  #counts(tap: Tap): boolean {
    const row = this.#found.get(tap.name)?.[0];
    return row !== undefined && this.#rowCounts(row);
  }
  #rowCounts({ epochId, branch }: MemoryEvent): boolean {
    const chain = this.#inbox.chain(epochId);
    return branch === 0 ? chain.counted : chain.branchesCounted;
  }

  /** A chain is set aside only where its machine was lost, cloned or set back, and counts as two people decided. */
  #standings(): void {
    const { suspects } = this.#world;
    for (const { device, epoch, state, own, forked } of this.#inbox.chains) {
      const name = epoch.slice(0, 6);
      const decided = this.#inbox.decisionsOf(device).get(epoch);
      if (own || state === 'counted') {
        // About a fork the decision is about what lies beside the chain.
        if (decided === false && !own && !forked)
          this.#breach('doubled', `${name} counts although two people said no`);
        continue;
      }
      if (!suspects.has(device)) this.#breach('lost', `${name} does not count: ${state}`);
      else if (decided === undefined) this.#breach('stuck', `${name} is ${state} and nobody decided`);
      else if (decided) this.#breach('lost', `${name} is ${state} although two people said it counts`);
    }
  }

  /**
   * An intent is a fact at most once. A medium that forgot it, or has a twin, answers it again in another epoch; and while
   * a hub that was set back does not know the newer kiosk of a counter yet, the older one serves again. It has forgotten
   * requests too: one that it answered itself while it kept the counter may be sent again, to the kiosk; the duty or the
   * transaction is the same, and its first claim holds it.
   */
  #intents(): void {
    const seen = new Map<
      string,
      { readonly type: string; readonly device: string; readonly epoch: string; readonly own: boolean }
    >();
    for (const row of this.#inbox.events) {
      const body = row.event?.body as { type: string; intent?: string | null } | undefined;
      if (!body?.intent || body.type === 'intent.refused') continue;
      const { device, epoch, own } = this.#inbox.chain(row.epochId);
      const first = seen.get(body.intent);
      const { suspects, faults } = this.#world;
      const again =
        first?.device === device
          ? first.epoch !== epoch && suspects.has(device)
          : faults.has('old backup put back') && (suspects.has(device) || [first?.own, own].includes(true));
      if (first && !again)
        this.#breach('doubled', `request ${body.intent} became ${first.type} and ${body.type}`);
      seen.set(body.intent, { type: body.type, device, epoch, own });
    }
  }

  /** A hub that was fed the same chains in another order, without any fault, says the same. */
  #control(): void {
    const world = this.#world;
    const control = controlOf(this.#inbox, world.hub.rules, world.prng.fork(77));
    const [ours, theirs] = [figures(this.#inbox), figures(control)];
    for (const name of new Set([...ours.keys(), ...theirs.keys()]))
      if (ours.get(name) !== theirs.get(name))
        this.#breach(
          'moved',
          `${name}: ${ours.get(name) ?? 'nothing'}; control: ${theirs.get(name) ?? 'nothing'}`,
        );
  }
}

const say = (tap: Tap): string =>
  `${tap.kiosk}'s ${tap.question} ${tap.level} for rating ${tap.rating.slice(0, 8)}`;
