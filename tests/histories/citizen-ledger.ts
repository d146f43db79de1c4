/*
 * Purpose: the reference model: what citizens saw, and nothing else. A tap is written down when the finger touches; it is
 * thanked when the screen said so. It knows no chain, no hash, no fold; officer and transaction are those on the screen,
 * the month that of the true moment the prompt appeared. Refuses: to know anything from a database.
 */
import type { Screen } from '../../shared/src/protocol/ui.ts';

export interface Prompted {
  readonly transaction: string;
  /** Name on the screen while this citizen was served; null when that was never shown. */
  readonly officer: string | null;
  /** True time. */
  readonly at: number;
  readonly kiosk: string;
}

export interface Tap {
  /** The touch's id, or the panel's press. */
  readonly name: string;
  readonly kiosk: string;
  readonly device: string;
  readonly rating: string;
  /** `chips`: a touch of their page. */
  readonly question: string;
  /** With chips: how many were then chosen. */
  readonly level: number;
  readonly at: number;
  thanked: boolean;
  /** What befell the only medium that held it, if something did. */
  gone: { readonly how: Gone; readonly at: number; readonly covered: boolean } | null;
}
export type Gone = 'suffix lost' | 're-imaged' | 're-enrolled' | 'set back';

/** A vote sent by a phone that may vote, and how the page answered. */
export interface PhoneVote {
  readonly vote: string;
  readonly rating: string;
  readonly transaction: string;
  /** Typed code; null: the QR on the screen. */
  readonly slip: string | null;
  readonly level: number;
  readonly at: number;
  /** In time, as far as the citizen's paper says. */
  readonly inTime: boolean;
  /** Null: the page never came back. It is held or it is not. */
  readonly answered: 'full' | 'received' | null;
  /** The hub was set back to before it. */
  gone: boolean;
}

export class CitizenLedger {
  readonly byPhone: PhoneVote[] = [];
  readonly taps = new Map<string, Tap>();
  readonly prompts = new Map<string, Prompted>();
  /** Ratings whose overall question was thanked for. */
  readonly rated = new Set<string>();
  readonly #serving = new Map<string, { readonly officer: string; readonly queueNumber: string | null }>();

  shown(kiosk: string, screen: Screen): void {
    if (screen.name === 'serving')
      this.#serving.set(kiosk, { officer: screen.officer.name, queueNumber: screen.queueNumber });
    else if (screen.name !== 'cannot-store') this.#serving.delete(kiosk);
  }

  /** `queueNumber` is on the paper of whoever is asked now; requests that came at once may never have shown it. */
  prompted(
    kiosk: string,
    { rating, transaction, queueNumber }: Record<'rating' | 'transaction', string> & { queueNumber?: string },
    at: number,
  ): void {
    const shown = this.#serving.get(kiosk);
    const officer = shown !== undefined && shown.queueNumber === queueNumber ? shown.officer : null;
    this.prompts.set(rating, { transaction, officer, at, kiosk });
  }

  tapped(tap: Omit<Tap, 'thanked' | 'gone'>): Tap {
    const held: Tap = { ...tap, thanked: false, gone: null };
    this.taps.set(tap.name, held);
    return held;
  }

  thanked(tap: Tap): void {
    tap.thanked = true;
    if (tap.question === 'overall') this.rated.add(tap.rating);
  }

  thankedCount(): number {
    let count = 0;
    for (const tap of this.taps.values()) if (tap.thanked) count += 1;
    return count;
  }
}
