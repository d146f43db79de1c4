/** Every hour: still frames that are asked again, clocks that are thinned. See hub-server/DESIGN.md, "Onboarding a camera". */
import type { Clock } from '@hailong/shared/time.ts';
import type { Job } from '../keep-jobs.ts';
import type { LiveBus } from '../live-bus.ts';
import type { CamerasPort } from '../ports/cameras.ts';

const HOUR_MS = 3_600_000;

export function careForCameras(
  cameras: Pick<CamerasPort, 'care'>,
  bus: Pick<LiveBus, 'hint'>,
  clock: Pick<Clock, 'now'>,
): Job {
  return {
    name: 'cameras',
    dueAt: (at) => Math.floor(at / HOUR_MS) * HOUR_MS,
    async run() {
      if ((await cameras.care({ at: clock.now() })) > 0) bus.hint({ type: 'camera.changed' });
      return true;
    },
  };
}
