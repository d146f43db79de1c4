/** Catalogue of what else may be done with a case, Vietnamese first. */
import type { Catalogue } from '../common/languages.ts';

const vi = {
  acts: 'Việc khác',
  ownRange: 'Phạm vi của phiếu',
  widerRange: (from: string, to: string) => `Khoảng rộng hơn ${from}–${to}`,
  wider: 'Xem rộng hơn',
  widerWhy: 'Ngoài phạm vi của phiếu cần người thứ hai đồng ý. Mỗi khoảng dài tối đa bốn giờ.',
  widerAsk: 'Đề nghị người thứ hai',
  widerAsked: 'Đã đề nghị; chờ người thứ hai đồng ý.',
  widerWhere: 'Xem việc chờ người thứ hai',
  from: 'Từ',
  to: 'Đến',
  reason: 'Lý do',
  reasonHint: 'Người thứ hai đọc câu này; nó nằm trong nhật ký.',
  tell: 'Thông báo cho cán bộ được ghi hình',
  tellWhy: 'Sau khi thông báo, hoặc khi phiếu đóng, cán bộ thấy ai đã xem hình của mình. Không rút lại được.',
  tellGo: 'Đã thông báo, cho cán bộ biết ai đã xem',
  tellNever: 'Vụ tố cáo: cán bộ không bao giờ biết ai đã xem.',
  toldSince: (at: string) => `Cán bộ biết ai đã xem từ ${at}.`,
  petitioner: 'Người gửi',
  petitionerWhy: 'Họ tên được niêm phong; mỗi lần đọc đều ghi nhật ký.',
  petitionerRead: 'Đọc họ tên',
  petitionerName: 'Họ tên người gửi (nếu có)',
  petitionerContact: 'Cách liên hệ',
  petitionerHint: 'Được niêm phong; chỉ người được giao đọc được, mỗi lần đọc đều ghi nhật ký.',
  denunciationWhy:
    'Tố cáo: danh tính người tố cáo là bí mật theo luật. Không ghi tên họ vào ô mục đích; cán bộ không bao giờ biết ai đã xem hình.',
  intervalGo: 'Theo khoảng thời gian',
  intervalHead: 'Lập phiếu cho một khoảng thời gian của quầy',
  intervalWhy:
    'Khi không biết lượt nào. Tối đa một giờ, cộng cả các khoảng ông/bà tự nêu của quầy ấy trong bảy ngày qua; rộng hơn cần người thứ hai.',
  counter: 'Quầy',
  day: 'Ngày (của số thứ tự)',
  ownCases: 'Phiếu của tôi',
};

const en: typeof vi = {
  acts: 'More',
  ownRange: 'What the case is of',
  widerRange: (from, to) => `Wider, ${from}–${to}`,
  wider: 'See more',
  widerWhy: 'Beyond what the case is of, a second person has to agree. Four hours at most at a time.',
  widerAsk: 'Ask a second person',
  widerAsked: 'Asked; it waits for a second person.',
  widerWhere: 'See what waits for a second person',
  from: 'From',
  to: 'To',
  reason: 'Reason',
  reasonHint: 'The second person reads it; it stands in the log.',
  tell: 'Tell the officer filmed',
  tellWhy: 'Once told, or once the case is closed, the officer sees who watched. It cannot be taken back.',
  tellGo: 'Told: let the officer see who watched',
  tellNever: 'A denunciation: the officer never learns who watched.',
  toldSince: (at) => `The officer sees who watched since ${at}.`,
  petitioner: 'Who brought it',
  petitionerWhy: 'The name is sealed; each reading is logged.',
  petitionerRead: 'Read the name',
  petitionerName: 'Who brought it (if known)',
  petitionerContact: 'How to reach them',
  petitionerHint: 'Sealed; the assignee alone can read it, and each reading is logged.',
  denunciationWhy:
    'A denunciation: who brought it is a secret by law. Keep their name out of the purpose; the officer never learns who watched.',
  intervalGo: 'By time of a counter',
  intervalHead: 'Open a case for a time of a counter',
  intervalWhy:
    'Where nobody knows which transaction. An hour at most, with the times of that counter you named within seven days; more takes a second person.',
  counter: 'Counter',
  day: 'Day (of a queue number)',
  ownCases: 'My cases',
};

export const caseText: Catalogue<typeof vi> = { vi, en };
