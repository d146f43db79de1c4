/** What is said beside a wrong cell of an imported file, in both languages. */
export const IMPORT_TEXTS = {
  empty: { vi: 'Ô này không được để trống.', en: 'This cell may not be empty.' },
  code: {
    vi: 'Mã chỉ gồm chữ không dấu, số và dấu . _ - (tối đa 20, thủ tục 40 ký tự).',
    en: 'A code has unaccented letters, digits and . _ - (at most 20 signs, procedures 40).',
  },
  long: { vi: 'Nội dung quá dài.', en: 'The text is too long.' },
  pin: { vi: 'PIN gồm 4 đến 8 chữ số.', en: 'A PIN has 4 to 8 digits.' },
  active: {
    vi: 'Chỉ ghi: có, không, 1, 0 (để trống là có).',
    en: 'Write only: yes, no, 1, 0 (empty means yes).',
  },
  unit: { vi: 'Không có đơn vị mang mã này.', en: 'There is no unit with this code.' },
  counters: {
    vi: 'Không có quầy mang số này; nhiều quầy cách nhau bằng dấu |.',
    en: 'There is no counter with this number; separate several with |.',
  },
  address: {
    vi: 'Địa chỉ phải là http(s):// hoặc rtsp(s)://, không chứa mật khẩu.',
    en: 'The address must be http(s):// or rtsp(s):// without a password.',
  },
  number: {
    vi: 'Phải là số nguyên trong khoảng cho phép.',
    en: 'It must be a whole number within its range.',
  },
  dossier: {
    vi: 'Mã hồ sơ gồm 3–40 chữ không dấu, số và dấu . / -',
    en: 'A dossier code has 3 to 40 unaccented letters, digits and . / -',
  },
  time: {
    vi: 'Ghi ngày và giờ Việt Nam: 26/11/2026 09:34 hoặc 2026-11-26 09:34.',
    en: 'Write a date and time of Vietnam: 26/11/2026 09:34 or 2026-11-26 09:34.',
  },
  future: { vi: 'Thời điểm này chưa tới.', en: 'This time has not come yet.' },
  step: {
    vi: 'Bước: tiếp nhận, bổ sung, trả kết quả, từ chối hoặc hướng dẫn.',
    en: 'A step is reception, supplement, return, refusal or advice.',
  },
  twice: { vi: 'Trùng với một dòng ở trên.', en: 'It repeats a row above.' },
  ambiguous: {
    vi: 'Danh mục đang có nhiều mục cùng khóa này; sửa bằng tay.',
    en: 'The list holds several with this key; change it by hand.',
  },
} as const;
export type ImportFault = keyof typeof IMPORT_TEXTS;
