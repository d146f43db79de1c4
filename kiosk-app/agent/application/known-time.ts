/**
 * Purpose: what o'clock it is by the hub's clock, as far as this machine knows: its last anchor and the boot time since.
 * Refuses: to call a time known that no anchor of this boot carries; a wall clock behind the last anchor is moved up to it.
 * Document: shared/PROTOCOL.md, "Time anchors".
 */
import { type Anchor, timeFromAnchor } from '@hailong/shared/edge/effective-time.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { Clock, Settings } from './ports.ts';

/** As kept over restarts, sealed like every setting. */
interface KeptAnchor extends Anchor {
  readonly bootId: string;
}

export interface KnownMoment {
  readonly at: UtcMs;
  /** False: it rests on this machine's own clock. */
  readonly known: boolean;
}

export class KnownTime {
  readonly #parts: { readonly clock: Clock; readonly settings: Settings };
  #last: KeptAnchor | null;

  constructor(parts: { readonly clock: Clock; readonly settings: Settings }) {
    this.#parts = parts;
    this.#last = parts.settings.read('anchor') as KeptAnchor | null;
  }

  /** An anchor was written just now. That it cannot be kept costs a restart its knowledge, nothing else. */
  anchored({ hubAt, rttMs }: Pick<Anchor, 'hubAt' | 'rttMs'>): void {
    const { clock, settings } = this.#parts;
    this.#last = { bootId: clock.bootId, mono: clock.stamp().mono, hubAt, rttMs };
    settings.write('anchor', this.#last);
  }

  /** How far this boot's clock can be off, ms; null: no anchor of this boot. */
  bound(): number | null {
    const { clock } = this.#parts;
    if (this.#last?.bootId !== clock.bootId) return null;
    return timeFromAnchor(this.#last, clock.stamp().mono).bound;
  }

  now(): KnownMoment {
    const { clock } = this.#parts;
    const { at, mono } = clock.stamp();
    if (this.#last?.bootId === clock.bootId)
      return { at: timeFromAnchor(this.#last, mono).at as UtcMs, known: true };
    return { at: Math.max(at, this.#last?.hubAt ?? 0) as UtcMs, known: false };
  }
}
