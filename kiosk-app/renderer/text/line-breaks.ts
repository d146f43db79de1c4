/**
 * Vietnamese writes a space between the syllables of one word; a line that breaks there reads wrong. Words that the
 * kiosk shows large are therefore held together by no-break spaces: "Rất / hài lòng", never "Rất hài / lòng".
 */
const WORDS = [
  // Longer ones first: the first that fits is taken.
  'đánh giá riêng',
  'trên điện thoại',
  'ghi nhận được',
  'hài lòng',
  'ông/bà',
  'lần phục vụ này',
  'phục vụ',
  'thế nào',
  'thái độ',
  'chất lượng',
  'giải quyết',
  'công việc',
  'hướng dẫn',
  'rõ ràng',
  'tôi đã xong',
  'tôi muốn đánh giá',
  'ghi nhận',
  'giấy tờ',
  'khởi động',
  'giây lát',
  'tạm ngừng',
  'đánh giá',
  'phản ánh',
  'khiếu nại',
  'ghi hình',
  'một lần',
  'hết hạn',
  'quét mã',
  'góp ý',
  'khắc phục',
  'không kèm',
  'cho biết thêm',
  'điều gì',
  'đúng mực',
  'thân thiện',
  'kết quả',
  'trễ hẹn',
  'đúng hẹn',
  'chờ lâu',
  'đi lại',
  'nhiều lần',
  'yêu cầu',
  'quy định',
  'gợi ý',
  'chi tiền',
  'thủ tục',
  'đơn giản',
  'nơi tiếp đón',
  'sạch đẹp',
  'lý do khác',
  'cán bộ',
  'ca làm việc',
];
const NO_BREAK_SPACE = '\u00a0';
const anyWord = new RegExp(WORDS.join('|'), 'giu');

export function keepWords(text: string): string {
  return text.normalize('NFC').replace(anyWord, (word) => word.replaceAll(' ', NO_BREAK_SPACE));
}

/** A word this long still stands on one line of the narrowest tile ("Hài lòng"). */
const ONE_LINE_CHARACTERS = 9;

/** A level's word on a narrow tile: one line, or the two whose longer one is shortest. Rows show them as one line. */
export function levelLines(word: string): readonly string[] {
  const text = keepWords(word.trim());
  const parts = text.split(' ');
  if (text.length <= ONE_LINE_CHARACTERS || parts.length === 1) return [text];
  let best: readonly string[] = [text];
  let bestLength = Number.POSITIVE_INFINITY;
  for (let at = 1; at < parts.length; at += 1) {
    const lines = [parts.slice(0, at).join(' '), parts.slice(at).join(' ')];
    const longest = Math.max(...lines.map((line) => line.length));
    if (longest < bestLength) {
      best = lines;
      bestLength = longest;
    }
  }
  return best;
}
