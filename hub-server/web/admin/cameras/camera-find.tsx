/** Cameras that announce themselves in the network; what they say of themselves is shown as text, and nothing is added by itself. */
import type { Discovered } from '@hailong/shared/protocol/cameras.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { useText } from '../../common/lang.ts';
import { Empty, Key, ProblemNote } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { camerasText } from './cameras-text.ts';
import { CodeNote } from './code-note.tsx';

export function CameraFind(): ReactNode {
  const text = useText(camerasText);
  const [busy, setBusy] = useState(false);
  const [heard, setHeard] = useState<Discovered | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [copied, setCopied] = useState('');
  const find = async (): Promise<void> => {
    setBusy(true);
    const answer = await call<Discovered>('POST', '/api/v1/admin/cameras/discover');
    setBusy(false);
    setHeard(answer.ok ? answer.value : null);
    setProblem(answer.ok ? null : answer.problem);
  };
  const copy = (address: string): void => {
    void navigator.clipboard?.writeText(address).then(() => setCopied(address));
  };
  return (
    <section className="panel camera-panel" aria-label={text.find}>
      <Key busy={busy} onPress={() => void find()}>
        {busy ? text.finding : text.find}
      </Key>
      {problem && <ProblemNote problem={problem} retry={() => void find()} />}
      {heard?.code && <CodeNote code={heard.code} tone="critical" />}
      {heard && heard.code === null && heard.found.length === 0 && (
        <Empty head={text.foundNone}>
          <p>{text.foundNoneNext}</p>
        </Empty>
      )}
      {heard && heard.found.length > 0 && (
        <>
          <p role="status">
            {text.found(heard.found.length)}. {text.foundHow}
          </p>
          <ul className="camera-found">
            {heard.found.map(({ address, name, known }) => (
              <li key={address}>
                <b>{name || '–'}</b> <span className="address">{address}</span>{' '}
                {known ? (
                  <span className="muted">{text.known}</span>
                ) : (
                  <Key onPress={() => copy(address)} label={`${text.copy} ${address}`}>
                    {copied === address ? text.copied : text.copy}
                  </Key>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
