/**
 * A notice of the office on kiosks at rest: plain text, from a day to a day, so that each one ends by itself, also at a
 * kiosk that is away. Document: shared/PROTOCOL.md, "Configuration".
 */
import { z } from 'zod';
import { vietnamDate } from '../time.ts';

/** As many signs as a 7" screen shows at arm's length beside everything else. */
export const NOTICE_SIGNS_MAX = 120;
export const NOTICES_MAX = 20;

/** One line: nothing in it is a command, a tag or a break. */
export const noticeWords = z
  .string()
  .trim()
  .min(1)
  .max(NOTICE_SIGNS_MAX)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);

export const shownNotice = z.object({
  vi: noticeWords,
  /** Null: shown in Vietnamese. */
  en: noticeWords.nullable(),
});
export type ShownNotice = z.infer<typeof shownNotice>;

/** First and last day in Vietnam. */
export const notice = shownNotice.extend({ id: z.uuid(), from: vietnamDate, to: vietnamDate });
export type Notice = z.infer<typeof notice>;

/** Those of this day in Vietnam, in the office's order. */
export function noticesOn(notices: readonly Notice[], day: string): ShownNotice[] {
  return notices.filter(({ from, to }) => from <= day && day <= to).map(({ vi, en }) => ({ vi, en }));
}
