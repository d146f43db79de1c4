/*
 * Purpose: a history told for people: one line a happening, with the true time and who. Kept only when asked for, since
 * most histories are never read.
 */
import type { BatchOutcome } from '../../hub-server/src/application/ports/inbox.ts';
import type { VirtualTime } from './virtual-time.ts';

export class Trace {
  readonly lines: string[] = [];
  readonly wanted: boolean;
  readonly #time: VirtualTime;
  readonly #from: number;

  constructor(time: VirtualTime, wanted: boolean) {
    this.#time = time;
    this.#from = time.now;
    this.wanted = wanted;
  }

  note(who: string, what: string): void {
    if (!this.wanted) return;
    const seconds = ((this.#time.now - this.#from) / 1_000).toFixed(3).padStart(10);
    this.lines.push(`${seconds}  ${who.padEnd(6)} ${what}`);
  }

  batch(who: string, epoch: string, first: number, last: number, outcome: BatchOutcome): void {
    if (!this.wanted) return;
    const result =
      outcome.kind === 'recorded'
        ? `${outcome.stored} new, ${outcome.duplicates} known, head ${outcome.head.seq}${
            outcome.exceptions.length > 0
              ? `, ${outcome.exceptions.map((each) => `${each.seq} ${each.verdict}`).join(' ')}`
              : ''
          }${outcome.alarm ? `, alarm ${outcome.alarm}` : ''}`
        : outcome.kind;
    this.note('hub', `${who} sends ${epoch.slice(0, 6)}/${first}…${last}: ${result}`);
  }
}
