/*
 * Purpose: one history from one seed: an office works until enough ratings were thanked for and enough faults have
 * befallen it, then all is healed and drained, and the promise is checked. The same seed gives the same history.
 * Refuses nothing; a fault of the simulator itself is a breach like any other.
 */
import './pooled-bytes.ts';
import { befall } from './faults.ts';
import { type Breach, PromiseCheck, type Sums } from './promise.ts';
import { type Seams, trueSeams } from './seams.ts';
import { World } from './world.ts';

/** One history of so many signs with Ed25519. */
export const REAL_EVERY = 1_000;
const LIMIT_MS = 3 * 3_600_000;

export interface HistoryOptions {
  readonly seams?: Seams;
  readonly traced?: boolean;
  /** Called before the promise is checked. */
  readonly inspect?: (world: World) => void;
}
export interface History extends Sums {
  readonly seed: number;
  readonly agents: number;
  readonly ratings: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly events: number;
  readonly breaches: readonly Breach[];
  readonly trace: readonly string[];
}

export async function runHistory(
  seed: number,
  { seams = trueSeams, traced = false, inspect }: HistoryOptions = {},
): Promise<History> {
  const world = new World({ seed, seams, traced, realSignatures: seed % REAL_EVERY === REAL_EVERY - 1 });
  const { prng, time, ledger } = world;
  const wanted = { ratings: prng.int(60, 61), faults: prng.int(15, 16) };
  let befallen = 0;
  let coming = false;
  // Faults come as ratings do, so that a history is over when it has enough of both.
  const mayStrike = () => {
    if (coming || befallen >= (wanted.faults * (ledger.rated.size + 1)) / wanted.ratings) return;
    coming = true;
    time.after(prng.int(0, 8_000), () => {
      coming = false;
      if (!world.healing && befall(world)) befallen += 1;
    });
  };
  const until = time.now + LIMIT_MS;
  while (world.step(until)) {
    if (world.pending) await world.answered();
    mayStrike();
    if (ledger.rated.size >= wanted.ratings && befallen >= wanted.faults) break;
  }
  const ratings = ledger.rated.size;
  await world.heal();
  inspect?.(world);
  const check = new PromiseCheck(world);
  const sums = check.check();
  if (ratings < wanted.ratings)
    check.breaches.push({ kind: 'stuck', sentence: `only ${ratings} ratings in three hours` });
  for (const { kind, sentence } of check.breaches) world.trace.note('!', `${kind}: ${sentence}`);
  return {
    ...{ seed, ...sums, ratings, agents: world.kiosks.length, faults: world.faults },
    ...{ events: world.hub.disk.inbox.events.length, breaches: check.breaches, trace: world.trace.lines },
  };
}
