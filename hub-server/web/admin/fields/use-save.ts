/** A form that is saved whole: whether it is on its way, what the hub said, and whether what is shown is what is held. */
import type { FormEvent } from 'react';
import { useRef, useState } from 'react';
import { type Answer, call } from '../../common/api.ts';
import type { Problem } from '../../common/wire.ts';

export interface Saving {
  readonly isBusy: boolean;
  /** Held as it is shown: what was changed while a save was on its way is not. */
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
  const touches = useRef(0);
  return {
    ...{ isBusy, isDone, problem },
    touched: () => {
      touches.current += 1;
      setDone(false);
    },
    async submit<T>(event: FormEvent, body: unknown) {
      event.preventDefault();
      if (body === null) return null;
      const sent = touches.current;
      setBusy(true);
      const answer = await call<T>('PUT', path, body);
      setBusy(false);
      setDone(answer.ok && touches.current === sent);
      setProblem(answer.ok ? null : answer.problem);
      return answer;
    },
  };
}
