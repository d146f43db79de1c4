/** Where a camera stands and what it does now, as people read it: the one home of these words, for pages and commands. */
import type { CameraStanding } from '../protocol/cameras.ts';
import type { CameraState } from '../protocol/footage.ts';

type Words<Key extends string> = Readonly<Record<'vi' | 'en', Readonly<Record<Key, string>>>>;

export const STANDING_WORDS: Words<CameraStanding['state']> = {
  vi: {
    unchecked: 'Chưa kiểm tra',
    faulty: 'Kiểm tra không đạt',
    'no-still': 'Chưa có khung hình duyệt',
    onboarded: 'Đã đưa vào dùng',
    due: 'Đến hạn duyệt lại khung hình',
    overdue: 'Quá hạn duyệt lại khung hình',
  },
  en: {
    unchecked: 'Not checked yet',
    faulty: 'Failed its check',
    'no-still': 'No approved still frame',
    onboarded: 'Onboarded',
    due: 'Still frame is due again',
    overdue: 'Still frame is overdue',
  },
};

export const LIVE_WORDS: Words<CameraState['state']> = {
  vi: { connecting: 'đang kết nối', recording: 'đang ghi', down: 'mất hình', off: 'đã tắt' },
  en: { connecting: 'connecting', recording: 'recording', down: 'down', off: 'off' },
};
