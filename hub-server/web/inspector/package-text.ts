/** Catalogue of evidence packages on the inspector's page, Vietnamese first. */
import type { Catalogue } from '../common/languages.ts';

const vi = {
  packages: 'Hồ sơ trích xuất',
  why: 'Bản giao cho người ngoài hệ thống: đoạn gốc nguyên vẹn, bản xem, biên bản và cách kiểm tra không cần máy chủ. Cần người thứ hai duyệt; mọi bước ghi nhật ký.',
  purpose: 'Giao cho ai, để làm gì',
  purposeHint: 'Người duyệt đọc câu này; nó nằm trong biên bản.',
  legalBasis: 'Căn cứ pháp lý',
  legalHint: 'Ví dụ: Điều 12 Quyết định 45/QĐ-VP',
  range: 'Khoảng thời gian',
  rangeOther: 'Rộng hơn phạm vi của phiếu…',
  rangeWhy: 'Tối đa bốn giờ. Được duyệt thì phiếu cũng xem được khoảng này.',
  ofOwn: 'Phạm vi của phiếu',
  of: (span: string) => `Khoảng ${span}`,
  ask: 'Đề nghị trích xuất',
  askMore: 'Đề nghị hồ sơ khác',
  asked: 'Đã đề nghị; chờ người thứ hai duyệt.',
  askedWhere: 'Xem việc chờ người thứ hai',
  none: 'Phiếu này chưa có hồ sơ trích xuất nào.',
  noneNext: 'Đề nghị ở dưới; người thứ hai duyệt xong thì hồ sơ được ghi và hiện ở đây.',
  closed:
    'Phiếu đã đóng: mở lại phiếu để đề nghị hồ sơ mới. Hồ sơ đã có vẫn tải được, mỗi lần tải vào nhật ký.',
  states: {
    waiting: 'chờ ghi',
    writing: 'đang ghi',
    ready: 'sẵn sàng',
    failed: 'không ghi được',
    removed: 'đã xóa khỏi máy chủ',
  },
  removed: (at: string, why: string) =>
    `Đã xóa lúc ${at}: ${why}. Bản đã giao vẫn kiểm tra được bằng mã băm này.`,
  removedWhy: {
    fetched: 'hết thời gian giữ sau khi tải',
    'case-closed': 'hết thời gian giữ sau khi phiếu đóng',
    lost: 'thư mục không còn trên ổ đĩa',
  },
  keptUntil: (day: string) => `Giữ trên máy chủ đến ${day}.`,
  keptWhile: 'Giữ trên máy chủ khi phiếu còn mở hoặc còn bảo lưu.',
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
  range: 'Time',
  rangeOther: 'More than the case is of…',
  rangeWhy: 'Four hours at most. Once approved, the case may see this time as well.',
  ofOwn: 'What the case is of',
  of: (span) => span,
  ask: 'Ask for a package',
  askMore: 'Ask for another one',
  asked: 'Asked; a second person must approve.',
  askedWhere: 'See what waits for a second person',
  none: 'This case has no evidence package yet.',
  noneNext: 'Ask for one below; once a second person approved, it is written and appears here.',
  closed:
    'The case is closed: reopen it to ask for a new package. Those made can still be downloaded, each time logged.',
  states: {
    waiting: 'waiting to be written',
    writing: 'being written',
    ready: 'ready',
    failed: 'could not be written',
    removed: 'removed from the hub',
  },
  removed: (at, why) =>
    `Removed on ${at}: ${why}. A copy that was handed over is still checked by this hash.`,
  removedWhy: {
    fetched: 'its days after it was fetched are over',
    'case-closed': 'its days after the case closed are over',
    lost: 'its folder is no longer on the disk',
  },
  keptUntil: (day) => `Kept on the hub until ${day}.`,
  keptWhile: 'Kept on the hub while its case is open or held.',
  people: (asked, approved) => `asked by ${asked}, approved by ${approved}`,
  progress: (percent) => `${percent} written`,
  download: 'Download',
  downloadWhy: 'The address works for 30 minutes; a broken download goes on where it was.',
  hash: 'Package hash',
  size: (mb) => `${mb} MB`,
};

export const packageText: Catalogue<PackageText> = { vi, en };
