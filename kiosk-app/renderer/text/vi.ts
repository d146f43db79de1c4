/** What a citizen reads, in Vietnamese: the default and the measure; every other catalogue has the same keys. */
export const vi = {
  /** Written on the key that changes the language: the other language's own name. */
  otherLanguage: 'English',
  counter: 'Quầy',
  welcome: 'Xin mời ông/bà',
  atThisCounter: 'Người phục vụ tại quầy',
  closedHead: 'Quầy tạm ngừng phục vụ.',
  closedText: 'Mời ông/bà sang quầy khác.',
  startingHead: 'Thiết bị đang khởi động',
  startingText: 'Xin ông/bà chờ trong giây lát.',
  awayHead: 'Xin chờ trong giây lát.',
  awayText: 'Thiết bị đang kết nối lại. Nội dung đã ghi nhận được giữ nguyên.',
  servingYou: 'Người phục vụ ông/bà',
  yourNumber: 'Số của ông/bà',
  dossier: 'Mã hồ sơ',
  dossierAndMore: (count: number) => `Mã hồ sơ · và ${count} hồ sơ khác`,
  finished: 'Tôi đã xong, tôi muốn đánh giá',
  touchFace: 'Chạm một khuôn mặt',
  step: (step: number, steps: number) => `Câu ${step}/${steps}`,
  recorded: 'Đã ghi nhận',
  levels: 'Các mức đánh giá',
  skip: 'Bỏ qua',
  change: 'Chọn lại',
  busy: 'Đang ghi nhận…',
  thanksHead: 'Đã ghi nhận.',
  thanksText: 'Cảm ơn ông/bà.',
  thanksNote: 'Mời ông/bà nhận lại giấy tờ trước khi rời quầy.',
  cannotStoreHead: 'Chưa ghi nhận được.',
  cannotStoreText: 'Mời báo bàn hướng dẫn.',
  cameraNotice: (days: number) =>
    `Khu vực có camera ghi hình để giải quyết phản ánh, khiếu nại. Lưu\u00a0${days}\u00a0ngày.`,
  contact: (phone: string) => `Liên hệ: ${phone}`,
  /** Sunday first. */
  weekdays: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
};

/** Complete by type: a catalogue that lacks a sentence does not compile. */
export type Catalogue = { readonly [Key in keyof typeof vi]: (typeof vi)[Key] };
