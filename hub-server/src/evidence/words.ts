/** Vietnamese words of the paper and the guide; English stands beside them where a foreign reader needs it. */
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:05:09 ngày 26/11/2026`, in Vietnam. */
export function vietnamTime(at: number): string {
  const local = new Date(at + VIETNAM_OFFSET_MS);
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  const day = [two(local.getUTCDate()), two(local.getUTCMonth() + 1), local.getUTCFullYear()].join('/');
  return `${time} ngày ${day}`;
}

/** `0,8`: seconds as Vietnamese writes them. */
export const secondsOf = (ms: number, digits: number): string =>
  (ms / 1000).toFixed(digits).replace('.', ',');

/** Hash in groups that can be read aloud. */
export const inGroups = (hex: string): string => (hex.match(/.{8}/g) ?? [hex]).join(' ');
