/*
 * Purpose: citizens who vote by phone: by the QR on the screen or by the code on their paper, soon or late, once or twice,
 * beside a tap or instead of it. What the page answered is written into the ledger.
 * Refuses nothing: people try again when the page does not answer.
 */
import type { Sha256Hex } from '../../shared/src/ids.ts';
import type { CitizenLedger, PhoneVote } from './citizen-ledger.ts';
import type { Hub } from './hub.ts';
import type { OwnSlip, PrivateRoute } from './hub-own.ts';
import type { Prng } from './prng.ts';
import type { VirtualTime } from './virtual-time.ts';

const TRIES = 6;

export class Phones {
  readonly #time: VirtualTime;
  readonly #prng: Prng;
  readonly #hub: Hub;
  readonly #ledger: CitizenLedger;

  constructor(time: VirtualTime, prng: Prng, hub: Hub, ledger: CitizenLedger) {
    this.#time = time;
    this.#prng = prng;
    this.#hub = hub;
    this.#ledger = ledger;
  }

  /** The QR on the screen: signed by the kiosk, good for a while. */
  byTicket(device: string, rating: string, transaction: string): void {
    const prng = this.#prng;
    const validMs = prng.chance(0.1) ? 5_000 : 3_600_000;
    const route = { via: 'ticket', device, rating, transaction } as PrivateRoute;
    this.#give(route, rating, transaction, this.#time.now + validMs);
  }

  /** The code on the paper. */
  bySlip({ rating, transaction, slip }: OwnSlip): void {
    this.#give({ via: 'slip', slip }, rating, transaction, null);
  }

  #give(route: PrivateRoute, rating: string, transaction: string, until: number | null): void {
    const prng = this.#prng;
    const phone = prng.hex(32) as Sha256Hex;
    const once = (afterMs: number): void => {
      const [vote, level] = [prng.uuid(), prng.int(1, 5)];
      const send = (tries: number): void => {
        const { process, full } = this.#hub;
        const again = (): void => {
          if (tries > 0) this.#time.after(3_000, () => send(tries - 1));
        };
        if (!process || full) {
          again();
          return;
        }
        const at = this.#time.now;
        const slip = route.via === 'slip' ? route.slip : null;
        const inTime = until === null || at <= until;
        const given = { vote, rating, transaction, slip, level, at, inTime };
        // The page may never come back: the phone forgets it rather than send the same vote under a new name.
        let answered: PhoneVote['answered'] | 'refused' = null;
        process.life.run(() => {
          answered = process.own.vote({ route, phone, until, vote, level })?.thanked ?? 'refused';
        });
        if (answered !== 'refused') this.#ledger.byPhone.push({ ...given, answered, gone: false });
      };
      this.#time.after(afterMs, () => send(TRIES));
    };
    const first = prng.int(500, 40_000);
    once(first);
    if (prng.chance(0.3)) once(first + prng.int(500, 30_000));
  }
}
