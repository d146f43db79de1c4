/** Search by dossier code, queue number or case number: the transactions, what footage there is of each, and the way into a case. */
import type { FindAnswer } from '@hailong/shared/protocol/cases.ts';
import type { CaseAnswer, TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { count, date, hms } from '../common/format.ts';
import { go } from '../common/hash.ts';
import { useLang, useText } from '../common/lang.ts';
import { Empty, Field, Key, Loading, Mark, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import type { ClipSummary } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { caseText } from './case-text.ts';
import { OpenCase } from './open-case.tsx';
import { inspectorText } from './text.ts';

export function Search({ initial }: { initial: string }): ReactNode {
  const text = useText(inspectorText);
  const more = useText(caseText);
  const lang = useLang();
  const [typed, setTyped] = useState(initial);
  const asked = initial.trim().toUpperCase();
  const [day, setDay] = useState('');
  const found = useLoad<FindAnswer>(
    asked === '' ? null : `/api/v1/find?q=${encodeURIComponent(asked)}${day === '' ? '' : `&day=${day}`}`,
  );
  const [opening, setOpening] = useState<TransactionAnswer | 'interval' | null>(null);
  const cases = found.value?.cases ?? [];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const code = typed.trim().toUpperCase();
    if (code === asked) void found.reload();
    else go('search', code);
  };
  const transactions = found.value?.transactions ?? null;
  return (
    <main className="page">
      <h1>{text.searchHead}</h1>
      <section className="panel search-box">
        <form onSubmit={submit}>
          <Field label={text.searchLabel} hint={text.searchHint}>
            {(tied) => (
              <input
                {...tied}
                value={typed}
                onChange={(event) => setTyped(event.target.value.toUpperCase())}
                autoComplete="off"
                spellCheck={false}
                maxLength={60}
                // biome-ignore lint/a11y/noAutofocus: the only thing to do on this screen
                autoFocus
                required
              />
            )}
          </Field>
          <Field label={more.day}>
            {(tied) => (
              <input {...tied} type="date" value={day} onChange={(event) => setDay(event.target.value)} />
            )}
          </Field>
          <Key main submit>
            {text.searchGo}
          </Key>
          <Key onPress={() => setOpening('interval')}>{more.intervalGo}</Key>
        </form>
      </section>
      {found.problem && <ProblemNote problem={found.problem} retry={() => void found.reload()} />}
      <section className="panel">
        {found.loading && <Loading />}
        {asked === '' && (
          <Empty head={text.searchStart}>
            <p>{text.searchStartNext}</p>
          </Empty>
        )}
        {cases.length > 0 && (
          <div className="found-cases">
            <span className="muted">{more.ownCases}</span>
            {cases.map((each) => (
              <Key key={each.id} onPress={() => go('case', each.id)}>
                {text.openExisting} {each.number}
              </Key>
            ))}
          </div>
        )}
        {transactions?.length === 0 && cases.length === 0 && (
          <Empty head={text.searchNone(asked)}>
            <p>{text.searchNoneNext}</p>
          </Empty>
        )}
        {transactions && transactions.length > 0 && (
          <>
            <div className="panel-head">
              <h2>{asked}</h2>
              <span className="muted">{text.found(count(transactions.length, lang))}</span>
            </div>
            <table className="list list-cards">
              <thead>
                <tr>
                  <th>{text.transaction}</th>
                  <th>{text.at}</th>
                  <th>{text.counter}</th>
                  <th>{text.officer}</th>
                  <th>{text.procedure}</th>
                  <th>{text.stage}</th>
                  <th>{text.footage}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {transactions.map((each) => (
                  <Row
                    key={each.transactionId}
                    transaction={each}
                    existing={cases.find((one) => one.transactionId === each.transactionId)}
                    onOpen={() => setOpening(each)}
                  />
                ))}
              </tbody>
            </table>
          </>
        )}
      </section>
      {opening && (
        <OpenCase
          transaction={opening === 'interval' ? null : opening}
          onClose={() => setOpening(null)}
          onOpened={(id) => go('case', id)}
        />
      )}
    </main>
  );
}

/** Where its opening is not held, the first that is known of it is no beginning. */
export const began = (
  { openedAt, begin }: TransactionAnswer,
  text: { readonly startedBefore: (at: string) => string },
): string => (begin === 'unknown' ? text.startedBefore(hms(openedAt)) : hms(openedAt));

function Row({
  transaction,
  existing,
  onOpen,
}: {
  transaction: TransactionAnswer;
  existing: CaseAnswer | undefined;
  onOpen: () => void;
}): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const clip = useLoad<ClipSummary>(`/api/v1/transactions/${transaction.transactionId}/clip`);
  return (
    <tr>
      <td>
        <b>{transaction.queueNumber ?? text.noNumber}</b>
        {transaction.dossierCodes.length > 1 && (
          <div className="small muted">{transaction.dossierCodes.join(', ')}</div>
        )}
      </td>
      <td data-name={text.at}>
        {date(transaction.openedAt)}
        <div className="small muted">
          {began(transaction, text)}–{transaction.finishedAt === null ? '…' : hms(transaction.finishedAt)}
        </div>
      </td>
      <td data-name={text.counter}>{transaction.counter.number}</td>
      <td data-name={text.officer}>{transaction.officer.name}</td>
      <td data-name={text.procedure}>{transaction.procedure?.name ?? common.none}</td>
      <td data-name={text.stage}>
        {common.stages[transaction.stage]}
        {transaction.outcome && transaction.outcome !== 'completed' && (
          <div className="small muted">{common.outcomes[transaction.outcome]}</div>
        )}
      </td>
      <td data-name={text.footage}>
        {clip.value?.cameras.length === 0 && <span className="muted">{text.noCamera}</span>}
        {clip.value?.cameras.map((camera) => (
          <div key={camera.cameraId} className="status">
            <Mark
              tone={camera.state === 'ready' ? 'ok' : camera.state === 'pending' ? 'idle' : 'attention'}
            />
            {camera.name}: {text.footageStates[camera.state]}
          </div>
        ))}
      </td>
      <td className="list-act">
        {existing ? (
          <Key onPress={() => go('case', existing.id)}>
            {text.openExisting} {existing.number}
          </Key>
        ) : (
          <Key main onPress={onOpen}>
            {text.openCase}
          </Key>
        )}
      </td>
    </tr>
  );
}
