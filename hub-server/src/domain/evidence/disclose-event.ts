/**
 * Which events of a counter's chain may be handed over with the case of one transaction, as their exact bytes. A chain is
 * proven only by bytes in a row, so what lies in between must be judged too: another citizen's turn never leaves.
 * Refuses: votes by phone (they name the phone), chips where the form offers any for the province, unreadable bytes.
 * See hub-server/DESIGN.md, "Evidence package".
 */
import type { EventBody } from '@hailong/shared/model/event.ts';

export interface DisclosedFor {
  readonly transactionId: string;
  /** Null: nobody was asked. */
  readonly ratingId: string | null;
  readonly dutyId: string | null;
  /** The form that was asked offers a chip that is the province's: whether one was chosen must not show either. */
  readonly hasProvinceChips: boolean;
}
/** given: of this transaction · neutral: of nobody · withheld: of this transaction, not handed over · foreign: of others. */
export type Disclosure = 'given' | 'neutral' | 'withheld' | 'foreign';

/**
 * `body` null: the bytes cannot be read. `isCounted`: the hub's own fold has this event among those of the transaction; a vote by a typed
 * code names a paper alone, so nothing else tells whose it is.
 */
export function discloseEvent(body: EventBody | null, about: DisclosedFor, isCounted: boolean): Disclosure {
  if (body === null) return 'foreign';
  switch (body.type) {
    case 'agent.started':
    case 'hub.started':
    case 'time.anchor':
    case 'checkpoint.refused':
      return 'neutral';
    case 'duty.started':
    case 'duty.paused':
    case 'duty.resumed':
    case 'duty.ended':
      return body.duty === about.dutyId ? 'neutral' : 'foreign';
    case 'private.voted':
      if (body.route.via === 'slip') return isCounted ? 'withheld' : 'foreign';
      return body.route.transaction === about.transactionId ? 'withheld' : 'foreign';
    case 'chips.chosen':
      if (body.transaction !== about.transactionId) return 'foreign';
      return about.hasProvinceChips ? 'withheld' : 'given';
    case 'question.asked':
    case 'press.stray':
      return about.ratingId !== null && body.rating === about.ratingId ? 'given' : 'foreign';
    default:
      return 'transaction' in body && body.transaction === about.transactionId ? 'given' : 'foreign';
  }
}

export interface Disclosed<Row> {
  readonly row: Row;
  readonly how: Disclosure;
  /** The device signed up to here. */
  readonly hasHead: boolean;
  /** By this neutral event the turn is placed: it goes along where its device's signature can. */
  readonly isAnchor?: boolean;
}

/**
 * Stretches of consecutive events that may be handed over: each begins and ends with an event of the transaction, or with its anchor, and
 * goes on through neutral ones to the next signature where nothing else lies in between. An anchor alone that nothing signs proves nothing.
 */
export function stretchesOf<Row>(events: readonly Disclosed<Row>[]): readonly (readonly Disclosed<Row>[])[] {
  const runs: Disclosed<Row>[][] = [];
  let run: Disclosed<Row>[] = [];
  for (const each of [...events, null]) {
    const isNeutral = each?.how === 'neutral';
    if (each !== null && (each.how === 'given' || (isNeutral && (run.length > 0 || each.isAnchor)))) {
      run.push(each);
      continue;
    }
    const given = run.findLastIndex(({ how }) => how === 'given');
    const anchor = run.findIndex(({ isAnchor }) => isAnchor);
    const sealedAfter = (last: number): number =>
      last < 0 ? -1 : run.findIndex(({ hasHead }, index) => index >= last && hasHead);
    const end = Math.max(given, sealedAfter(given), sealedAfter(anchor));
    if (end >= 0) runs.push(run.slice(0, end + 1));
    run = [];
  }
  return runs;
}
