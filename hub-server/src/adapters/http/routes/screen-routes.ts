/** What kiosks' screens say at rest, and when they are lit. See hub-server/DESIGN.md, "What screens are told". */
import { noticesAnswer, saveNotices as noticesForm } from '@hailong/shared/protocol/notices.ts';
import { screenHoursSettings } from '@hailong/shared/protocol/screen-hours.ts';
import type { FastifyRequest } from 'fastify';
import { saveNotices } from '../../../application/directory/save-notices.ts';
import { saveScreenHours } from '../../../application/directory/save-screen-hours.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';

export function screenRoutes(app: App, { parts }: HttpContext): void {
  const by = (request: FastifyRequest) => actorOf(callerOf(request, 'user'));

  app.get('/api/v1/admin/notices', { schema: { response: answers(noticesAnswer) } }, async () => ({
    notices: [...(await parts.storage.notices.list())],
  }));
  app.put(
    '/api/v1/admin/notices',
    { schema: { body: noticesForm, response: answers(noticesAnswer) } },
    async (request) => ({
      notices: [...(await saveNotices(parts, { ...request.body, actor: by(request) }))],
    }),
  );
  app.get('/api/v1/admin/screen-hours', { schema: { response: answers(screenHoursSettings) } }, () =>
    parts.storage.screenHours.settings(),
  );
  app.put(
    '/api/v1/admin/screen-hours',
    { schema: { body: screenHoursSettings, response: answers(screenHoursSettings) } },
    (request) => saveScreenHours(parts, { settings: request.body, actor: by(request) }),
  );
}
