/**
 * A camera's own page, and the hub's clock for whoever films it. Pictures leave only to administrators, uncached.
 * See hub-server/DESIGN.md, "Onboarding a camera".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { segmentId } from '@hailong/shared/ids.ts';
import {
  approveStill as approveForm,
  cameraPage,
  clockAnswer,
  discovered,
  latencyAnswer,
  latencyRequest,
  loginDecision,
  measuringAnswer,
  recentFrames as recentAnswer,
} from '@hailong/shared/protocol/cameras.ts';
import { footageDisk } from '@hailong/shared/protocol/footage.ts';
import { probeResult, savedAnswer } from '@hailong/shared/protocol/http.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { approveStill, openStill, takeStill } from '../../../application/cameras/approve-still.ts';
import { checkCamera, findCameras } from '../../../application/cameras/check-camera.ts';
import { decideLogin } from '../../../application/cameras/decide-login.ts';
import {
  beginMeasuring,
  openFrame,
  recentFrames,
  saveLatency,
} from '../../../application/cameras/measure-latency.ts';
import { showDisk } from '../../../application/footage/show-disk.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { byId, noContent } from './answers.ts';

const byStill = z.object({ id: z.string().min(1).max(100), still: z.uuid() });
const bySegment = z.object({ id: z.string().min(1).max(100), segment: segmentId });
const jpeg = (reply: FastifyReply, bytes: Uint8Array) =>
  reply.type('image/jpeg').header('cache-control', 'no-store').send(Buffer.from(bytes));

export function cameraRoutes(app: App, { parts }: HttpContext): void {
  const { recorder, clock } = parts;
  const { cameras } = parts.storage;
  const by = (request: FastifyRequest) => actorOf(callerOf(request, 'user'));

  app.get('/api/v1/clock', { schema: { response: answers(clockAnswer) } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { at: clock.now() };
  });
  app.get(
    '/api/v1/admin/cameras/:id/page',
    { schema: { params: byId, response: answers(cameraPage) } },
    async (request) => {
      const page = await cameras.page({ cameraId: request.params.id, at: clock.now() });
      if (!page) throw new CodedError('request.not_found');
      return page;
    },
  );
  app.get('/api/v1/admin/recorder/disk', { schema: { response: answers(footageDisk) } }, async () =>
    showDisk(parts, recorder),
  );
  app.post('/api/v1/admin/cameras/discover', { schema: { response: answers(discovered) } }, async () =>
    findCameras(parts, recorder),
  );
  app.post(
    '/api/v1/admin/cameras/:id/check',
    { schema: { params: byId, response: answers(probeResult) } },
    async (request) => checkCamera(parts, recorder, { cameraId: request.params.id, actor: by(request) }),
  );
  app.post(
    '/api/v1/admin/cameras/:id/login',
    { schema: { params: byId, body: loginDecision, response: answers(noContent, 204) } },
    async (request, reply) => {
      const decision = { cameraId: request.params.id, allow: request.body.allowBasic };
      await decideLogin(parts, recorder, { ...decision, actor: by(request) });
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/admin/cameras/:id/stills',
    { schema: { params: byId, response: answers(savedAnswer, 201) } },
    async (request, reply) => {
      const id = await takeStill(parts, recorder, callerOf(request, 'user'), request.params.id);
      return reply.code(201).send({ id });
    },
  );
  app.get(
    '/api/v1/admin/cameras/:id/stills/:still',
    { schema: { params: byStill } },
    async (request, reply) => {
      const { id, still } = request.params;
      return jpeg(reply, await openStill(parts, callerOf(request, 'user'), { cameraId: id, id: still }));
    },
  );
  app.post(
    '/api/v1/admin/cameras/:id/stills/:still/approve',
    { schema: { params: byStill, body: approveForm, response: answers(noContent, 204) } },
    async (request, reply) => {
      const { id, still } = request.params;
      await approveStill(parts, callerOf(request, 'user'), { cameraId: id, id: still });
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/v1/admin/cameras/:id/frames',
    { schema: { params: byId, response: answers(recentAnswer) } },
    async (request) => recentFrames(parts, callerOf(request, 'user'), request.params.id),
  );
  app.post(
    '/api/v1/admin/cameras/:id/measuring',
    { schema: { params: byId, response: answers(measuringAnswer, 201) } },
    async (request, reply) =>
      reply.code(201).send(await beginMeasuring(parts, callerOf(request, 'user'), request.params.id)),
  );
  app.post(
    '/api/v1/admin/cameras/:id/frames/:segment',
    { schema: { params: bySegment } },
    async (request, reply) => {
      const { id, segment } = request.params;
      const of = { cameraId: id, segmentId: segment };
      return jpeg(reply, await openFrame(parts, recorder, callerOf(request, 'user'), of));
    },
  );
  app.post(
    '/api/v1/admin/cameras/:id/latency',
    { schema: { params: byId, body: latencyRequest, response: answers(latencyAnswer) } },
    async (request) => ({
      latency: await saveLatency(parts, callerOf(request, 'user'), {
        ...{ cameraId: request.params.id, ...request.body },
      }),
    }),
  );
}
