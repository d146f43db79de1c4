/** Vietnamese of the figures: labels of rows, headers of the workbook. Numbers carry no language. */
import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { FigureRow } from './month-figures.ts';
import { MINIMUM_N } from './month-figures.ts';

export const STAGE_NAMES: Record<Stage, string> = {
  reception: 'Tiếp nhận hồ sơ',
  supplement: 'Yêu cầu bổ sung',
  return: 'Trả kết quả',
  refusal: 'Từ chối',
  advice: 'Hướng dẫn, tư vấn',
};

export const FIGURE_WORDS = {
  gone: 'Đã gỡ khỏi danh mục',
  noProcedure: 'Không ghi thủ tục',
  total: 'Toàn bộ phận',
} as const;

const FEW = `Dưới ${MINIMUM_N} lượt đánh giá: chưa đủ để so sánh.`;
const MIXED = 'Gồm nhiều thủ tục, giai đoạn: chỉ so sánh trong cùng thủ tục và giai đoạn.';

export function noteSentence(note: FigureRow['note']): string | null {
  switch (note) {
    case 'few':
      return FEW;
    case 'mixed':
      return MIXED;
    case 'few-mixed':
      return `${FEW} ${MIXED}`;
    default:
      return null;
  }
}
