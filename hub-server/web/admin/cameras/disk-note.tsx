/**
 * At the head of every section, with the remedy: files of footage that the disk does not let go, until they are gone, and those that were
 * found gone though nobody let them go, for 30 days.
 */
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
const CODES = { stuck: 'footage.undeletable', lost: 'footage.lost' } as const satisfies Record<
  string,
  ErrorCode
>;
/** Cameras named; the rest are counted. */
const CAMERAS_SHOWN = 10;

export function DiskNote(): ReactNode {
  const text = useText(camerasText);
  const lang = useLang();
  const { value, reload } = useLoad<FootageDisk>('/api/v1/admin/recorder/disk');
  useEffect(() => {
    const timer = window.setInterval(() => void reload(), ASK_MS);
    return () => window.clearInterval(timer);
  }, [reload]);
  const stuck = value?.undeletable ?? null;
  const lost = value?.lost ?? [];
  return (
    <>
      {lost.length > 0 && (
        <CodeNote
          code={CODES.lost}
          tone="critical"
          detail={named(
            lost.map(({ camera, files, from, to, at }) =>
              text.lost(camera, count(files, lang), dateTime(from), dateTime(to), dateTime(at)),
            ),
            CAMERAS_SHOWN,
            lost.length,
            '; ',
          )}
        />
      )}
      {stuck !== null && stuck.count > 0 && (
        <CodeNote
          code={CODES.stuck}
          tone="critical"
          detail={[
            text.undeletable(count(stuck.count, lang), dateTime(stuck.since ?? 0)),
            named(stuck.files, stuck.files.length, stuck.count, ', '),
          ].join(' ')}
        />
      )}
    </>
  );

  /** The first of them, and how many more there are. */
  function named(names: readonly string[], shown: number, of: number, between: string): string {
    const more = of - Math.min(shown, names.length);
    return names.slice(0, shown).join(between) + (more > 0 ? ` … +${count(more, lang)}` : '');
  }
}
