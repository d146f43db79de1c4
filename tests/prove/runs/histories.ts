/*
 * Purpose: `npm run prove -- --only histories`: one step is one history of the deterministic simulator (tests/histories)
 * from the seed of its number. A breach of the promise is named with its seed; `node tests/histories/replay.ts SEED`
 * tells that history again.
 */
import { runHistory } from '../../histories/history.ts';
import { median, type ProveRun, type Totals } from '../run.ts';

const LEAST = { agents: 3, ratings: 60, faults: 15 } as const;

export const run: ProveRun = {
  title: {
    vi: 'Lịch sử mô phỏng: nhiều máy, một máy chủ, mọi sự cố, từ một hạt giống',
    en: 'Simulated histories: several agents, one hub, every fault, from one seed',
  },
  unit: { vi: 'lịch sử', en: 'histories' },
  full: 200_000,
  quick: 2_000,
  workers: 2,
  chunk: 50,
  watches: ['tests/histories', 'tests/support/memory-inbox.ts'],
  async step(_context, seed) {
    const history = await runHistory(seed);
    const { agents, ratings, breaches } = history;
    const faults = [...history.faults.values()].reduce((sum, times) => sum + times, 0);
    const count = (kind: string) => breaches.filter((each) => each.kind === kind).length;
    const small = agents < LEAST.agents || ratings < LEAST.ratings || faults < LEAST.faults;
    const first = breaches[0];
    const problem = first
      ? `${first.kind}: ${first.sentence}`
      : small
        ? `too small: ${agents} agents, ${ratings} ratings, ${faults} faults`
        : null;
    return {
      ...{ thanked: history.thanked, stored: history.stored, found: history.gone },
      ...{ lost: count('lost') + count('silent'), doubled: count('doubled'), moved: count('moved') },
      tallies: Object.fromEntries(history.faults),
      samples: { agents, ratings, faults, events: history.events },
      ...(problem === null ? {} : { problem }),
    };
  },
  judge: ({ samples }: Totals) => {
    const low = (['agents', 'ratings', 'faults'] as const).find(
      (name) => median(samples[name] ?? {}) < LEAST[name],
    );
    return low ? `the median of ${low} is too small` : null;
  },
  says: {
    vi: '`found`: đánh giá mất cùng phương tiện lưu giữ nó, và sự mất ấy đã được báo.',
    en: '`found`: ratings that were lost with the medium that held them, and whose loss was noticed.',
  },
};
