/** What of a camera's day is recorded and what is kept past its days, for inspectors and administrators: no pictures. */
import { coverageAnswer, coverageCameras, coverageQuestion } from '@hailong/shared/protocol/coverage.ts';
import { holdList } from '@hailong/shared/protocol/holds.ts';
import { listHolds } from '../../../application/footage/list-holds.ts';
import { showCoverage } from '../../../application/footage/show-coverage.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';

export function coverageRoutes(app: App, { parts }: HttpContext): void {
  app.get(
    '/api/v1/coverage',
    { schema: { querystring: coverageQuestion, response: answers(coverageAnswer) } },
    async (request) => {
      const { camera, day } = request.query;
      const actor = actorOf(callerOf(request, 'user'));
      return showCoverage(parts, {
        cameraId: camera,
        day,
        actor,
        recorderAway: !parts.recorder.isConnected(),
      });
    },
  );
  app.get('/api/v1/coverage/cameras', { schema: { response: answers(coverageCameras) } }, async () => ({
    cameras: (await parts.storage.directory.cameras()).map(({ id, name, active, retentionDays }) => ({
      ...{ id, name, active, retentionDays },
    })),
  }));
  app.get('/api/v1/holds', { schema: { response: answers(holdList) } }, async (request) => ({
    holds: [...(await listHolds(parts, callerOf(request, 'user').userId))],
  }));
}
