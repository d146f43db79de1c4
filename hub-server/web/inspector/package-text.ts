/** Catalogue of evidence packages on the inspector's page, Vietnamese first. */
import type { Catalogue } from '../common/languages.ts';

const vi = {
  packages: 'Hồ sơ trích xuất',
  why: 'Bản giao cho người ngoài hệ thống: đoạn gốc nguyên vẹn, bản xem, biên bản và cách kiểm tra không cần máy chủ. Cần người thứ hai duyệt; mọi bước ghi nhật ký.',
  purpose: 'Giao cho ai, để làm gì',
  purposeHint: 'Người duyệt đọc câu này; nó nằm trong biên bản.',
  legalBasis: 'Căn cứ pháp lý',
  legalHint: 'Ví dụ: Điều 12 Quyết định 45/QĐ-VP',
  ask: 'Đề nghị trích xuất',
  asked: 'Đã đề nghị; chờ người thứ hai duyệt.',
  askedWhere: 'Xem việc chờ người thứ hai',
  none: 'Vụ việc này chưa có hồ sơ trích xuất nào.',
  noneNext: 'Đề nghị ở dưới; người thứ hai duyệt xong thì hồ sơ được ghi và hiện ở đây.',
  closed: 'Phiếu đã đóng: mở lại phiếu để đề nghị hồ sơ mới. Hồ sơ đã có vẫn tải được.',
  states: {
    waiting: 'chờ ghi',
    writing: 'đang ghi',
    ready: 'sẵn sàng',
    failed: 'không ghi được',
  },
  people: (asked: string, approved: string) => `${asked} đề nghị, ${approved} duyệt`,
  progress: (percent: string) => `Đã ghi ${percent}`,
  download: 'Tải hồ sơ',
  downloadWhy: 'Địa chỉ tải có hiệu lực 30 phút; đường truyền đứt thì tải tiếp được.',
  hash: 'Mã băm hồ sơ',
  size: (mb: string) => `${mb} MB`,
};
type PackageText = typeof vi;

const en: PackageText = {
  packages: 'Evidence packages',
  why: 'What leaves the system: the untouched masters, a copy to watch, the record and how to check it all without this hub. A second person approves; every step is logged.',
  purpose: 'For whom and what for',
  purposeHint: 'The second person reads this; it stands in the record.',
  legalBasis: 'Legal basis',
  legalHint: 'For example: Article 12 of Decision 45/QĐ-VP',
  ask: 'Ask for a package',
  asked: 'Asked; a second person must approve.',
  askedWhere: 'See what waits for a second person',
  none: 'This case has no evidence package yet.',
  noneNext: 'Ask for one below; once a second person approved, it is written and appears here.',
  closed: 'The case is closed: reopen it to ask for a new package. Those made can still be downloaded.',
  states: {
    waiting: 'waiting to be written',
    writing: 'being written',
    ready: 'ready',
    failed: 'could not be written',
  },
  people: (asked, approved) => `asked by ${asked}, approved by ${approved}`,
  progress: (percent) => `${percent} written`,
  download: 'Download',
  downloadWhy: 'The address works for 30 minutes; a broken download goes on where it was.',
  hash: 'Package hash',
  size: (mb) => `${mb} MB`,
};

export const packageText: Catalogue<PackageText> = { vi, en };
