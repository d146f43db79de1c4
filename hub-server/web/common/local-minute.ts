/** Times of a form's fields: minutes of Asia/Ho_Chi_Minh, wherever the browser thinks it is. */
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';

/** `2026-11-23T09:33` */
export const localMinute = (at: number): string =>
  new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(0, 16);
export const asUtc = (minute: string): number => Date.parse(`${minute}:00Z`) - VIETNAM_OFFSET_MS;
