/*
 * Purpose: of the promise, how the office went: hand-overs, fixed times, chains that are set aside, requests answered once.
 * Refuses nothing.
 */
import type { PromiseGround } from './promise-ground.ts';

export class OfficeCheck {
  readonly #ground: PromiseGround;

  constructor(ground: PromiseGround) {
    this.#ground = ground;
  }

  /** A kiosk that was told of a hand-over opens nothing before it has accepted it. */
  handovers(): void {
    const { kiosks, suspects, faults } = this.#ground.world;
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
          this.#ground.breach('broken', `${name} opened before it accepted hand-over ${handover}`);
      }
    }
  }

  /**
   * “The counter stays taken until the fixed time”, also when the vote was taken to the phone, and then nothing is voted at the
   * counter any more; chips belong to the overall vote that stands when they are touched. By each machine's own boot time; an image that was woken again has two pasts and is passed over.
   */
  fixedTimes(): void {
    for (const { name, device, disk } of this.#ground.world.kiosks) {
      if (this.#ground.world.suspects.has(device)) continue;
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
            this.#ground.breach('broken', `${name} took a vote for ${body.rating}, which went to the phone`);
          else if (body.type === 'chips.chosen' && overall.get(body.rating) !== body.overallVote)
            this.#ground.breach('moved', `${name} gave chips of ${body.rating} to a vote that was corrected`);
          else if ((body.type === 'question.asked' || body.type === 'rating.voted') && open) {
            if (open.rating === body.rating && open.boot !== boot)
              this.#ground.breach(
                'broken',
                `${name} went on with ${body.rating} after the machine had been off`,
              );
          } else if (body.type === 'rating.closed' && body.reason === 'interrupted') open = null;
          else if (body.type === 'rating.closed' || body.type === 'transaction.opened') {
            if (open && open.boot === boot && mono < open.until)
              this.#ground.breach(
                'broken',
                `${name}: ${body.type} ${open.until - mono} ms before the fixed time`,
              );
          }
        }
    }
  }

  /** A chain is set aside only where its machine was lost, cloned or set back, and counts as two people decided. */
  standings(): void {
    const { suspects } = this.#ground.world;
    for (const { device, epoch, state, own, forked } of this.#ground.inbox.chains) {
      const name = epoch.slice(0, 6);
      const decided = this.#ground.inbox.decisionsOf(device).get(epoch);
      if (own || state === 'counted') {
        // About a fork the decision is about what lies beside the chain.
        if (decided === false && !own && !forked)
          this.#ground.breach('doubled', `${name} counts although two people said no`);
        continue;
      }
      if (!suspects.has(device)) this.#ground.breach('lost', `${name} does not count: ${state}`);
      else if (decided === undefined) this.#ground.breach('stuck', `${name} is ${state} and nobody decided`);
      else if (decided) this.#ground.breach('lost', `${name} is ${state} although two people said it counts`);
    }
  }

  /**
   * An intent is a fact at most once. A medium that forgot it, or has a twin, answers it again in another epoch; and while
   * a hub that was set back does not know the newer kiosk of a counter yet, the older one serves again. It has forgotten
   * requests too: one that it answered itself while it kept the counter may be sent again, to the kiosk or to itself; the duty or the
   * transaction is the same, and its first claim holds it.
   */
  intents(): void {
    const seen = new Map<
      string,
      { readonly type: string; readonly device: string; readonly epoch: string; readonly own: boolean }
    >();
    for (const row of this.#ground.inbox.events) {
      const body = row.event?.body as { type: string; intent?: string | null } | undefined;
      if (!body?.intent || body.type === 'intent.refused') continue;
      const { device, epoch, own } = this.#ground.inbox.chain(row.epochId);
      const first = seen.get(body.intent);
      const { suspects, faults } = this.#ground.world;
      const again =
        first?.device === device
          ? first.epoch !== epoch && (suspects.has(device) || (own && faults.has('old backup put back')))
          : faults.has('old backup put back') && (suspects.has(device) || [first?.own, own].includes(true));
      if (first && !again)
        this.#ground.breach('doubled', `request ${body.intent} became ${first.type} and ${body.type}`);
      seen.set(body.intent, { type: body.type, device, epoch, own });
    }
  }
}
