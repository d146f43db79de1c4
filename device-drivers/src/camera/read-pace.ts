/**
 * Purpose: a stream is read a few times a second instead of once per packet, the kernel gathering meanwhile: reader and
 * ffmpeg behind it take half the processor time. Costs at most one slow pace of delay.
 * Refuses: slowing a camera down: who sends much is read again at once, before the kernel's buffer has closed its window.
 */
const SLOW_MS = 80;
const QUICK_MS = 5;
/** Of the 64 KB that a connection's window opens with. */
const MUCH_BYTES = 49_152;

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

/** Call when `socket` is paused after `bytes` were read at once: it is read again a moment later. */
export function resumeLater(socket: Resumable, bytes: number): void {
  (bytes < MUCH_BYTES ? slow : quick)(socket);
}
