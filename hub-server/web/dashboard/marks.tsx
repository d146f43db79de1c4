/** Who was not asked at the counter, and why: a count by officer, outcome and reason. Not shown while nobody marked anything. */
import type { DashboardMarks } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { count } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { useLoad } from '../common/use-load.ts';
import { words } from '../common/words.ts';
import { dashboardText } from './text.ts';

export function Marks({ month }: { month: string }): ReactNode {
  const text = useText(dashboardText);
  const common = useText(words);
  const lang = useLang();
  const { value } = useLoad<DashboardMarks>(`/api/v1/dashboard/marks?month=${month}`);
  if (value === null || value.rows.length === 0) return null;
  const name = new Map<string, string>(value.reasons.map((each) => [each.key, each.name[lang]]));
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.marks}</h2>
      </div>
      <table className="marks">
        <thead>
          <tr>
            <th>{text.officer}</th>
            <th>{text.outcome}</th>
            <th>{text.reason}</th>
            <th className="num">{text.number}</th>
          </tr>
        </thead>
        <tbody>
          {value.rows.map((row) => (
            <tr key={`${row.officerId} ${row.outcome} ${row.reason}`}>
              <td>{row.label}</td>
              <td>{common.outcomes[row.outcome]}</td>
              <td>{row.reason === null ? text.noReason : (name.get(row.reason) ?? row.reason)}</td>
              <td className="num">{count(row.n, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small">{text.marksWhy}</p>
    </section>
  );
}
