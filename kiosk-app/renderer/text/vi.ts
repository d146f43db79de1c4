/** What a citizen reads, in Vietnamese: the default and the measure; every other catalogue has the same keys. */
import { officerVi } from './officer-words.ts';

export const vi = {
  /** Over the list of languages, where more than two are offered. */
  chooseLanguage: 'Chọn ngôn ngữ',
  counter: 'Quầy',
  welcome: 'Xin mời ông/bà',
  atThisCounter: 'Người phục vụ tại quầy',
  closedHead: 'Quầy tạm ngừng phục vụ.',
  closedText: 'Mời ông/bà sang quầy khác.',
  startingHead: 'Thiết bị đang khởi động',
  startingText: 'Xin ông/bà chờ trong giây lát.',
  awayHead: 'Xin chờ trong giây lát.',
  awayText: 'Thiết bị đang kết nối lại. Nội dung đã ghi nhận được giữ nguyên.',
  darkWords: 'Màn hình tắt ngoài giờ làm việc. Chạm để bật.',
  servingYou: 'Người phục vụ ông/bà',
  yourNumber: 'Số của ông/bà',
  dossier: 'Mã hồ sơ',
  dossierAndMore: (count: number) => `Mã hồ sơ · và ${count} hồ sơ khác`,
  finished: 'Tôi đã xong, tôi muốn đánh giá',
  touchFace: 'Chạm một khuôn mặt',
  touchOrPress: 'Chạm một khuôn mặt hoặc bấm nút',
  /** A kind of panel that cannot be seen. */
  touchOrTry: 'Chạm một khuôn mặt, hoặc bấm nút nếu có',
  panelAway: 'Bộ nút tạm hỏng: mời chạm một khuôn mặt',
  step: (step: number, steps: number) => `Câu ${step}/${steps}`,
  recorded: 'Đã ghi nhận',
  levels: 'Các mức đánh giá',
  goPrivate: 'Đánh giá riêng trên điện thoại',
  listen: 'Nghe đọc câu hỏi',
  stopListening: 'Dừng đọc',
  chipsHead: 'Ông/bà muốn cho biết thêm điều gì?',
  chipsHint: '(có thể chọn nhiều, hoặc bỏ qua)',
  done: 'Xong',
  skip: 'Bỏ qua',
  change: 'Chọn lại',
  busy: 'Đang ghi nhận…',
  thanksHead: 'Đã ghi nhận.',
  thanksText: 'Cảm ơn ông/bà.',
  thanksNote: 'Mời ông/bà nhận lại giấy tờ trước khi rời quầy.',
  cannotStoreHead: 'Chưa ghi nhận được.',
  cannotStoreText: 'Mời báo bàn hướng dẫn.',
  cannotStoreScan: 'Mời báo bàn hướng dẫn hoặc quét mã QR.',
  privateHead: 'Đánh giá riêng trên điện thoại.',
  privateOnce: 'Mỗi lượt chỉ một lần.',
  privateUntil: (time: string, date: string) => `Mỗi lượt chỉ một lần, hết hạn ${time}, ${date}.`,
  qr: 'Mã QR để đánh giá trên điện thoại',
  scan: 'Quét mã bằng máy ảnh điện thoại',
  code: 'Mã đánh giá',
  codeAt: (address: string) => `Hoặc mở ${address} và nhập mã`,
  offerHead: 'Lượt vừa rồi: đánh giá riêng trên điện thoại.',
  walkup: 'Đánh giá không kèm lượt phục vụ',
  lastMonth: (received: number, mended: number) => `Tháng trước: ${received} góp ý, đã khắc phục ${mended}`,
  cameraNotice: (days: number) =>
    `Khu vực có camera ghi hình để giải quyết phản ánh, khiếu nại. Lưu\u00a0${days}\u00a0ngày.`,
  contact: (phone: string) => `Liên hệ: ${phone}`,
  officer: officerVi,
  /** Sunday first. */
  weekdays: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
};

/** Complete by type: a catalogue that lacks a sentence does not compile. */
export type Catalogue = typeof vi;
