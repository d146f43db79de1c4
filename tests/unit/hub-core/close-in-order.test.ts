/* One part of a hub that cannot end, or cannot be ended, keeps none of the others open. */
import { expect, test } from 'vitest';
import { closeInOrder } from '../../../hub-server/src/commands/close-in-order.ts';

test('the newest first, each once, past what throws and past what never ends', async () => {
  const [closed, logged]: [string[], string[]] = [[], []];
  const closing = [
    () => closed.push('storage'),
    async () => closed.push('seal'),
    () => new Promise(() => undefined),
    async () => Promise.reject(new Error('rejected')),
    () => {
      throw new Error('thrown');
    },
    () => closed.push('door'),
  ];
  await closeInOrder(closing, (error) => logged.push(String(error)), 20);
  expect(closed).toEqual(['door', 'seal', 'storage']);
  expect(logged[0]).toContain('thrown');
  expect(logged[1]).toContain('rejected');
  expect(logged[2]).toContain('not closed within 20 ms');
  await closeInOrder(closing, () => undefined);
  expect(closed).toHaveLength(3);
});
