/** Catalogue of letting kiosks in, replacing them, and the printed roster. Vietnamese first. */
import type { Catalogue } from '../../common/languages.ts';

const vi = {
  replace: 'Thay thiết bị',
  replaces: 'Thay cho thiết bị',
  replacesNone: 'không thay thiết bị nào',
  replaceWhy:
    'Khi thiết bị mới được duyệt, thiết bị cũ bị thu hồi; số sự kiện nó chưa gửi còn để mở cho tới khi hai người xóa sổ.',
  scan: 'Mã QR của mã ghi danh, để quét tại thiết bị',
  thenCompare: 'Sau đó so dãy hiện trên thiết bị với dãy dưới đây rồi duyệt.',
  waitingHead: 'Chờ duyệt',
  waitingFor: (counter: string) => `Thiết bị đánh giá, quầy ${counter}`,
  waitingReplaces: (id: string) => `thay cho ${id}`,
  since: (at: string) => `đưa mã lúc ${at}`,
  contested: 'Có máy khác cũng đưa mã này. Chỉ duyệt khi dãy khớp với thiết bị trước mặt.',
  approve: 'Dãy khớp, duyệt',
  approveOf: (digits: string) => `Dãy khớp, duyệt: ${digits}`,
  refuse: 'Từ chối',
  refuseOf: (digits: string) => `Từ chối ${digits}`,
  rosterHead: 'Sổ thiết bị',
  rosterWhy: 'In, ký và giữ ngoài máy chủ: thiết bị ghi danh khống sẽ lộ ra khi so với bản in.',
  print: 'In sổ',
  printedAt: (at: string) => `In lúc ${at}`,
  serial: 'Số',
  digits: 'Dãy của thiết bị',
  approvedBy: 'Người duyệt',
  byCode: 'bằng mã',
  ended: 'Thu hồi',
  openCount: (amount: string) => `${amount} sự kiện còn mở`,
  signed: 'Ký',
  writeOff: 'Xóa sổ',
  writeOffHead: (name: string) => `Xóa sổ phần chưa gửi: ${name}`,
  writeOffWhy:
    'Cần hai quản trị viên. Người thứ nhất nêu lý do, người thứ hai xác nhận bằng tài khoản của mình.',
  writeOffAsked: (who: string) => `${who} đã đề nghị xóa sổ`,
  reason: 'Lý do',
};

export type EnrolmentText = typeof vi;

const en: EnrolmentText = {
  replace: 'Replace',
  replaces: 'Takes the place of',
  replacesNone: 'no other kiosk',
  replaceWhy:
    'When the new kiosk is approved the old one is revoked; what it had not sent stays open until two people write it off.',
  scan: 'QR code of the enrolment code, to be scanned at the kiosk',
  thenCompare: 'Then compare the digits on the kiosk with those below, and approve.',
  waitingHead: 'Waiting for approval',
  waitingFor: (counter) => `Kiosk, counter ${counter}`,
  waitingReplaces: (id) => `in place of ${id}`,
  since: (at) => `brought the code at ${at}`,
  contested:
    'Another machine brought this code too. Approve only if the digits are those of the kiosk before you.',
  approve: 'Digits match, approve',
  approveOf: (digits) => `Digits match, approve: ${digits}`,
  refuse: 'Refuse',
  refuseOf: (digits) => `Refuse ${digits}`,
  rosterHead: 'Roster of kiosks',
  rosterWhy:
    'Print it, sign it and keep it away from the hub: a kiosk that was enrolled falsely shows beside the print.',
  print: 'Print the roster',
  printedAt: (at) => `Printed ${at}`,
  serial: 'No.',
  digits: 'Digits of the kiosk',
  approvedBy: 'Approved by',
  byCode: 'by the code',
  ended: 'Revoked',
  openCount: (amount) => `${amount} events open`,
  signed: 'Signed',
  writeOff: 'Write off',
  writeOffHead: (name) => `Write off what was not sent: ${name}`,
  writeOffWhy:
    'Two administrators. The first gives the reason, the second confirms with an account of their own.',
  writeOffAsked: (who) => `${who} asked to write it off`,
  reason: 'Reason',
};

export const enrolmentText: Catalogue<EnrolmentText> = { vi, en };
