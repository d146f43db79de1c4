/**
 * The forms a hub has from the start. Data, not law: a new version is a new row, and which one is asked where is a row too.
 * `tt01-2018` asks what a counter may collect of the nine criteria of TT 01/2018/TT-VPCP (1, 3, 4, 7), worth 2, 1 or 0; the
 * one-stop system supplies the others. Criterion 3 leaves out returns by the applicant's own fault: known there, not here.
 */
import type {
  Bilingual,
  ChipSet,
  Criterion,
  Instrument,
  InstrumentRef,
} from '@hailong/shared/model/instrument.ts';
import { DEFAULT_INSTRUMENT } from './default-instrument.ts';

const both = (vi: string, en: string): Bilingual => ({ vi, en });
const chip = (key: string, vi: string, en: string, to?: 'province') => ({
  ...{ key, word: both(vi, en) },
  ...(to ? { to } : {}),
});

/** At one place of the page the words of both sets are about as long: see instrument-rules.ts. */
const HIGH = [
  chip('thanth', 'Thái độ thân thiện', 'Respectful'),
  chip('huodan', 'Hướng dẫn rõ ràng', 'Clear guidance'),
  chip('nhanhc', 'Nhanh', 'Quick'),
  chip('dunhen', 'Trả kết quả đúng hẹn', 'On time'),
  chip('itdila', 'Không phải đi lại', 'No extra trips'),
  chip('dongia', 'Thủ tục đơn giản, ít giấy tờ', 'Simple steps, few papers'),
  chip('sachdp', 'Nơi tiếp đón sạch đẹp', 'Clean and pleasant place'),
  chip('khacto', 'Lý do khác', 'Other'),
];
const LOW = [
  chip('chuamc', 'Thái độ chưa đúng mực', 'Disrespectful'),
  chip('khongr', 'Hướng dẫn không rõ', 'Unclear guidance'),
  chip('cholau', 'Chờ lâu', 'Long wait'),
  chip('trehen', 'Trả kết quả trễ hẹn', 'Result late'),
  chip('dilain', 'Phải đi lại nhiều lần', 'Too many trips'),
  chip('giayto', 'Yêu cầu giấy tờ ngoài quy định', 'Papers not required by rule'),
  chip('tienqu', 'Gợi ý chi tiền, quà', 'Hinted at money or gifts', 'province'),
  chip('khacch', 'Lý do khác', 'Other'),
];
type Level = Instrument['levels'][number]['key'];
const chipsFor = (high: Level[], low: Level[]): ChipSet[] => [
  { levels: high, chips: HIGH },
  { levels: low, chips: LOW },
];

/** With the page of chips, and the time a slow reader needs for it. */
const FIVE: Instrument = {
  ...DEFAULT_INSTRUMENT,
  ...{ version: 2, closeAfterMs: 45_000, chips: chipsFor([5, 4], [3, 2, 1]) },
};
const levelsOf = (...keys: Level[]): Instrument['levels'] =>
  DEFAULT_INSTRUMENT.levels.filter(({ key }) => keys.includes(key));
const FOUR: Instrument = {
  ...{
    ...FIVE,
    id: 'hai-long-4',
    version: 1,
    name: both('Mức độ hài lòng 4 mức', 'Satisfaction, four levels'),
  },
  ...{ levels: levelsOf(5, 4, 2, 1), chips: chipsFor([5, 4], [2, 1]) },
};
const THREE: Instrument = {
  ...{
    ...FIVE,
    id: 'hai-long-3',
    version: 1,
    name: both('Mức độ hài lòng 3 mức', 'Satisfaction, three levels'),
  },
  ...{ levels: levelsOf(4, 3, 2), chips: chipsFor([4], [3, 2]) },
};

/** Best first: 2, 1 and 0 points. */
const asked = (
  key: string,
  about: Criterion['about'],
  name: Bilingual,
  words: readonly [Bilingual, Bilingual, Bilingual],
): Criterion => ({
  ...{ key, about, name, stages: ['supplement', 'return', 'refusal'] },
  options: words.map((word, at) => ({ key: ([5, 3, 1] as const)[at] ?? 1, word, points: 2 - at })),
});
const TT01: Instrument = {
  id: 'tt01-2018',
  version: 1,
  kind: 'form',
  name: both('Phiếu đánh giá theo TT 01/2018/TT-VPCP', 'Form of TT 01/2018/TT-VPCP'),
  question: both('Ông/bà đánh giá việc giải quyết hồ sơ thế nào?', 'How was your dossier handled?'),
  levels: levelsOf(4, 3, 2),
  criteria: [
    asked(
      'tieu_chi_1',
      'unit',
      both('Thời gian giải quyết hồ sơ so với giấy hẹn', 'Time taken against the slip'),
      [both('Trước hẹn', 'Earlier'), both('Đúng hẹn', 'On time'), both('Trễ hẹn', 'Late')],
    ),
    asked(
      'tieu_chi_3',
      'unit',
      both('Số lần phải đi lại để hoàn thiện hồ sơ', 'Times you had to come back to complete it'),
      [both('Không lần nào', 'Never'), both('Một lần', 'Once'), both('Nhiều lần', 'More than once')],
    ),
    asked(
      'tieu_chi_4',
      'unit',
      both('Số cơ quan phải liên hệ để hoàn thiện hồ sơ', 'Agencies you had to contact to complete it'),
      [both('Chỉ nơi này', 'Only here'), both('Thêm một nơi', 'One more'), both('Nhiều nơi', 'Several')],
    ),
    asked(
      'tieu_chi_7',
      'officer',
      both('Thái độ của người tiếp nhận, trả kết quả', 'Attitude of who served you'),
      [
        both('Lịch sự, đúng mực', 'Polite'),
        both('Bình thường', 'Neutral'),
        both('Chưa đúng mực', 'Not polite'),
      ],
    ),
  ],
  ...{ closeAfterMs: 60_000, thanksMs: 4_000, correctionMs: 10_000 },
};

/** Asked everywhere by a new hub, until somebody says otherwise. */
export const FIRST_ASKED: InstrumentRef = { id: FIVE.id, version: FIVE.version };

/** In the order they are written. */
export const SEED_INSTRUMENTS: readonly Instrument[] = [DEFAULT_INSTRUMENT, FIVE, FOUR, THREE, TT01];
