/**
 * Dossiers that the provincial system closed and nobody was asked about, as the last night found them. By counter; of officers a
 * count, never which dossiers. What a kiosk may still bring is not counted against anybody.
 */
import type { NeverAskedAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { count, dateTime } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Empty, Loading, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import { words } from '../common/words.ts';
import { dashboardText } from './text.ts';

function ByCounter({ value }: { value: NeverAskedAnswer }): ReactNode {
  const text = useText(dashboardText);
  const lang = useLang();
  return (
    <table className="marks">
      <thead>
        <tr>
          <th>{text.byHead.counter}</th>
          {text.closedColumns.map((name) => (
            <th key={name} className="num">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {value.counters.map((row) => (
          <tr key={row.label}>
            <td>{row.label ?? text.noCounter}</td>
            {[row.closed, row.asked, row.unasked, row.silent, row.unknown + row.waiting].map((n, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the columns stand still
              <td key={place} className="num">
                {count(n, lang)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ByOfficer({ value }: { value: NeverAskedAnswer }): ReactNode {
  const text = useText(dashboardText);
  const lang = useLang();
  return (
    <table className="marks">
      <thead>
        <tr>
          <th>{text.officer}</th>
          <th className="num">{text.closedStates.unasked}</th>
          <th className="num">{text.closedStates.silent}</th>
        </tr>
      </thead>
      <tbody>
        {value.officers.map((row) => (
          <tr key={row.label}>
            <td>{row.label}</td>
            <td className="num">{count(row.unasked, lang)}</td>
            <td className="num">{count(row.silent, lang)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Dossiers({ value }: { value: NeverAskedAnswer }): ReactNode {
  const text = useText(dashboardText);
  const common = useText(words);
  return (
    <>
      <table className="marks dossiers">
        <thead>
          <tr>
            <th>{text.dossier}</th>
            <th>{text.closedAt}</th>
            <th>{text.stage}</th>
            <th>{text.byHead.counter}</th>
            <th>{text.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {value.dossiers.map((row) => (
            <tr key={`${row.dossierCode} ${row.closedAt} ${row.step}`}>
              <td>{row.dossierCode}</td>
              <td>{dateTime(row.closedAt)}</td>
              <td>{common.stages[row.step]}</td>
              <td>{row.label ?? text.noCounter}</td>
              <td>{text.closedStates[row.state]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {value.truncated && <p className="muted small">{text.truncated}</p>}
    </>
  );
}

export function NeverAsked({ month }: { month: string }): ReactNode {
  const text = useText(dashboardText);
  const { value, problem, loading, reload } = useLoad<NeverAskedAnswer>(
    `/api/v1/dashboard/never-asked?month=${month}`,
  );
  return (
    <section className="panel never-asked">
      <div className="panel-head">
        <h2>{text.neverAsked}</h2>
        <a className="key key-anchor" href={`/api/v1/dashboard/never-asked.xlsx?month=${month}`} download>
          {text.xlsxList}
        </a>
      </div>
      {loading && <Loading />}
      {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
      {value && value.counters.length === 0 && <Empty head={text.closedNone}>{text.closedNoneNext}</Empty>}
      {value && value.counters.length > 0 && (
        <>
          <p className="muted small">
            {value.judgedFor === null ? text.notJudged : text.judgedFor(dateTime(value.judgedFor))}
          </p>
          <ByCounter value={value} />
          {value.officers.length > 0 && <ByOfficer value={value} />}
          {value.dossiers.length > 0 && <Dossiers value={value} />}
          <p className="muted small">{text.closedWhy}</p>
        </>
      )}
    </section>
  );
}
