/**
 * Words that every hub page shares: the right-hand column of the glossary. Closed codes of the wire are keys, so that
 * a new code without a word does not compile.
 */

import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { Outcome, Stage } from '@hailong/shared/model/transaction.ts';
import type { CaseType } from '@hailong/shared/protocol/http.ts';
import { CASE_WORDS } from '@hailong/shared/words/case-words.ts';
import { GAP_WORDS, type MissingReason } from '@hailong/shared/words/gap-words.ts';
import { ROLE_WORDS } from '@hailong/shared/words/role-words.ts';
import type { Catalogue } from './languages.ts';
import type { Role } from './wire.ts';

export interface Words {
  product: string;
  signIn: string;
  signOut: string;
  loginEnded: string;
  username: string;
  password: string;
  wait: string;
  loading: string;
  retry: string;
  cancel: string;
  close: string;
  save: string;
  otherLanguage: string;
  away: string;
  awayKept: string;
  awaySince: (at: string) => string;
  noRole: string;
  noRoleRemedy: string;
  setupNeeded: string;
  openAdmin: string;
  none: string;
  yes: string;
  no: string;
  photoOf: (name: string) => string;
  levels: Record<LevelKey, string>;
  stages: Record<Stage, string>;
  outcomes: Record<Outcome, string>;
  caseTypes: Readonly<Record<CaseType, string>>;
  roles: Readonly<Record<Role, string>>;
  gaps: Readonly<Record<MissingReason, string>>;
  panels: Record<'none' | 'ready' | 'away' | 'incompatible' | 'wrong-device' | 'syncing' | 'unknown', string>;
}

const vi: Words = {
  product: 'Đánh giá phục vụ',
  signIn: 'Đăng nhập',
  signOut: 'Đăng xuất',
  loginEnded: 'Phiên đăng nhập đã hết. Đăng nhập lại để làm tiếp: những gì đang nhập dở vẫn còn.',
  username: 'Tên đăng nhập',
  password: 'Mật khẩu',
  wait: 'Đang gửi…',
  loading: 'Đang tải…',
  retry: 'Thử lại',
  cancel: 'Hủy',
  close: 'Đóng',
  save: 'Lưu',
  otherLanguage: 'English',
  away: 'Mất liên lạc với máy chủ.',
  awayKept: 'Đang hiện số liệu lần tải cuối; trang tự nối lại.',
  awaySince: (at) => `Đang hiện số liệu lúc ${at}; trang tự nối lại.`,
  noRole: 'Tài khoản này không có quyền vào trang.',
  noRoleRemedy: 'Đăng xuất rồi đăng nhập bằng tài khoản khác, hoặc hỏi quản trị hệ thống.',
  setupNeeded: 'Máy chủ này chưa có quản trị viên.',
  openAdmin: 'Mở trang quản trị để thiết lập',
  none: '–',
  yes: 'Có',
  no: 'Không',
  photoOf: (name) => `Ảnh ${name}`,
  levels: {
    5: 'Rất hài lòng',
    4: 'Hài lòng',
    3: 'Bình thường',
    2: 'Không hài lòng',
    1: 'Rất không hài lòng',
  },
  stages: {
    reception: 'Tiếp nhận hồ sơ',
    supplement: 'Bổ sung hồ sơ',
    return: 'Trả kết quả',
    refusal: 'Từ chối',
    advice: 'Hướng dẫn',
  },
  outcomes: {
    completed: 'Hoàn thành',
    supplement: 'Yêu cầu bổ sung',
    refused: 'Từ chối',
    no_show: 'Không có mặt',
    test: 'Thử thiết bị',
    accident: 'Bấm nhầm',
  },
  caseTypes: CASE_WORDS.vi,
  roles: ROLE_WORDS.vi,
  gaps: GAP_WORDS.vi,
  panels: {
    none: 'Quầy không lắp bộ nút đánh giá',
    ready: 'Bộ nút đánh giá sẵn sàng',
    away: 'Không nối được bộ nút đánh giá',
    incompatible: 'Bộ nút đánh giá khác phiên bản',
    'wrong-device': 'Cổng nối nhầm thiết bị khác',
    syncing: 'Bộ nút đánh giá đang nối',
    unknown: 'Chưa rõ trạng thái bộ nút đánh giá',
  },
};

const en: Words = {
  product: 'Service ratings',
  signIn: 'Log in',
  signOut: 'Log out',
  loginEnded: 'Your login has ended. Log in again to go on: what you were entering is still there.',
  username: 'Login name',
  password: 'Password',
  wait: 'Sending…',
  loading: 'Loading…',
  retry: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  otherLanguage: 'Tiếng Việt',
  away: 'The hub cannot be reached.',
  awayKept: 'Showing what was last loaded; the page reconnects by itself.',
  awaySince: (at) => `Showing figures of ${at}; the page reconnects by itself.`,
  noRole: 'This account may not open this page.',
  noRoleRemedy: 'Log out and use another account, or ask the operator.',
  setupNeeded: 'This hub has no administrator yet.',
  openAdmin: 'Open the administration page to set it up',
  none: '–',
  yes: 'Yes',
  no: 'No',
  photoOf: (name) => `Photo of ${name}`,
  levels: { 5: 'Very satisfied', 4: 'Satisfied', 3: 'Neutral', 2: 'Dissatisfied', 1: 'Very dissatisfied' },
  stages: {
    reception: 'Reception',
    supplement: 'Supplement',
    return: 'Return of result',
    refusal: 'Refusal',
    advice: 'Advice',
  },
  outcomes: {
    completed: 'Completed',
    supplement: 'Supplement requested',
    refused: 'Refused',
    no_show: 'No show',
    test: 'Device test',
    accident: 'Pressed by accident',
  },
  caseTypes: CASE_WORDS.en,
  roles: ROLE_WORDS.en,
  gaps: GAP_WORDS.en,
  panels: {
    none: 'No button panel at this counter',
    ready: 'Button panel ready',
    away: 'Button panel cannot be reached',
    incompatible: 'Button panel has another version',
    'wrong-device': 'Another device is on the port',
    syncing: 'Button panel connecting',
    unknown: 'State of the button panel unknown',
  },
};

export const words: Catalogue<Words> = { vi, en };
