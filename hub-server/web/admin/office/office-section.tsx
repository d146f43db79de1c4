/** The office: name and place on every screen, phone and retention in the camera notice. */
import type { Office, OfficeSettings } from '@hailong/shared/model/directory.ts';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { call } from '../../common/api.ts';
import { useText } from '../../common/lang.ts';
import { Key, Loading, Note, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { type FieldOf, numberOf, textOf, type Values } from '../fields/form.ts';
import { FormFields } from '../fields/form-fields.tsx';
import { type AdminText, adminText } from '../text.ts';

export function officeFields(text: AdminText): readonly FieldOf[] {
  return [
    { key: 'name', label: text.officeName, kind: 'text', required: true, max: 120 },
    { key: 'place', label: text.officePlace, kind: 'text', max: 120 },
    { key: 'phone', label: text.officePhone, kind: 'text', max: 40 },
    { key: 'retentionDays', label: text.officeRetention, kind: 'number', required: true, min: 1, max: 3650 },
  ];
}

export function officeOf(values: Values): Office {
  return {
    name: textOf(values, 'name'),
    place: textOf(values, 'place'),
    phone: textOf(values, 'phone'),
    retentionDays: numberOf(values, 'retentionDays'),
  };
}

/** The address is asked behind the setup: nobody knows it on the first day. */
function settingsFields(text: AdminText): readonly FieldOf[] {
  const [label, hint] = [text.officePhones, text.officePhonesHint];
  return [...officeFields(text), { key: 'privateUrl', label, hint, kind: 'text', max: 200 }];
}

export function OfficeSection(): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const held = useLoad<OfficeSettings>('/api/v1/admin/office');
  const [values, setValues] = useState<Values | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (held.value)
      setValues(
        (before) =>
          before ?? {
            ...held.value,
            retentionDays: String(held.value?.retentionDays ?? 30),
            privateUrl: held.value?.privateUrl ?? '',
          },
      );
  }, [held.value]);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (values === null) return;
    setBusy(true);
    const settings: OfficeSettings = {
      ...officeOf(values),
      privateUrl: textOf(values, 'privateUrl') || null,
    };
    const answer = await call('PUT', '/api/v1/admin/office', settings);
    setBusy(false);
    setDone(answer.ok);
    setProblem(answer.ok ? null : answer.problem);
  };
  return (
    <>
      <h1>{text.sections.office}</h1>
      {held.problem && <ProblemNote problem={held.problem} retry={() => void held.reload()} />}
      {held.loading && <Loading />}
      {values && (
        <section className="panel admin-card">
          <form onSubmit={(event) => void submit(event)}>
            <FormFields
              fields={settingsFields(text)}
              values={values}
              problem={problem}
              editing
              onChange={(next) => {
                setDone(false);
                setValues(next);
              }}
            />
            {problem && <ProblemNote problem={problem} />}
            {done && <Note tone="ok" head={text.saved} />}
            <div className="keys">
              <Key main submit busy={busy}>
                {busy ? common.wait : common.save}
              </Key>
            </div>
          </form>
        </section>
      )}
    </>
  );
}
