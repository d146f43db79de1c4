/** First factor: this machine, bound to its counter by a code that an operator issued. Used once, never stored. */
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../common/lang.ts';
import { Field, Key, ProblemNote } from '../common/parts.tsx';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';
import type { useStation } from './use-station.ts';

export function Enrol({
  code,
  live,
}: {
  code: string | null;
  live: ReturnType<typeof useStation>;
}): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const [typed, setTyped] = useState(code ?? '');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const tried = useRef(false);

  const enrol = async (value: string): Promise<void> => {
    setBusy(true);
    const answer = await live.send('POST', 'enrol', { code: value.trim() });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
  };
  // The address carried a code: use it once, without a key being pressed.
  useEffect(() => {
    if (code === null || tried.current) return;
    tried.current = true;
    void enrol(code);
  });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void enrol(typed);
  };
  return (
    <form onSubmit={submit}>
      <h1>{text.enrolTitle}</h1>
      <p className="muted">{text.enrolWhy}</p>
      <Field label={text.enrolCode}>
        {(tied) => (
          <input
            {...tied}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            minLength={8}
            maxLength={64}
            required
          />
        )}
      </Field>
      {problem && <ProblemNote problem={problem} />}
      <Key main submit busy={busy}>
        {busy ? common.wait : text.enrol}
      </Key>
    </form>
  );
}
