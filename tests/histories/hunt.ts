/*
 * Purpose: lets each planted bug (planted.ts) loose on seed after seed until a history breaks the promise, and prints how
 * many seeds it took: `node tests/histories/hunt.ts [WORD]`. Exit 1 when one is not found within 5,000.
 */
import { runHistory } from './history.ts';
import { PLANTED } from './planted.ts';

export const SEEDS_MAX = 5_000;

export interface Found {
  readonly seeds: number;
  readonly how: string;
}

/** Null: no history saw it. A history that throws has seen it too. */
export async function hunt(name: string): Promise<Found | null> {
  for (let seed = 0; seed < SEEDS_MAX; seed += 1) {
    try {
      const [first] = (await runHistory(seed, { seams: PLANTED[name]!() })).breaches;
      if (first) return { seeds: seed + 1, how: `${first.kind}: ${first.sentence}` };
    } catch (error) {
      return { seeds: seed + 1, how: `threw ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  return null;
}

if (process.argv[1] === import.meta.filename) {
  const word = process.argv[2] ?? '';
  for (const name of Object.keys(PLANTED).filter((each) => each.includes(word))) {
    const found = await hunt(name);
    if (!found) process.exitCode = 1;
    process.stdout.write(
      `${found ? String(found.seeds).padStart(5) : '    ✗'}  ${name}${found ? `  (${found.how})` : ''}\n`,
    );
  }
}
