/** What `hailong-hub recovering show` says to people, Vietnamese first: which devices are waited for, and what ends it. */
import type { RecoveringAnswer } from '@hailong/shared/protocol/http.ts';

interface Text {
  readonly vi: string;
  readonly en: string;
}
type Awaited = RecoveringAnswer['awaited'][number];
type Gap = RecoveringAnswer['gaps'][number];

const short = (device: string): string => device.slice(0, 12);

const TEXTS = {
  whole: { vi: 'Dữ liệu đầy đủ, không chờ thiết bị nào.', en: 'Nothing is awaited; the data is whole.' },
  overridden: {
    vi: 'Hai người đã cho phép xuất số liệu khi chưa đủ.',
    en: 'Two people allowed exports although data is missing.',
  },
  revoke: {
    vi: 'Thiết bị hỏng hẳn hoặc đã thay thì phải thu hồi (trang quản trị, Thiết bị); chỉ khi đó mới hết chờ.',
    en: 'A kiosk that is gone for good must be revoked (administration page, devices); only then is it awaited no more.',
  },
} as const satisfies Record<string, Text>;

function awaitedText({ counter, device, state, replaced }: Awaited): Text {
  const [vi, en] =
    state === 'unheard' ? ['chưa kết nối lại', 'not heard yet'] : ['đang gửi lại', 'sending again'];
  return {
    vi: `Quầy ${counter}, thiết bị ${short(device)}: ${vi}${replaced ? '; quầy đã có thiết bị mới hơn' : ''}`,
    en: `Counter ${counter}, device ${short(device)}: ${en}${replaced ? '; a newer one stands at the counter' : ''}`,
  };
}

const confirmText = ({ counter, device }: RecoveringAnswer['toConfirm'][number]): Text => ({
  vi: `Quầy ${counter}, thiết bị ${short(device)}: nhận lại theo giấy ghi danh, cần xác nhận chưa bị thu hồi`,
  en: `Counter ${counter}, device ${short(device)}: back by its certificate; confirm that it was not revoked`,
});

const gapText = ({ counter, device, from, to }: Gap): Text => ({
  vi: `${counter === null ? 'Chuỗi của máy chủ' : `Quầy ${counter}`} (${short(device)}): thiếu sự kiện ${from}–${to ?? '?'}, không còn ở đâu`,
  en: `${counter === null ? 'The hub’s own chain' : `Counter ${counter}`} (${short(device)}): events ${from}–${to ?? '?'} are nowhere any more`,
});

export function shownTexts(answer: RecoveringAnswer): readonly Text[] {
  const { awaited } = answer;
  return [
    ...(answer.recovering ? [] : [TEXTS.whole]),
    ...awaited.map(awaitedText),
    ...(awaited.some(({ state }) => state === 'unheard') ? [TEXTS.revoke] : []),
    ...(answer.overridden ? [TEXTS.overridden] : []),
    ...answer.toConfirm.map(confirmText),
    ...answer.gaps.map(gapText),
  ];
}
