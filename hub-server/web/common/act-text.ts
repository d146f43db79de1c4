/** Catalogue of what waits for a second person, and of personal tokens; Vietnamese first. A new kind of act has its words here. */
import type { ActKind, ActState } from '@hailong/shared/protocol/acts.ts';
import type { TokenScope } from '@hailong/shared/protocol/tokens.ts';
import { ACT_STATE_WORDS, ACT_WORDS } from '@hailong/shared/words/act-words.ts';
import type { Catalogue } from './languages.ts';

export interface ActText {
  readonly acts: string;
  readonly why: string;
  readonly none: string;
  readonly noneNext: string;
  readonly mine: string;
  readonly mineNone: string;
  readonly kinds: Readonly<Record<ActKind, string>>;
  readonly states: Readonly<Record<ActState, string>>;
  readonly what: string;
  readonly reason: string;
  readonly askedBy: string;
  readonly until: string;
  readonly state: string;
  readonly approve: string;
  readonly approveAsk: (what: string) => string;
  readonly approveWhy: string;
  readonly refuse: string;
  readonly withdraw: string;
  readonly refuseReason: string;
  readonly ofCase: (number: string) => string;
  readonly counter: (number: string, name: string) => string;
  readonly onDuty: (names: string) => string;
  readonly upTo: (at: string) => string;
  readonly keepUntil: (day: string) => string;
  readonly basis: (text: string) => string;
  readonly tokens: string;
  readonly tokensWhy: string;
  readonly tokenName: string;
  readonly tokenDays: string;
  readonly tokenMake: string;
  readonly tokenOnce: string;
  readonly tokenNone: string;
  readonly tokenUsed: string;
  readonly tokenNever: string;
  readonly tokenUntil: (at: string) => string;
  readonly tokenRevoke: string;
  readonly tokenRevokeAsk: (name: string) => string;
  readonly tokenRevokeWhy: string;
  readonly tokenState: Readonly<Record<'live' | 'revoked' | 'expired', string>>;
  readonly scopes: Readonly<Record<TokenScope, string>>;
  readonly scope: string;
}

const vi: ActText = {
  acts: 'Chờ người thứ hai',
  why: 'Những việc một người không được làm một mình. Việc chỉ xảy ra khi người khác đồng ý; cả hai tên nằm trong nhật ký.',
  none: 'Không có việc nào chờ ông/bà.',
  noneNext: 'Khi có người đề nghị, việc hiện ở đây; trang tự tải lại mỗi nửa phút.',
  mine: 'Ông/bà đã đề nghị',
  mineNone: 'Ba mươi ngày qua ông/bà chưa đề nghị việc nào.',
  kinds: ACT_WORDS.vi,
  states: ACT_STATE_WORDS.vi,
  what: 'Việc',
  reason: 'Lý do',
  askedBy: 'Người đề nghị',
  until: 'Chờ đến',
  state: 'Tình trạng',
  approve: 'Đồng ý',
  approveAsk: (what) => `Đồng ý: ${what}?`,
  approveWhy: 'Việc xảy ra ngay và chỉ một lần; tên ông/bà nằm trong nhật ký cùng người đề nghị.',
  refuse: 'Từ chối',
  withdraw: 'Rút lại',
  refuseReason: 'Vì sao',
  ofCase: (number) => `Phiếu ${number}`,
  counter: (number, name) => `Quầy ${number} – ${name}`,
  onDuty: (names) => `Trực tại quầy: ${names}`,
  upTo: (at) => `đến hết ${at}`,
  keepUntil: (day) => `Giữ đến hết ngày ${day}`,
  basis: (text) => `Căn cứ: ${text}`,
  tokens: 'Mã cá nhân',
  tokensWhy:
    'Để lệnh trên máy chủ biết ai làm (--token). Mã có đúng quyền của ông/bà lúc dùng, không hơn; ai giữ mã là làm thay ông/bà.',
  tokenName: 'Tên gợi nhớ',
  tokenDays: 'Số ngày',
  tokenMake: 'Cấp mã',
  tokenOnce: 'Mã chỉ hiện một lần',
  tokenNone: 'Chưa có mã nào.',
  tokenUsed: 'Dùng lần cuối',
  tokenNever: 'chưa dùng',
  tokenUntil: (at) => `đến ${at}`,
  tokenRevoke: 'Thu hồi',
  tokenRevokeAsk: (name) => `Thu hồi mã ${name}?`,
  tokenRevokeWhy: 'Lệnh dùng mã này bị từ chối ngay. Không lấy lại được; cần thì cấp mã mới.',
  tokenState: { live: 'còn hiệu lực', revoked: 'đã thu hồi', expired: 'hết hạn' },
  scopes: {
    footage: 'xem hình trong phiếu',
    hold: 'bảo lưu dữ liệu',
    export: 'trích xuất hồ sơ',
    acts: 'việc cần hai người',
  },
  scope: 'Dùng cho',
};

const en: ActText = {
  acts: 'Second person',
  why: 'What one person must not do alone. It happens only when somebody else agrees; both names stand in the log.',
  none: 'Nothing waits for you.',
  noneNext: 'When somebody asks, it shows here; the page reloads itself every half minute.',
  mine: 'Asked by you',
  mineNone: 'You asked for nothing in the last thirty days.',
  kinds: ACT_WORDS.en,
  states: ACT_STATE_WORDS.en,
  what: 'Act',
  reason: 'Reason',
  askedBy: 'Asked by',
  until: 'Waits until',
  state: 'State',
  approve: 'Approve',
  approveAsk: (what) => `Approve: ${what}?`,
  approveWhy: 'It happens at once and only once; your name stands in the log beside whoever asked.',
  refuse: 'Refuse',
  withdraw: 'Withdraw',
  refuseReason: 'Why',
  ofCase: (number) => `Case ${number}`,
  counter: (number, name) => `Counter ${number} – ${name}`,
  onDuty: (names) => `On duty there: ${names}`,
  upTo: (at) => `up to ${at}`,
  keepUntil: (day) => `Kept until ${day}`,
  basis: (text) => `Basis: ${text}`,
  tokens: 'Personal tokens',
  tokensWhy:
    'So that commands on the hub know who acts (--token). A token has your rights at that moment, no more; whoever holds it acts as you.',
  tokenName: 'Name to remember it by',
  tokenDays: 'Days',
  tokenMake: 'Make a token',
  tokenOnce: 'Shown once',
  tokenNone: 'No tokens yet.',
  tokenUsed: 'Last used',
  tokenNever: 'never',
  tokenUntil: (at) => `until ${at}`,
  tokenRevoke: 'Revoke',
  tokenRevokeAsk: (name) => `Revoke the token ${name}?`,
  tokenRevokeWhy:
    'Commands that use it are refused at once. It cannot be taken back; issue a new one if need be.',
  tokenState: { live: 'valid', revoked: 'revoked', expired: 'expired' },
  scopes: {
    footage: 'see footage inside cases',
    hold: 'keep footage',
    export: 'export evidence',
    acts: 'acts of two people',
  },
  scope: 'For',
};

export const actText: Catalogue<ActText> = { vi, en };
