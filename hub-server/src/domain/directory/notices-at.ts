/** Which notices a counter is told: those for all, and those for its unit. It judges itself which of them are of today. Pure. */
import type { Notice } from '@hailong/shared/model/notice.ts';
import type { HeldNotice } from '@hailong/shared/protocol/notices.ts';
import { vietnamDayBounds } from '@hailong/shared/time.ts';

export function noticesAt(notices: readonly HeldNotice[], unitId: string): Notice[] {
  return notices
    .filter(({ units }) => units === null || units.some((id) => id === unitId))
    .map(({ units: _, ...notice }) => notice);
}

/** What no calendar has, or what nobody would see; null: nothing. */
export function brokenNotice(notices: readonly Pick<HeldNotice, 'from' | 'to' | 'units'>[]): string | null {
  const isDay = (day: string): boolean => vietnamDayBounds(day) !== null;
  const at = notices.findIndex(({ from, to }) => !isDay(from) || !isDay(to));
  if (at >= 0) return `notices.${at}.to`;
  const nobody = notices.findIndex(({ units }) => units?.length === 0);
  return nobody >= 0 ? `notices.${nobody}.units` : null;
}
