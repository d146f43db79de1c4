/**
 * A no-show by one key: the first reason of the list stands at once and leaves by itself; until then a digit chooses another
 * and Esc takes it back. Nothing has gone to the hub while this is on show.
 */
import type { OutcomeReason } from '@hailong/shared/model/counter-config.ts';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useLang, useText } from '../common/lang.ts';
import { Kbd, Key } from '../common/parts.tsx';
import { useNow } from '../common/use-now.ts';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';

export const TAKE_BACK_MS = 5_000;

export interface NoShowMark {
  readonly transactionId: string;
  /** Place in the list of reasons. */
  readonly chosen: number;
  /** When it leaves, by this machine's clock. */
  readonly at: number;
}

export function NoShow({
  mark,
  reasons,
  onChoose,
  onLeave,
  onTakeBack,
}: {
  mark: NoShowMark;
  reasons: readonly OutcomeReason[];
  onChoose: (place: number) => void;
  onLeave: () => void;
  onTakeBack: () => void;
}): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const lang = useLang();
  const now = useNow(1_000);
  useEffect(() => {
    const timer = window.setTimeout(onLeave, Math.max(0, mark.at - Date.now()));
    return () => window.clearTimeout(timer);
  }, [mark, onLeave]);
  return (
    <section className="no-show" role="status">
      <p className="no-show-head">
        <b>{common.outcomes.no_show}</b>
        <span className="muted">{text.leavesIn(Math.max(0, Math.ceil((mark.at - now) / 1_000)))}</span>
      </p>
      <ul>
        {reasons.map((reason, place) => (
          <li key={reason.key}>
            <Key className="reason" pressed={place === mark.chosen} onPress={() => onChoose(place)}>
              <Kbd>{place + 1}</Kbd> {reason.name[lang]}
            </Key>
          </li>
        ))}
      </ul>
      <Key className="key-link" onPress={onTakeBack}>
        {text.takeBack} <Kbd>Esc</Kbd>
      </Key>
    </section>
  );
}
