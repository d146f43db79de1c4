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
  /** Asks now: of a key, or after something was changed. */
  readonly reload: () => Promise<void>;
  /** Of a clock: nothing while a question is on its way, so that a slow hub is not asked ever more. */
  readonly again: () => void;
}

/**
 * `path` null: nothing to ask yet. An answer is dropped when a later question was answered already or another path is
 * shown by now; never because a later one was asked, or a hub slower than the rhythm of asking would never be shown.
 */
export function useLoad<T>(path: string | null): Loaded<T> {
  const [shown, setShown] = useState<{ path: string | null; value: T | null; problem: Problem | null }>({
    path,
    value: null,
    problem: null,
  });
  const wanted = useRef(path);
  const asked = useRef(0);
  const taken = useRef(0);
  const onTheirWay = useRef(0);
  const reload = useCallback(async () => {
    if (path === null) return;
    asked.current += 1;
    const mine = asked.current;
    onTheirWay.current += 1;
    const answer: Answer<T> = await get<T>(path);
    onTheirWay.current -= 1;
    if (mine < taken.current || path !== wanted.current) return;
    taken.current = mine;
    setShown((before) => {
      const kept = before.path === path ? before.value : null;
      return answer.ok
        ? { path, value: answer.value, problem: null }
        : { path, value: kept, problem: answer.problem };
    });
  }, [path]);
  const again = useCallback(() => {
    if (onTheirWay.current === 0) void reload();
  }, [reload]);
  useEffect(() => {
    wanted.current = path;
    void reload();
  }, [path, reload]);
  const current = shown.path === path;
  const value = current ? shown.value : null;
  const problem = current ? shown.problem : null;
  return { value, problem, loading: path !== null && value === null && problem === null, reload, again };
}
