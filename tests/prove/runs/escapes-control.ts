/*
 * Purpose: the control of escapes.ts: the same list on a browser as somebody at a desk starts it (a window with its bar, a
 * window manager, no policy, no shell) before the same agent. Ten ways out at least, or the attempts would prove nothing.
 */
import { attempts } from '../escapes/attempts.ts';
import type { ProveRun } from '../run.ts';
import { escapesImpossible, tryOut } from './escapes.ts';

const BAR = 10;
/** Of those that the full run finds: another window, none, and one by script; each costs its two seconds and a browser. */
const QUICK = ['key ctrl+n', 'key alt+F4', 'close'];
/** Of these; a busy machine may show one too late to be seen. */
const QUICK_BAR = 2;

export const run: ProveRun = {
  title: {
    vi: 'Đối chứng: cùng danh sách trên một trình duyệt không khóa phải thoát được',
    en: 'Control: the same list must lead out of a browser that is not locked',
  },
  unit: { vi: 'lần thử', en: 'attempt' },
  full: attempts.length,
  quick: QUICK.length,
  watches: ['tests/prove/escapes'],
  commonBar: false,
  impossible: escapesImpossible,
  async step(context, index) {
    const wanted = context.quick ? attempts.findIndex(({ name }) => name === QUICK[index]) : index;
    const { escaped, ...counts } = await tryOut('open', context, attempts[wanted % attempts.length]);
    if (escaped !== null) context.say(escaped);
    return counts;
  },
  judge({ found }, quick) {
    const bar = quick ? QUICK_BAR : BAR;
    return found >= bar ? null : `only ${found} ways out of a browser that is not locked`;
  },
  says: { vi: 'found: lối thoát.', en: 'found: ways out.' },
};
