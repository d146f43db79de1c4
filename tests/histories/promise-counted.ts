/*
 * Purpose: of the promise, what counts: one effective rating a transaction, the last answer at the counter, the lower of two
 * routes, under its officer and its month; votes by phone stored once as they were given.
 * Refuses nothing.
 */
import { monthOf, type TransactionState } from '../../hub-server/src/domain/ratings/transaction-fold.ts';
import { vietnamMonth } from '../../shared/src/time.ts';
import type { Tap } from './citizen-ledger.ts';
import { type PromiseGround, say } from './promise-ground.ts';

export class CountedCheck {
  readonly #ground: PromiseGround;
  readonly #phoneRows = new Set<string>();
  /** Votes by phone whose question may have been asked before them or after. */
  readonly #unplaced = new Set<string>();

  constructor(ground: PromiseGround) {
    this.#ground = ground;
  }

  /** Votes by phone: stored once as they were given, and counted for nothing else. */
  byPhone(): void {
    const given = new Map(this.#ground.world.ledger.byPhone.map((each) => [each.vote, each]));
    for (const row of this.#ground.inbox.events) {
      const body = this.#ground.bodyOf(row) as {
        type: string;
        vote?: string;
        answers?: { level: number }[];
      } | null;
      if (body?.type !== 'private.voted' || !this.#ground.inbox.chain(row.epochId).own) continue;
      const level = given.get(body.vote ?? '')?.level;
      if (level === undefined) this.#ground.breach('invented', `phone vote ${body.vote} was never given`);
      else if (body.answers?.[0]?.level !== level)
        this.#ground.breach('moved', `phone vote ${body.vote} has another level`);
      if (this.#phoneRows.has(body.vote ?? ''))
        this.#ground.breach('doubled', `phone vote ${body.vote} is stored twice`);
      this.#phoneRows.add(body.vote ?? '');
    }
    // Thanked in full only when it is on a second medium or machine; what was only received can go with a hub that is set
    // back, and nobody knows when neither a kiosk's events nor a checkpoint that a kiosk saw went with it (#recovered).
    for (const { vote, answered, gone } of given.values())
      if (answered !== null && !this.#phoneRows.has(vote) && (answered === 'full' || !gone))
        this.#ground.breach('lost', `phone vote ${vote} was answered “${answered}” and is nowhere`);
    for (const [id, { votes }] of this.#ground.inbox.effective) {
      const vote = given.get(votes['overall'] ?? '');
      if (vote && vote.transaction !== id)
        this.#ground.breach('moved', `phone vote ${vote.vote} for ${vote.transaction} counts for ${id}`);
    }
  }

  /** One effective rating a transaction; the sums are theirs; each under its officer and its month. */
  counted(): void {
    const { ledger } = this.#ground.world;
    const inbox = this.#ground.inbox;
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
        this.#ground.breach('doubled', `the rating of ${id} counts a vote of a chain that does not count`);
      if (!vote || vote.level !== effective.overall)
        this.#ground.breach('moved', `the rating of ${id} counts a vote that is not its own`);
      const prompt = ledger.prompts.get(vote?.ratingId ?? '');
      if (!prompt) continue;
      if (prompt.transaction !== id)
        this.#ground.breach('moved', `a vote for ${prompt.transaction} counts for ${id}`);
      this.#month(state, month, prompt.at);
    }
    const rated = new Map<string, number>();
    for (const { key, counts } of inbox.rollups.values()) {
      const name = `${key.officerId} ${key.month}`;
      rated.set(name, (rated.get(name) ?? 0) + counts[2]!);
    }
    for (const name of new Set([...sums.keys(), ...rated.keys()])) {
      const [want, have] = [sums.get(name) ?? 0, rated.get(name) ?? 0];
      if (want !== have)
        this.#ground.breach(have > want ? 'doubled' : 'lost', `${name}: ${have} rated of ${want}`);
    }
    this.#lastTapCounts();
  }

  /** The month is the true one unless the time itself says that it cannot know: provisional, or a bound over the edge. */
  #month(state: TransactionState, month: string, at: number): void {
    const { finished, id } = state;
    if (!finished || finished.provisional || finished.bound === null) return;
    // A machine that was set back or cloned may have ended it twice; which end counts is the fold's own rule.
    const ends = [...this.#ground.world.ledger.prompts.values()].filter((each) => each.transaction === id);
    const { bound } = finished;
    const near = ends.some((each) => Math.abs(finished.at - each.at) <= bound + 2);
    if (!near && !this.#ground.suspect(id))
      this.#ground.breach('moved', `${id} ended ${finished.at - at} ms off, bound ${bound}`);
    const right = vietnamMonth(at);
    const unsure = vietnamMonth(finished.at - bound) !== vietnamMonth(finished.at + bound);
    if (month !== right && !unsure && !this.#ground.suspect(id))
      this.#ground.breach('moved', `${id} counts in ${month}, ended in ${right}`);
  }

  /** At the counter the last answer before the close counts. */
  #lastTapCounts(): void {
    const { ledger } = this.#ground.world;
    const last = new Map<string, Tap>();
    const ratings = new Map<string, Set<string>>();
    for (const tap of ledger.taps.values()) {
      const prompt = ledger.prompts.get(tap.rating);
      if (!prompt || tap.question !== 'overall') continue;
      ratings.set(prompt.transaction, (ratings.get(prompt.transaction) ?? new Set()).add(tap.rating));
      if (tap.thanked && !tap.gone && this.#ground.counts(tap)) last.set(prompt.transaction, tap);
    }
    for (const transaction of new Set(ledger.byPhone.map((each) => each.transaction))) {
      const byPhone = this.#phoneLevel(transaction);
      const effective = this.#ground.inbox.effective.get(transaction);
      if (byPhone !== null && (!effective || effective.overall > byPhone))
        this.#ground.breach('lost', `the phone vote ${byPhone} for ${transaction} does not count`);
      else if (
        byPhone !== null &&
        !ratings.has(transaction) &&
        effective?.overall !== byPhone &&
        !this.#askedUntold(transaction)
      )
        this.#ground.breach(
          'moved',
          `the phone vote ${byPhone} for ${transaction} counts as ${effective?.overall}`,
        );
    }
    for (const [transaction, tap] of last) {
      // Two machines with one disk asked twice: which one counts is the fold's own rule, checked by the control.
      if ((ratings.get(transaction)?.size ?? 0) > 1) continue;
      const effective = this.#ground.inbox.effective.get(transaction);
      const byPhone = this.#phoneLevel(transaction);
      if (!effective) {
        this.#ground.breach('lost', `${say(tap)} counts for nothing`);
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
        this.#ground.breach('moved', `${say(tap)} is effective as ${effective.overall}`);
    }
  }

  /** What counts was given to a machine that asked as well, and died before anybody was told that it did. */
  #askedUntold(transaction: string): boolean {
    const effective = this.#ground.inbox.effective.get(transaction);
    const votes = this.#ground.inbox.transactions.get(transaction)?.votes ?? [];
    const vote = votes.find((each) => each.id === effective?.votes['overall']);
    return (
      vote !== undefined && vote.via !== 'private' && !this.#ground.world.ledger.prompts.has(vote.ratingId)
    );
  }

  /** The first phone vote that is held and in time, and whose paper or screen was of this transaction; null: none. */
  #phoneLevel(transaction: string): number | null {
    for (const { vote, transaction: of, inTime, slip, level, at } of this.#ground.world.ledger.byPhone) {
      if (of !== transaction || !inTime || !this.#phoneRows.has(vote)) continue;
      const carriers = slip === null ? null : (this.#ground.carriers.get(slip) ?? []);
      // “Where ratings of two transactions carry one code, it stands on two papers: its votes count for neither”, as little
      // as where its rating is kept beside a chain; and a code waits, uncounted, until its rating counts.
      if (carriers?.some((each) => each.transaction !== of)) continue;
      if (carriers && !carriers.some(({ row }) => row.branch === 0 && this.#ground.rowCounts(row))) continue;
      // “A vote that anchored time proves earlier than the question counts for nothing”: the time of a machine that was set
      // back may be off, and then a vote by a code is one that nobody can place.
      const opened = this.#ground.inbox.transactions.get(of)?.prompt?.opened;
      if (carriers && this.#ground.suspect(of) && opened && at < opened.at - (opened.bound ?? 0)) {
        this.#unplaced.add(vote);
        continue;
      }
      return level;
    }
    return null;
  }
}
