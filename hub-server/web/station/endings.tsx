/** Test and accident: each with a reason of the office's list, by its digit or by a press; without a list, as such. */
import type { OutcomeReason } from '@hailong/shared/model/counter-config.ts';
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import type { ReactNode } from 'react';
import { useLang, useText } from '../common/lang.ts';
import { Dialog, Kbd, Key } from '../common/parts.tsx';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';

export interface Ending {
  readonly outcome: Outcome;
  readonly reason?: string;
}
const SILENT = ['accident', 'test'] as const;

/** In the order of their digits. */
export function endingsOf(reasons: readonly OutcomeReason[]): readonly Ending[] {
  return SILENT.flatMap((outcome): Ending[] => {
    const named = reasons.filter((each) => each.outcome === outcome);
    return named.length === 0 ? [{ outcome }] : named.map(({ key }) => ({ outcome, reason: key }));
  });
}

export function Endings({
  reasons,
  onChoose,
  onClose,
}: {
  reasons: readonly OutcomeReason[];
  onChoose: (ending: Ending) => void;
  onClose: () => void;
}): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const lang = useLang();
  return (
    <Dialog title={text.more} onClose={onClose}>
      {endingsOf(reasons).map((ending, place) => {
        const name = reasons.find(({ key }) => key === ending.reason)?.name[lang];
        return (
          <Key key={`${ending.outcome} ${ending.reason}`} className="reason" onPress={() => onChoose(ending)}>
            <Kbd>{place + 1}</Kbd> {common.outcomes[ending.outcome]}
            {name && <span className="muted"> · {name}</span>}
          </Key>
        );
      })}
      <Key onPress={onClose}>{common.cancel}</Key>
    </Dialog>
  );
}
