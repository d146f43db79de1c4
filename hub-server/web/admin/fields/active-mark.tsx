/** In use or not: shape and word. */
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import { Mark } from '../../common/parts.tsx';
import { adminText } from '../text.ts';

export function ActiveMark({ active }: { active: boolean }): ReactNode {
  const text = useText(adminText);
  return (
    <span className={active ? 'status' : 'status muted'}>
      <Mark tone={active ? 'ok' : 'idle'} />
      {active ? text.active : text.inactive}
    </span>
  );
}
