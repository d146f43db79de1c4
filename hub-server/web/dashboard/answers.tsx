/**
 * What was answered, told by the form it was asked with: forms of criteria, chips, taps where more than one form is in use, and
 * whoever rated without being served, in rows of their own. Nothing is drawn of what nobody answered.
 */
import type { DashboardAnswers } from '@hailong/shared/protocol/answers.ts';
import type { ReactNode } from 'react';
import { count } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import { words } from '../common/words.ts';
import { dashboardText } from './text.ts';

export function Answers({ month }: { month: string }): ReactNode {
  const text = useText(dashboardText);
  const common = useText(words);
  const lang = useLang();
  const { value, problem, reload } = useLoad<DashboardAnswers>(`/api/v1/dashboard/answers?month=${month}`);
  if (problem) return <ProblemNote problem={problem} retry={() => void reload()} />;
  if (value === null) return null;
  const n = (each: number): string => count(each, lang);
  const sum = (all: readonly { readonly n: number }[]): number =>
    all.reduce((total, each) => total + each.n, 0);
  const taps = value.taps.filter(({ levels }) => sum(levels) > 0);
  return (
    <>
      {taps.length > 1 &&
        taps.map(({ id, name, levels }) => (
          <Panel key={id} head={text.answersOf(name[lang])}>
            {levels.map(({ key, word, n: of }) => (
              <Line key={key} cells={[word[lang]]} n={n(of)} />
            ))}
          </Panel>
        ))}
      {value.forms.map(({ id, name, questions }) => (
        <Panel
          key={id}
          head={text.answersOf(name[lang])}
          why={text.formWhy}
          columns={[text.criterion, text.answer]}
        >
          {questions.map((question) =>
            question.options.map(({ key, word, points, n: of }, at) => (
              <Line
                key={`${question.key} ${key}`}
                cells={[at === 0 ? question.name[lang] : '', text.withPoints(word[lang], n(points))]}
                n={n(of)}
              />
            )),
          )}
        </Panel>
      ))}
      {value.chips.map(({ id, name, chips }) => (
        <Panel key={id} head={text.chipsOf(name[lang])} why={text.chipsWhy} columns={[text.chip]}>
          {chips.map(({ key, word, n: of }) => (
            <Line key={key} cells={[word[lang]]} n={n(of)} />
          ))}
        </Panel>
      ))}
      {value.walkups.length > 0 && (
        <section className="panel">
          <div className="panel-head">
            <h2>{text.walkups}</h2>
          </div>
          <table className="marks">
            <thead>
              <tr>
                <th>{text.byHead.counter}</th>
                {value.walkups[0]?.levels.map(({ key }) => (
                  <th key={key} className="num">
                    {common.levels[key]}
                  </th>
                ))}
                <th className="num">{text.number}</th>
              </tr>
            </thead>
            <tbody>
              {value.walkups.map(({ counterId, label, levels }) => (
                <tr key={counterId}>
                  <td>{label}</td>
                  {levels.map((level) => (
                    <td key={level.key} className="num">
                      {n(level.n)}
                    </td>
                  ))}
                  <td className="num">{n(sum(levels))}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="muted small">{text.walkupsWhy}</p>
        </section>
      )}
    </>
  );
}

function Panel({
  head,
  why,
  columns,
  children,
}: {
  head: string;
  why?: string;
  columns?: readonly string[];
  children: ReactNode;
}): ReactNode {
  const text = useText(dashboardText);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{head}</h2>
      </div>
      <table className="marks">
        <thead>
          <tr>
            {(columns ?? [text.answer]).map((each) => (
              <th key={each}>{each}</th>
            ))}
            <th className="num">{text.number}</th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {why && <p className="muted small">{why}</p>}
    </section>
  );
}

function Line({ cells, n }: { cells: readonly string[]; n: string }): ReactNode {
  return (
    <tr>
      {cells.map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns of one table, always the same.
        <td key={at}>{each}</td>
      ))}
      <td className="num">{n}</td>
    </tr>
  );
}
