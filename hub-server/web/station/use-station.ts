/**
 * The state of this counter as the hub tells it: pushed over the WebSocket, asked every few seconds while that is
 * away, and marked `away` when neither answers, so that the page locks its keys instead of pretending.
 */
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import type { StationLive } from '@hailong/shared/protocol/live.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Answer, call, get, isAway, setCsrfToken } from '../common/api.ts';
import { type LiveLink, openLive } from '../common/live.ts';
import type { Problem } from '../common/wire.ts';

export type Link = 'live' | 'polling' | 'away';
export interface StationState {
  readonly station: StationAnswer | null;
  readonly enrolled: boolean | null;
  readonly link: Link;
  /** When `station` was last heard, by this machine's clock. */
  readonly heardAt: number;
  readonly problem: Problem | null;
}

/** While the socket is away: often enough to serve by, rare enough for an old hub. */
const POLL_MS = 5_000;
/** A hand-over waits for the rating that is open, and for as long as the device has to answer. */
const ADMITTED_MS = 75_000;
/** After these the hub knows this page as somebody else. */
const WHO_SPEAKS: ReadonlySet<string> = new Set(['login', 'lock', 'lunch', 'unlock']);

export function useStation(): StationState & {
  send: (method: 'POST' | 'DELETE', path: string, body?: unknown) => Promise<Answer<unknown>>;
  refresh: () => Promise<void>;
} {
  const [state, setState] = useState<StationState>({
    station: null,
    enrolled: null,
    link: 'polling',
    heardAt: 0,
    problem: null,
  });
  const socketOpen = useRef(false);
  const link = useRef<LiveLink | null>(null);
  /** What was pushed since a question was asked is newer than its answer. */
  const pushes = useRef(0);
  const asked = useRef(0);
  /** So is the answer to a later question: an older one, of the login of before, would empty the desk with the code in it. */
  const answered = useRef(0);
  const failing = useRef(false);

  const take = useCallback((station: StationAnswer) => {
    setCsrfToken(station.csrfToken);
    setState({
      station,
      enrolled: station.enrolled,
      link: socketOpen.current ? 'live' : 'polling',
      heardAt: Date.now(),
      problem: null,
    });
  }, []);

  const refresh = useCallback(async () => {
    const before = pushes.current;
    asked.current += 1;
    const mine = asked.current;
    const answer = await get<StationAnswer>('/api/v1/station');
    if (mine < answered.current) return;
    answered.current = mine;
    failing.current = !answer.ok;
    if (pushes.current !== before) return;
    if (answer.ok) take(answer.value);
    else if (answer.problem.code === 'access.station_unknown')
      setState((before) => ({ ...before, station: null, enrolled: false, problem: null }));
    else
      setState((before) => ({
        ...before,
        link: isAway(answer.problem) ? 'away' : before.link,
        problem: answer.problem,
      }));
  }, [take]);

  const send = useCallback(
    async (method: 'POST' | 'DELETE', path: string, body?: unknown) => {
      const within = path === 'login' ? ADMITTED_MS : undefined;
      const answer = await call<unknown>(method, `/api/v1/station/${path}`, body, within);
      if (answer.ok && WHO_SPEAKS.has(path)) {
        socketOpen.current = false;
        link.current?.renew();
      }
      await refresh();
      return answer;
    },
    [refresh],
  );

  useEffect(() => {
    void refresh();
  }, [refresh]);

  const enrolled = state.enrolled === true;
  useEffect(() => {
    if (!enrolled) return;
    const mine = openLive('/api/v1/station/live', {
      open: () => {
        socketOpen.current = true;
        void refresh();
      },
      message: (value) => {
        const live = value as StationLive;
        if (live.type !== 'station') return;
        pushes.current += 1;
        take(live.station);
      },
      lost: () => {
        socketOpen.current = false;
        void refresh();
      },
    });
    link.current = mine;
    return () => {
      socketOpen.current = false;
      link.current = null;
      mine.close();
    };
  }, [enrolled, refresh, take]);

  useEffect(() => {
    const timer = window.setInterval(() => {
      // A question may fail although the socket lives, which says nothing until something changes at this counter.
      if (!socketOpen.current || failing.current) void refresh();
    }, POLL_MS);
    return () => window.clearInterval(timer);
  }, [refresh]);

  return { ...state, send, refresh };
}
