/** Kiosks that wait to be let in, the printed roster, and what a revoked one still held. */

import {
  decideEnrolment as decision,
  rosterAnswer,
  waitingEnrolments as waitingForm,
  writeOffAnswer,
  writeOffRequest,
} from '@hailong/shared/protocol/enrolment.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { FastifyRequest } from 'fastify';
import {
  askWriteOff,
  decideEnrolment,
  rosterLines,
  waitingEnrolments,
} from '../../../application/kiosks/decide-enrolment.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { byId, noContent } from './answers.ts';

export function enrolmentRoutes(app: App, { parts }: HttpContext): void {
  const by = (request: FastifyRequest) => actorOf(callerOf(request, 'user'));

  app.get('/api/v1/admin/enrolments', { schema: { response: answers(waitingForm) } }, async () => ({
    items: await waitingEnrolments(parts),
  }));
  app.post(
    '/api/v1/admin/enrolments/:id/decide',
    { schema: { params: byId, body: decision, response: answers(noContent, 204) } },
    async (request, reply) => {
      await decideEnrolment(parts, {
        ...{ id: request.params.id, approve: request.body.approve, by: by(request) },
      });
      return reply.code(204).send(null);
    },
  );
  app.get('/api/v1/admin/roster', { schema: { response: answers(rosterAnswer) } }, async () => ({
    lines: await rosterLines(parts),
    printedAt: parts.clock.now() as UtcMs,
  }));
  app.post(
    '/api/v1/admin/devices/:id/write-off',
    { schema: { params: byId, body: writeOffRequest, response: answers(writeOffAnswer) } },
    async (request) => ({
      state: await askWriteOff(parts, {
        ...{ device: request.params.id, by: by(request), reason: request.body.reason },
      }),
    }),
  );
}
