/* Purpose: a week of real events through the hub's own inbox, projections and job to the block an officer reads. */
import { randomUUID } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { expect, test } from 'vitest';
import { releaseTotals } from '../../../hub-server/src/application/figures/release-totals.ts';
import { WEEK_MS } from '../../../hub-server/src/domain/jobs/vietnam-schedule.ts';
import { keptHub } from '../../support/kept-hub.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const CUT = Date.UTC(2026, 10, 22, 23, 0, 0);

test('a week of ratings is a block, and a vote that comes after it stays out', async () => {
  await using folder = await tempFolder('totals');
  await using kept = await keptHub(folder.path);
  const { storage } = kept.hub;
  const kiosk = await kept.enrol();
  const { device, place, chains } = kiosk;
  const job = releaseTotals(storage.ownTotals, { now: () => (CUT + WEEK_MS) as UtcMs });
  expect(job.dueAt(CUT + 5)).toBe(CUT);

  device.at = CUT - 3 * 86_400_000;
  const served = ([5, 5, 4, null, 5, 1, 5] as const).map((level, i) =>
    device.serve(chains[0]!, place, { level, dossier: `H21.27-TEST-${i}` }),
  );
  // After the cut: next week's.
  device.at = CUT;
  device.serve(chains[0]!, place, { level: 3, dossier: 'H21.27-TEST-9' });
  await kept.sync(kiosk);
  expect(await job.run(CUT)).toBe(true);
  const block = { from: null, to: CUT, n: 6, levels: { 1: 1, 2: 0, 3: 0, 4: 1, 5: 4 } };
  expect(await storage.ownTotals.blocks(place.officer)).toEqual([block]);

  const transaction = served[0]!;
  const ratingId = (await storage.views.ratings(transaction))!.votes[0]!.ratingId;
  device.append(chains[0]!, {
    ...{ type: 'rating.voted', vote: randomUUID(), rating: ratingId, transaction, question: 'overall' },
    ...{ attempt: 2, askTicket: 7, level: 1, source: { via: 'touch', press: randomUUID() } },
  } as EventBody);
  await kept.sync(kiosk);
  expect((await storage.views.ratings(transaction))?.effective?.overall).toBe(1);
  await storage.inbox.rebuild();
  for (const weeks of [0, 1, 2]) expect(await job.run(CUT + weeks * WEEK_MS)).toBe(true);
  expect(await storage.ownTotals.blocks(place.officer)).toEqual([block]);
});
