/** Units, counters, procedures and accounts: lists with nothing but fields. */
import type { Counter, Procedure, Unit } from '@hailong/shared/model/directory.ts';
import type { ReactNode } from 'react';
import { useText } from '../common/lang.ts';
import { useLoad } from '../common/use-load.ts';
import type { AdminLists, Role } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { ActiveMark } from './active-mark.tsx';
import { flagOf, listOf, textOf } from './form.ts';
import { ListSection } from './list-section.tsx';
import { adminText } from './text.ts';

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

type User = AdminLists['users']['items'][number];
const ROLES: readonly Role[] = ['admin', 'inspector', 'head'];

export function UsersSection(): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  return (
    <ListSection<User>
      of={{
        list: 'users',
        title: text.sections.users,
        columns: [
          { name: text.username, cell: (item) => <b>{item.username}</b> },
          { name: text.fullName, cell: (item) => item.name },
          { name: text.roles, cell: (item) => item.roles.map((each) => common.roles[each]).join(', ') },
          { name: text.state, cell: (item) => <ActiveMark active={item.active} /> },
        ],
        fields: [
          { key: 'username', label: text.username, kind: 'text', required: true, min: 3, max: 60 },
          { key: 'name', label: text.fullName, kind: 'text', required: true, max: 80 },
          {
            key: 'roles',
            label: text.roles,
            kind: 'many',
            options: ROLES.map((each) => ({ value: each, name: common.roles[each] })),
          },
          {
            key: 'password',
            label: common.password,
            kind: 'password',
            min: 12,
            max: 200,
            hint: `${text.passwordHint}; ${text.passwordKept}`,
          },
          { key: 'active', label: text.active, kind: 'check' },
        ],
        idOf: (item) => item.id,
        nameOf: (item) => item.name,
        fresh: { username: '', name: '', roles: [], password: '', active: true },
        valuesOf: (item) => ({ ...item, password: '' }),
        bodyOf: (values) => ({
          username: textOf(values, 'username'),
          name: textOf(values, 'name'),
          roles: listOf(values, 'roles'),
          active: flagOf(values, 'active'),
          ...(values['password'] === '' ? {} : { password: values['password'] }),
        }),
      }}
    />
  );
}
