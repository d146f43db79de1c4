/** What of a camera's day is recorded and what is kept past its days, for inspectors and administrators: no pictures. */
import { coverageAnswer, coverageCameras, coverageQuestion } from '@hailong/shared/protocol/coverage.ts';
import { holdList, holdQuery } from '@hailong/shared/protocol/holds.ts';
import { listHolds } from '../../../application/footage/list-holds.ts';
import { showCoverage } from '../../../application/footage/show-coverage.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';

/** As many rows as a page on an office's screen shows well. */
const HOLDS_SHOWN = 100;

export function coverageRoutes(app: App, { parts }: HttpContext): void {
  app.get(
    '/api/v1/coverage',
    { schema: { querystring: coverageQuestion, response: answers(coverageAnswer) } },
    async (request) => {
      const { camera, day } = request.query;
      const user = callerOf(request, 'user');
      return showCoverage(parts, {
        cameraId: camera,
        day,
        actor: actorOf(user),
        readerId: user.userId,
        recorderAway: !parts.recorder.isConnected(),
      });
    },
  );
  app.get('/api/v1/coverage/cameras', { schema: { response: answers(coverageCameras) } }, async () => ({
    cameras: (await parts.storage.directory.cameras()).map(({ id, name, active, retentionDays }) => ({
      ...{ id, name, active, retentionDays },
    })),
  }));
  app.get(
    '/api/v1/holds',
    { schema: { querystring: holdQuery, response: answers(holdList) } },
    async (request) => {
      const { kind = null, after = null } = request.query;
      return listHolds(parts, callerOf(request, 'user').userId, { kind, after, limit: HOLDS_SHOWN });
    },
  );
}
