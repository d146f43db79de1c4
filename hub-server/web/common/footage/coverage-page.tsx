/** A day of one camera: what is recorded, and the reason of every part that is not. No picture is shown. */
import type { CoverageAnswer, CoverageCameras, CoverageSpan } from '@hailong/shared/protocol/coverage.ts';
import { vietnamDay } from '@hailong/shared/time.ts';
import { coverageWords } from '@hailong/shared/words/coverage-words.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { date, hms, length, percent } from '../format.ts';
import { useLang, useText } from '../lang.ts';
import { Empty, Field, Key, Loading, Note, ProblemNote } from '../parts.tsx';
import { useLoad } from '../use-load.ts';
import './footage.css';
import { CoverageBar, toneOf } from './coverage-bar.tsx';
import { CoverageClock, CoverageLatencies } from './coverage-clocks.tsx';
import { footageText } from './text.ts';

const DAY_MS = 86_400_000;

export function CoveragePage(): ReactNode {
  const text = useText(footageText);
  const [today] = useState(() => vietnamDay(Date.now()));
  const [day, setDay] = useState(today);
  const [chosen, setChosen] = useState<string | null>(null);
  const cameras = useLoad<CoverageCameras>('/api/v1/coverage/cameras');
  const camera = chosen ?? cameras.value?.cameras[0]?.id ?? null;
  const asked = camera === null ? null : `/api/v1/coverage?camera=${camera}&day=${day}`;
  const { value, problem, loading, reload } = useLoad<CoverageAnswer>(asked);
  const move = (days: number) =>
    setDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10));
  return (
    <>
      <h1>{text.coverage}</h1>
      <p className="muted footage-why">{text.coverageWhy}</p>
      {cameras.problem && <ProblemNote problem={cameras.problem} retry={() => void cameras.reload()} />}
      {cameras.value?.cameras.length === 0 && (
        <section className="panel">
          <Empty head={text.noCameras}>
            <p>{text.noCamerasNext}</p>
          </Empty>
        </section>
      )}
      {cameras.loading && (
        <section className="panel">
          <Loading />
        </section>
      )}
      {cameras.value && cameras.value.cameras.length > 0 && (
        <>
          <section className="panel footage-ask">
            <Field label={text.camera}>
              {(tied) => (
                <select {...tied} value={camera ?? ''} onChange={(event) => setChosen(event.target.value)}>
                  {cameras.value?.cameras.map((each) => (
                    <option key={each.id} value={each.id}>
                      {each.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={text.day}>
              {(tied) => (
                <input
                  {...tied}
                  type="date"
                  value={day}
                  max={today}
                  onChange={(event) => event.target.value !== '' && setDay(event.target.value)}
                />
              )}
            </Field>
            <div className="keys">
              <Key onPress={() => move(-1)}>{text.before}</Key>
              <Key onPress={() => move(1)} disabled={day >= today}>
                {text.after}
              </Key>
            </div>
          </section>
          {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
          {loading && (
            <section className="panel">
              <Loading />
            </section>
          )}
          {value && <CoverageDay day={value} />}
        </>
      )}
    </>
  );
}

function CoverageDay({ day }: { day: CoverageAnswer }): ReactNode {
  const text = useText(footageText);
  const lang = useLang();
  const unknown = day.totals.find(({ reason }) => reason === 'unknown');
  const parts = day.spans.filter(isTold);
  const totals = day.totals.filter(({ state, ms }) => state !== 'pending' || ms >= PENDING_MS);
  return (
    <>
      {unknown && (
        <Note tone="critical" head={text.unknownHead(length(unknown.ms, lang))}>
          <p>{text.unknownNext}</p>
        </Note>
      )}
      <section className="panel footage-day">
        <h2>
          {day.camera.name} · {date(day.from)}
        </h2>
        <CoverageBar day={day} />
        <ul className="footage-totals">
          {totals.map(({ state, reason, ms }) => (
            <li key={`${state} ${reason}`}>
              <span className={`footage-key footage-${toneOf(state, reason)}`} />
              <span>{coverageWords({ state, reason }, lang)}</span>
              <b className="num">{length(ms, lang)}</b>
              <span className="muted num">{percent((ms * 10_000) / DAY_MS, lang)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section className="panel list-panel footage-list">
        <table className="list footage-parts">
          <thead>
            <tr>
              <th className="num">{text.from}</th>
              <th className="num">{text.until}</th>
              <th className="num">{text.length}</th>
              <th>{text.what}</th>
            </tr>
          </thead>
          <tbody>
            {parts.map((span) => (
              <tr key={span.from}>
                <td className="num">{hms(span.from)}</td>
                <td className="num">{span.to === day.to ? '24:00:00' : hms(span.to)}</td>
                <td className="num">{length(span.to - span.from, lang)}</td>
                <td>
                  <span className={`footage-key footage-${toneOf(span.state, span.reason)}`} />{' '}
                  {coverageWords(span, lang)}
                  <span className="small muted">{deletion(text, span)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <CoverageLatencies day={day} />
      <CoverageClock clock={day.clock} />
    </>
  );
}

/** A file is about to close each few seconds: less than one of what it has not said yet is no part of a day. */
const PENDING_MS = 1_000;
const isTold = ({ state, from, to }: CoverageSpan): boolean =>
  state !== 'future' && (state !== 'pending' || to - from >= PENDING_MS);

type Text = (typeof footageText)['vi'];

function deletion(text: Text, { at, by }: CoverageSpan): string {
  if (at === null) return '';
  return ` · ${[text.deletedOn(date(at)), by === null ? '' : text.deletedBy(by)].filter(Boolean).join(', ')}`;
}
