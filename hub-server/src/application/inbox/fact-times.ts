/**
 * When the facts of stored chains happened, and which epochs must be projected again when an anchor or a start changes
 * that. The rule itself is shared/src/edge/effective-time.ts; this finds what it needs. See hub-server/DESIGN.md, "Times".
 */
import {
  type Anchor,
  type Chains,
  type EffectiveTime,
  neighboursOf,
  timeFromAnchor,
  timeFromClaim,
} from '@hailong/shared/edge/effective-time.ts';
import type { Event, readEvent } from '@hailong/shared/edge/event.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { FactRef } from '../../domain/ratings/transaction-fold.ts';
import type { ChainRow, ProjectionState, StoredEvent } from '../ports/projection-state.ts';

/** An anchor and the boot times it is the nearest one for. */
interface Span {
  readonly anchor: Anchor | null;
  readonly from: number;
  readonly until: number;
}

export class FactTimes {
  readonly #state: ProjectionState;
  readonly #read: typeof readEvent;
  readonly #chains = new Map<number, ChainRow>();
  /** By device and boot. */
  readonly #spans = new Map<string, Map<string, Span>>();

  constructor(state: ProjectionState, read: typeof readEvent) {
    this.#state = state;
    this.#read = read;
  }

  chain(epochId: number): ChainRow {
    let held = this.#chains.get(epochId);
    if (!held) {
      held = this.#state.chain(epochId);
      this.#chains.set(epochId, held);
    }
    return held;
  }

  refOf(stored: StoredEvent, event: Event): FactRef {
    const { at, bound, provisional } = this.timeOf(this.chain(stored.epochId), event);
    const { epoch } = this.chain(stored.epochId);
    return { id: stored.id, epoch, seq: stored.seq, claimed: event.at, at, bound, provisional };
  }

  timeOf(chain: ChainRow, event: { readonly at: number; readonly mono: number }): EffectiveTime {
    if (chain.own) return { at: event.at, bound: 0, provisional: false };
    const anchor = this.#anchor(chain.device, chain.boot, event.mono);
    return anchor ? timeFromAnchor(anchor, event.mono) : timeFromClaim(event.at, chain);
  }

  #anchor(device: string, boot: string, mono: number): Anchor | null {
    const spans = this.#spans.get(device) ?? new Map<string, Span>();
    const held = spans.get(boot);
    if (held && held.from <= mono && mono < held.until) return held.anchor;
    const { before, after } = this.#state.anchorsAround(device, boot, mono);
    this.#spans.set(device, spans);
    spans.set(boot, {
      anchor: before ?? after,
      from: before?.mono ?? Number.NEGATIVE_INFINITY,
      until: after?.mono ?? Number.POSITIVE_INFINITY,
    });
    return before ?? after;
  }

  toldTime({ device }: ChainRow, anchor: BodyOf<'time.anchor'>): boolean {
    return this.#state.toldTime(device, anchor);
  }

  /** A new anchor of a chain. What it moves and was projected up to `cursor` is queued. */
  anchored(chain: ChainRow, seq: number, anchor: Anchor, cursor: number): void {
    const state = this.#state;
    const { before } = state.anchorsAround(chain.device, chain.boot, anchor.mono);
    state.addAnchor(chain, seq, anchor);
    this.#spans.get(chain.device)?.delete(chain.boot);
    for (const each of state.chainsOfBoot(chain.device, chain.boot)) {
      // What is kept beside a chain reaches further than the chain does.
      if (each.forked) {
        state.queue(each.id);
        continue;
      }
      if (each.id !== chain.id) {
        if (!before || this.#lastMono(each.id) >= anchor.mono) state.queue(each.id);
        continue;
      }
      // Facts before the first anchor move; those behind it were never projected without it, unless it comes late.
      const first = state.eventAt(each.id, 1);
      const next = state.eventAt(each.id, seq + 1);
      if ((!before && first && first.id <= cursor) || (next && next.id <= cursor)) state.queue(each.id);
      else if (this.#sameMoment(each.id, seq, anchor.mono, cursor)) state.queue(each.id);
    }
  }

  /** A fact before the anchor was projected, and happened in the same millisecond: the anchor is its nearest too. */
  #sameMoment(epochId: number, anchorSeq: number, mono: number, cursor: number): boolean {
    for (let seq = anchorSeq - 1; seq > 0; seq--) {
      const held = this.#state.eventAt(epochId, seq);
      const read = held && this.#read(held.bytes);
      if (read?.ok && read.event.mono < mono) return false;
      if (held && held.id <= cursor) return true;
    }
    return false;
  }

  #lastMono(epochId: number): number {
    const last = this.#state.lastOf(epochId);
    const read = last && this.#read(last.bytes);
    return read?.ok ? read.event.mono : Number.POSITIVE_INFINITY;
  }

  /** Whether what comes after `epoch` was held before: its events may be neighbours of those. */
  continued(chain: ChainRow): boolean {
    return this.#state.childrenOf(chain.device, chain.epoch).length > 0;
  }

  /** Boots without anchors lie between their neighbours; where those are others than before, the facts move. */
  settle(device: string, cursor: number): void {
    const unanchored = this.#state.unanchored(device);
    const neighbours = neighboursOf(unanchored, this.#chainsOf(device));
    for (const chain of unanchored) {
      const now = neighbours.get(chain.epoch)!;
      if (now.lower === chain.lower && now.upper === chain.upper) continue;
      this.#state.setNeighbours(chain.id, now);
      this.#chains.delete(chain.id);
      const [first] = this.#state.eventsOf(chain.id, 1, 1);
      if (first && first.id <= cursor) this.#state.queue(chain.id);
    }
  }

  #chainsOf(device: string): Chains {
    const state = this.#state;
    return {
      epoch: (epoch) => state.chainOf(device, epoch),
      childrenOf: (epoch) => state.childrenOf(device, epoch),
      monoOf: (epoch, seq) => {
        const held = state.chainOf(device, epoch);
        const stored = held && state.eventAt(held.id, seq);
        const read = stored && this.#read(stored.bytes);
        return read?.ok ? read.event.mono : null;
      },
      anchor: (boot, mono) => {
        const { before, after } = state.anchorsAround(device, boot, mono);
        return before ?? after;
      },
    };
  }
}
