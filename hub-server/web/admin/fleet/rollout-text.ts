/** Catalogue of how changes go to kiosks, Vietnamese first. */
import type { Catalogue } from '../../common/languages.ts';

const vi = {
  head: 'Đưa thay đổi ra các quầy',
  why: 'Mẫu phiếu, thủ tục, lý do, ngôn ngữ, giọng đọc và cài đặt. Cán bộ và ảnh luôn cập nhật ngay.',
  off: 'Mọi thay đổi tới tất cả các quầy cùng lúc.',
  done: (to: string) => `Bản ${to} đang dùng ở mọi quầy.`,
  running: (to: string, stage: string, stages: string, at: string) =>
    `Bản ${to} đã tới nhóm ${stage} trong ${stages}, từ ${at}.`,
  back: (to: string, from: string, at: string) =>
    `Bản ${to} gặp lỗi; mọi quầy đã quay lại bản ${from} lúc ${at}.`,
  ill: (how: string) => `${how} thiết bị đã nhận bị cảnh báo nặng hoặc im lặng. Sửa thay đổi, hoặc thử lại.`,
  unconfirmed: (how: string) => `${how} thiết bị đang nối không xác nhận. Kiểm tra thiết bị, rồi thử lại.`,
  confirmed: (stage: string, confirmed: string, kiosks: string) =>
    `Nhóm ${stage}: ${confirmed} trong ${kiosks} thiết bị đã xác nhận`,
  retry: 'Thử lại từ nhóm 1',
  force: 'Đưa tới tất cả ngay',
  stages: 'Cách đưa ra',
  atOnce: 'tất cả cùng lúc',
  groups: (n: string) => `lần lượt ${n} nhóm`,
  soak: 'Chờ ổn định (phút)',
  confirm: 'Phải xác nhận trong (phút)',
  share: 'Cho phép lỗi (% thiết bị)',
  group: (n: string) => `Nhóm ${n}: số quầy`,
  groupHint: 'Cách nhau bằng dấu phẩy. Các quầy còn lại thuộc nhóm cuối.',
  unknown: (numbers: string) => `Không có quầy: ${numbers}`,
  saved: 'Đã lưu.',
};

export type RolloutText = typeof vi;

const en: RolloutText = {
  head: 'How changes go to counters',
  why: 'Forms, procedures, reasons, languages, voices and settings. Officers and photos always go at once.',
  off: 'Every change goes to all counters at once.',
  done: (to) => `Revision ${to} is in force at all counters.`,
  running: (to, stage, stages, at) => `Revision ${to} has reached group ${stage} of ${stages}, since ${at}.`,
  back: (to, from, at) =>
    `Revision ${to} did not do well; all counters went back to revision ${from} at ${at}.`,
  ill: (how) =>
    `${how} kiosks that had it raised critical alarms or fell silent. Mend the change, or try again.`,
  unconfirmed: (how) => `${how} kiosks on the line did not confirm. Look at them, then try again.`,
  confirmed: (stage, confirmed, kiosks) => `Group ${stage}: ${confirmed} of ${kiosks} kiosks have confirmed`,
  retry: 'Try again from group 1',
  force: 'To everybody now',
  stages: 'How',
  atOnce: 'all at once',
  groups: (n) => `in ${n} groups, one after the other`,
  soak: 'Well for (minutes)',
  confirm: 'Confirmed within (minutes)',
  share: 'May fail (% of kiosks)',
  group: (n) => `Group ${n}: counters`,
  groupHint: 'Numbers, separated by commas. All other counters are of the last group.',
  unknown: (numbers) => `No such counter: ${numbers}`,
  saved: 'Saved.',
};

export const rolloutText: Catalogue<RolloutText> = { vi, en };
