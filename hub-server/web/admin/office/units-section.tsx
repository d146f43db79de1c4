/** The parts of the office, which counters and officers belong to. */
import type { Unit } from '@hailong/shared/model/directory.ts';
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import { useLoad } from '../../common/use-load.ts';
import type { AdminLists } from '../../common/wire.ts';
import { textOf } from '../fields/form.ts';
import { ListSection } from '../fields/list-section.tsx';
import { adminText } from '../text.ts';

export function useUnits(): readonly Unit[] {
  return useLoad<AdminLists['units']>('/api/v1/admin/units').value?.items ?? [];
}

export function UnitsSection(): ReactNode {
  const text = useText(adminText);
  return (
    <ListSection<Unit>
      of={{
        list: 'units',
        title: text.sections.units,
        importable: true,
        columns: [
          { name: text.code, cell: (item) => <b>{item.code}</b> },
          { name: text.name, cell: (item) => item.name },
        ],
        fields: [
          { key: 'code', label: text.code, kind: 'text', required: true, max: 20 },
          { key: 'name', label: text.name, kind: 'text', required: true, max: 120 },
        ],
        idOf: (item) => item.id,
        nameOf: (item) => item.name,
        fresh: { code: '', name: '' },
        valuesOf: (item) => ({ code: item.code, name: item.name }),
        bodyOf: (values) => ({ code: textOf(values, 'code'), name: textOf(values, 'name') }),
      }}
    />
  );
}
