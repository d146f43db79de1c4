/** Every hour: still frames that are asked again, clocks that are thinned, which cannot be taken back, hence `aged`. See hub-server/DESIGN.md, "Onboarding a camera". */
import type { AgedTime } from '../footage/keep-age.ts';
import type { Job } from '../keep-jobs.ts';
import type { LiveBus } from '../live-bus.ts';
import type { CamerasPort } from '../ports/cameras.ts';

const HOUR_MS = 3_600_000;

export function careForCameras(
  cameras: Pick<CamerasPort, 'care'>,
  bus: Pick<LiveBus, 'hint'>,
  aged: AgedTime,
): Job {
  return {
    name: 'cameras',
    dueAt: (at) => Math.floor(at / HOUR_MS) * HOUR_MS,
    async run() {
      if ((await cameras.care({ at: await aged.now() })) > 0) bus.hint({ type: 'camera.changed' });
      return true;
    },
  };
}
