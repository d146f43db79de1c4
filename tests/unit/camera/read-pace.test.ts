import { createReadPace } from '@hailong/device-drivers/camera/read-pace.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Bytes that a socket brings in a second, when its reads find so many, again and again. */
function bytesInASecond(...found: readonly number[]): number {
  let [bytes, reads] = [0, 0];
  const socket = {
    resume() {
      const count = found[reads++ % found.length] as number;
      bytes += count;
      pace(count);
    },
  };
  const pace = createReadPace(socket);
  socket.resume();
  vi.advanceTimersByTime(1_000);
  return bytes;
}

it('holds a flood to 32 Mbit/s, and lets what cameras send through', () => {
  expect(bytesInASecond(65_536)).toBeLessThanOrEqual(4_000_000 + 65_536);
  expect(bytesInASecond(65_536)).toBeGreaterThan(3_750_000);
  // A window of 142 KB, emptied in three reads.
  expect(bytesInASecond(65_536, 65_536, 14_336)).toBeGreaterThan(2_700_000);
  // 4 Mbit/s are 40 KB in each slow pace.
  expect(bytesInASecond(40_000)).toBeGreaterThanOrEqual(480_000);
});
