/** A wall time of Vietnam as office programs write it: `26/11/2026 09:34`, `2026-11-26T09:34:05`. Null: no such time. */
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';

const DAY_FIRST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const YEAR_FIRST = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/;

export function readVietnamTime(text: string): number | null {
  const [dayFirst, yearFirst] = [DAY_FIRST.exec(text), YEAR_FIRST.exec(text)];
  const read = dayFirst
    ? [dayFirst[3], dayFirst[2], dayFirst[1], ...dayFirst.slice(4)]
    : yearFirst
      ? yearFirst.slice(1)
      : null;
  if (read === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = read.map((part) =>
    Number(part ?? 0),
  );
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(utc);
  const same =
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    back.getUTCHours() === hour &&
    back.getUTCMinutes() === minute &&
    back.getUTCSeconds() === second;
  return same ? utc - VIETNAM_OFFSET_MS : null;
}
