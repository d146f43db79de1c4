/** Where each form is asked: one row a place, ended or replaced by another row; the hub keeps the dates. */
import type { Counter, Procedure } from '@hailong/shared/model/directory.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { InstrumentsAnswer, UsePlace } from '@hailong/shared/protocol/instruments.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { date } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Empty, Field, Key, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { AdminLists, Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { instrumentsText } from './instruments-text.ts';

const NOWHERE = { counterId: '', procedureCode: '', stage: '', form: '' };

export function UsesPanel({ value, reload }: { value: InstrumentsAnswer; reload: () => void }): ReactNode {
  const text = useText(instrumentsText);
  const common = useText(words);
  const lang = useLang();
  const counters: readonly Counter[] =
    useLoad<AdminLists['counters']>('/api/v1/admin/counters').value?.items ?? [];
  const procedures: readonly Procedure[] =
    useLoad<AdminLists['procedures']>('/api/v1/admin/procedures').value?.items ?? [];
  const [fields, setFields] = useState(NOWHERE);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const forms = value.items.map(({ instrument }) => instrument);
  const counterName = (id: string | null): string => {
    const found = counters.find((each) => each.id === id);
    return id === null ? text.all : found ? `${text.counter} ${found.number}` : id;
  };
  const procedureName = (code: string | null): string =>
    code === null ? text.all : `${code} ${procedures.find((each) => each.code === code)?.name ?? ''}`;
  const stageName = (stage: Stage | null): string => (stage === null ? text.all : common.stages[stage]);
  const put = async (place: UsePlace, instrument: { id: string; version: number } | null): Promise<void> => {
    setBusy(true);
    const { counterId, procedureCode, stage } = place;
    const body = { counterId, procedureCode, stage, instrument };
    const answer = await call('PUT', '/api/v1/admin/instrument-uses', body);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) reload();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const form = forms.find(({ id }) => id === fields.form);
    if (!form) return;
    const place = {
      ...{ counterId: fields.counterId || null, procedureCode: fields.procedureCode || null },
      stage: fields.stage || null,
    } as UsePlace;
    void put(place, { id: form.id, version: form.version });
  };
  const choose = (
    key: keyof typeof NOWHERE,
    label: string,
    options: readonly { readonly value: string; readonly name: string }[],
  ): ReactNode => (
    <Field label={label}>
      {(tied) => (
        <select
          {...tied}
          value={fields[key]}
          required={key === 'form'}
          onChange={(event) => setFields({ ...fields, [key]: event.target.value })}
        >
          <option value="">{key === 'form' ? common.none : text.all}</option>
          {options.map((each) => (
            <option key={each.value} value={each.value}>
              {each.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <section className="panel list-panel">
      <div className="panel-head">
        <h2>{text.uses}</h2>
        <p className="muted small">{text.usesWhy}</p>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {value.uses.length === 0 ? (
        <Empty head={text.noUses} />
      ) : (
        <table className="list list-cards">
          <thead>
            <tr>
              <th>{text.counter}</th>
              <th>{text.procedure}</th>
              <th>{text.stage}</th>
              <th>{text.form}</th>
              <th>{text.since}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {value.uses.map((use) => {
              const place = [
                ...[counterName(use.counterId), procedureName(use.procedureCode), stageName(use.stage)],
              ];
              const form = forms.find(({ id }) => id === use.instrument.id);
              return (
                <tr key={place.join('/')}>
                  {place.map((each, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: three columns, always the same.
                    <td key={i} data-name={[text.counter, text.procedure, text.stage][i]}>
                      {each}
                    </td>
                  ))}
                  <td data-name={text.form}>
                    {form?.name[lang] ?? use.instrument.id} ({use.instrument.version})
                  </td>
                  <td data-name={text.since}>{date(use.from)}</td>
                  <td className="list-act">
                    <Key busy={busy} onPress={() => void put(use, null)} label={text.endOf(place.join(', '))}>
                      {text.end}
                    </Key>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <form className="uses-form" onSubmit={submit}>
        {choose(
          'counterId',
          text.counter,
          counters.map(({ id }) => ({ value: id, name: counterName(id) })),
        )}
        {choose(
          'procedureCode',
          text.procedure,
          procedures.map(({ code }) => ({ value: code, name: procedureName(code) })),
        )}
        {choose(
          'stage',
          text.stage,
          (Object.keys(common.stages) as Stage[]).map((stage) => ({ value: stage, name: stageName(stage) })),
        )}
        {choose(
          'form',
          text.form,
          forms.map(({ id, name, version }) => ({ value: id, name: `${name[lang]} (${version})` })),
        )}
        <Key main submit busy={busy}>
          {text.apply}
        </Key>
      </form>
    </section>
  );
}
