/** Catalogue of the pages about footage that is there, missing or kept: the same for inspectors and administrators. */
import type { HoldKind } from '@hailong/shared/protocol/holds.ts';
import { HELD_WALKUP_WORDS, HOLD_WORDS } from '@hailong/shared/words/hold-words.ts';
import type { Catalogue } from '../languages.ts';

interface FootageText {
  readonly coverage: string;
  readonly coverageWhy: string;
  readonly camera: string;
  readonly day: string;
  readonly before: string;
  readonly after: string;
  readonly noCameras: string;
  readonly noCamerasNext: string;
  readonly unknownHead: (length: string) => string;
  readonly unknownNext: string;
  readonly all: string;
  readonly from: string;
  readonly until: string;
  readonly length: string;
  readonly what: string;
  readonly deletedBy: (who: string) => string;
  readonly deletedOn: (day: string) => string;
  readonly share: string;
  readonly bar: (camera: string, day: string) => string;
  readonly latency: string;
  readonly latencyWhy: string;
  readonly latencyNone: string;
  readonly used: string;
  readonly how: string;
  readonly measuredAs: (value: string, error: string, when: string, who: string) => string;
  readonly assumed: string;
  readonly clock: string;
  readonly clockWhy: (days: string) => string;
  readonly clockNone: string;
  readonly clockLast: string;
  readonly clockChart: (n: string, low: string, high: string) => string;
  readonly holds: string;
  readonly holdsWhy: string;
  readonly holdsNone: string;
  readonly holdsNoneNext: string;
  readonly kinds: Readonly<Record<HoldKind, string>>;
  readonly walkup: (counter: string, when: string) => string;
  readonly kind: string;
  readonly kindAll: string;
  readonly kindNone: string;
  readonly count: (living: string, ended: string) => string;
  readonly firstPage: string;
  readonly nextPage: string;
  readonly owner: string;
  readonly hub: string;
  readonly caseHead: string;
  readonly noCase: string;
  readonly caseFind: string;
  readonly caseFindHint: string;
  readonly caseOther: string;
  readonly caseNone: string;
  readonly caseNoneSuch: string;
  readonly caseMore: (count: number) => string;
  readonly secret: string;
  readonly footage: string;
  readonly ends: string;
  readonly whileOpen: string;
  readonly lapsed: (at: string) => string;
  readonly ended: (at: string, by: string) => string;
  readonly add: string;
  readonly addDo: string;
  readonly keepUntil: string;
  readonly reason: string;
  readonly reasonHint: string;
  readonly end: string;
  readonly endHead: string;
  readonly endWhy: string;
  readonly endDo: string;
  readonly asked: string;
  readonly askedNext: string;
  readonly waiting: string;
  readonly waitingFor: (name: string) => string;
  readonly approve: string;
  readonly refuse: string;
  readonly acts: Record<'hold-add' | 'hold-end' | 'counter-reported', string>;
}

