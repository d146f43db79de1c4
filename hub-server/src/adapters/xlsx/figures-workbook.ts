/**
 * Purpose: the month's figures as a workbook that prints like an office report: one sheet a view, Vietnamese headers.
 * Refuses: formulas: every text cell is typed as text, so `=1+1` in a name stays those four signs.
 */
import type { Figures } from '@hailong/shared/protocol/http.ts';
import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import { labelsOf } from '../../application/show-dashboard.ts';
import type { WebParts } from '../../application/web-parts.ts';
import { type By, figuresOf, MINIMUM_N, rowsBy } from '../../domain/figures/month-figures.ts';
import { FIGURE_WORDS, noteSentence } from '../../domain/figures/words.ts';
import { vietnamMinute } from './vietnam-minute.ts';

type Row = SheetData[number];
const SHEETS: readonly (readonly [By, string, string])[] = [
  ['officer', 'Theo cán bộ', 'Cán bộ'],
  ['counter', 'Theo quầy', 'Quầy'],
  ['procedure', 'Theo thủ tục', 'Thủ tục'],
  ['stage', 'Theo giai đoạn', 'Giai đoạn'],
];
const HEADERS = [
  'Lượt phục vụ',
  'Đã mời đánh giá',
  'Mời ÷ phục vụ',
  'Lượt đánh giá',
  'Tham gia (đánh giá ÷ phục vụ)',
  'Hài lòng (mức 4–5)',
  'Tỷ lệ hài lòng',
  'Khoảng tin cậy 95 %, từ',
  'đến',
  'Rất hài lòng',
  'Hài lòng',
  'Bình thường',
  'Không hài lòng',
  'Rất không hài lòng',
  'Ghi chú',
];

const text = (value: string, style: Record<string, unknown> = {}) => ({ value, type: String, ...style });
const count = (value: number) => ({ value, type: Number, format: '#,##0' });
const share = (part: number | null) =>
  part === null ? text('–', { align: 'right' }) : { value: part, type: Number, format: '0.0%' };
const ratio = (part: number, whole: number) => share(whole === 0 ? null : part / whole);
const hundredths = (value: number | null) => share(value === null ? null : value / 10_000);

function line(
  label: string,
  figures: Figures,
  note: string | null,
  style: Record<string, unknown> = {},
): Row {
  const { served, prompted, answered, rated, satisfied, levels } = figures;
  return [
    text(label, style),
    count(served),
    count(prompted),
    ratio(prompted, served),
    count(rated),
    ratio(answered, served),
    count(satisfied),
    hundredths(figures.share),
    hundredths(figures.low),
    hundredths(figures.high),
    count(levels[5]),
    count(levels[4]),
    count(levels[3]),
    count(levels[2]),
    count(levels[1]),
    text(note ?? '', { wrap: true }),
  ] as Row;
}

export async function figuresWorkbook(parts: WebParts, month: string, at: number): Promise<Buffer> {
  const [{ cells }, office] = await Promise.all([
    parts.storage.figures.month({ month }),
    parts.storage.directory.office(),
  ]);
  const [year, number] = month.split('-') as [string, string];
  const bold = { fontWeight: 'bold' };
  const sheets = await Promise.all(
    SHEETS.map(async ([by, sheet, head]) => {
      const label = await labelsOf(parts, by);
      const title: Row[] = [
        [text(office?.name ?? '', bold)] as Row,
        [
          text(`Mức độ hài lòng tháng ${number}/${year} · ${sheet.toLowerCase()}`, { ...bold, fontSize: 14 }),
        ] as Row,
        [
          text(
            `Số liệu tạm tính đến ${vietnamMinute(at)}. Khoảng tin cậy Wilson 95 %; dưới ${MINIMUM_N} lượt đánh giá không dùng để so sánh.`,
          ),
        ] as Row,
        [] as unknown as Row,
      ];
      const header = [head, ...HEADERS].map((name) =>
        text(name, { ...bold, wrap: true, backgroundColor: '#E8EEF4', alignVertical: 'center' }),
      ) as Row;
      const rows = rowsBy(by, cells).map(({ key, figures, note }) =>
        line(label(key), figures, noteSentence(note)),
      );
      const total = line(FIGURE_WORDS.total, figuresOf(cells), null, bold);
      return {
        sheet,
        data: [...title, header, ...rows, total] as SheetData,
        columns: [
          { width: 36 },
          ...HEADERS.map((_, index) => ({ width: index === HEADERS.length - 1 ? 60 : 13 })),
        ],
        stickyRowsCount: 5,
        orientation: 'landscape' as const,
      };
    }),
  );
  return writeExcelFile(sheets).toBuffer();
}
