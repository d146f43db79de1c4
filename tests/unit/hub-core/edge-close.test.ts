/*
 * A hub that was told to stop has nothing to wait for: a timer still due would hold its process, and whoever starts it
 * again, for seconds.
 */
import { expect, test } from 'vitest';
import { EdgeLinks, type EdgeLinksParts } from '../../../hub-server/src/adapters/ws/edge-links.ts';

test('nothing is due after it is closed', async () => {
  const due = new Set<() => void>();
  const timers = {
    after(_delayMs: number, run: () => void) {
      due.add(run);
      return () => due.delete(run);
    },
  };
  const parts = { timers, views: { openDutiesOf: async () => [] }, keys: {} } as unknown as EdgeLinksParts;
  const links = new EdgeLinks(parts, false);
  await links.profileChanged('officer');
  expect(due.size).toBeGreaterThan(1);
  links.close();
  expect(due.size).toBe(0);
});