const vi: FootageText = {
  coverage: 'Nhật ký hình',
  coverageWhy:
    'Từng đoạn trong ngày của một camera: có hình, hoặc vì sao không. Mỗi lần xem đều ghi nhật ký.',
  camera: 'Camera',
  day: 'Ngày',
  before: 'Ngày trước',
  after: 'Ngày sau',
  noCameras: 'Chưa có camera nào.',
  noCamerasNext: 'Quản trị viên thêm camera ở mục Camera.',
  unknownHead: (length) => `${length} chưa rõ nguyên nhân`,
  unknownNext: 'Xem nhật ký máy chủ vào lúc đó, rồi báo người phụ trách: mọi đoạn thiếu phải có lý do.',
  all: 'Cả ngày',
  from: 'Từ',
  until: 'Đến',
  length: 'Thời lượng',
  what: 'Tình trạng',
  deletedBy: (who) => `theo yêu cầu của ${who}`,
  deletedOn: (day) => `xóa ngày ${day}`,
  share: 'Tỷ lệ',
  bar: (camera, day) => `Các đoạn trong ngày ${day} của ${camera}`,
  latency: 'Độ trễ của hình',
  latencyWhy:
    'Hình đứng sau sự việc bao lâu; hệ thống cộng vào sai số của đoạn hình. Quản trị viên đo bằng trang đồng hồ máy chủ.',
  latencyNone: 'Ngày này chưa đến.',
  used: 'Dùng',
  how: 'Theo',
  measuredAs: (value, error, when, who) => `đo được ${value} ± ${error} giây, ${when}, ${who}`,
  assumed: 'chưa đo: lấy theo khai báo của camera',
  clock: 'Đồng hồ của camera',
  clockWhy: (days) =>
    `Lệch so với máy chủ, ${days} ngày đến hết ngày này. Camera nói giờ theo giây; hình không được xếp theo đồng hồ này.`,
  clockNone: 'Không có số đo. Camera chỉ có địa chỉ RTSP không cho biết giờ.',
  clockLast: 'Lần cuối',
  clockChart: (n, low, high) => `${n} lần đo, lệch từ ${low} đến ${high} giây`,
  holds: 'Bảo lưu dữ liệu',
  holdsWhy: 'Hình được giữ quá hạn lưu: của ai, vì sao, đến khi nào. Thêm và kết thúc sớm cần hai người.',
  holdsNone: 'Không có hình nào đang được bảo lưu.',
  holdsNoneNext: 'Đánh giá không hài lòng, phiếu xác minh và đề nghị của cán bộ được bảo lưu tự động.',
  kinds: HOLD_WORDS.vi,
  walkup: HELD_WALKUP_WORDS.vi,
  kind: 'Vì sao giữ',
  kindAll: 'Mọi lý do',
  kindNone: 'Không có hình nào được bảo lưu vì lý do này.',
  count: (living, ended) => `Đang bảo lưu ${living}; đã kết thúc trong 30 ngày qua ${ended}.`,
  firstPage: 'Về trang đầu',
  nextPage: 'Trang sau',
  owner: 'Của ai',
  hub: 'Máy chủ, tự động',
  caseHead: 'Phiếu',
  noCase: 'không theo phiếu',
  secret: 'Nội dung chỉ người được giao xem',
  caseFind: 'Theo phiếu (không bắt buộc)',
  caseFindHint: 'Gõ số phiếu, số văn bản hoặc mục đích.',
  caseOther: 'Chọn phiếu khác',
  caseNone: 'Không có phiếu nào đang mở.',
  caseNoneSuch: 'Không có phiếu đang mở nào khớp.',
  caseMore: (count) => `và ${count} phiếu nữa: gõ thêm để thu hẹp.`,
  footage: 'Hình được giữ',
  ends: 'Đến khi',
  whileOpen: 'phiếu đóng',
  lapsed: (at) => `hết hạn ${at}`,
  ended: (at, by) => `kết thúc ${at}: ${by}`,
  add: 'Giữ lại, không xóa',
  addDo: 'Đề nghị bảo lưu',
  keepUntil: 'Giữ đến hết ngày',
  reason: 'Lý do',
  reasonHint: 'Người thứ hai đọc lý do này; lý do được ghi vào nhật ký.',
  end: 'Kết thúc bảo lưu',
  endHead: 'Kết thúc bảo lưu trước hạn',
  endWhy: 'Sau khi người thứ hai đồng ý, hình quá hạn lưu sẽ bị xóa.',
  endDo: 'Đề nghị kết thúc',
  asked: 'Đã gửi đề nghị.',
  askedNext: 'Có hiệu lực khi người thứ hai đồng ý.',
  waiting: 'Đang chờ người thứ hai',
  waitingFor: (name) => `${name} đề nghị`,
  approve: 'Đồng ý',
  refuse: 'Không đồng ý',
  acts: {
    'hold-add': 'Giữ lại, không xóa',
    'hold-end': 'Kết thúc bảo lưu',
    'counter-reported': 'Không chờ thiết bị của quầy báo về nữa',
  },
};

