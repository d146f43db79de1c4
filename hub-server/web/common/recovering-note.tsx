/**
 * A calm word on the dashboard and in the administration while the hub waits for kiosks after it was set back, and what
 * stays to be seen to afterwards. Nothing when there is nothing; a hub that does not answer says so elsewhere.
 */
import type { RecoveringAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useText } from './lang.ts';
import type { Catalogue } from './languages.ts';
import { Note } from './parts.tsx';
import { useLoad } from './use-load.ts';

const ASK_MS = 15_000;

const vi = {
  head: 'Máy chủ vừa được phục hồi, đang chờ các thiết bị gửi lại dữ liệu.',
  held: 'Tạm chưa xuất số liệu; việc đánh giá tại quầy vẫn chạy bình thường.',
  allowed: 'Hai người đã cho phép xuất số liệu khi chưa đủ.',
  unheard: (counters: string) => `Chưa kết nối lại: quầy ${counters}.`,
  sending: (counters: string) => `Đang gửi lại: quầy ${counters}.`,
  gapsHead: 'Có sự kiện không còn ở đâu.',
  gap: (where: string, from: number, to: string) => `${where}: sự kiện ${from}–${to}`,
  counter: (number: string) => `Quầy ${number}`,
  hub: 'Chuỗi của máy chủ',
  confirmHead: 'Cần xác nhận các thiết bị được nhận lại chưa từng bị thu hồi.',
  confirm: (counters: string) => `Quầy ${counters}. Hai người xác nhận bằng hailong-hub device confirm.`,
};
const en: typeof vi = {
  head: 'The hub was set back and waits for kiosks to send again.',
  held: 'Figures are not exported meanwhile; rating at the counters goes on as always.',
  allowed: 'Two people allowed exports although data is missing.',
  unheard: (counters) => `Not heard yet: counter ${counters}.`,
  sending: (counters) => `Sending again: counter ${counters}.`,
  gapsHead: 'Some events are nowhere any more.',
  gap: (where, from, to) => `${where}: events ${from}–${to}`,
  counter: (number) => `Counter ${number}`,
  hub: 'The hub’s own chain',
  confirmHead: 'Confirm that kiosks admitted again had not been revoked.',
  confirm: (counters) => `Counter ${counters}. Two people confirm with hailong-hub device confirm.`,
};
const recoveringText: Catalogue<typeof vi> = { vi, en };

export function RecoveringNote(): ReactNode {
  const text = useText(recoveringText);
  const { value, reload } = useLoad<RecoveringAnswer>('/api/v1/recovering');
  useEffect(() => {
    const timer = window.setInterval(() => void reload(), ASK_MS);
    return () => window.clearInterval(timer);
  }, [reload]);
  if (value === null) return null;
  const { recovering, overridden, awaited, gaps, toConfirm } = value;
  const numbers = (state: 'unheard' | 'sending'): string =>
    awaited
      .filter((each) => each.state === state)
      .map(({ counter }) => counter)
      .join(', ');
  const [unheard, sending] = [numbers('unheard'), numbers('sending')];
  return (
    <>
      {recovering && (
        <Note tone="attention" head={text.head}>
          <p>{overridden ? text.allowed : text.held}</p>
          {unheard !== '' && <p>{text.unheard(unheard)}</p>}
          {sending !== '' && <p>{text.sending(sending)}</p>}
        </Note>
      )}
      {gaps.length > 0 && (
        <Note tone="attention" head={text.gapsHead}>
          <ul className="note-where">
            {gaps.map(({ counter, device, from, to }) => (
              <li key={`${device} ${from}`}>
                {text.gap(counter === null ? text.hub : text.counter(counter), from, String(to ?? '…'))}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {toConfirm.length > 0 && (
        <Note tone="attention" head={text.confirmHead}>
          <p>{text.confirm(toConfirm.map(({ counter }) => counter).join(', '))}</p>
        </Note>
      )}
    </>
  );
}
