/** The sentences of the phone page. Vietnamese first, English complete. It promises what holds, and never anonymity. */
import type { Catalogue } from '../common/languages.ts';
import type { Refusal } from './hub.ts';

export interface VoteText {
  title: string;
  otherLanguage: string;
  lead: string;
  kept: string;
  start: string;
  codeLabel: string;
  codeHint: string;
  codeWrong: string;
  wait: string;
  slow: string;
  counter: (number: string) => string;
  late: string;
  step: (step: number, steps: number) => string;
  chipsTitle: string;
  checkTitle: string;
  once: string;
  skipped: string;
  chipsChosen: (n: number) => string;
  back: string;
  skip: string;
  done: string;
  send: string;
  sending: string;
  unsent: string;
  thanksFull: string;
  thanksReceived: string;
  thanks: string;
  again: string;
  receipt: {
    head: string;
    received: string;
    late: string;
    counted: (month: string | null) => string;
    lookLater: string;
    look: string;
    sentAt: string;
  };
  refused: Record<Refusal, { head: string; what: string }>;
  retry: string;
  otherCode: string;
}

export const voteText: Catalogue<VoteText> = {
  vi: {
    title: 'Đánh giá lần phục vụ',
    otherLanguage: 'English',
    lead: 'Đánh giá riêng trên điện thoại. Mỗi lượt chỉ một lần.',
    kept: 'Không cần đăng nhập; không hỏi tên, số điện thoại hay vị trí. Điện thoại này giữ một mã ngẫu nhiên để mỗi lượt chỉ được đánh giá một lần và để ông/bà xem lại việc tiếp nhận.',
    start: 'Bắt đầu đánh giá',
    codeLabel: 'Mã đánh giá trên phiếu hoặc trên màn hình',
    codeHint: 'Mười chữ và số; không phân biệt chữ hoa, chữ thường.',
    codeWrong: 'Mã chưa đủ: xem lại trên phiếu.',
    wait: 'Đang mở…',
    slow: 'Máy chủ trả lời chậm. Vẫn đang chờ, ông/bà không phải làm gì.',
    counter: (number) => `Quầy ${number}`,
    late: 'Đã quá hạn đánh giá. Ý kiến vẫn được giữ, không tính vào số liệu.',
    step: (step, steps) => `Bước ${step}/${steps}`,
    chipsTitle: 'Ông/bà muốn cho biết thêm điều gì? (có thể chọn nhiều, hoặc bỏ qua)',
    checkTitle: 'Gửi đánh giá này?',
    once: 'Chỉ gửi được một lần. Muốn đổi, mời ông/bà chọn lại trước khi gửi.',
    skipped: 'Bỏ qua',
    chipsChosen: (n) => `Cho biết thêm: ${n} điều`,
    back: 'Chọn lại',
    skip: 'Bỏ qua',
    done: 'Xong',
    send: 'Gửi đánh giá',
    sending: 'Đang gửi…',
    unsent: 'Chưa gửi được. Ý kiến còn trên trang này và đang được gửi lại; mời ông/bà đừng đóng trang.',
    thanksFull: 'Đã ghi nhận.',
    thanksReceived: 'Đã nhận.',
    thanks: 'Cảm ơn ông/bà.',
    again: 'Gửi lại ngay',
    receipt: {
      head: 'Việc tiếp nhận',
      received: 'Đã nhận. Chờ thiết bị tại quầy báo lượt phục vụ này về máy chủ.',
      late: 'Đã nhận sau khi hết hạn: vẫn được giữ, không tính vào số liệu.',
      counted: (month) =>
        month === null ? 'Đã tính vào số liệu; tháng chưa chốt.' : `Đã tính vào số liệu tháng ${month}.`,
      lookLater: 'Mở lại trang này trên điện thoại này để xem đã được tính hay chưa.',
      look: 'Xem lại',
      sentAt: 'Gửi lúc',
    },
    refused: {
      other_phone: {
        head: 'Lượt này đã được mở trên một điện thoại khác.',
        what: 'Chỉ điện thoại mở đầu tiên được đánh giá. Nếu không phải của ông/bà, mời báo bàn hướng dẫn.',
      },
      code_unknown: {
        head: 'Không tìm thấy mã đánh giá này.',
        what: 'Mời xem lại mã trên phiếu. Nếu vừa in phiếu, mời thử lại sau ít phút.',
      },
      ticket_invalid: {
        head: 'Mã QR này không đọc được hoặc không hợp lệ.',
        what: 'Mời quét lại mã trên màn hình, hoặc nhập mã trên phiếu.',
      },
      too_many: {
        head: 'Có quá nhiều lần thử sai từ mạng này.',
        what: 'Mời chờ năm phút rồi thử lại. Mã của ông/bà vẫn còn hiệu lực.',
      },
      away: {
        head: 'Chưa kết nối được máy chủ.',
        what: 'Mời kiểm tra mạng của điện thoại rồi thử lại. Chưa có gì bị mất.',
      },
      other: {
        head: 'Chưa mở được trang đánh giá.',
        what: 'Mời thử lại sau ít phút, hoặc báo bàn hướng dẫn.',
      },
    },
    retry: 'Thử lại',
    otherCode: 'Nhập mã trên phiếu',
  },
  en: {
    title: 'Rate the service',
    otherLanguage: 'Tiếng Việt',
    lead: 'Rate privately on your phone. Once per visit.',
    kept: 'No login; no name, phone number or location is asked. This phone keeps a random code, so that a visit is rated once only and you can look up what became of it.',
    start: 'Start',
    codeLabel: 'Rating code on your slip or on the screen',
    codeHint: 'Ten letters and digits; capitals do not matter.',
    codeWrong: 'The code is too short: look at your slip again.',
    wait: 'Opening…',
    slow: 'The server is slow. Still waiting; there is nothing you need to do.',
    counter: (number) => `Counter ${number}`,
    late: 'The time for rating is over. What you say is kept, but does not count.',
    step: (step, steps) => `Step ${step}/${steps}`,
    chipsTitle: 'Anything you would like to add? (choose any, or skip)',
    checkTitle: 'Send this rating?',
    once: 'It can be sent once only. To change it, choose again before sending.',
    skipped: 'Skipped',
    chipsChosen: (n) => `Added: ${n}`,
    back: 'Change',
    skip: 'Skip',
    done: 'Done',
    send: 'Send rating',
    sending: 'Sending…',
    unsent:
      'Not sent yet. Your rating is still on this page and is being sent again; please keep the page open.',
    thanksFull: 'Recorded.',
    thanksReceived: 'Received.',
    thanks: 'Thank you.',
    again: 'Send again now',
    receipt: {
      head: 'What became of it',
      received: 'Received. The device at the counter has yet to report this visit to the server.',
      late: 'Received after the time was over: it is kept, and does not count.',
      counted: (month) =>
        month === null
          ? 'Counted in the figures; the month is not settled yet.'
          : `Counted in the figures of ${month}.`,
      lookLater: 'Open this page again on this phone to see whether it has been counted.',
      look: 'Look again',
      sentAt: 'Sent at',
    },
    refused: {
      other_phone: {
        head: 'This visit was opened on another phone.',
        what: 'Only the phone that opened it first can rate. If that was not yours, please tell the help desk.',
      },
      code_unknown: {
        head: 'This rating code is not known.',
        what: 'Please check the code on your slip. If it was printed just now, try again in some minutes.',
      },
      ticket_invalid: {
        head: 'This QR code cannot be read or is not valid.',
        what: 'Please scan the code on the screen again, or type the code on your slip.',
      },
      too_many: {
        head: 'Too many wrong attempts from this network.',
        what: 'Please wait five minutes and try again. Your code stays valid.',
      },
      away: {
        head: 'The server cannot be reached.',
        what: 'Please check your phone’s network and try again. Nothing is lost.',
      },
      other: {
        head: 'The rating page could not be opened.',
        what: 'Please try again in some minutes, or tell the help desk.',
      },
    },
    retry: 'Try again',
    otherCode: 'Type the code on the slip',
  },
};
