/** The procedures the office handles, by their national code. */
import type { Procedure } from '@hailong/shared/model/directory.ts';
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import { ActiveMark } from '../fields/active-mark.tsx';
import { flagOf, textOf } from '../fields/form.ts';
import { ListSection } from '../fields/list-section.tsx';
import { adminText } from '../text.ts';

export function ProceduresSection(): ReactNode {
  const text = useText(adminText);
  return (
    <ListSection<Procedure>
      of={{
        list: 'procedures',
        title: text.sections.procedures,
        importable: true,
        columns: [
          { name: text.code, cell: (item) => <b>{item.code}</b> },
          { name: text.name, cell: (item) => item.name },
          { name: text.state, cell: (item) => <ActiveMark active={item.active} /> },
        ],
        fields: [
          { key: 'code', label: text.code, kind: 'text', required: true, fixed: true, max: 40 },
          { key: 'name', label: text.name, kind: 'text', required: true, max: 200 },
          { key: 'active', label: text.active, kind: 'check' },
        ],
        idOf: (item) => item.code,
        nameOf: (item) => item.name,
        fresh: { code: '', name: '', active: true },
        valuesOf: (item) => ({ ...item }),
        bodyOf: (values) => ({
          code: textOf(values, 'code'),
          name: textOf(values, 'name'),
          active: flagOf(values, 'active'),
        }),
      }}
    />
  );
}
