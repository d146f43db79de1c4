/*
 * Purpose: where playback starts, and how soon: twenty openings of cases in a real Chromium (tests/ui/playback-start.ts). The
 * clock burnt into the picture is never later than the time that was asked for, and hardly earlier.
 * Refuses: small amounts: the quick form is tests/ui/footage-clock.test.ts, which asserts the same on one opening.
 */
import { figure, percentile, type Work } from '../figures.ts';

/** The bar but for the stated latency, which is that of the camera: this one's is within it. */
const EARLIER_MS = 300;
const FIRST_MS = 1_000;

interface Openings {
  measureOpenings(): Promise<readonly { readonly earlierMs: number; readonly firstMs: number }[]>;
}

export const work: Work = {
  async measure({ quick, say }) {
    if (quick) {
      say('the quick form is tests/ui/footage-clock.test.ts');
      return [];
    }
    // By address: what runs in pages has types of its own.
    const ui = new URL('../../ui/playback-start.ts', import.meta.url).href;
    const openings = await ((await import(ui)) as Openings).measureOpenings();
    const earlier = openings.map(({ earlierMs }) => earlierMs);
    const first = openings.map(({ firstMs }) => firstMs);
    say(`started ${Math.min(...earlier)} … ${Math.max(...earlier)} ms before the asked time`);
    const most = (limit: number) => ({ of: 'value', is: '<=', limit }) as const;
    const off = earlier.map(Math.abs);
    const late = { value: earlier.filter((ms) => ms < 0).length, besideValue: openings.length };
    const beside = 'the median';
    return [
      figure(
        { work: 'footage start off p95', unit: 'ms', beside },
        { value: percentile(off, 0.95), besideValue: percentile(off, 0.5) },
        most(EARLIER_MS),
      ),
      figure({ work: 'footage start late', unit: 'openings', beside: 'openings' }, late, most(0)),
      figure(
        { work: 'footage first picture p95', unit: 'ms', beside },
        { value: percentile(first, 0.95), besideValue: percentile(first, 0.5) },
        most(FIRST_MS),
      ),
    ];
  },
};
