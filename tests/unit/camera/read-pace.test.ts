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
  expect(bytesInASecond(131_072)).toBeLessThanOrEqual(4_000_000 + 131_072);
  expect(bytesInASecond(131_072)).toBeGreaterThan(3_750_000);
  // A window of 270 KB, emptied in three reads.
  expect(bytesInASecond(131_072, 131_072, 14_336)).toBeGreaterThan(2_700_000);
  // 4 Mbit/s are 80 KB in each slow pace.
  expect(bytesInASecond(80_000)).toBeGreaterThanOrEqual(480_000);
});
