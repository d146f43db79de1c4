/** Web logins and the first set-up. The cookie holds the secret, the answer the CSRF token, neither the other. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Office } from '@hailong/shared/model/directory.ts';
import { loginRequest, sessionAnswer, setupAnswer, setupRequest } from '@hailong/shared/protocol/http.ts';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { endSession, logInUser, type OpenedSession } from '../../../application/accounts/log-in-user.ts';
import { makeFirstAdministrator } from '../../../application/accounts/make-first-administrator.ts';
import type { WebUser } from '../../../application/ports/access.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { noContent } from './answers.ts';

const NO_OFFICE: Office = { name: 'Bộ phận Một cửa', place: '', phone: '', retentionDays: 30 };

export function sessionRoutes(app: App, { parts, cookies, setupToken }: HttpContext): void {
  async function answer(
    user: Pick<WebUser, 'id' | 'username' | 'name' | 'roles'>,
    csrfToken: string,
  ): Promise<z.infer<typeof sessionAnswer>> {
    const { id, username, name, roles } = user;
    const office = (await parts.storage.directory.office()) ?? NO_OFFICE;
    return { user: { id, username, name, roles: [...roles] }, csrfToken, office };
  }
  async function opened(reply: FastifyReply, session: OpenedSession) {
    reply.setCookie(cookies.user, session.token, cookies.options);
    return answer(session.user, parts.secrets.derived(session.token, 'csrf'));
  }

  app.get('/api/v1/setup', { schema: { response: answers(setupAnswer) } }, async () => ({
    needed: !(await parts.storage.access.anyUser()),
  }));
  app.post(
    '/api/v1/setup',
    { schema: { body: setupRequest, response: answers(sessionAnswer) } },
    async (request, reply) => {
      const session = await makeFirstAdministrator(parts, {
        ...request.body,
        expected: setupToken(),
        address: request.ip,
      });
      return opened(reply, session);
    },
  );

  app.post(
    '/api/v1/session',
    { schema: { body: loginRequest, response: answers(sessionAnswer) } },
    async (request, reply) => opened(reply, await logInUser(parts, { ...request.body, address: request.ip })),
  );
  app.get('/api/v1/session', { schema: { response: answers(sessionAnswer) } }, async (request) => {
    const { userId, username, name, roles } = callerOf(request, 'user');
    if (request.caller.csrfToken === '') throw new CodedError('access.login_required');
    return answer({ id: userId, username, name, roles }, request.caller.csrfToken);
  });
  app.delete('/api/v1/session', { schema: { response: answers(noContent, 204) } }, async (request, reply) => {
    const { sessionId, username } = callerOf(request, 'user');
    await endSession(parts, sessionId, `user:${username}`);
    return reply.clearCookie(cookies.user, cookies.options).code(204).send(null);
  });
}
