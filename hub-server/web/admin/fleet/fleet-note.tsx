/** At the head of every section: how many kiosks have alarms, with the way there. Nothing when all are well. */
import type { FleetCounts } from '@hailong/shared/protocol/fleet.ts';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { href } from '../../common/hash.ts';
import { useText } from '../../common/lang.ts';
import { Note } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { fleetText } from './fleet-text.ts';

const ASK_MS = 30_000;

export function FleetNote(): ReactNode {
  const text = useText(fleetText);
  const { value, reload } = useLoad<FleetCounts>('/api/v1/admin/fleet/counts');
  useEffect(() => {
    const timer = window.setInterval(() => void reload(), ASK_MS);
    return () => window.clearInterval(timer);
  }, [reload]);
  if (value === null || value.critical + value.attention === 0) return null;
  return (
    <Note
      tone={value.critical > 0 ? 'critical' : 'attention'}
      head={text.noteHead(value.critical, value.attention)}
    >
      <p>
        <a href={href('fleet')}>{text.noteOpen}</a>
      </p>
    </Note>
  );
}
