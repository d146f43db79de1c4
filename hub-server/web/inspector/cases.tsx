/** The inspector's own cases, newest first. */
import type { ReactNode } from 'react';
import { dateTime } from '../common/format.ts';
import { href } from '../common/hash.ts';
import { useText } from '../common/lang.ts';
import { Empty, Loading, Mark, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import type { CaseList } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { inspectorText } from './text.ts';

export function Cases(): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const list = useLoad<CaseList>('/api/v1/cases');
  return (
    <main className="page">
      <h1>{text.cases}</h1>
      {list.problem && <ProblemNote problem={list.problem} retry={() => void list.reload()} />}
      <section className="panel">
        {list.loading && <Loading />}
        {list.value?.cases.length === 0 && (
          <Empty head={text.casesNone}>
            <p>{text.casesNoneNext}</p>
            <a href={href('search')}>{text.search}</a>
          </Empty>
        )}
        {list.value && list.value.cases.length > 0 && (
          <table className="list list-cards">
            <thead>
              <tr>
                <th>{text.caseNumber}</th>
                <th>{text.type}</th>
                <th>{text.documentNumber}</th>
                <th>{text.purpose}</th>
                <th>{text.openedAt}</th>
              </tr>
            </thead>
            <tbody>
              {list.value.cases.map((each) => (
                <tr key={each.id}>
                  <td>
                    <a href={href('case', each.id)}>
                      <b>{each.number}</b>
                    </a>{' '}
                    {each.disputed && (
                      <span className="badge badge-attention">
                        <Mark tone="attention" />
                        {text.disputed}
                      </span>
                    )}
                    <div className="small muted">
                      {each.status === 'open' ? text.statusOpen : text.statusClosed}
                    </div>
                  </td>
                  <td data-name={text.type}>{common.caseTypes[each.type]}</td>
                  <td data-name={text.documentNumber}>{each.documentNumber}</td>
                  <td className="clip-text" data-name={text.purpose}>
                    {each.purpose}
                  </td>
                  <td data-name={text.openedAt}>{dateTime(each.openedAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </main>
  );
}
