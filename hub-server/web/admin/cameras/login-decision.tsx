/**
 * A camera asks for the password itself, which it never needed. To keep refusing takes one key; to send it asks once more, since what has been
 * sent to a stranger cannot be taken back.
 */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { AskDialog } from '../../common/ask-dialog.tsx';
import { useText } from '../../common/lang.ts';
import { Key, ProblemNote } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { camerasText } from './cameras-text.ts';

export function LoginDecision({
  base,
  address,
  reload,
}: {
  base: string;
  address: string;
  reload: () => Promise<void>;
}): ReactNode {
  const text = useText(camerasText);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const decide = (allowBasic: boolean) => call('POST', `${base}/login`, { allowBasic });
  const keep = async (): Promise<void> => {
    setBusy(true);
    const answer = await decide(false);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    await reload();
  };
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div className="keys">
        <Key busy={busy} onPress={() => void keep()}>
          {text.basicKeep}
        </Key>
        <Key onPress={() => setAsking(true)}>{text.basicAllow}</Key>
      </div>
      {asking && (
        <AskDialog
          title={text.basicAsk}
          go={text.basicAllow}
          ask={() => decide(true)}
          onDone={() => {
            setAsking(false);
            void reload();
          }}
          onClose={() => setAsking(false)}
        >
          <p>{text.basicWhy(address)}</p>
          <p>{text.basicLook}</p>
        </AskDialog>
      )}
    </>
  );
}
