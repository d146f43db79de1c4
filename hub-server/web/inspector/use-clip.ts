/**
 * The clips of a case, by camera. Asking for one is what writes the log row, so each is asked once per opening of the
 * page, never on a re-render or when pictures change places; an expired address is asked again only by an act.
 */
import type { ClipAnswer } from '@hailong/shared/protocol/http.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../common/api.ts';
import type { Problem } from '../common/wire.ts';

interface Opened {
  readonly clip: ClipAnswer | null;
  readonly problem: Problem | null;
  /** When this opening was logged, by this machine's clock. */
  readonly openedAt: number | null;
}
export interface OpenedClip extends Opened {
  readonly reopen: () => void;
}

const NOTHING: Opened = { clip: null, problem: null, openedAt: null };

/**
 * Null entries and cameras that are not in the list are not asked for. A clip opened while its last segment was being
 * written is asked for once more when the footage is whole; whichever is answered first, the one asked for last stays.
 */
export function useClips(
  caseId: string,
  interval: string | null,
  cameras: readonly ({ readonly id: string; readonly state: string } | null)[],
): (cameraId: string | null) => OpenedClip {
  const [opened, setOpened] = useState<Readonly<Record<string, Opened>>>({});
  const asked = useRef(new Set<string>());
  const count = useRef(0);
  const taken = useRef(new Map<string, number>());
  const open = useCallback(
    async (cameraId: string) => {
      count.current += 1;
      const mine = count.current;
      const answer = await call<ClipAnswer>('POST', `/api/v1/cases/${caseId}/clips`, {
        ...{ cameraId, ...(interval === null ? {} : { interval }) },
      });
      if (mine < (taken.current.get(cameraId) ?? 0)) return;
      taken.current.set(cameraId, mine);
      const entry: Opened = answer.ok
        ? { clip: answer.value, problem: null, openedAt: Date.now() }
        : { clip: null, problem: answer.problem, openedAt: null };
      setOpened((before) => ({ ...before, [cameraId]: entry }));
    },
    [caseId, interval],
  );
  useEffect(() => {
    for (const camera of cameras) {
      if (camera === null) continue;
      const opening = `${camera.id} ${camera.state === 'pending' ? 'pending' : 'whole'}`;
      if (asked.current.has(opening)) continue;
      asked.current.add(opening);
      void open(camera.id);
    }
  });
  return (cameraId) => ({
    ...((cameraId === null ? undefined : opened[cameraId]) ?? NOTHING),
    reopen: () => {
      if (cameraId !== null) void open(cameraId);
    },
  });
}
