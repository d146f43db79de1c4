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

const REASONS: Readonly<Record<string, string>> = {
  'camera-down': 'camera mất kết nối',
  'camera-silent': 'camera không gửi hình',
  'clock-reset': 'camera đặt lại đồng hồ',
  'recorder-down': 'chương trình ghi ngừng',
  'disk-full': 'ổ đĩa đầy',
  'wrong-codec': 'camera gửi sai định dạng',
  refused: 'camera từ chối kết nối',
  'not-configured': 'camera chưa được cài đặt',
  deleted: 'đã xóa theo thời hạn hoặc dung lượng',
  unknown: 'không rõ lý do',
  altered: 'tệp không còn đúng mã băm lúc ghi',
  lost: 'tệp không còn trên ổ đĩa',
};
/** A reason that is newer than these words is shown as it is. */
export const gapWords = (reason: string): string => REASONS[reason] ?? reason;

const TYPES: Readonly<Record<string, string>> = {
  verification: 'Phiếu xác minh',
  feedback: 'Phản ánh, kiến nghị',
  complaint: 'Khiếu nại',
  denunciation: 'Tố cáo',
};
export const caseWords = (type: string): string => TYPES[type] ?? type;

/** `0:04,2`: minutes, seconds and tenths. */
export function playTime(seconds: number): string {
  const tenths = Math.floor(seconds * 10);
  return `${Math.floor(tenths / 600)}:${two(Math.floor((tenths % 600) / 10))},${tenths % 10}`;
}

/** Hash in groups that can be read aloud. */
export const inGroups = (hex: string): string => (hex.match(/.{8}/g) ?? [hex]).join(' ');