const en: FootageText = {
  coverage: 'Footage by day',
  coverageWhy: 'Each part of a camera’s day: recorded, or why not. Every look is logged.',
  camera: 'Camera',
  day: 'Day',
  before: 'Day before',
  after: 'Day after',
  noCameras: 'There is no camera yet.',
  noCamerasNext: 'An administrator adds cameras under Cameras.',
  unknownHead: (length) => `${length} without a known reason`,
  unknownNext:
    'Look into the hub’s journal of that time and tell whoever is in charge: every gap has a reason.',
  all: 'Whole day',
  from: 'From',
  until: 'Until',
  length: 'Length',
  what: 'State',
  deletedBy: (who) => `asked for by ${who}`,
  deletedOn: (day) => `deleted on ${day}`,
  share: 'Share',
  bar: (camera, day) => `Parts of ${day} of ${camera}`,
  latency: 'Latency of the picture',
  latencyWhy:
    'How far pictures stand behind the event; it widens the bounds of a clip. Administrators measure it by the hub’s clock page.',
  latencyNone: 'This day is still to come.',
  used: 'Used',
  how: 'By',
  measuredAs: (value, error, when, who) => `measured ${value} ± ${error} s, ${when}, ${who}`,
  assumed: 'not measured: as the camera’s entry says',
  clock: 'The camera’s clock',
  clockWhy: (days) =>
    `Against the hub’s, ${days} days up to the end of this one. Cameras tell whole seconds; no picture is placed by this clock.`,
  clockNone: 'Nothing was told. A camera known by its RTSP address alone tells no time.',
  clockLast: 'Last',
  clockChart: (n, low, high) => `${n} samples, off by ${low} to ${high} s`,
  holds: 'Footage on hold',
  holdsWhy: 'Footage kept past its days: whose, why, until when. Adding and ending early take two people.',
  holdsNone: 'No footage is on hold.',
  holdsNoneNext: 'Bad ratings, cases and officers’ requests are held by themselves.',
  kinds: HOLD_WORDS.en,
  walkup: HELD_WALKUP_WORDS.en,
  kind: 'Why it is kept',
  kindAll: 'Any reason',
  kindNone: 'No footage is on hold for this reason.',
  count: (living, ended) => `${living} on hold; ${ended} ended in the last 30 days.`,
  firstPage: 'First page',
  nextPage: 'Next page',
  owner: 'Whose',
  hub: 'The hub, by itself',
  caseHead: 'Case',
  noCase: 'no case',
  secret: 'Only its assignee sees more',
  footage: 'Footage kept',
  caseFind: 'For a case (not required)',
  caseFindHint: 'Type its number, its document’s or its purpose.',
  caseOther: 'Choose another',
  caseNone: 'You have no open case.',
  caseNoneSuch: 'None of your open cases matches.',
  caseMore: (count) => `and ${count} more: type to narrow them.`,
  ends: 'Until',
  whileOpen: 'its case is closed',
  lapsed: (at) => `lapsed ${at}`,
  ended: (at, by) => `ended ${at}: ${by}`,
  add: 'Keep, do not delete',
  addDo: 'Ask for the hold',
  keepUntil: 'Keep to the end of',
  reason: 'Reason',
  reasonHint: 'The second person reads it; it stands in the log.',
  end: 'End the hold',
  endHead: 'End a hold before its time',
  endWhy: 'Once a second person agrees, footage past its days is deleted.',
  endDo: 'Ask to end it',
  asked: 'Asked.',
  askedNext: 'It takes effect when a second person agrees.',
  waiting: 'Waiting for a second person',
  waitingFor: (name) => `asked by ${name}`,
  approve: 'Agree',
  refuse: 'Do not agree',
  acts: {
    'hold-add': 'Keep, do not delete',
    'hold-end': 'End the hold',
    'counter-reported': 'Wait no longer for a counter’s kiosk',
  },
};

export const footageText: Catalogue<FootageText> = { vi, en };
