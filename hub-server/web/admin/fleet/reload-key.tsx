/** Shows a kiosk's page, or those of a group, anew; says whom it reached. A kiosk waits with it until nobody is asked there. */
import type { ReloadAnswer, ReloadRequest } from '@hailong/shared/protocol/fleet.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { count } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Key, ProblemNote } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { fleetText } from './fleet-text.ts';

/** Numbers of counters that a sentence can hold. */
const NAMED_MAX = 20;

export function ReloadKey({ whose, label }: { whose: ReloadRequest; label?: string }): ReactNode {
  const text = useText(fleetText);
  const common = useText(words);
  const lang = useLang();
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<ReloadAnswer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const reload = async (): Promise<void> => {
    setBusy(true);
    const got = await call<ReloadAnswer>('POST', '/api/v1/admin/fleet/reload', whose);
    setBusy(false);
    setProblem(got.ok ? null : got.problem);
    setAnswer(got.ok ? got.value : null);
  };
  const said = (): string => {
    if (!answer) return '';
    if (whose.kind === 'device') return answer.sent === 1 ? text.reloadSent : text.reloadAway;
    const { away } = answer;
    const named = `${away.slice(0, NAMED_MAX).join(', ')}${away.length > NAMED_MAX ? ' …' : ''}`;
    return [
      text.reloadedMany(count(answer.sent, lang)),
      away.length > 0 ? text.reloadAwayMany(count(away.length, lang), named) : '',
    ].join(' ');
  };
  return (
    <>
      <Key busy={busy} onPress={() => void reload()} {...(label === undefined ? {} : { label })}>
        {busy ? common.wait : text.reload}
      </Key>
      <p className="muted small" role="status">
        {said()}
      </p>
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}
