/**
 * Purpose: asks every active camera for its clock, one after the other, and tells the hub, which charts it.
 * Refuses: to ask in a hurry: a camera tells whole seconds, so this is for drift over days, not for placing pictures.
 */
import type { RecorderCamera, RecorderToHub } from '@hailong/shared/protocol/footage.ts';
import type { Clock, Timers, UtcMs } from '@hailong/shared/time.ts';
import type { Cameras, Log } from './ports.ts';

export const POLL_EVERY_MS = 15 * 60_000;
/** After a start cameras are found first. */
export const FIRST_POLL_MS = 20_000;

export interface ClockPollParts {
  readonly cameras: Pick<Cameras, 'clockOffset'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly log: Log;
  tell(message: Extract<RecorderToHub, { type: 'camera.clock' }>): void;
}

/** `set` names the cameras from now on; the first call begins it. */
export function pollClocks(parts: ClockPollParts) {
  let wanted: readonly RecorderCamera[] = [];
  let cancel: (() => void) | null = null;
  let stopped = false;

  async function poll(): Promise<void> {
    for (const camera of wanted.filter((each) => each.active)) {
      if (stopped || !wanted.some(({ id }) => id === camera.id)) continue;
      const offsetMs = await parts.cameras.clockOffset(camera);
      const at = parts.clock.now() as UtcMs;
      if (offsetMs !== null) parts.tell({ type: 'camera.clock', camera: camera.id, at, offsetMs });
    }
  }
  function later(ms: number): void {
    if (stopped) return;
    cancel = parts.timers.after(ms, () => {
      void poll()
        .catch((error: unknown) => parts.log(String(error)))
        .finally(() => later(POLL_EVERY_MS));
    });
  }
  return {
    set(cameras: readonly RecorderCamera[]): void {
      wanted = cameras;
      if (cancel === null) later(FIRST_POLL_MS);
    },
    stop(): void {
      stopped = true;
      cancel?.();
    },
  };
}
