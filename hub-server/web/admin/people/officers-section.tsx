/** Officers: code, name, position, unit, PIN (write-only) and the photo that the kiosk shows. */
import type { Officer } from '@hailong/shared/model/directory.ts';
import type { ReactNode } from 'react';
import { useRef, useState } from 'react';
import { call } from '../../common/api.ts';
import { useText } from '../../common/lang.ts';
import { Key, ProblemNote } from '../../common/parts.tsx';
import { Portrait } from '../../common/portrait.tsx';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { ActiveMark } from '../fields/active-mark.tsx';
import { flagOf, textOf } from '../fields/form.ts';
import { ListSection } from '../fields/list-section.tsx';
import { useUnits } from '../office/units-section.tsx';
import { adminText } from '../text.ts';

export function OfficersSection(): ReactNode {
  const text = useText(adminText);
  const units = useUnits();
  return (
    <ListSection<Officer>
      of={{
        list: 'officers',
        title: text.sections.officers,
        importable: true,
        columns: [
          { name: text.photo, cell: (item) => <Portrait photo={item.photo} name={item.name} /> },
          { name: text.staffCode, cell: (item) => <b>{item.code}</b> },
          { name: text.fullName, cell: (item) => item.name },
          { name: text.position, cell: (item) => item.position },
          { name: text.unit, cell: (item) => units.find((unit) => unit.id === item.unitId)?.name },
          { name: text.state, cell: (item) => <ActiveMark active={item.active} /> },
        ],
        fields: [
          { key: 'code', label: text.staffCode, kind: 'text', required: true, max: 20 },
          { key: 'name', label: text.fullName, kind: 'text', required: true, max: 80 },
          { key: 'position', label: text.position, kind: 'text', required: true, max: 80 },
          {
            key: 'unitId',
            label: text.unit,
            kind: 'select',
            required: true,
            options: units.map((unit) => ({ value: unit.id, name: unit.name })),
          },
          { key: 'pin', label: text.pin, kind: 'password', min: 4, max: 8, hint: text.pinHint },
          { key: 'active', label: text.active, kind: 'check' },
        ],
        idOf: (item) => item.id,
        nameOf: (item) => item.name,
        fresh: { code: '', name: '', position: '', unitId: units[0]?.id ?? '', pin: '', active: true },
        valuesOf: ({ code, name, position, unitId, active }) => ({
          code,
          name,
          position,
          unitId,
          active,
          pin: '',
        }),
        bodyOf: (values) => ({
          code: textOf(values, 'code'),
          name: textOf(values, 'name'),
          position: textOf(values, 'position'),
          unitId: textOf(values, 'unitId'),
          active: flagOf(values, 'active'),
          ...(textOf(values, 'pin') === '' ? {} : { pin: textOf(values, 'pin') }),
        }),
        extra: (_values, item, reload) => item && <PhotoField officer={item} onChanged={reload} />,
      }}
    />
  );
}

function PhotoField({ officer, onChanged }: { officer: Officer; onChanged: () => void }): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const file = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState(false);
  const send = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const body = new FormData();
    body.append('photo', chosen);
    setBusy(true);
    const answer = await call('PUT', `/api/v1/admin/officers/${officer.id}/photo`, body);
    setBusy(false);
    setDone(answer.ok);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) onChanged();
  };
  return (
    <div className="photo-field">
      <Portrait photo={officer.photo} name={officer.name} />
      <div>
        <Key busy={busy} onPress={() => file.current?.click()}>
          {busy ? common.wait : text.choosePhoto}
        </Key>
        <input
          ref={file}
          className="visually-hidden"
          type="file"
          accept="image/jpeg,image/png,image/webp"
          aria-label={text.photo}
          tabIndex={-1}
          onChange={(event) => void send(event.target.files?.[0])}
        />
        <p className="hint">{done ? text.saved : text.photoHint}</p>
      </div>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
