/**
 * When a fact happened, as a pure function of chain events: a resend after a restore gives the same month. Wall time of
 * a kiosk is a claim; what ties a boot to the hub's clock are its anchors, signed by the hub and kept in the chain.
 * Refuses to guess: without an anchor in the boot the claim stands between its neighbours and is called provisional.
 * See hub-server/DESIGN.md, "Times".
 */
import { UTC_MS_MAX } from '../time.ts';

/** `mono` is the boot time at which the anchor was written; the hub's clock then stood at hubAt + rtt/2 ± rtt/2. */
export interface Anchor {
  readonly mono: number;
  readonly hubAt: number;
  readonly rttMs: number;
}

export interface EffectiveTime {
  /** UTC, ms. */
  readonly at: number;
  /** The true time lies within ± this; null: nobody can say. */
  readonly bound: number | null;
  /** No anchor in its boot (yet): day and month may still move. */
  readonly provisional: boolean;
}

/** A longer round trip says too little: half of it enters the time. The kiosk drops such an answer, the hub such an anchor. */
export const ANCHOR_RTT_MAX_MS = 10_000;

/** A crystal's drift between an anchor and an event. */
export const DRIFT_PPM = 100;

const inCalendar = (at: number): number => Math.max(0, Math.min(UTC_MS_MAX, Math.round(at)));

/** The hub's clock at the anchor's own `mono`. */
export const anchoredAt = (anchor: Anchor): number => anchor.hubAt + anchor.rttMs / 2;

export function timeFromAnchor(anchor: Anchor, mono: number): EffectiveTime {
  const distance = mono - anchor.mono;
  return {
    at: inCalendar(anchoredAt(anchor) + distance),
    bound: Math.ceil(anchor.rttMs / 2 + (Math.abs(distance) * DRIFT_PPM) / 1_000_000),
    provisional: false,
  };
}

/** Of anchors in order of `mono` (and of their place in the chain where equal): the last before, else the first after. */
export function nearestAnchor(anchors: readonly Anchor[], mono: number): Anchor | null {
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (anchors[middle]!.mono <= mono) low = middle + 1;
    else high = middle;
  }
  return anchors[low - 1] ?? anchors[low] ?? null;
}

/** What is known of a boot without anchors: it began after `lower` and before `upper`; null: unknown. */
export interface Neighbours {
  readonly lower: number | null;
  readonly upper: number | null;
}

export function timeFromClaim(claimed: number, { lower, upper }: Neighbours): EffectiveTime {
  let at = claimed;
  if (upper !== null && at > upper) at = upper;
  if (lower !== null && at < lower) at = lower;
  at = inCalendar(at);
  const bound = lower === null || upper === null ? null : Math.max(at - lower, upper - at, 0);
  return { at, bound, provisional: true };
}

// ---------------------------------------------------------------- neighbours of boots without anchors

/** One epoch of a device: its boot, its own first moment, and the event it went on from. */
export interface EpochLink {
  readonly epoch: string;
  readonly boot: string;
  readonly startedMono: number;
  readonly parent: { readonly epoch: string; readonly seq: number } | null;
}
/** What is held of one device's chains. */
export interface Chains {
  epoch(id: string): EpochLink | null;
  childrenOf(epoch: string): readonly EpochLink[];
  /** Boot time of an event; null: not held, or unreadable. */
  monoOf(epoch: string, seq: number): number | null;
  /** By `nearestAnchor` over the boot's anchors. */
  anchor(boot: string, mono: number): Anchor | null;
}

/**
 * The anchored moments next to epochs whose boots have no anchor, along the parents. Lower: the event that it, or the
 * nearest ancestor, went on from in an anchored boot. Upper: the earliest start among the nearest anchored descendants.
 * Each epoch is looked at once, however long the line of them: a kiosk that starts a thousand times must hold up nobody.
 */
export function neighboursOf(from: readonly EpochLink[], chains: Chains): ReadonlyMap<string, Neighbours> {
  // A forged chain may name its parents in a circle: in a fixed order it gets the same answer whoever asks.
  const ordered = [...from].sort((a, b) => (a.epoch < b.epoch ? -1 : 1));
  const lower = new Map<string, number | null>();
  const upper = new Map<string, number | null>();
  for (const each of ordered) {
    findLower(each, chains, lower);
    findUpper(each, chains, upper);
  }
  return new Map(
    ordered.map(({ epoch }) => [epoch, { lower: lower.get(epoch) ?? null, upper: upper.get(epoch) ?? null }]),
  );
}

function moment(chains: Chains, boot: string, mono: number): number | null {
  const anchor = chains.anchor(boot, mono);
  return anchor && timeFromAnchor(anchor, mono).at;
}

/** What ends the walk up holds for everyone on the way. */
function findLower(from: EpochLink, chains: Chains, known: Map<string, number | null>): void {
  const way: string[] = [];
  let found: number | null = null;
  for (let at: EpochLink | null = from; at; ) {
    const held = known.get(at.epoch);
    if (held !== undefined) {
      found = held;
      break;
    }
    known.set(at.epoch, null);
    way.push(at.epoch);
    if (!at.parent) break;
    const parent = chains.epoch(at.parent.epoch);
    const mono = parent && chains.monoOf(parent.epoch, at.parent.seq);
    found = parent && mono !== null ? moment(chains, parent.boot, mono) : null;
    if (found !== null) break;
    at = parent;
  }
  for (const epoch of way) known.set(epoch, found);
}

/** Children before their parents, without recursion: a line of starts is deeper than any stack. */
function findUpper(from: EpochLink, chains: Chains, known: Map<string, number | null>): void {
  if (known.has(from.epoch)) return;
  const open: { epoch: string; rest: EpochLink[]; upper: number | null }[] = [];
  const visit = (epoch: string) => {
    known.set(epoch, null);
    open.push({ epoch, rest: [...chains.childrenOf(epoch)], upper: null });
  };
  visit(from.epoch);
  for (let last = open.at(-1); last; last = open.at(-1)) {
    const child = last.rest.pop();
    if (!child) {
      known.set(last.epoch, last.upper);
      open.pop();
      const above = open.at(-1);
      if (above) above.upper = earlier(above.upper, last.upper);
      continue;
    }
    const found = moment(chains, child.boot, child.startedMono);
    if (found !== null) last.upper = earlier(last.upper, found);
    else if (known.has(child.epoch)) last.upper = earlier(last.upper, known.get(child.epoch) ?? null);
    else visit(child.epoch);
  }
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
