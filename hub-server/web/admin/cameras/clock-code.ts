/** What a picture of the hub's clock page says: by its code, or by the digits that a person typed. Pure. */
import { CLOCK_CODE } from '@hailong/shared/protocol/cameras.ts';

/** How old the code in a picture can be: it is drawn anew each tenth of a second, and shown with the screen's next picture. */
export const CODE_ERROR_MS = 120;
/** What an eye reads of the digits, tenths of a second. */
export const EYE_ERROR_MS = 150;

export function clockOf(code: string): number | null {
  const match = code.startsWith(CLOCK_CODE) ? /^\d{13}$/.exec(code.slice(CLOCK_CODE.length)) : null;
  return match === null ? null : Number(match[0]);
}

const DAY_MS = 86_400_000;
const VIETNAM_MS = 7 * 3_600_000;

/** `14:03:07,4` in Vietnam, as the moment nearest to `near`; null: not a time. */
export function typedTime(text: string, near: number): number | null {
  const match = /^(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (match === null) return null;
  const [hours, minutes, whole] = [1, 2, 3].map((i) => Number(match[i])) as [number, number, number];
  if (hours > 23 || minutes > 59 || whole > 59) return null;
  const ofDay = ((hours * 60 + minutes) * 60 + whole) * 1_000 + Number((match[4] ?? '0').padEnd(3, '0'));
  const day = Math.floor((near + VIETNAM_MS) / DAY_MS) * DAY_MS - VIETNAM_MS;
  const days = [day - DAY_MS, day, day + DAY_MS].map((each) => each + ofDay);
  return days.reduce((best, each) => (Math.abs(each - near) < Math.abs(best - near) ? each : best));
}
