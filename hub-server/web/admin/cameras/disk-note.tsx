/** At the head of every section: files of footage that the disk does not let go, with the remedy. Nothing once they are gone. */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { FootageDisk } from '@hailong/shared/protocol/footage.ts';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { count, dateTime } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { useLoad } from '../../common/use-load.ts';
import { camerasText } from './cameras-text.ts';
import { CodeNote } from './code-note.tsx';

const ASK_MS = 30_000;
const CODE = 'footage.undeletable' satisfies ErrorCode;

export function DiskNote(): ReactNode {
  const text = useText(camerasText);
  const lang = useLang();
  const { value, reload } = useLoad<FootageDisk>('/api/v1/admin/recorder/disk');
  useEffect(() => {
    const timer = window.setInterval(() => void reload(), ASK_MS);
    return () => window.clearInterval(timer);
  }, [reload]);
  const stuck = value?.undeletable ?? null;
  if (stuck === null || stuck.count === 0) return null;
  const { count: files, since, files: names } = stuck;
  const more = files - names.length;
  return (
    <CodeNote
      code={CODE}
      tone="critical"
      detail={[
        text.undeletable(count(files, lang), dateTime(since ?? 0)),
        names.join(', ') + (more > 0 ? ` … +${count(more, lang)}` : ''),
      ].join(' ')}
    />
  );
}
