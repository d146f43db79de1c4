/** What a person must look at, a page at a time; a dossier leads to its transactions, where a case is opened. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { date, monthName } from '../common/format.ts';
import { href } from '../common/hash.ts';
import { useText } from '../common/lang.ts';
import { Empty, Key, Loading, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import type { ReviewAnswer } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { began } from './search.tsx';
import { inspectorText } from './text.ts';

export function Reviews(): ReactNode {
  const text = useText(inspectorText);
  const [after, setAfter] = useState<string | null>(null);
  const page = useLoad<ReviewAnswer>(`/api/v1/review${after === null ? '' : `?after=${after}`}`);
  const items = page.value?.items ?? null;
  const next = page.value?.next ?? null;
  return (
    <main className="page">
      <h1>{text.reviews}</h1>
      <p className="muted">{text.reviewsWhy}</p>
      {page.problem && <ProblemNote problem={page.problem} retry={() => void page.reload()} />}
      <section className="panel">
        {page.loading && <Loading />}
        {items?.length === 0 && <Empty head={text.reviewsNone} />}
        {items && items.length > 0 && (
          <table className="list list-cards">
            <thead>
              <tr>
                <th>{text.reason}</th>
                <th>{text.month}</th>
                <th>{text.at}</th>
                <th>{text.counter}</th>
                <th>{text.officer}</th>
                <th>{text.dossier}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={`${item.kind} ${item.transactionId}`} item={item} />
              ))}
            </tbody>
          </table>
        )}
      </section>
      <div className="keys">
        {after !== null && <Key onPress={() => setAfter(null)}>{text.reviewFirst}</Key>}
        {next !== null && <Key onPress={() => setAfter(next)}>{text.reviewNext}</Key>}
      </div>
    </main>
  );
}

function Row({ item }: { item: ReviewAnswer['items'][number] }): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const { kind, month, transaction } = item;
  return (
    <tr>
      <td>{text.reviewKinds[kind]}</td>
      <td data-name={text.month}>{month === null ? common.none : monthName(month)}</td>
      {transaction === null ? (
        <td colSpan={4} className="muted">
          {text.reviewUnknown}
        </td>
      ) : (
        <>
          <td data-name={text.at}>
            {date(transaction.openedAt)} {began(transaction, text)}
          </td>
          <td data-name={text.counter}>{transaction.counter.number}</td>
          <td data-name={text.officer}>{transaction.officer.name}</td>
          <td data-name={text.dossier}>
            {transaction.dossierCodes.length === 0
              ? common.none
              : transaction.dossierCodes.map((code) => (
                  <div key={code}>
                    <a href={href('search', code)}>{code}</a>
                  </div>
                ))}
          </td>
        </>
      )}
    </tr>
  );
}
