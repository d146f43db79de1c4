/**
 * The instrument a new hub starts with. Data, not law: another version is another row. Who is asked about what:
 * attitude is the counter officer's at every stage; quality of handling is the processing unit's and asked
 * when a result is returned or refused; before that clarity of guidance is asked.
 */
import type { Instrument } from '@hailong/shared/model/instrument.ts';

export const DEFAULT_INSTRUMENT: Instrument = {
  id: 'hai-long-5',
  version: 1,
  name: { vi: 'Mức độ hài lòng 5 mức', en: 'Satisfaction, five levels' },
  question: {
    vi: 'Ông/bà đánh giá lần phục vụ này thế nào?',
    en: 'How was the service today?',
  },
  levels: [
    { key: 5, word: { vi: 'Rất hài lòng', en: 'Very satisfied' } },
    { key: 4, word: { vi: 'Hài lòng', en: 'Satisfied' } },
    { key: 3, word: { vi: 'Bình thường', en: 'Neutral' } },
    { key: 2, word: { vi: 'Không hài lòng', en: 'Dissatisfied' } },
    { key: 1, word: { vi: 'Rất không hài lòng', en: 'Very dissatisfied' } },
  ],
  criteria: [
    {
      key: 'attitude',
      about: 'officer',
      stages: ['reception', 'supplement', 'return', 'refusal', 'advice'],
      name: { vi: 'Thái độ phục vụ', en: 'Attitude of service' },
    },
    {
      key: 'quality',
      about: 'unit',
      stages: ['return', 'refusal'],
      name: { vi: 'Chất lượng giải quyết công việc', en: 'Quality of handling' },
    },
    {
      key: 'guidance',
      about: 'officer',
      stages: ['reception', 'supplement', 'advice'],
      name: { vi: 'Hướng dẫn rõ ràng', en: 'Clarity of guidance' },
    },
  ],
  closeAfterMs: 30_000,
  thanksMs: 4_000,
  correctionMs: 10_000,
};
