/** From when to when a camera saw which counter: seen, and set right by its dates. */
import { cameraMap, changeMapRequest, removeMapRequest } from '@hailong/shared/protocol/camera-map.ts';
import { changeCameraMap } from '../../../application/directory/change-camera-map.ts';
import { removeCameraMap } from '../../../application/directory/remove-camera-map.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { byId, noContent } from './answers.ts';

export function cameraMapRoutes(app: App, { parts }: HttpContext): void {
  const path = '/api/v1/admin/cameras/:id/map';
  app.get(path, { schema: { params: byId, response: answers(cameraMap) } }, async (request) => ({
    rows: [...(await parts.storage.directory.cameraMap({ cameraId: request.params.id }))],
  }));
  app.put(
    path,
    { schema: { params: byId, body: changeMapRequest, response: answers(noContent, 204) } },
    async (request, reply) => {
      const actor = actorOf(callerOf(request, 'user'));
      await changeCameraMap(parts, { cameraId: request.params.id, change: request.body, actor });
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${path}/remove`,
    { schema: { params: byId, body: removeMapRequest, response: answers(noContent, 204) } },
    async (request, reply) => {
      const actor = actorOf(callerOf(request, 'user'));
      await removeCameraMap(parts, { cameraId: request.params.id, asked: request.body, actor });
      return reply.code(204).send(null);
    },
  );
}
