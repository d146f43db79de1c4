/**
 * Why there is no picture of a time, as people read it: the one home of these words, for pages, the paper and the page that
 * checks a package. Closed reasons are keys, so that a new one without a word does not compile.
 */
import type { CoverageReason } from '../protocol/coverage.ts';
import type { GapReason } from '../protocol/footage.ts';
import { roleWords } from './role-words.ts';

/** `altered`, `lost`: of a package, found when its masters were copied. */
export type MissingReason = GapReason | CoverageReason | 'altered' | 'lost';

export const GAP_WORDS: Readonly<Record<'vi' | 'en', Readonly<Record<MissingReason, string>>>> = {
  vi: {
    'camera-down': 'mất kết nối camera',
    'camera-silent': 'camera không gửi hình',
    'clock-reset': 'đồng hồ camera nhảy',
    'recorder-down': 'bộ ghi hình dừng',
    'disk-full': 'hết chỗ lưu',
    'wrong-codec': 'sai chuẩn nén hình',
    refused: 'camera từ chối đăng nhập',
    'not-configured': 'chưa cài camera',
    deleted: 'đoạn ghi đã xóa',
    unplaced: 'chưa xác định được thời điểm: đồng hồ máy chủ chưa chắc đúng',
    unknown: 'chưa rõ nguyên nhân',
    expired: 'đã xóa: hết hạn lưu',
    'deleted-budget': 'đã xóa: thiếu chỗ lưu',
    'deleted-unreported': 'đã xóa: thiếu chỗ lưu, thiết bị đánh giá chưa báo về',
    'deleted-lost': 'tệp hình không còn trên đĩa',
    altered: 'tệp không còn đúng mã băm lúc ghi',
    lost: 'tệp không còn trên ổ đĩa',
  },
  en: {
    'camera-down': 'camera disconnected',
    'camera-silent': 'camera sent no picture',
    'clock-reset': 'camera clock jumped',
    'recorder-down': 'recorder stopped',
    'disk-full': 'storage full',
    'wrong-codec': 'wrong video codec',
    refused: 'camera refused the login',
    'not-configured': 'camera not installed',
    deleted: 'segments deleted',
    unplaced: 'cannot be placed: the hub’s clock was not sure',
    unknown: 'cause unknown',
    expired: 'deleted: past its days',
    'deleted-budget': 'deleted: space was needed',
    'deleted-unreported': 'deleted: space was needed, its kiosk had not reported',
    'deleted-lost': 'the file is no longer on the disk',
    altered: 'the file no longer has the hash it was closed with',
    lost: 'the file is no longer on the disk',
  },
};

const KNOWN = {
  vi: new Map(Object.entries(GAP_WORDS.vi)),
  en: new Map(Object.entries(GAP_WORDS.en)),
} as const;
interface ToldActor {
  readonly actor: string;
  readonly name: string;
  readonly roles: readonly string[];
}
/** Who deleted it and when, of a package. */
interface ToldDeletion {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly by: ToldActor | null;
}
interface ToldGap {
  readonly reason: string;
  readonly deletion?: ToldDeletion | undefined;
  /** Who took the camera out of the map of this counter, and when. */
  readonly unmapped?: { readonly at: number; readonly by: ToldActor | null } | undefined;
}

const actorWords = ({ name, roles, actor }: ToldActor, lang: 'vi' | 'en'): string =>
  [name, roles.map((role) => roleWords(role, lang)).join(', '), actor].filter(Boolean).join(', ');

/** `who` null: nobody knows. */
export const UNMAPPED_WORDS: Readonly<Record<'vi' | 'en', (who: string | null, when: string) => string>> = {
  vi: (who, when) =>
    `camera đã bị bỏ khỏi sơ đồ của quầy này ${when}${who === null ? '' : `, người thực hiện: ${who}`}`,
  en: (who, when) => `camera taken out of the map of this counter ${when}${who === null ? '' : ` by ${who}`}`,
};

/** `lost`: nobody deleted it, it was found missing. */
function whoDeleted({ firstAt, lastAt, by }: ToldDeletion, lost: boolean, time: (at: number) => string) {
  const one = firstAt === lastAt;
  const when = {
    vi: one ? `lúc ${time(firstAt)}` : `từ ${time(firstAt)} đến ${time(lastAt)}`,
    en: one ? `at ${time(firstAt)}` : `from ${time(firstAt)} to ${time(lastAt)}`,
  };
  if (by === null)
    return lost
      ? { vi: `máy chủ phát hiện ${when.vi}`, en: `found missing by the hub ${when.en}` }
      : { vi: `máy chủ xóa theo quy tắc ${when.vi}`, en: `deleted by the hub’s rule ${when.en}` };
  const who = (lang: 'vi' | 'en'): string => actorWords(by, lang);
  return lost
    ? { vi: `${who('vi')} ghi nhận ${when.vi}`, en: `recorded by ${who('en')} ${when.en}` }
    : { vi: `${who('vi')} cho xóa ${when.vi}`, en: `deleted at the request of ${who('en')} ${when.en}` };
}

/** A gap's reason; of a deletion, by whom or by which rule and when; who took the camera out of the map. `time` writes a moment out. */
export function gapSentence(
  { reason, deletion, unmapped }: ToldGap,
  lang: 'vi' | 'en',
  time: (at: number) => string,
): string {
  const why = gapWords(reason, lang);
  if (unmapped !== undefined) {
    const { by, at } = unmapped;
    return UNMAPPED_WORDS[lang](by && actorWords(by, lang), `${lang === 'vi' ? 'lúc' : 'at'} ${time(at)}`);
  }
  return deletion === undefined
    ? why
    : `${why}; ${whoDeleted(deletion, reason === 'deleted-lost', time)[lang]}`;
}

/** A reason that is newer than these words is shown as it is. */
export const gapWords = (reason: string, lang: 'vi' | 'en'): string => KNOWN[lang].get(reason) ?? reason;
