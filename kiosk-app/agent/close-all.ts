/**
 * Purpose: the agent's parts are closed last first, every one of them: behind one that cannot (a file it may not remove) lie
 *   the outbox, the database and the data lock.
 */

/** `failed` hears of each that throws. Answers whether all closed. */
export async function closeAll(
  closers: readonly (() => void | Promise<void>)[],
  failed: (error: unknown) => void,
): Promise<boolean> {
  let whole = true;
  for (const close of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      whole = false;
      failed(error);
    }
  }
  return whole;
}
