/** One camera's own page: how far it is onboarded, its stream, still frame, clock and latency. */
import type { CameraPage as Page } from '@hailong/shared/protocol/cameras.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { date, dateTime, loginOf } from '../../common/format.ts';
import { href } from '../../common/hash.ts';
import { useText } from '../../common/lang.ts';
import { Key, Loading, Mark, Note, ProblemNote, type Tone } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { ProbeResult, Problem } from '../../common/wire.ts';
import { CameraClock } from './camera-clock.tsx';
import { CameraLatency } from './camera-latency.tsx';
import { CameraMapPanel } from './camera-map.tsx';
import { CameraStill } from './camera-still.tsx';
import { camerasText } from './cameras-text.ts';
import { CodeNote } from './code-note.tsx';
import { LoginDecision } from './login-decision.tsx';
import { ProbeLines } from './probe-lines.tsx';

const TONES: Readonly<Record<Page['standing']['state'], Tone>> = {
  ...{ unchecked: 'attention', faulty: 'critical', 'no-still': 'attention' },
  ...{ onboarded: 'ok', due: 'attention', overdue: 'critical' },
};

export function StandingMark({ standing }: { standing: Page['standing'] }): ReactNode {
  const text = useText(camerasText);
  return (
    <>
      <span className="status">
        <Mark tone={TONES[standing.state]} />
        {text.states[standing.state]}
      </span>
      {standing.dueAt !== null && <div className="muted small">{text.dueAt(date(standing.dueAt))}</div>}
    </>
  );
}

export function CameraPage({ id }: { id: string }): ReactNode {
  const text = useText(camerasText);
  const base = `/api/v1/admin/cameras/${encodeURIComponent(id)}`;
  const page = useLoad<Page>(`${base}/page`);
  const camera = page.value;
  return (
    <>
      <div className="page-head">
        <h1>{camera?.name ?? '…'}</h1>
        <div className="keys">
          <a className="key key-anchor" href={href('cameras')}>
            {text.back}
          </a>
        </div>
      </div>
      {page.problem && <ProblemNote problem={page.problem} retry={() => void page.reload()} />}
      {page.loading && <Loading />}
      {camera && (
        <>
          <p className="address muted">{camera.address}</p>
          <section className="panel camera-panel" aria-label={text.onboarding}>
            <h2>{text.onboarding}</h2>
            <StandingMark standing={camera.standing} />
            {camera.standing.alarms.map((code) => (
              <CodeNote key={code} code={code} tone="critical" />
            ))}
            {camera.standing.alarms.includes('camera.basic_refused') && (
              <LoginDecision base={base} address={camera.address} reload={page.reload} />
            )}
          </section>
          <Check base={base} check={camera.check} reload={page.reload} />
          <CameraMapPanel base={base} name={camera.name} />
          <CameraStill base={base} page={camera} reload={page.reload} />
          <CameraClock samples={camera.clock} />
          <CameraLatency base={base} page={camera} reload={page.reload} />
        </>
      )}
    </>
  );
}

function Check({
  base,
  check,
  reload,
}: {
  base: string;
  check: Page['check'];
  reload: () => Promise<void>;
}): ReactNode {
  const text = useText(camerasText);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = async (): Promise<void> => {
    setBusy(true);
    const answer = await call<ProbeResult>('POST', `${base}/check`);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    await reload();
  };
  const result = (check?.result ?? null) as ProbeResult | null;
  return (
    <section className="panel camera-panel" aria-label={text.check}>
      <div className="panel-head">
        <h2>{text.check}</h2>
        <Key busy={busy} onPress={() => void ask()}>
          {busy ? text.checking : text.checkKey}
        </Key>
      </div>
      <p className="muted">{text.checkWhy}</p>
      {problem && <ProblemNote problem={problem} retry={() => void ask()} />}
      {check === null && <p>{text.neverChecked}</p>}
      {check !== null && (
        <p className="small muted">{text.checkedAt(dateTime(check.at), loginOf(check.by))}</p>
      )}
      {result?.ok === false && <CodeNote code={result.code} tone="critical" detail={result.detail} />}
      {result?.ok === true && (
        <Note tone="ok" head={result.advice.length === 0 ? text.checkGood : text.checkFix}>
          <ProbeLines result={result} />
        </Note>
      )}
      {result?.ok === true &&
        result.advice.map((code) => <CodeNote key={code} code={code} tone="attention" />)}
    </section>
  );
}
