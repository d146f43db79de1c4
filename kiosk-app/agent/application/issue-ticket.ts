/**
 * Purpose: the way to a rating by phone: a ticket signed once for each rating, as the QR code of an address of the hub. It
 *   is made here alone, so that a kiosk whose hub is away issues it as well, and one that cannot store.
 * Refuses: a promised hour that no anchor of this boot carries.
 * Document: shared/PROTOCOL.md, "Private route".
 */
import type { PhoneTicket } from '@hailong/shared/counter/counter-screen.ts';
import type { PhoneRating } from '@hailong/shared/counter/counter-state.ts';
import type { RatingId } from '@hailong/shared/ids.ts';
import { fromBase64Url, toBase64Url } from '@hailong/shared/log/base64.ts';
import { PRIVATE_PAGE_PATH, PRIVATE_VALID_MS, type VoteTicket } from '@hailong/shared/protocol/private.ts';
import { packTicket, ticketText } from '@hailong/shared/protocol/ticket-pack.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { KnownMoment } from './known-time.ts';
import type { DeviceIdentity, DrawQr } from './ports.ts';

interface Issued {
  readonly ticket: string | null;
  /** Null: no hour is promised. */
  readonly until: UtcMs | null;
  /** As drawn for this address. */
  drawn: { readonly url: string; readonly rows: string[] } | null;
}

export interface TicketParts {
  readonly identity: Pick<DeviceIdentity, 'device' | 'sign'>;
  readonly now: () => KnownMoment;
  readonly drawQr: DrawQr;
  /** Where phones reach the hub; null: nowhere. */
  readonly address: () => string | null;
}

export class TicketIssuer {
  readonly #parts: TicketParts;
  /** Of the last ratings: the open one, and the one that an offer on rest may still be about. */
  readonly #issued = new Map<RatingId, Issued>();

  constructor(parts: TicketParts) {
    this.#parts = parts;
  }

  /** The same for the same rating, whatever is on the screen; null: phones have no address here. */
  ticketOf(rating: PhoneRating): PhoneTicket | null {
    const address = this.#parts.address();
    if (address === null) return null;
    const issued = this.#issued.get(rating.rating) ?? this.#issue(rating);
    if (issued.ticket === null) return null;
    const page = `${address.replace(/\/+$/, '')}${PRIVATE_PAGE_PATH}`;
    const url = `${page}#${issued.ticket}`;
    if (issued.drawn?.url !== url) issued.drawn = { url, rows: [...this.#parts.drawQr(url)] };
    return { qr: issued.drawn.rows, address: page.replace(/^https?:\/\//, ''), until: issued.until };
  }

  #issue({ rating, transaction, stage, instrument }: PhoneRating): Issued {
    const { identity, now } = this.#parts;
    const { at, known } = now();
    const ticket: VoteTicket = {
      ...{ v: 'hailong-vote-v1', device: identity.device, rating, transaction },
      ...{ issuedAt: at, validMs: PRIVATE_VALID_MS },
      ...(stage === null ? {} : { stage }),
      instrument,
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
