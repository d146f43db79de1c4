/*
 * Purpose: citizens who vote by phone: by the QR on the screen or by the code on their paper, soon or late, once or twice,
 * beside a tap or instead of it. What the page answered is written into the ledger.
 * Refuses nothing: people try again when the page does not answer.
 */
import type { Sha256Hex } from '../../shared/src/ids.ts';
import type { CitizenLedger } from './citizen-ledger.ts';
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
      this.#ledger.phoneAttempts.set(vote, level);
      const send = (tries: number): void => {
        const { process, full } = this.#hub;
        const again = (): void => {
          if (tries > 0) this.#time.after(3_000, () => send(tries - 1));
        };
        if (!process || full) {
          again();
          return;
        }
        let answered = false;
        const at = this.#time.now;
        process.life.run(() => {
          const answer = process.own.vote({ route, phone, until, vote, level });
          answered = true;
          if (!answer) return;
          const slip = route.via === 'slip' ? route.slip : null;
          const inTime = until === null || at <= until;
          this.#ledger.byPhone.push({
            ...{ vote, rating, transaction, slip, level, at, inTime, answered: answer.thanked },
          });
        });
        // The page never came back: the phone forgets it rather than send the same vote under a new name.
        if (!answered) this.#ledger.phoneUnanswered.add(vote);
      };
      this.#time.after(afterMs, () => send(TRIES));
    };
    const first = prng.int(500, 40_000);
    once(first);
    if (prng.chance(0.3)) once(first + prng.int(500, 30_000));
  }
}
