/*
 * Purpose: a promise in seconds, judged on a machine that does much else: how long this process itself was kept from its own
 * timers meanwhile. What it waited for was kept as long; the machines' own tests hold the promise by a fake clock.
 */
const TICK_MS = 50;
/** Other processes of the way are kept from theirs too, and nobody counts that: a busy machine is late once, what is slow is slow each time. */
const TRIES = 3;
/** Of a timer on a quiet machine. */
const USUAL_MS = 5;

/** From now until asked: all that its own timer came late, in ms. */
export function ownLag(): () => number {
  let [lag, last] = [0, performance.now()];
  const look = (): void => {
    const now = performance.now();
    const late = now - last - TICK_MS;
    if (late > USUAL_MS) lag += late;
    last = now;
  };
  const timer = setInterval(look, TICK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    look();
    return lag;
  };
}

/** The shortest of up to three, in ms; no further one is asked for after one below the bar. */
export async function soonest(barMs: number, measure: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && best >= barMs; tries++) best = Math.min(best, await measure());
  return best;
}
