/** Catalogue of opening hours and of when screens are lit, Vietnamese first. */
import type { Catalogue } from '../../common/languages.ts';

const vi = {
  opens: 'Mở cửa',
  closes: 'Đóng cửa',
  days: 'Ngày làm việc',
  dayNames: ['Hai', 'Ba', 'Tư', 'Năm', 'Sáu', 'Bảy', 'CN'],
  head: 'Giờ sáng màn hình',
  why: 'Ngoài giờ này, màn hình không có ai dùng sẽ tắt. Chạm hoặc bấm nút thì sáng lại; không bao giờ tắt khi đang phục vụ hoặc đang hỏi.',
  on: 'Tắt màn hình ngoài giờ',
  exceptions: 'Nơi có giờ riêng',
  exceptionsWhy: 'Giờ của quầy được dùng trước giờ của đơn vị, rồi mới đến giờ chung.',
  noExceptions: 'Mọi quầy theo giờ chung.',
  place: 'Nơi',
  unit: (name: string) => `Đơn vị ${name}`,
  counter: (number: string) => `Quầy ${number}`,
  own: 'giờ riêng',
  lit: 'luôn sáng',
  how: 'Cách',
  add: 'Thêm nơi',
  remove: 'Bỏ',
  removeOf: (place: string) => `Bỏ: ${place}`,
  closedDays: 'Ngày nghỉ',
  closedWhy: 'Cả ngày coi như ngoài giờ. Thiết bị tắt vào ngày này không bị báo là mất liên lạc.',
  noClosedDays: 'Chưa có ngày nghỉ nào.',
  date: 'Ngày',
  name: 'Tên',
  addDay: 'Thêm ngày',
  saved: 'Đã lưu. Thiết bị đang nối nhận trong vài giây.',
};

export type HoursText = typeof vi;

const en: HoursText = {
  opens: 'Opens',
  closes: 'Closes',
  days: 'Working days',
  dayNames: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  head: 'When screens are lit',
  why: 'Outside these hours a screen that nobody uses is dark. A touch or a button lights it; it is never dark while somebody is served or asked.',
  on: 'Dark outside these hours',
  exceptions: 'Places with hours of their own',
  exceptionsWhy: 'A counter’s hours come before its unit’s, and those before the office’s.',
  noExceptions: 'All counters have the office’s hours.',
  place: 'Place',
  unit: (name) => `Unit ${name}`,
  counter: (number) => `Counter ${number}`,
  own: 'own hours',
  lit: 'always lit',
  how: 'How',
  add: 'Add a place',
  remove: 'Remove',
  removeOf: (place) => `Remove: ${place}`,
  closedDays: 'Closed days',
  closedWhy:
    'The whole day is outside the hours. No alarm is raised about a kiosk that is off on such a day.',
  noClosedDays: 'No closed day yet.',
  date: 'Date',
  name: 'Name',
  addDay: 'Add a day',
  saved: 'Saved. Kiosks on the line have it within seconds.',
};

export const hoursText: Catalogue<HoursText> = { vi, en };
