/* For tests of a month's figures: they begin where the month in Vietnam does not end meanwhile. */
import { vietnamDay } from '@hailong/shared/time.ts';

const month = (at: number): string => vietnamDay(at).slice(0, 7);

/** Waits for the new month where this one ends within `withinMs`; else answers at once. */
export async function sameMonth(withinMs = 180_000): Promise<void> {
  const begun = month(Date.now());
  while (month(Date.now()) === begun && month(Date.now() + withinMs) !== begun)
    await new Promise((done) => setTimeout(done, 500));
}
