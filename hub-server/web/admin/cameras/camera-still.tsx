/** The still frame: taken, looked at, and approved by a person's two words; asked again each quarter. */
import type { CameraPage } from '@hailong/shared/protocol/cameras.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { dateTime } from '../../common/format.ts';
import { useText } from '../../common/lang.ts';
import { Key, ProblemNote } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { camerasText } from './cameras-text.ts';

interface Part {
  readonly base: string;
  readonly page: CameraPage;
  readonly reload: () => Promise<void>;
}

export function CameraStill({ base, page, reload }: Part): ReactNode {
  const text = useText(camerasText);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('POST', `${base}/stills`);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    await reload();
  };
  const [newest] = page.stills;
  return (
    <section className="panel camera-panel" aria-label={text.still}>
      <div className="panel-head">
        <h2>{text.still}</h2>
        <Key busy={busy} onPress={() => void take()}>
          {busy ? text.taking : text.take}
        </Key>
      </div>
      <p className="muted">{text.stillWhy}</p>
      {problem && <ProblemNote problem={problem} retry={() => void take()} />}
      {!page.stills.some((each) => each.approvedAt !== null) && <p>{text.stillNone}</p>}
      {newest && (
        <img
          className="camera-picture"
          src={`${base}/stills/${newest.id}`}
          alt={text.stillOf(page.name)}
          key={newest.id}
        />
      )}
      {newest?.approvedAt === null && (
        <Approve key={newest.id} base={`${base}/stills/${newest.id}`} reload={reload} />
      )}
      <ul className="camera-stills">
        {page.stills
          .filter((each) => each.approvedAt !== null)
          .map((each) => (
            <li key={each.id}>
              <a href={`${base}/stills/${each.id}`}>
                {text.approvedAt(dateTime(each.approvedAt ?? 0), each.approvedBy ?? '')}
              </a>
              <div className="muted small address">
                {text.hash} {each.sha256}
              </div>
            </li>
          ))}
      </ul>
    </section>
  );
}

function Approve({ base, reload }: { base: string; reload: () => Promise<void> }): ReactNode {
  const text = useText(camerasText);
  const [screen, setScreen] = useState(false);
  const [finger, setFinger] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const approve = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('POST', `${base}/approve`, {
      screenOutOfView: screen,
      fingerOutOfView: finger,
    });
    setBusy(false);
    if (answer.ok) await reload();
    else setProblem(answer.problem);
  };
  return (
    <div className="camera-approve">
      <p>{text.waits}</p>
      <label className="check">
        <input type="checkbox" checked={screen} onChange={(event) => setScreen(event.target.checked)} />
        {text.screenOut}
      </label>
      <label className="check">
        <input type="checkbox" checked={finger} onChange={(event) => setFinger(event.target.checked)} />
        {text.fingerOut}
      </label>
      {problem && <ProblemNote problem={problem} />}
      <Key main busy={busy} disabled={!screen || !finger} onPress={() => void approve()}>
        {text.approve}
      </Key>
    </div>
  );
}
