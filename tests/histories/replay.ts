/*
 * Purpose: prints one history for a person: `node tests/histories/replay.ts SEED`. Exit 1 when it breaks the promise.
 */
import { runHistory } from './history.ts';

const seed = Number(process.argv[2]);
if (!Number.isInteger(seed) || seed < 0) {
  process.stderr.write('node tests/histories/replay.ts SEED\n');
  process.exit(2);
}
const history = await runHistory(seed, { traced: true });
process.stdout.write(`${history.trace.join('\n')}\n\n`);
const faults = [...history.faults].sort().map(([name, times]) => `${name} ${times}`);
process.stdout.write(
  `${history.agents} agents, ${history.ratings} ratings, ${history.events} events; ${faults.join(' · ')}\n`,
);
process.stdout.write(
  `thanked ${history.thanked}, stored ${history.stored}, gone with their medium ${history.gone}, breaches ${history.breaches.length}\n`,
);
for (const { kind, sentence } of history.breaches) process.stdout.write(`✗ ${kind}: ${sentence}\n`);
process.exitCode = history.breaches.length === 0 ? 0 : 1;
