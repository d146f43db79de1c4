/* One part that cannot close keeps no other open, and the real cause of a failed start is not hidden by it. */
import { expect, test } from 'vitest';
import { closeAll } from '../../../kiosk-app/agent/close-all.ts';

test('closes the last first, and the rest behind one that throws at once or later', async () => {
  const closed: string[] = [];
  const told: unknown[] = [];
  const closers = [
    () => void closed.push('lock'),
    async () => Promise.reject(new Error('flush')),
    async () => void closed.push('panel'),
    () => {
      throw new Error('file');
    },
  ];
  expect(await closeAll(closers, (error) => told.push(error))).toBe(false);
  expect(closed).toEqual(['panel', 'lock']);
  expect(told).toEqual([new Error('file'), new Error('flush')]);
  expect(await closeAll([() => undefined], (error) => told.push(error))).toBe(true);
});
