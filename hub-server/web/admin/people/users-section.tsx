/** Accounts that sign in to these pages, with their roles. */
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import type { AdminLists, Role } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { ActiveMark } from '../fields/active-mark.tsx';
import { flagOf, listOf, textOf } from '../fields/form.ts';
import { ListSection } from '../fields/list-section.tsx';
import { adminText } from '../text.ts';

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
            hintNew: text.passwordHint,
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
