/** After the vote: thanks as far as it is safe, and the receipt, which never says what was answered. */
import type { PrivateReceipt } from '@hailong/shared/protocol/private.ts';
import type { ReactNode } from 'react';
import { dateTime, monthName } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { BigKey, Foot, Head } from './parts.tsx';
import { voteText } from './text.ts';

export function Answered({
  thanked,
  receipt,
  onLook,
}: {
  thanked: 'full' | 'received' | null;
  receipt: PrivateReceipt | null;
  onLook: () => void;
}): ReactNode {
  const text = useText(voteText);
  const said = receipt && receiptSentence(receipt, text);
  const isFinal = receipt?.state === 'late' || (receipt?.state === 'counted' && receipt.month !== null);
  return (
    <>
      <Head>
        <svg className="vote-tick" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 13 9.5 18.5 20 6.5" />
        </svg>
        {thanked === 'full' ? text.thanksFull : text.thanksReceived}{' '}
        <span className="vote-thanks">{text.thanks}</span>
      </Head>
      {said && (
        <section className="vote-receipt" aria-live="polite">
          <h2>{text.receipt.head}</h2>
          <p>{said}</p>
          {receipt.at !== null && (
            <p>
              {text.receipt.sentAt} {dateTime(receipt.at)}
            </p>
          )}
        </section>
      )}
      {!isFinal && (
        <>
          <p>{text.receipt.lookLater}</p>
          <Foot>
            <BigKey onPress={onLook}>{text.receipt.look}</BigKey>
          </Foot>
        </>
      )}
    </>
  );
}

function receiptSentence({ state, month }: PrivateReceipt, text: (typeof voteText)['vi']): string | null {
  switch (state) {
    case 'none':
      return null;
    case 'received':
      return text.receipt.received;
    case 'late':
      return text.receipt.late;
    case 'counted':
      return text.receipt.counted(month === null ? null : monthName(month));
  }
}
