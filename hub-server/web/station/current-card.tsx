/** The transaction in hand: its number large, how long, its dossiers, procedure and stage. */
import type { TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { hms, length } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { useNow } from '../common/use-now.ts';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';

export function CurrentCard({ transaction }: { transaction: TransactionAnswer | null }): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const lang = useLang();
  const now = useNow(1_000);
  if (transaction === null)
    return (
      <section className="current current-idle">
        <p className="current-state">{text.idle}</p>
        <p className="muted">{text.idleNext}</p>
      </section>
    );
  const rating = transaction.state === 'rating';
  const until = transaction.finishedAt ?? now;
  return (
    <section className="current">
      <div className="current-top">
        <p className="current-state">{rating ? text.rating : text.serving}</p>
        <p className="current-length">{length(until - transaction.openedAt, lang)}</p>
      </div>
      <p className="current-number">
        <b className={transaction.queueNumber === null ? 'current-none' : ''}>
          {transaction.queueNumber ?? text.noNumber}
        </b>
        <span className="muted">
          {rating && transaction.prompt
            ? text.promptedAt(hms(transaction.prompt.openedAt))
            : text.startedAt(hms(transaction.openedAt))}
        </span>
      </p>
      <dl>
        <dt>{text.dossier}</dt>
        <dd>{transaction.dossierCodes.join(', ') || text.noDossier}</dd>
        <dt>{text.procedure}</dt>
        <dd>{transaction.procedure?.name ?? text.noProcedure}</dd>
        <dt>{text.stage}</dt>
        <dd>{common.stages[transaction.stage]}</dd>
      </dl>
    </section>
  );
}
