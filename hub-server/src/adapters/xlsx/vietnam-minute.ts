/** A moment as a Vietnamese office writes it. */
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';

export function vietnamMinute(at: number): string {
  const [day, time] = new Date(at + VIETNAM_OFFSET_MS).toISOString().split('T') as [string, string];
  return `${time.slice(0, 5)} ${day.split('-').reverse().join('/')}`;
}
