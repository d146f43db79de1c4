/** A form that is saved whole: whether it is on its way, what the hub said, and whether what is shown is what is held. */
import type { FormEvent } from 'react';
import { useState } from 'react';
import { type Answer, call } from '../../common/api.ts';
import type { Problem } from '../../common/wire.ts';

export interface Saving {
  readonly isBusy: boolean;
  readonly isDone: boolean;
  readonly problem: Problem | null;
  /** Something was changed since: what is shown is not what is held any more. */
  touched(): void;
  /** Of a form's `onSubmit`; `body` null: not to be sent. */
  submit<T>(event: FormEvent, body: unknown): Promise<Answer<T> | null>;
}

export function useSave(path: string): Saving {
  const [isBusy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    ...{ isBusy, isDone, problem },
    touched: () => setDone(false),
    async submit<T>(event: FormEvent, body: unknown) {
      event.preventDefault();
      if (body === null) return null;
      setBusy(true);
      const answer = await call<T>('PUT', path, body);
      setBusy(false);
      setDone(answer.ok);
      setProblem(answer.ok ? null : answer.problem);
      return answer;
    },
  };
}
