/** Removes the demo office. Destructive: the word XOA is typed; recorded facts stay. */
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { useText } from '../../common/lang.ts';
import { Field, Key, Note, ProblemNote } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { adminText } from '../text.ts';

const WORD = 'XOA';

export function DemoSection(): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await call('DELETE', '/api/v1/admin/demo', { confirm: WORD });
    setBusy(false);
    setDone(answer.ok);
    setTyped('');
    setProblem(answer.ok ? null : answer.problem);
  };
  return (
    <>
      <h1>{text.sections.demo}</h1>
      <section className="panel admin-card">
        <form onSubmit={(event) => void submit(event)}>
          <Note tone="attention" head={text.demoRemove}>
            <p>{text.demoWhy}</p>
          </Note>
          <Field label={text.demoType}>
            {(tied) => (
              <input
                {...tied}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
          {problem && <ProblemNote problem={problem} />}
          {done && <Note tone="ok" head={text.demoDone} />}
          <div className="keys">
            <Key main submit busy={busy} disabled={typed !== WORD}>
              {busy ? common.wait : text.demoRemove}
            </Key>
          </div>
        </form>
      </section>
    </>
  );
}
