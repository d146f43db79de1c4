/**
 * The parts of a running hub are closed, the newest first. What throws or does not end keeps none of the others from it: the
 * log's last signature and the database come last.
 * Refuses: to wait for one part for ever.
 */
export type Closer = () => Promise<unknown> | unknown;

/** Longer than any part takes; all of them together end before a service manager's 90 s. */
const WITHIN_MS = 15_000;

/** Takes the parts out of the list: closed twice is closed once. */
export async function closeInOrder(
  closing: Closer[],
  log: (error: unknown) => void,
  withinMs: number = WITHIN_MS,
): Promise<void> {
  for (const close of closing.splice(0).reverse()) {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      log(new Error(`not closed within ${withinMs} ms: ${close}`));
      late.resolve();
    }, withinMs);
    const closed = (async () => close())().catch(log);
    await Promise.race([closed, late.promise]);
    clearTimeout(timer);
  }
}
