/*
 * Purpose: what the host of a counter chooses in one life: tickets, how many answers a question wants, its rest between
 *   two citizens, and where it dies. All of it follows from its seed, so that `--seed` repeats the host's choices too.
 * Refuses: one row of numbers for everything: how many presses came before must not change the next ticket.
 */
import { chanceOf } from '../support/firmware/chance.ts';

const SINGLE_SHOTS = 0.7;
const MANY = 4;
/** Between two citizens. */
const REST_MS = [20, 120] as const;
const TICKETS = 0xffff_ffff;

export interface HostChoices {
  /** 1 to 2³² − 1; 0 is no ticket. */
  ticket(): number;
  /** Presses that answer a question; 1 is a single shot. */
  wanted(): number;
  restMs(): number;
  /** Whether this press is the one after whose commit it dies. */
  dies(likelihood: number): boolean;
}

export function hostChoices(seed: number): HostChoices {
  const seeds = chanceOf(seed);
  const own = () => chanceOf(Math.floor(seeds() * 2 ** 32));
  const [tickets, wants, rests, deaths] = [own(), own(), own(), own()];
  return {
    ticket: () => 1 + Math.floor(tickets() * TICKETS),
    wanted: () => (wants() < SINGLE_SHOTS ? 1 : MANY),
    restMs: () => REST_MS[0] + Math.floor(rests() * (REST_MS[1] - REST_MS[0])),
    dies: (likelihood) => deaths() < likelihood,
  };
}
