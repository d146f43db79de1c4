/**
 * Every minute: what came in since is held, and the recorder hears what it must keep and up to where kiosks have reported. A
 * fixed rhythm, whatever was rated. See hub-server/DESIGN.md, "Holds" and "Retention".
 */
import type { Timers } from '@hailong/shared/time.ts';
import type { RecorderControl } from '../core-port.ts';

const EVERY_MS = 60_000;

/** The answer ends it. */
export function keepHolds(
  recorder: Pick<RecorderControl, 'holdsKept'>,
  timers: Timers,
  report: (error: unknown) => void,
): () => void {
  let stopped = false;
  const tick = (): void => {
    void recorder
      .holdsKept()
      .catch(report)
      .finally(() => {
        if (!stopped) cancel = timers.after(EVERY_MS, tick);
      });
  };
  let cancel = timers.after(EVERY_MS, tick);
  return () => {
    stopped = true;
    cancel();
  };
}
