/**
 * What a screen shows while it asks the hub: loading, the answer, or why not. An answer once had is kept when a later
 * refresh fails, with the failure beside it, so that a lost hub never blanks a screen.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Answer, get } from './api.ts';
import type { Problem } from './wire.ts';

export interface Loaded<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
  readonly reload: () => Promise<void>;
}

/** `path` null: nothing to ask yet. Answers that arrive after a newer question are dropped. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const [shown, setShown] = useState<{ path: string | null; value: T | null; problem: Problem | null }>({
    path,
    value: null,
    problem: null,
  });
  const asked = useRef(0);
  const reload = useCallback(async () => {
    if (path === null) return;
    asked.current += 1;
    const mine = asked.current;
    const answer: Answer<T> = await get<T>(path);
    if (mine !== asked.current) return;
    setShown((before) => {
      const kept = before.path === path ? before.value : null;
      return answer.ok
        ? { path, value: answer.value, problem: null }
        : { path, value: kept, problem: answer.problem };
    });
  }, [path]);
  useEffect(() => {
    void reload();
  }, [reload]);
  const current = shown.path === path;
  const value = current ? shown.value : null;
  const problem = current ? shown.problem : null;
  return { value, problem, loading: path !== null && value === null && problem === null, reload };
}
