/** CSV: every row is shown with what would happen to it and its errors; then all rows go in, or none. */
import type { ImportAnswer } from '@hailong/shared/protocol/http.ts';
import type { FormEvent, ReactNode } from 'react';
import { useRef, useState } from 'react';
import { call } from '../../common/api.ts';
import { count } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Field, Key, Mark, Note, ProblemNote, type Tone } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { adminText } from '../text.ts';

const LISTS = ['units', 'officers', 'counters', 'procedures', 'cameras', 'closed'] as const;
type List = (typeof LISTS)[number];
/** Headers in the file; the hub also takes the Vietnamese ones. */
const COLUMNS: Record<List, string> = {
  units: 'code, name',
  officers: 'code, name, position, unit, pin, active',
  counters: 'number, name, unit, active',
  procedures: 'code, name, active',
  cameras: 'name, address, user, password, counters, retention days, latency ms, active',
  closed: 'dossier, closed at, step, counter, officer',
};
const TONES: Record<ImportAnswer['rows'][number]['action'], Tone> = {
  add: 'ok',
  change: 'ok',
  same: 'idle',
  error: 'critical',
};

/** What was asked and what the hub said to it: only this list and these rows may be applied. */
interface Shown {
  readonly list: List;
  readonly csv: string;
  readonly answer: ImportAnswer;
}

export function ImportSection(): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const lang = useLang();
  const [list, setList] = useState<List>('officers');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const answer = shown?.answer ?? null;
  const file = useRef<HTMLInputElement>(null);
  const send = async (what: Pick<Shown, 'list' | 'csv'>, apply: boolean): Promise<void> => {
    setBusy(true);
    const path = `/api/v1/admin/import/${what.list}?apply=${apply ? 1 : 0}`;
    const result = await call<ImportAnswer>('POST', path, what.csv);
    setBusy(false);
    setProblem(result.ok ? null : result.problem);
    if (result.ok) setShown({ ...what, answer: result.value });
    else if (!apply) setShown(null);
  };
  const preview = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const input = file.current;
    const chosen = input?.files?.[0];
    if (chosen === undefined) return;
    setBusy(true);
    const csv = await chosen.text().catch(() => null);
    if (csv !== null) return send({ list, csv }, false);
    // It was changed or moved since it was chosen: it is to be chosen again.
    if (input) input.value = '';
    setBusy(false);
  };
  const changed = answer?.rows.filter((row) => row.action === 'add' || row.action === 'change').length ?? 0;
  const columns = answer ? [...new Set(answer.rows.flatMap((row) => Object.keys(row.cells)))] : [];
  return (
    <>
      <h1>{text.sections.import}</h1>
      <section className="panel admin-card">
        <form onSubmit={(event) => void preview(event)}>
          <p className="muted">{text.importWhy}</p>
          <div className="enrol-fields">
            <Field label={text.importList}>
              {(tied) => (
                <select
                  {...tied}
                  value={list}
                  disabled={busy}
                  onChange={(event) => {
                    setList(LISTS.find((each) => each === event.target.value) ?? list);
                    setShown(null);
                    setProblem(null);
                  }}
                >
                  {LISTS.map((each) => (
                    <option key={each} value={each}>
                      {each === 'closed' ? text.importClosed : text.sections[each]}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={text.importFile}>
              {(tied) => (
                <input
                  {...tied}
                  ref={file}
                  type="file"
                  accept=".csv,text/csv"
                  required
                  disabled={busy}
                  onChange={() => {
                    setShown(null);
                    setProblem(null);
                  }}
                />
              )}
            </Field>
            <Key main={answer === null} submit busy={busy}>
              {busy ? common.wait : text.preview}
            </Key>
          </div>
          <p className="hint">{text.importColumns(COLUMNS[list])}</p>
          {problem && <ProblemNote problem={problem} />}
        </form>
      </section>
      {answer && (
        <>
          {answer.applied ? (
            <Note tone="ok" head={text.importDone(count(changed, lang))} />
          ) : answer.errors > 0 ? (
            <Note tone="critical" head={text.importErrors(count(answer.errors, lang))} />
          ) : (
            <Note tone="ok" head={changed === 0 ? text.importNothing : text.importGood}>
              {changed > 0 && shown && (
                <Key main busy={busy} onPress={() => void send(shown, true)}>
                  {text.apply(count(changed, lang))}
                </Key>
              )}
            </Note>
          )}
          <section className="panel list-panel">
            <table className="list list-import">
              <thead>
                <tr>
                  <th className="num">{text.line}</th>
                  <th>{text.action}</th>
                  {columns.map((column) => (
                    <th key={column}>{column}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {answer.rows.map((row) => (
                  <tr key={row.line} className={row.action === 'error' ? 'row-error' : ''}>
                    <td className="num">{row.line}</td>
                    <td>
                      <span className="status">
                        <Mark tone={TONES[row.action]} />
                        {text.actions[row.action]}
                      </span>
                    </td>
                    {columns.map((column) => (
                      <td key={column}>
                        {row.cells[column]}
                        {row.errors
                          .filter((error) => error.column === column)
                          .map((error) => (
                            <p key={error.vi} className="field-error">
                              {error[lang]}
                            </p>
                          ))}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </>
  );
}
