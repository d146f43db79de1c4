/** A closed code as its sentence and remedy; an unknown one is shown as it came. */
import { ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import type { ReactNode } from 'react';
import { useLang } from '../../common/lang.ts';
import { Mark, Note, type Tone } from '../../common/parts.tsx';

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

/** Its sentence alone, where a list has no room for the remedy. */
export function CodeLine({ code }: { code: string }): ReactNode {
  const lang = useLang();
  return (
    <div className="status small">
      <Mark tone="critical" />
      {isErrorCode(code) ? ERRORS[code][lang] : code}
    </div>
  );
}
