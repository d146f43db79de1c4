/**
 * Purpose: a stream is read a few times a second instead of once per packet, the kernel gathering meanwhile: reader and
 * ffmpeg behind it take half the processor time. Costs at most one slow pace of delay.
 * Refuses: slowing a camera down that sends no more than cameras do: who sends much is read again soon, before the kernel's
 *   buffer has closed its window. One that sends more than CEILING is held to it: it would drive the footage of all the
 *   others off the disk.
 */
const SLOW_MS = 160;
/** Bytes a second, 32 Mbit/s: about twice what a 4K camera sends. */
const CEILING = 4_000_000;
/** What one read of a socket brings at most. */
export const READ_BYTES = 131_072;
const QUICK_MS = Math.ceil((READ_BYTES * 1_000) / CEILING);
/** More than a slow pace of 4 Mbit/s; less than what a connection's window grows to within its first reads. */
const MUCH_BYTES = 98_304;

interface Resumable {
  resume(): unknown;
}

/** One timer for all that wait equally long. */
function createLane(ms: number): (socket: Resumable) => void {
  let waiting: Resumable[] = [];
  return (socket) => {
    if (waiting.push(socket) > 1) return;
    setTimeout(() => {
      const due = waiting;
      waiting = [];
      for (const one of due) one.resume();
    }, ms);
  };
}
const slow = createLane(SLOW_MS);
const quick = createLane(QUICK_MS);

/**
 * Call the answer when `socket` is paused after `bytes` were read at once: it is read again a moment later. A full buffer comes in
 * pieces, so one small read behind a large one does not yet mean that it is empty.
 */
export function createReadPace(socket: Resumable): (bytes: number) => void {
  let before = 0;
  return (bytes) => {
    const isMuch = Math.max(before, bytes) >= MUCH_BYTES;
    before = bytes;
    (isMuch ? quick : slow)(socket);
  };
}
