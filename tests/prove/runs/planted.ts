/*
 * Purpose: `npm run prove -- --only planted`: each bug that is planted on purpose (tests/histories/planted.ts) must break a
 * history within 5,000 seeds, or the simulator is blind there. One step is one bug; the tally says after how many seeds.
 */
import { hunt, SEEDS_MAX } from '../../histories/hunt.ts';
import { PLANTED } from '../../histories/planted.ts';
import type { ProveRun } from '../run.ts';

const names = Object.keys(PLANTED);

export const run: ProveRun = {
  title: {
    vi: 'Lỗi cài sẵn: trình mô phỏng phải tìm ra từng lỗi',
    en: 'Planted bugs: the simulator must find each of them',
  },
  unit: { vi: 'lỗi', en: 'bugs' },
  // A sample beside the other tests: some bugs take hundreds of histories to show.
  ...{ full: names.length, quick: 4, workers: 2 },
  watches: ['tests/histories', 'tests/support/memory-inbox.ts', 'tests/support/memory-projection.ts'],
  async step(context, index) {
    const name = names[index]!;
    const found = await hunt(name);
    if (!found) return { problem: `${name}: not found within ${SEEDS_MAX} seeds` };
    context.say(`${found.seeds} — ${name}`);
    return { found: 1, tallies: { [`seeds until “${name}”`]: found.seeds } };
  },
  judge: ({ count, found }) => (count < names.length || found >= 20 ? null : `only ${found} of 20`),
  commonBar: false,
  says: { vi: '`found`: số lỗi đã bị phát hiện.', en: '`found`: bugs that were found.' },
};
