/** The office: name and place on every screen, phone and retention in the camera notice. */
import type { Office, OfficeSettings } from '@hailong/shared/model/directory.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useText } from '../../common/lang.ts';
import { Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { type FieldOf, numberOf, textOf, type Values } from '../fields/form.ts';
import { FormFields } from '../fields/form-fields.tsx';
import { SaveFoot } from '../fields/save-foot.tsx';
import { useSave } from '../fields/use-save.ts';
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
  const saving = useSave('/api/v1/admin/office');
  const held = useLoad<OfficeSettings>('/api/v1/admin/office');
  const [values, setValues] = useState<Values | null>(null);
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
  const settings = (held: Values): OfficeSettings => ({
    ...officeOf(held),
    privateUrl: textOf(held, 'privateUrl') || null,
  });
  return (
    <>
      <h1>{text.sections.office}</h1>
      {held.problem && <ProblemNote problem={held.problem} retry={() => void held.reload()} />}
      {held.loading && <Loading />}
      {values && (
        <section className="panel admin-card">
          <form onSubmit={(event) => void saving.submit(event, settings(values))}>
            <FormFields
              fields={settingsFields(text)}
              values={values}
              problem={saving.problem}
              editing
              onChange={(next) => {
                saving.touched();
                setValues(next);
              }}
            />
            <SaveFoot saving={saving} done={text.saved} />
          </form>
        </section>
      )}
    </>
  );
}
