/**
 * Satisfaction, participation and invitations of each officer, counter, procedure or stage, in the hub's order and
 * never by score. Under the minimum n: hollow dot, interval kept, no percentage. Every row opens its events.
 */

import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { DashboardAnswer, Figures } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { Face } from '../common/face.tsx';
import { bare, count, percent, shareOf } from '../common/format.ts';
import { href } from '../common/hash.ts';
import { useLang, useText } from '../common/lang.ts';
import { Empty, Mark } from '../common/parts.tsx';
import type { DashboardBy } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { axisStart, axisTicks, axisX, LEVELS, promptedTooRarely } from './chart-scale.ts';
import { DotWhisker, LevelStack, TakingPart } from './charts.tsx';
import { dashboardText } from './text.ts';

/** No officer, counter, procedure or stage has this key; the office's own row has no events page of its own. */
const TOTAL = '=total';
const DOT_WIDTH = 184;
const BAR_WIDTH = 96;

export function FigureTable({
  value,
  month,
  by,
  order,
  onBy,
}: {
  value: DashboardAnswer;
  month: string;
  by: DashboardBy;
  order: readonly DashboardBy[];
  onBy: (by: DashboardBy) => void;
}): ReactNode {
  const text = useText(dashboardText);
  const common = useText(words);
  const lang = useLang();
  const start = axisStart([...value.rows.map((row) => row.figures), value.total]);
  const notes = [...new Set(value.rows.flatMap((row) => (row.note === null ? [] : [row.note])))];
  const labelOf = (row: DashboardAnswer['rows'][number]): string =>
    value.by === 'stage' ? (common.stages[row.key as Stage] ?? row.label) : row.label;
  const rows = [
    ...value.rows.map((row) => ({ ...row, label: labelOf(row) })),
    { key: TOTAL, label: text.total, note: null, figures: value.total },
  ];
  return (
    <section className="panel by">
      <div className="by-head">
        <div className="tabs" role="tablist" aria-label={text.title}>
          {order.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              aria-selected={each === by}
              onClick={() => onBy(each)}
            >
              {text.by[each]}
            </button>
          ))}
        </div>
        <p className="muted small">{text.compare}</p>
      </div>
      {value.total.served === 0 ? (
        <Empty head={text.noServed}>
          <p>{text.noServedNext}</p>
        </Empty>
      ) : (
        <>
          <div className="by-scroll">
            <table className="by-table">
              <thead>
                <tr>
                  <th>{text.byHead[value.by]}</th>
                  <th className="num">{text.columnN}</th>
                  <th className="by-axis">
                    <svg width={DOT_WIDTH} height="18" aria-hidden="true">
                      {axisTicks(start).map((at) => (
                        <text key={at} x={8 + axisX(at, start, DOT_WIDTH - 16)} y="13" textAnchor="middle">
                          {at === start ? `${at / 100} %` : at / 100}
                        </text>
                      ))}
                    </svg>
                  </th>
                  <th>
                    {text.columnShare[0]}
                    <br />
                    {text.columnShare[1]}
                  </th>
                  <th className="by-legend">
                    <i className="legend-data" /> {text.legendRated}
                    <br />
                    <i className="legend-tick" /> {text.legendPrompted}
                  </th>
                  <th className="num">
                    {text.columnRated[0]}
                    <br />
                    {text.columnRated[1]}
                  </th>
                  <th className="num">
                    {text.columnPrompted[0]}
                    <br />
                    {text.columnPrompted[1]}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Row
                    key={row.key}
                    to={href('events', month, value.by, row.key, row.label)}
                    label={row.label}
                    note={row.note === null ? null : notes.indexOf(row.note) + 1}
                    total={row.key === TOTAL}
                    figures={row.figures}
                    start={start}
                    minimumN={value.minimumN}
                  />
                ))}
              </tbody>
            </table>
          </div>
          {notes.length > 0 && (
            <ol className="by-notes">
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ol>
          )}
          <div className="levels">
            <h3>{text.levels}</h3>
            {value.total.rated >= value.minimumN ? (
              <>
                <LevelStack figures={value.total} />
                <ul className="levels-words">
                  {LEVELS.map((level) => (
                    <li key={level}>
                      <Face level={level} size={16} /> {common.levels[level]}{' '}
                      <b>{count(value.total.levels[level], lang)}</b>
                    </li>
                  ))}
                </ul>
              </>
            ) : (
              <p className="muted">{text.notEnough(count(value.minimumN, lang))}</p>
            )}
          </div>
        </>
      )}
    </section>
  );
}

function Row({
  to,
  label,
  note,
  total,
  figures,
  start,
  minimumN,
}: {
  to: string;
  label: string;
  /** Number of its footnote under the table. */
  note: number | null;
  total: boolean;
  figures: Figures;
  start: number;
  minimumN: number;
}): ReactNode {
  const text = useText(dashboardText);
  const lang = useLang();
  const n = (each: number): string => count(each, lang);
  const enough = figures.rated >= minimumN;
  const satisfied = shareOf(figures.satisfied, figures.rated);
  const rated = shareOf(figures.answered, figures.served);
  const prompted = shareOf(figures.prompted, figures.served);
  const interval =
    figures.low !== null && figures.high !== null
      ? `${bare(figures.low, lang)}–${bare(figures.high, lang)}`
      : null;
  return (
    <tr className={total ? 'by-total' : ''}>
      <th scope="row">
        {total ? (
          label
        ) : (
          <a className={note === null ? '' : 'by-noted'} href={to} title={text.open(label)}>
            {label}
          </a>
        )}
        {note !== null && <sup> {note}</sup>}
      </th>
      <td className="num">{n(figures.rated)}</td>
      <td>
        <DotWhisker figures={figures} start={start} width={DOT_WIDTH} enough={enough} />
      </td>
      <td className="by-share">
        {enough && satisfied !== null ? (
          <>
            <b>{percent(satisfied, lang)}</b> <span className="muted">{interval}</span>
          </>
        ) : (
          <span className="muted">{figures.rated === 0 ? text.noRatings : text.notEnough(n(minimumN))}</span>
        )}
      </td>
      <td>
        <TakingPart figures={figures} width={BAR_WIDTH} />
      </td>
      <td className="num by-pair">
        <b>{rated === null ? '–' : percent(rated, lang)}</b>
        <span className="muted">
          {n(figures.answered)}/{n(figures.served)}
        </span>
      </td>
      <td className="num by-pair">
        <b className={promptedTooRarely(figures) ? 'badge badge-attention' : ''}>
          {promptedTooRarely(figures) && <Mark tone="attention" />}
          {prompted === null ? '–' : percent(prompted, lang)}
        </b>
        <span className="muted">
          {n(figures.prompted)}/{n(figures.served)}
        </span>
      </td>
    </tr>
  );
}
