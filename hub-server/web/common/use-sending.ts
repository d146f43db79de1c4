/** Something made by one POST: whether it is on its way, what the hub made of it last, or why it did not. */
import { useState } from 'react';
import { call } from './api.ts';
import type { Problem } from './wire.ts';

export interface Sending<T> {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** What was made last; null before, and once another was refused. */
  readonly made: T | null;
  /** Null: refused; the problem says why. */
  send(path: string, body: object): Promise<T | null>;
}

export function useSending<T>(): Sending<T> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [made, setMade] = useState<T | null>(null);
  return {
    ...{ busy, problem, made },
    async send(path, body) {
      setBusy(true);
      const answer = await call<T>('POST', path, body);
      setBusy(false);
      setProblem(answer.ok ? null : answer.problem);
      const value = answer.ok ? answer.value : null;
      setMade(value);
      return value;
    },
  };
}
