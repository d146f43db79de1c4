/**
 * Purpose: the way to a rating by phone: a ticket signed once for each rating, as the QR code of an address of the hub. It
 *   is made here alone, so that a kiosk whose hub is away issues it as well, and one that cannot store.
 * Refuses: a ticket for a rating that is not in the chain; a promised hour that no anchor of this boot carries.
 * Document: shared/PROTOCOL.md, "Private route".
 */
import type { CounterState } from '@hailong/shared/counter/counter-state.ts';
import type { RatingId, TransactionId } from '@hailong/shared/ids.ts';
import { fromBase64Url, toBase64Url } from '@hailong/shared/log/base64.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { InstrumentRef } from '@hailong/shared/model/instrument.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import { PRIVATE_PAGE_PATH, PRIVATE_VALID_MS, type VoteTicket } from '@hailong/shared/protocol/private.ts';
import { packTicket, ticketText } from '@hailong/shared/protocol/ticket-pack.ts';
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { KnownMoment } from './known-time.ts';
import type { Committed, DeviceIdentity, DrawQr } from './ports.ts';

/** What a ticket says of its rating. After a restart the stage is not known any more; the hub takes what the chain says. */
interface Rated {
  readonly rating: RatingId;
  readonly transaction: TransactionId;
  readonly stage?: Stage;
  readonly instrument?: InstrumentRef;
}
interface Issued {
  readonly ticket: string | null;
  /** Null: no hour is promised. */
  readonly until: UtcMs | null;
  /** As drawn for this address. */
  drawn: { readonly url: string; readonly rows: string[] } | null;
}
export type PhoneWay = Pick<Extract<Screen, { name: 'private' }>, 'qr' | 'until'>;

export interface TicketParts {
  readonly identity: Pick<DeviceIdentity, 'device' | 'sign'>;
  readonly now: () => KnownMoment;
  readonly drawQr: DrawQr;
  /** Where phones reach the hub; null: nowhere. */
  readonly address: () => string | null;
}

export class TicketIssuer {
  readonly #parts: TicketParts;
  #last: (Rated & { readonly shown: boolean }) | null = null;
  /** Of the last ratings: the open one, and the one that an offer on rest may still be about. */
  readonly #issued = new Map<RatingId, Issued>();

  constructor(parts: TicketParts) {
    this.#parts = parts;
  }

  committed({ appended }: Committed): void {
    for (const { event } of appended) if (event.body.type === 'rating.opened') this.#opened(event.body);
  }

  /** The screen with the way to the phone where it has a place for one. The same at every question and level. */
  screen(screen: Screen, { rating, form }: Pick<CounterState, 'rating' | 'form'>): Screen {
    const open = rating && { ...rating, ...(form && { instrument: { id: form.id, version: form.version } }) };
    switch (screen.name) {
      case 'private':
        return open?.rating === screen.rating ? { ...screen, ...this.#way(open) } : screen;
      case 'cannot-store': {
        const offer = open && { code: open.slip, ...this.#way(open) };
        return offer && (offer.code ?? offer.qr) ? { ...screen, offer } : screen;
      }
      case 'rest':
        // An offer is about the rating that was opened last, without a prompt.
        return screen.offer && this.#last?.shown === false
          ? { ...screen, offer: { ...screen.offer, ...this.#way(this.#last) } }
          : screen;
      default:
        return screen;
    }
  }

  #opened({ rating, transaction, stage, stageAsked, instrument, prompt }: BodyOf<'rating.opened'>): void {
    const shown = prompt !== false;
    this.#last = { rating, transaction, stage: stageAsked ?? stage, instrument, shown };
  }

  #way(rated: Rated): PhoneWay {
    const address = this.#parts.address();
    if (address === null) return { qr: null, until: null };
    const issued = this.#issued.get(rated.rating) ?? this.#issue(rated);
    if (issued.ticket === null) return { qr: null, until: null };
    const url = `${address.replace(/\/+$/, '')}${PRIVATE_PAGE_PATH}#${issued.ticket}`;
    if (issued.drawn?.url !== url) issued.drawn = { url, rows: [...this.#parts.drawQr(url)] };
    return { qr: issued.drawn.rows, until: issued.until };
  }

  #issue(rated: Rated): Issued {
    const { identity, now } = this.#parts;
    const { at, known } = now();
    const { rating, transaction, stage, instrument } =
      this.#last?.rating === rated.rating ? this.#last : rated;
    const ticket: VoteTicket = {
      ...{ v: 'hailong-vote-v1', device: identity.device, rating, transaction },
      ...{ issuedAt: at, validMs: PRIVATE_VALID_MS },
      ...(stage === undefined ? {} : { stage }),
      ...(instrument === undefined ? {} : { instrument }),
    };
    const sig = fromBase64Url(identity.sign(new TextEncoder().encode(ticketText(ticket))));
    const packed = sig && packTicket({ ticket, sig });
    const until = known ? ((at + PRIVATE_VALID_MS) as UtcMs) : null;
    const issued: Issued = { ticket: packed && toBase64Url(packed), until, drawn: null };
    if (this.#issued.size > 1) this.#issued.delete([...this.#issued.keys()][0]!);
    this.#issued.set(rating, issued);
    return issued;
  }
}
