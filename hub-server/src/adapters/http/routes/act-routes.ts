/** Acts of two people and the personal tokens of whoever calls. Who may is judged in the storing transaction. */
import { actAnswer, actList, actRequest, refuseActRequest } from '@hailong/shared/protocol/acts.ts';
import { tokenList, tokenMade, tokenRequest } from '@hailong/shared/protocol/tokens.ts';
import type { z } from 'zod';
import { issueToken, revokeToken } from '../../../application/accounts/personal-tokens.ts';
import { approveAct } from '../../../application/acts/approve-act.ts';
import { askAct } from '../../../application/acts/ask-act.ts';
import { listActs } from '../../../application/acts/list-acts.ts';
import { refuseAct } from '../../../application/acts/refuse-act.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { byId, noContent } from './answers.ts';

export function actRoutes(app: App, { parts }: HttpContext): void {
  app.get('/api/v1/acts', { schema: { response: answers(actList) } }, async (request) => ({
    acts: [...(await listActs(parts, callerOf(request, 'user')))],
  }));
  app.post(
    '/api/v1/acts',
    { schema: { body: actRequest, response: answers(actAnswer, 201) } },
    async (request, reply) =>
      reply.code(201).send(await askAct(parts, callerOf(request, 'user'), request.body)),
  );
  app.post(
    '/api/v1/acts/:id/approve',
    { schema: { params: byId, response: answers(actAnswer) } },
    async (request) => approveAct(parts, callerOf(request, 'user'), request.params.id),
  );
  app.post(
    '/api/v1/acts/:id/refuse',
    { schema: { params: byId, body: refuseActRequest, response: answers(actAnswer) } },
    async (request) =>
      refuseAct(parts, callerOf(request, 'user'), { id: request.params.id, reason: request.body.reason }),
  );

  app.get('/api/v1/tokens', { schema: { response: answers(tokenList) } }, async (request) => {
    const { userId } = callerOf(request, 'user');
    const tokens = await parts.storage.tokens.of({ userId });
    return { tokens: [...tokens] as z.infer<typeof tokenList>['tokens'] };
  });
  app.post(
    '/api/v1/tokens',
    { schema: { body: tokenRequest, response: answers(tokenMade, 201) } },
    async (request, reply) => {
      const caller = callerOf(request, 'user');
      const made = await issueToken(parts, {
        ...{ ...request.body, userId: caller.userId, actor: actorOf(caller) },
      });
      return reply.code(201).send(made);
    },
  );
  app.delete(
    '/api/v1/tokens/:id',
    { schema: { params: byId, response: answers(noContent, 204) } },
    async (request, reply) => {
      const caller = callerOf(request, 'user');
      await revokeToken(parts, {
        ...{ id: request.params.id, userId: caller.userId, actor: actorOf(caller) },
      });
      return reply.code(204).send(null);
    },
  );
}
