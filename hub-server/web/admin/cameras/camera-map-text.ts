/** Words of the dated map of a camera and the counters it saw. */
import type { Catalogue } from '../../common/languages.ts';
import type { MapFault } from './map-draft.ts';

const vi = {
  head: 'Quầy camera này thấy, từ khi nào',
  why: 'Lượt phục vụ tìm hình theo bảng này, kể cả lượt cũ. Camera đã xoay hoặc chuyển trước khi có người ghi lại: sửa ngày cho đúng. Ghi nhầm quầy: bỏ khoảng ấy và nêu lý do. Mỗi lần sửa đều vào nhật ký.',
  counter: 'Quầy',
  from: 'Thấy từ',
  to: 'Thấy đến',
  still: 'đến nay',
  toHint: 'Để trống: đến nay vẫn thấy',
  change: 'Sửa ngày',
  changeOf: (counter: string, from: string) => `Sửa ngày: ${counter}, từ ${from}`,
  remove: 'Ghi nhầm',
  removeOf: (counter: string, from: string) => `Bỏ khoảng ghi nhầm: ${counter}, từ ${from}`,
  removeWhy:
    'Khoảng này chưa từng đúng, ví dụ chọn nhầm quầy. Lượt phục vụ của quầy không còn tìm thấy hình của camera này; hình đang được bảo lưu theo khoảng ấy vẫn được giữ. Quầy đúng thì thêm khoảng mới.',
  removeReason: 'Lý do (ghi vào nhật ký)',
  removeDo: 'Bỏ khoảng này',
  add: 'Thêm khoảng',
  addHead: (camera: string) => `${camera}: thêm khoảng thấy một quầy`,
  save: 'Lưu khoảng',
  saved: 'Đã lưu khoảng.',
  counterOf: (number: string, name: string) => `Quầy ${number} – ${name}`,
  none: 'Chưa ghi camera này thấy quầy nào.',
  noneNext:
    'Lượt phục vụ không tìm được hình của camera này. Bấm Thêm khoảng, hoặc chọn quầy ở mục Sửa của camera.',
  noCounters: 'Cơ quan chưa có quầy nào; thêm quầy trước.',
  faults: {
    order: 'Phải sau lúc bắt đầu thấy.',
    future: 'Không ghi trước điều chưa xảy ra.',
    overlap: 'Camera đã được ghi là thấy quầy này trong khoảng ấy; hãy sửa ngày của khoảng đã có.',
  } as Readonly<Record<MapFault, string>>,
};
export type CameraMapText = typeof vi;
const en: CameraMapText = {
  head: 'Counters this camera sees, and since when',
  why: 'Transactions find their footage by this, old ones too. A camera turned or moved before anybody wrote it down: set the dates right. The wrong counter: take that time out and say why. Every change is logged.',
  counter: 'Counter',
  from: 'Sees it from',
  to: 'Sees it until',
  still: 'now',
  toHint: 'Empty: it still does',
  change: 'Change dates',
  changeOf: (counter, from) => `Change dates: ${counter}, from ${from}`,
  remove: 'Never so',
  removeOf: (counter, from) => `Take out what was never so: ${counter}, from ${from}`,
  removeWhy:
    'It was never so, the wrong counter was chosen for example. Transactions of that counter find this camera’s footage no more; what is held by this row stays held. Add a time for the right counter.',
  removeReason: 'Reason (stands in the log)',
  removeDo: 'Take it out',
  add: 'Add a time',
  addHead: (camera) => `${camera}: add a time it saw a counter`,
  save: 'Save it',
  saved: 'Saved.',
  counterOf: (number, name) => `Counter ${number} – ${name}`,
  none: 'No counter is written down for this camera.',
  noneNext: 'No transaction finds its footage. Add a time, or choose counters where the camera is changed.',
  noCounters: 'The office has no counter yet; add one first.',
  faults: {
    order: 'It must be after the beginning.',
    future: 'Nothing is written down before it happens.',
    overlap: 'The camera is down as seeing this counter at that time already; change the dates of that row.',
  },
};
export const cameraMapText: Catalogue<CameraMapText> = { vi, en };
