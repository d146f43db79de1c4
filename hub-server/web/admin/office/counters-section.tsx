/** The counters: the number on the board, and the unit behind it. */
import type { Counter } from '@hailong/shared/model/directory.ts';
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import { ActiveMark } from '../fields/active-mark.tsx';
import { flagOf, textOf } from '../fields/form.ts';
import { ListSection } from '../fields/list-section.tsx';
import { adminText } from '../text.ts';
import { useUnits } from './units-section.tsx';

export function CountersSection(): ReactNode {
  const text = useText(adminText);
  const units = useUnits();
  return (
    <ListSection<Counter>
      of={{
        list: 'counters',
        title: text.sections.counters,
        importable: true,
        columns: [
          { name: text.number, cell: (item) => <b>{item.number}</b> },
          { name: text.name, cell: (item) => item.name },
          { name: text.unit, cell: (item) => units.find((unit) => unit.id === item.unitId)?.name },
          { name: text.state, cell: (item) => <ActiveMark active={item.active} /> },
        ],
        fields: [
          { key: 'number', label: text.number, kind: 'text', required: true, max: 8, hint: text.numberHint },
          { key: 'name', label: text.name, kind: 'text', required: true, max: 80 },
          {
            key: 'unitId',
            label: text.unit,
            kind: 'select',
            required: true,
            options: units.map((unit) => ({ value: unit.id, name: unit.name })),
          },
          { key: 'active', label: text.active, kind: 'check' },
        ],
        idOf: (item) => item.id,
        nameOf: (item) => item.name,
        fresh: { number: '', name: '', unitId: units[0]?.id ?? '', active: true },
        valuesOf: (item) => ({ ...item }),
        bodyOf: (values) => ({
          number: textOf(values, 'number'),
          name: textOf(values, 'name'),
          unitId: textOf(values, 'unitId'),
          active: flagOf(values, 'active'),
        }),
      }}
    />
  );
}
