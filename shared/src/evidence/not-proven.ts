/** What a package does not prove, said in the manifest by code and in these words on paper and screen. */
import type { Sentence } from './findings.ts';
import type { NotProvenCode } from './manifest.ts';

export const NOT_PROVEN: Readonly<Record<NotProvenCode, Sentence>> = {
  'before-hash': {
    vi: 'Hình không bị sửa TRƯỚC khi đoạn ghi được băm (khoảng 4 giây sau khi quay) thì không chứng minh được.',
    en: 'That nothing was altered BEFORE a segment was hashed (about 4 seconds after it was filmed) is not proven.',
  },
  'camera-clock': {
    vi: 'Giờ của hình tính từ lúc dữ liệu tới máy chủ, có sai số nêu trong bản kê; camera có thể chậm hơn thế.',
    en: 'The time of a picture follows from its arrival at the hub, within the stated bounds; a camera may be later still.',
  },
  aim: {
    vi: 'Camera có được đặt đúng chỗ, đúng hướng hay không thì hồ sơ này không chứng minh.',
    en: 'That the camera stood where and pointed at what it should is not proven here.',
  },
  'hub-root': {
    vi: 'Người có toàn quyền trên máy chủ có thể đổi hình trước khi phút đó được thiết bị làm chứng; đổi về sau, bằng cách ghi thêm vào nhật ký với giờ cũ, thì chỉ kiểm tra toàn bộ dữ liệu máy chủ mới thấy (hailong-hub verify --witness), không phải từ riêng hồ sơ này.',
    en: 'Whoever has full control of the hub can alter footage before its minute is witnessed by kiosks; later, by adding to the log under an earlier time, which only a check of the hub’s whole data finds (hailong-hub verify --witness), not this package by itself.',
  },
  'witness-older-log': {
    vi: 'Thiết bị tại quầy ký nhận nhật ký của trước lần khôi phục máy chủ: hồ sơ này không nối hai nhật ký với nhau.',
    en: 'The kiosk signed for the log of before the hub was restored: this package does not join the two.',
  },
  'approval-unlogged': {
    vi: 'Việc hai người cho phép trích xuất không nằm trong nhật ký đã ký kèm theo: ai yêu cầu, ai duyệt là lời của máy chủ.',
    en: 'That two people allowed this export does not lie in the signed log that goes along: who asked and approved is the hub’s word.',
  },
  'custody-others': {
    vi: 'Ai xem cùng đoạn hình này trong vụ việc khác: chỉ nêu giờ và vai trò theo lời máy chủ; vụ việc chưa báo cho cán bộ và tố cáo thì không nêu.',
    en: 'Who watched the same footage for another case: only time and role, by the hub’s word; cases that have not told their officer, and denunciations, are not listed.',
  },
  'cameras-stated': {
    vi: 'Những camera nào quay quầy này lúc đó là lời của máy chủ, theo sơ đồ camera; ai sửa sơ đồ từ đó đến nay thì nêu trong nhật ký bàn giao, nhưng máy chủ có thể đã bỏ sót.',
    en: 'Which cameras saw this counter then is the hub’s word, by its map of cameras; who changed that map since stands in the custody log, but the hub may have left some out.',
  },
  'rating-unsigned': {
    vi: 'Một phần chuỗi sự kiện chưa có chữ ký của thiết bị.',
    en: 'A part of the chain excerpt carries no signature of its device.',
  },
  'rating-withheld': {
    vi: 'Một số sự kiện của lượt này không được giao (ý kiến gửi tỉnh, phiếu từ điện thoại): chỉ nêu loại.',
    en: 'Some events of this transaction may not be handed over (chips for the province, votes by phone): only their types stand here.',
  },
  'rating-unlogged': {
    vi: 'Nhật ký máy chủ chưa cam kết phần chuỗi sự kiện này.',
    en: 'The hub’s log has not yet committed to this part of the chain.',
  },
  'rating-partial': {
    vi: 'Trích chuỗi sự kiện của lượt này không trọn: thiếu sự kiện mở, kết thúc hoặc đóng phiếu, hoặc ở giữa còn sự kiện không có trong hồ sơ. Có thể đã có đánh giá khác.',
    en: 'The excerpt of this transaction’s events is not whole: its opening, its end or the close of its rating is missing, or events that are not here lie in between. There may have been other votes.',
  },
  'turn-unanchored': {
    vi: 'Giờ của lượt phục vụ là lời của máy chủ: hồ sơ không mang mốc đồng hồ nào mà thiết bị tại quầy đã ghi trong lần chạy đó.',
    en: 'The times of the transaction are the hub’s word: no anchor of the clock that the counter’s device wrote in that run is here.',
  },
  'turn-moved': {
    vi: 'Giờ của lượt phục vụ nêu trong bản kê khác, quá sai số, so với giờ tính theo mốc đồng hồ trong chuỗi sự kiện của quầy.',
    en: 'The stated times of the transaction differ, by more than their bound, from those that an anchor in the counter’s own chain gives.',
  },
  'asked-partial': {
    vi: 'Khoảng thời gian yêu cầu không chứa trọn lượt phục vụ nêu trong hồ sơ: hình giao có thể là của lúc khác.',
    en: 'The asked interval does not hold the whole of the transaction named here: the footage may be of another time.',
  },
  'segment-unlogged': {
    vi: 'Một số đoạn gốc chưa nằm dưới mốc nhật ký đã ký.',
    en: 'Some masters do not yet lie under a signed checkpoint.',
  },
  'segment-late': {
    vi: 'Một số đoạn gốc vào nhật ký trễ hơn 5 phút sau khi quay, hoặc không có trong nhật ký: trước lúc đó có thể đã bị thay mà không để lại dấu.',
    en: 'The hub’s log committed to some masters more than 5 minutes after they were filmed, or never: until then they could be exchanged without a trace.',
  },
  'segment-older-log': {
    vi: 'Một số đoạn gốc nằm trong nhật ký của trước lần khôi phục máy chủ: hồ sơ này không mang bằng chứng của nhật ký đó.',
    en: 'Some masters lie in a log of before the hub was restored: this package carries no proof from that one.',
  },
  'deletion-unlogged': {
    vi: 'Nhật ký máy chủ chưa cam kết lý do xóa của một số đoạn ghi đã xóa.',
    en: 'The hub’s log does not commit to why some of the deleted segments were deleted.',
  },
  'deletion-late': {
    vi: 'Nhật ký chỉ ghi nhận việc xóa một số đoạn ghi trễ hơn 5 phút sau giờ xóa nêu trong bản kê.',
    en: 'The hub’s log heard of some deletions more than 5 minutes after the time at which they are said to have happened.',
  },
  'mapping-unlogged': {
    vi: 'Nhật ký máy chủ không cam kết đối chiếu giờ của một số lượt ghi.',
    en: 'The hub’s log does not commit to the clock of some of the runs.',
  },
  'time-moved': {
    vi: 'Giờ của một số đoạn khác quá sai số nêu trong bản kê so với giờ mà nhật ký đã cam kết khi quay, hoặc khi đó nhật ký chưa có giờ.',
    en: 'Some footage stands, by more than its stated bound, at another time than the log committed to when it was filmed, or the log had none then.',
  },
  'time-unmapped': {
    vi: 'Một số đoạn chỉ được đặt theo lúc dữ liệu tới máy chủ, hoặc không đặt được: không mốc nhật ký nào cam kết giờ đó.',
    en: 'Some footage is placed by its arrival alone, or cannot be placed: no root of the log covers that time.',
  },
  'mapping-partial': {
    vi: 'Hồ sơ không mang đủ các bản đối chiếu giờ đã từng dùng cho một số lượt ghi: trước đây hình có thể đã được xếp vào giờ khác.',
    en: 'Not every version of the clock that some runs ever had is here: the footage may have been placed at another time before.',
  },
  'gap-unlogged': {
    vi: 'Vì sao thiếu hình (trừ việc xóa) là lời của máy chủ: nhật ký đã ký không cam kết các lý do đó.',
    en: 'Why pictures are missing (deletions aside) is the hub’s word alone: its signed log commits to none of these reasons.',
  },
  'times-unread': {
    vi: 'Không đọc được giờ của từng hình trong một số đoạn gốc: camera có ngừng gửi hình trong đó hay không thì không kiểm tra được.',
    en: 'The times of the single pictures of some masters cannot be read: whether the camera paused in them cannot be checked.',
  },
  'copy-unread': {
    vi: 'Bảng hình của một bản xem không đối chiếu được từng hình với các đoạn gốc: bản xem có thể bỏ qua hình hoặc đổi nhịp, nên xem chính các đoạn gốc.',
    en: 'The table of pictures of a working copy cannot be held to its masters one by one: it may skip some or play them at another pace. Watch the masters themselves.',
  },
  'kiosk-unplaced': {
    vi: 'Đồng hồ thiết bị tại quầy chưa từng được đối chiếu: giờ của lượt phục vụ không gắn được với giờ của hình.',
    en: 'The counter’s clock was never anchored: the times of the transaction cannot be placed on the footage.',
  },
  'no-rating': {
    vi: 'Hồ sơ này theo khoảng thời gian, không kèm lượt phục vụ nào.',
    en: 'This package is of an interval, without a transaction.',
  },
  'begin-unknown': {
    vi: 'Không có ghi nhận lúc bắt đầu lượt phục vụ: có thể còn hình của lượt này trước khoảng thời gian yêu cầu.',
    en: 'When the service began is not recorded: footage of it may lie before the asked interval.',
  },
  'end-unknown': {
    vi: 'Không có ghi nhận lúc kết thúc lượt phục vụ: có thể còn hình của lượt này sau khoảng thời gian yêu cầu, hoặc trong khoảng có hình sau khi lượt đã xong.',
    en: 'When the service ended is not recorded: footage of it may lie after the asked interval, or the interval may go on after its end.',
  },
  'end-cut': {
    vi: 'Lượt phục vụ dài hơn bốn giờ; khoảng thời gian yêu cầu dừng trước lúc kết thúc.',
    en: 'The service took more than four hours; the asked interval ends before it did.',
  },
};

/** Of a package of before the present form: no word in it says this. */
export const FIRST_FORM: Sentence = {
  vi: 'Hồ sơ theo mẫu đầu tiên (hailong-evidence-v1): nhật ký có phải nhật ký mà các quầy đã ký hay không, ai duyệt, những camera nào quay quầy, trích chuỗi sự kiện có đủ hay không, bản xem có bỏ qua hình nào không thì mẫu này không cho kiểm tra. Máy chủ hiện nay không còn lập hồ sơ theo mẫu này.',
  en: 'A package of the first form (hailong-evidence-v1): whether its log is the one that kiosks signed for, who approved it, which cameras saw the counter whether the excerpt of the chain is whole and whether a working copy skips pictures cannot be checked in it. Hubs of today write no more of this form.',
};
