/**
 * The figures of a month, refetched when the hub hints that something later happened. Hints may be lost: without the
 * socket the page asks every half minute, and always when the socket comes back.
 */
import type { DashboardAnswer } from '@hailong/shared/protocol/http.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';
import { useEffect, useRef, useState } from 'react';
import { openLive } from '../common/live.ts';
import { type Loaded, useLoad } from '../common/use-load.ts';
import type { DashboardBy } from '../common/wire.ts';

const SILENT_RELOAD_MS = 30_000;
/** Hints of one press come in bursts; one fetch for all of them, soon enough to see it happen. */
const GATHER_MS = 300;

export interface Dashboard extends Loaded<DashboardAnswer> {
  /** When the shown figures were had, by this machine's clock. */
  readonly heardAt: number;
}

export function useDashboard(month: string, by: DashboardBy): Dashboard {
  const loaded = useLoad<DashboardAnswer>(`/api/v1/dashboard?month=${month}&by=${by}`);
  const [heardAt, setHeardAt] = useState(() => Date.now());
  const reload = useRef(loaded.reload);
  reload.current = loaded.reload;
  const cursor = useRef(0);
  useEffect(() => {
    if (loaded.value === null || loaded.problem !== null) return;
    cursor.current = loaded.value.cursor;
    setHeardAt(Date.now());
  }, [loaded.value, loaded.problem]);

  useEffect(() => {
    let open = false;
    let gathering: number | undefined;
    const soon = (): void => {
      gathering ??= window.setTimeout(() => {
        gathering = undefined;
        void reload.current();
      }, GATHER_MS);
    };
    const link = openLive('/api/v1/live', {
      open: () => {
        open = true;
        soon();
      },
      message: (value) => {
        const hint = value as LiveHint;
        if (!('cursor' in hint) || hint.cursor > cursor.current) soon();
      },
      lost: () => {
        open = false;
        soon();
      },
    });
    const timer = window.setInterval(() => {
      if (!open) soon();
    }, SILENT_RELOAD_MS);
    return () => {
      window.clearTimeout(gathering);
      window.clearInterval(timer);
      link.close();
    };
  }, []);
  return { ...loaded, heardAt };
}
