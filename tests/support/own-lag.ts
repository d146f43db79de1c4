/*
 * Purpose: a promise in seconds, judged on a machine that does much else: how long this process itself was kept from its own
 * timers meanwhile. What it waited for was kept as long; the machines' own tests hold the promise by a fake clock.
 */
const TICK_MS = 50;
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
