/** What an officer does about the duty itself: lunch, hand-over, its end. Two acts each: the key, and which. */
import type { TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useText } from '../common/lang.ts';
import { Dialog, Kbd, Key } from '../common/parts.tsx';
import { words } from '../common/words.ts';
import { Login } from './login.tsx';
import { stationText } from './text.ts';
import type { useStation } from './use-station.ts';

export type DutyAct = 'lunch' | 'hand-over' | 'leave';
/** In the order of their digits. */
export const DUTY_ACTS: readonly DutyAct[] = ['lunch', 'hand-over', 'leave'];

export function DutyMenu({
  transaction,
  onAct,
  onClose,
}: {
  transaction: TransactionAnswer | null;
  onAct: (act: DutyAct) => void;
  onClose: () => void;
}): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const serving = transaction?.state === 'serving';
  return (
    <Dialog title={text.dutyMenu} onClose={onClose}>
      {DUTY_ACTS.map((act, place) => (
        <Key key={act} className="reason" disabled={serving && act !== 'leave'} onPress={() => onAct(act)}>
          <Kbd>{place + 1}</Kbd> {text.dutyActs[act]}
        </Key>
      ))}
      {serving && <p className="small">{text.dutyServing(transaction.queueNumber ?? '')}</p>}
      <Key onPress={onClose}>{common.cancel}</Key>
    </Dialog>
  );
}

export function HandOver({
  live,
  onClose,
}: {
  live: ReturnType<typeof useStation>;
  onClose: () => void;
}): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const [busy, setBusy] = useState(false);
  return (
    <Dialog title={text.handOver} onClose={busy ? null : onClose}>
      <p className="small">{text.handOverWhy}</p>
      <Login live={live} onDone={onClose} onBusy={setBusy} />
      {!busy && <Key onPress={onClose}>{common.cancel}</Key>}
    </Dialog>
  );
}
