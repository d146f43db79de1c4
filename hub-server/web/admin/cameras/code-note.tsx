/** A closed code as its sentence and remedy; an unknown one is shown as it came. */
import { ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import type { ReactNode } from 'react';
import { useLang } from '../../common/lang.ts';
import { Note, type Tone } from '../../common/parts.tsx';

export function CodeNote({ code, tone, detail }: { code: string; tone: Tone; detail?: string }): ReactNode {
  const lang = useLang();
  const known = isErrorCode(code) ? ERRORS[code] : null;
  return (
    <Note tone={tone} head={known ? known[lang] : code}>
      {known && <p>{known.remedy[lang]}</p>}
      {detail && <p className="small muted">{detail}</p>}
    </Note>
  );
}
