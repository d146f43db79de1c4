/**
 * Purpose: the month's figures as a workbook that prints like an office report: one sheet a view, Vietnamese headers.
 * Refuses: formulas: every text cell is typed as text, so `=1+1` in a name stays those four signs.
 */
import type { DashboardAnswers } from '@hailong/shared/protocol/answers.ts';
import type { Figures } from '@hailong/shared/protocol/http.ts';
import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import { showAnswers } from '../../application/figures/show-answers.ts';
import { labelsOf } from '../../application/figures/show-dashboard.ts';
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
  return writeExcelFile([...sheets, ...answerSheets(await showAnswers(parts, month))]).toBuffer();
}

const head = (names: readonly string[]): Row =>
  names.map((name) => text(name, { fontWeight: 'bold', wrap: true, backgroundColor: '#E8EEF4' })) as Row;

/** By form, and walk-ups, which stand in no other sheet. What is the province's is not among the answers. */
function answerSheets({ taps, forms, chips, walkups }: DashboardAnswers) {
  const row = (form: string, question: string, answer: string, points: number | null, n: number): Row =>
    [text(form), text(question), text(answer), points === null ? text('') : count(points), count(n)] as Row;
  const answers = [
    ...taps.flatMap(({ name, levels }) =>
      levels.map(({ word, n }) => row(name.vi, 'Mức độ hài lòng chung', word.vi, null, n)),
    ),
    ...forms.flatMap(({ name, questions }) =>
      questions.flatMap((question) =>
        question.options.map(({ word, points, n }) => row(name.vi, question.name.vi, word.vi, points, n)),
      ),
    ),
    ...chips.flatMap((form) =>
      form.chips.map(({ word, n }) => row(form.name.vi, 'Ý kiến chọn sẵn', word.vi, null, n)),
    ),
  ];
  const passers = walkups.map(
    ({ label, levels }) => [text(label), ...levels.map(({ n }) => count(n))] as Row,
  );
  return [
    {
      sheet: 'Theo mẫu phiếu',
      data: [head(['Mẫu phiếu', 'Câu hỏi', 'Trả lời', 'Điểm', 'Số lượt']), ...answers] as SheetData,
      columns: [{ width: 40 }, { width: 44 }, { width: 32 }, { width: 8 }, { width: 10 }],
      stickyRowsCount: 1,
      orientation: 'landscape' as const,
    },
    {
      sheet: 'Không kèm lượt phục vụ',
      data: [head(['Quầy', ...HEADERS.slice(9, 14)]), ...passers] as SheetData,
      columns: [{ width: 36 }, ...Array.from({ length: 5 }, () => ({ width: 14 }))],
      stickyRowsCount: 1,
      orientation: 'landscape' as const,
    },
  ];
}
