/*
 * Purpose: some five hundred ways out of a public screen, tried on the kiosk's second shell as it ships (Chromium under
 * `hailong-kiosk shell`, a user without rights, its managed policy, bare X, the real agent and hub behind it). Two seconds
 * after each: one window, the agent's own page filling the glass, the keyboard in it, nothing over it, and the screen that
 * the agent shows. `found` counts ways out; there must be none. The same list opens a browser that is not locked:
 * escapes-control.ts.
 */

import { type Attempt, attempts } from '../escapes/attempts.ts';
import { whyNotConfined } from '../escapes/shells.ts';
import { BACK_MS, Siege } from '../escapes/siege.ts';
import { needsPrograms } from '../machine.ts';
import type { ProveRun, Said, StepContext, StepResult } from '../run.ts';

/** Some seconds of the quick form go to the office and two browsers. */
const QUICK = 16;
/** The quick form runs beside much else, which the bar does not know of: there it is said, and a way out is what stays open. */
const QUICK_LIMIT_MS = 20_000;

export function escapesImpossible(): Said | null {
  const missing = needsPrograms('Xvfb', 'xdotool', 'xwininfo', 'openbox', 'chromium', 'unshare', 'setpriv');
  if (missing) return missing;
  const why = whyNotConfined();
  return why === null ? null : { vi: why, en: why };
}

export async function tryOut(
  kind: 'locked' | 'open',
  { once, folder, say, quick }: StepContext,
  attempt: Attempt | undefined,
): Promise<StepResult & { readonly escaped: string | null }> {
  if (!attempt) throw new Error('no such attempt');
  const limitMs = quick && kind === 'locked' ? QUICK_LIMIT_MS : BACK_MS;
  const siege = await once(kind, () => Siege.open(kind, folder, limitMs));
  const { escaped, backMs, screen } = await siege.attempt(attempt);
  const noticed = siege.noticed();
  if (noticed.length > 0 || backMs > BACK_MS)
    say(`${attempt.name}: ${noticed.join(', ')}, back after ${backMs} ms`);
  return {
    escaped: escaped === null ? null : `${attempt.name}: ${escaped}`,
    found: escaped === null ? 0 : 1,
    tallies: {
      [`by ${attempt.by}`]: 1,
      [`at ${screen}`]: 1,
      ...Object.fromEntries(noticed.map((why) => [`mended ${why}`, 1])),
    },
    samples: { backMs },
  };
}

export const run: ProveRun = {
  title: {
    vi: 'Tìm mọi lối thoát khỏi màn hình quầy bằng phím, chuột, chạm và mã lệnh: không lối nào ra',
    en: 'Every way out of a kiosk by key, mouse, touch and script: none leads out',
  },
  unit: { vi: 'lần thử', en: 'attempt' },
  full: attempts.length,
  quick: QUICK,
  watches: ['tests/prove/escapes'],
  impossible: escapesImpossible,
  async step(context, index) {
    // Of the quick form's, as far apart as the list allows.
    const place = context.quick ? Math.floor(((index + 0.5) * attempts.length) / QUICK) : index;
    const { escaped, ...counts } = await tryOut('locked', context, attempts[place % attempts.length]);
    return escaped === null ? counts : { ...counts, problem: escaped };
  },
  judge: ({ found }) => (found === 0 ? null : `${found} ways out`),
  says: {
    vi: 'found: lối thoát. mended: điều vỏ đã thấy và sửa trong hai giây.',
    en: 'found: ways out. mended: what the shell noticed and mended within two seconds.',
  },
};
