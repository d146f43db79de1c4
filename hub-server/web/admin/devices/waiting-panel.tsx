/** Kiosks that brought a code: their digits large, to be compared with those on the machine before they are let in. */
import type { WaitingEnrolment } from '@hailong/shared/protocol/enrolment.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { call } from '../../common/api.ts';
import { shortTime } from '../../common/format.ts';
import { useText } from '../../common/lang.ts';
import { Key, Note, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { useNow } from '../../common/use-now.ts';
import type { Problem } from '../../common/wire.ts';
import { enrolmentText } from './enrolment-text.ts';

/** Somebody stands at the kiosk and waits. */
const ASK_MS = 3_000;

export function WaitingPanel({ decided }: { decided: () => void }): ReactNode {
  const text = useText(enrolmentText);
  const now = useNow(30_000);
  const { value, problem: lost, reload } = useLoad<{ items: WaitingEnrolment[] }>('/api/v1/admin/enrolments');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  useEffect(() => {
    const timer = window.setInterval(() => void reload(), ASK_MS);
    return () => window.clearInterval(timer);
  }, [reload]);
  const decide = async (id: string, approve: boolean): Promise<void> => {
    setBusy(id);
    const answer = await call('POST', `/api/v1/admin/enrolments/${id}/decide`, { approve });
    setBusy(null);
    setProblem(answer.ok ? null : answer.problem);
    await reload();
    decided();
  };
  if (lost) return <ProblemNote problem={lost} retry={() => void reload()} />;
  if (!value || value.items.length === 0) return problem && <ProblemNote problem={problem} />;
  return (
    <section className="panel admin-card" role="status">
      <h2>{text.waitingHead}</h2>
      {problem && <ProblemNote problem={problem} />}
      <ul className="waiting">
        {value.items.map((each) => (
          <li key={each.id}>
            <p>
              <b>{text.waitingFor(each.counter)}</b>
              <span className="muted">
                {' '}
                {[
                  text.since(shortTime(each.claimedAt, now)),
                  each.build,
                  each.replaces === null ? null : text.waitingReplaces(each.replaces.slice(0, 8)),
                ]
                  .filter((said) => said !== null)
                  .join(' · ')}
              </span>
            </p>
            <p className="enrol-large">{each.fingerprint}</p>
            {each.contested && <Note tone="critical" head={text.contested} />}
            <div className="keys">
              <Key
                main
                busy={busy === each.id}
                label={text.approveOf(each.fingerprint)}
                onPress={() => void decide(each.id, true)}
              >
                {text.approve}
              </Key>
              <Key
                busy={busy === each.id}
                label={text.refuseOf(each.fingerprint)}
                onPress={() => void decide(each.id, false)}
              >
                {text.refuse}
              </Key>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
