/**
 * Purpose: the month's dossiers that nobody was asked about, as a workbook: by counter, by officer as a count, and the list.
 * Refuses: formulas: every text cell is typed as text.
 */
import type { NeverAskedAnswer } from '@hailong/shared/protocol/http.ts';
import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import { showNeverAsked } from '../../application/figures/show-never-asked.ts';
import type { WebParts } from '../../application/web-parts.ts';
import { STAGE_NAMES } from '../../domain/figures/words.ts';
import { vietnamMinute } from './vietnam-minute.ts';

type Row = SheetData[number];
const bold = { fontWeight: 'bold' };
const text = (value: string, style: Record<string, unknown> = {}) => ({ value, type: String, ...style });
const count = (value: number) => ({ value, type: Number, format: '#,##0' });
const heads = (...names: string[]): Row =>
  names.map((name) => text(name, { ...bold, wrap: true, backgroundColor: '#E8EEF4' })) as Row;

const STATES: Record<NeverAskedAnswer['dossiers'][number]['state'], string> = {
  unasked: 'Chưa được mời',
  silent: 'Không mời: có đánh dấu',
  unknown: 'Chưa rõ: thiết bị chưa báo',
};
const NO_COUNTER = 'Không rõ quầy';

export async function neverAskedWorkbook(parts: WebParts, month: string, limit: number): Promise<Buffer> {
  const [shown, office] = await Promise.all([
    showNeverAsked(parts, { month, limit }),
    parts.storage.directory.office(),
  ]);
  const [year, number] = month.split('-') as [string, string];
  const judged =
    shown.judgedFor === null ? 'Chưa đối chiếu lần nào.' : `Đối chiếu lúc ${vietnamMinute(shown.judgedFor)}.`;
  const title: Row[] = [
    [text(office?.name ?? '', bold)] as Row,
    [text(`Hồ sơ đã kết thúc mà người dân chưa được mời đánh giá, tháng ${number}/${year}`, bold)] as Row,
    [text(`${judged} Mã hồ sơ là dữ liệu cá nhân: chỉ dùng để kiểm tra nội bộ.`)] as Row,
    [] as unknown as Row,
  ];
  const sheet = (name: string, widths: readonly number[], rows: readonly Row[]) => ({
    sheet: name,
    data: [...title, ...rows] as SheetData,
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: title.length + 1,
    orientation: 'landscape' as const,
  });
  return writeExcelFile([
    sheet(
      'Theo quầy',
      [36, 14, 14, 14, 18, 18, 16],
      [
        heads(
          'Quầy',
          'Đã kết thúc',
          'Đã mời',
          'Chưa được mời',
          'Không mời: có đánh dấu',
          'Chưa rõ',
          'Chưa đối chiếu',
        ),
        ...shown.counters.map(
          (row) =>
            [
              text(row.label ?? NO_COUNTER),
              ...[row.closed, row.asked, row.unasked, row.silent, row.unknown, row.waiting].map(count),
            ] as Row,
        ),
      ],
    ),
    sheet(
      'Theo cán bộ',
      [36, 18, 22],
      [
        heads('Cán bộ', 'Chưa được mời', 'Không mời: có đánh dấu'),
        ...shown.officers.map((row) => [text(row.label), count(row.unasked), count(row.silent)] as Row),
      ],
    ),
    sheet(
      'Hồ sơ',
      [26, 20, 20, 36, 28],
      [
        heads('Mã hồ sơ', 'Kết thúc lúc', 'Bước', 'Quầy', 'Tình trạng'),
        ...shown.dossiers.map(
          (row) =>
            [
              text(row.dossierCode),
              text(vietnamMinute(row.closedAt)),
              text(STAGE_NAMES[row.step]),
              text(row.label ?? NO_COUNTER),
              text(STATES[row.state]),
            ] as Row,
        ),
      ],
    ),
  ]).toBuffer();
}
