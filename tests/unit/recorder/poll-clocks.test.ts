/* Cameras' clocks are asked in turn, bounded in pace, and told; the timers are the test's. */
import { expect, it } from 'vitest';
import {
  FIRST_POLL_MS,
  POLL_EVERY_MS,
  pollClocks,
} from '../../../hub-server/src/recorder/application/poll-clocks.ts';

it('asks active cameras one after the other, tells what they tell, and goes on after a failure', async () => {
  const waiting: { ms: number; run: () => void }[] = [];
  const told: unknown[] = [];
  const asked: string[] = [];
  const logged: string[] = [];
  let broken = false;
  const clocks = pollClocks({
    clock: { now: () => 7 as never },
    timers: {
      after: (ms, run) => {
        waiting.push({ ms, run });
        return () => undefined;
      },
    },
    log: (text) => void logged.push(text),
    tell: (message) => void told.push(message),
    cameras: {
      clockOffset: async ({ address }) => {
        asked.push(address);
        if (broken) throw new Error('broken');
        return address === 'mute' ? null : -3_000;
      },
    },
  });
  const camera = (id: string, address: string, active = true) => ({ id, address, active }) as never;
  clocks.set([camera('a', 'one'), camera('b', 'mute'), camera('c', 'off', false)]);
  clocks.set([camera('a', 'one'), camera('b', 'mute'), camera('c', 'off', false)]);
  const next = async () => {
    const { ms, run } = waiting.shift()!;
    run();
    await new Promise((done) => setImmediate(done));
    return ms;
  };
  expect(await next()).toBe(FIRST_POLL_MS);
  expect(asked).toEqual(['one', 'mute']);
  expect(told).toEqual([{ type: 'camera.clock', camera: 'a', at: 7, offsetMs: -3_000 }]);
  broken = true;
  expect(await next()).toBe(POLL_EVERY_MS);
  expect([logged, waiting.length]).toEqual([['Error: broken'], 1]);
  clocks.stop();
  await next();
  expect([asked.length, waiting.length]).toEqual([3, 0]);
});
