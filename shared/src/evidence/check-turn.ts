/**
 * Purpose: what the disclosed events of a turn say of it against what the manifest says: whether the excerpt holds the turn from its
 *   opening to the close of its rating, and whether its times follow from an anchor that its kiosk signed. Pure.
 * Refuses: nothing; codes that a manifest over this must have. Writer and verifiers ask here, so that they cannot differ. A vote by phone that
 *   the hub left out of `withheld` leaves no trace here: that it took one at all is its word.
 * Document: shared/PROTOCOL.md, "Evidence package".
 */
import { type Anchor, nearestAnchor, timeFromAnchor } from '../edge/effective-time.ts';
import { type Event, readEvent } from '../edge/event.ts';
import { fromBase64Url } from '../log/base64.ts';
import type { EventBody } from '../model/event.ts';
import type { NotProvenCode, PackageManifest } from './manifest.ts';
import type { ChainStretch, PackageChain } from './proofs.ts';

/** Events of nobody's turn. */
const NEUTRAL: ReadonlySet<EventBody['type']> = new Set<EventBody['type']>([
  ...(['agent.started', 'hub.started', 'time.anchor', 'checkpoint.refused'] as const),
  ...(['duty.started', 'duty.paused', 'duty.resumed', 'duty.ended'] as const),
]);
/** What may be kept back, by its type. */
const WITHHELD: ReadonlySet<string> = new Set<EventBody['type']>(['private.voted', 'chips.chosen']);

interface Disclosed extends Event {
  readonly device: string;
  readonly epoch: string;
}
type About = Pick<PackageManifest, 'asked' | 'askedMoment' | 'kioskBoundMs' | 'notProven'> & {
  readonly transaction: Pick<
    NonNullable<PackageManifest['transaction']>,
    'id' | 'openedAt' | 'finishedAt'
  > | null;
};

function eventsOf({ device, epoch, events }: ChainStretch): Disclosed[] {
  return events.flatMap((text) => {
    const bytes = fromBase64Url(text);
    const read = bytes && readEvent(bytes);
    return read?.ok ? [{ ...read.event, device, epoch }] : [];
  });
}

/** It holds something of the turn; a stretch of neutral events is there for its anchor alone. */
export const isOfTurn = (stretch: ChainStretch): boolean =>
  eventsOf(stretch).length < stretch.events.length ||
  eventsOf(stretch).some(({ body }) => !NEUTRAL.has(body.type));

export function turnLimits(
  chain: Pick<PackageChain, 'devices' | 'stretches' | 'withheld'>,
  about: About,
): ReadonlySet<NotProvenCode> {
  const { transaction } = about;
  const codes = new Set<NotProvenCode>();
  if (transaction === null) return codes;
  const all = chain.stretches.flatMap(eventsOf);
  const own = all.filter(({ body }) => 'transaction' in body && body.transaction === transaction.id);
  if (!isWhole(own, transaction.openedAt !== null) || hasHoles(chain)) codes.add('rating-partial');
  if (isOutside(transaction, about)) codes.add('asked-partial');
  // Without any bound the manifest says that the counter's clock was never anchored.
  if (about.kioskBoundMs === null) return codes;
  const hubs = new Set<string>(
    chain.devices.filter(({ certificate }) => certificate === null).map(({ device }) => device),
  );
  for (const [type, at] of [
    ['transaction.opened', transaction.openedAt],
    ['transaction.finished', transaction.finishedAt],
  ] as const) {
    const event = own.find(({ body }) => body.type === type);
    if (event === undefined || at === null) continue;
    const placed = placeOf(event, all, hubs.has(event.device));
    if (placed === null) codes.add('turn-unanchored');
    else if (Math.abs(placed.at - at) > placed.bound + about.kioskBoundMs + 1) codes.add('turn-moved');
  }
  return codes;
}

/** From its opening, where it is stated, to the close of every rating that was asked. */
function isWhole(own: readonly Disclosed[], isBegun: boolean): boolean {
  const has = (type: EventBody['type']): boolean => own.some(({ body }) => body.type === type);
  const closed = new Set(own.flatMap(({ body }) => (body.type === 'rating.closed' ? [body.rating] : [])));
  const ratings = own.flatMap(({ body }) => (body.type === 'rating.opened' ? [body] : []));
  return (
    (!isBegun || has('transaction.opened')) &&
    has('transaction.finished') &&
    ratings.length > 0 &&
    // Where nothing was shown at the counter nothing closes.
    ratings.every(({ rating, prompt }) => prompt === false || closed.has(rating)) &&
    new Set(own.map(({ device, epoch }) => `${device} ${epoch}`)).size === 1
  );
}

/** Between the first and the last event of the turn stands one that is neither here nor said to be kept back. */
function hasHoles({ stretches, withheld }: Pick<PackageChain, 'stretches' | 'withheld'>): boolean {
  const kept = new Set(
    withheld.flatMap(({ type, epoch, seq }) => (WITHHELD.has(type) ? [`${epoch} ${seq}`] : [])),
  );
  const turn = stretches.filter(isOfTurn).toSorted((one, other) => one.firstSeq - other.firstSeq);
  const next = new Map<string, number>();
  for (const { epoch, firstSeq, events } of turn) {
    for (let seq = next.get(epoch) ?? firstSeq; seq < firstSeq; seq++)
      if (!kept.has(`${epoch} ${seq}`)) return true;
    next.set(epoch, Math.max(next.get(epoch) ?? 0, firstSeq + events.length));
  }
  return false;
}

/** By the nearest anchor of its epoch that is here; null: there is none. The hub's own events are of its own clock. */
function placeOf(
  event: Disclosed,
  all: readonly Disclosed[],
  isHub: boolean,
): { readonly at: number; readonly bound: number } | null {
  if (isHub) return { at: event.at, bound: 0 };
  const anchors = all
    .flatMap(({ device, epoch, mono, body }): Anchor[] =>
      body.type === 'time.anchor' && device === event.device && epoch === event.epoch
        ? [{ mono, hubAt: body.hubAt, rttMs: body.rttMs }]
        : [],
    )
    .sort((one, other) => one.mono - other.mono);
  const anchor = nearestAnchor(anchors, event.mono);
  const placed = anchor && timeFromAnchor(anchor, event.mono);
  return placed === null ? null : { at: placed.at, bound: placed.bound ?? 0 };
}

/** Whether what was asked, or where playback begins, leaves out some of the turn. That it ends later than anybody may see is said by its own code. */
function isOutside(
  { openedAt, finishedAt }: NonNullable<About['transaction']>,
  { asked, askedMoment, notProven }: About,
): boolean {
  const isLate = openedAt !== null && (openedAt < asked.from || openedAt < askedMoment);
  return isLate || (finishedAt !== null && finishedAt > asked.to && !notProven.includes('end-cut'));
}
