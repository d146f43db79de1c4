/*
 * Purpose: what every part of the promise's check stands on: the world after its history, the rows of each tap, and where
 * breaches are told. Refuses nothing.
 */
import type { MemoryInbox } from '../support/memory-inbox.ts';
import type { MemoryEvent } from '../support/memory-projection.ts';
import type { Tap } from './citizen-ledger.ts';
import type { World } from './world.ts';

export type Kind = 'lost' | 'doubled' | 'moved' | 'invented' | 'silent' | 'stuck' | 'broken';
export interface Breach {
  readonly kind: Kind;
  readonly sentence: string;
}
export class PromiseGround {
  readonly breaches: Breach[] = [];
  readonly world: World;
  readonly inbox: MemoryInbox;
  /** Rows of each tap. */
  readonly found = new Map<string, MemoryEvent[]>();
  /** Ratings that carry a code. */
  readonly carriers = new Map<string, { readonly transaction: string; readonly row: MemoryEvent }[]>();

  constructor(world: World) {
    this.world = world;
    this.inbox = world.hub.disk.inbox;
  }

  breach(kind: Kind, sentence: string): void {
    this.breaches.push({ kind, sentence });
  }

  bodyOf(row: MemoryEvent): { readonly type: string } | null {
    if (row.event) return row.event.body;
    if (row.status === 'quarantined') return null;
    try {
      return (JSON.parse(Buffer.from(row.bytes).toString('utf8')) as { body: { type: string } }).body;
    } catch {
      return null;
    }
  }

  /** It was served by a machine that was lost, cloned or set back. */
  suspect(transaction: string): boolean {
    const { ledger, suspects, suspectKiosks } = this.world;
    for (const tap of ledger.taps.values())
      if (suspects.has(tap.device) && ledger.prompts.get(tap.rating)?.transaction === transaction)
        return true;
    for (const prompt of ledger.prompts.values())
      if (prompt.transaction === transaction && suspectKiosks.has(prompt.kiosk)) return true;
    return false;
  }

  /** It stands in a chain that counts. */
  counts(tap: Tap): boolean {
    const row = this.found.get(tap.name)?.[0];
    return row !== undefined && this.rowCounts(row);
  }
  rowCounts({ epochId, branch }: MemoryEvent): boolean {
    const chain = this.inbox.chain(epochId);
    return branch === 0 ? chain.counted : chain.branchesCounted;
  }
}

export const say = (tap: Tap): string =>
  `${tap.kiosk}'s ${tap.question} ${tap.level} for rating ${tap.rating.slice(0, 8)}`;
