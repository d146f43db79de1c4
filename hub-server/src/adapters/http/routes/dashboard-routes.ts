/** Figures of a month, the workbook of the same, the transactions under a number, and hints of what changed. */
import { dashboardAnswers } from '@hailong/shared/protocol/answers.ts';
import {
  dashboardAnswer,
  dashboardBy,
  dashboardEvents,
  dashboardMarks,
  month,
  recoveringAnswer,
} from '@hailong/shared/protocol/http.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { showAnswers } from '../../../application/figures/show-answers.ts';
import { showDashboard } from '../../../application/figures/show-dashboard.ts';
import { showMarks } from '../../../application/figures/show-marks.ts';
import { mustNotRecover, showRecovering } from '../../../application/show-recovering.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { figuresWorkbook } from '../../xlsx/figures-workbook.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import type { Identify } from '../identify.ts';
import { say } from '../session-sockets.ts';
import { socketsOnly } from './answers.ts';

const EVENTS_MAX = 200;
/** One figure's transactions, or the whole office's when neither `by` nor `key` is named. */
const eventsQuery = z
  .object({ month, by: dashboardBy.optional(), key: z.string().max(64).optional() })
  .refine(({ by, key }) => (by === undefined) === (key === undefined), {
    path: ['key'],
    message: 'by and key belong together',
  });
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function dashboardRoutes(app: App, { parts, sockets }: HttpContext, identify: Identify): void {
  const thisMonth = () => vietnamMonth(parts.clock.now());

  app.get(
    '/api/v1/dashboard',
    {
      schema: {
        querystring: z.object({ month: month.optional(), by: dashboardBy.default('officer') }),
        response: answers(dashboardAnswer),
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return showDashboard(parts, { month: request.query.month ?? thisMonth(), by: request.query.by });
    },
  );

  app.get(
    '/api/v1/dashboard/marks',
    { schema: { querystring: z.object({ month: month.optional() }), response: answers(dashboardMarks) } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return showMarks(parts, request.query.month ?? thisMonth());
    },
  );

  app.get(
    '/api/v1/dashboard/answers',
    { schema: { querystring: z.object({ month: month.optional() }), response: answers(dashboardAnswers) } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return showAnswers(parts, request.query.month ?? thisMonth());
    },
  );

  app.get(
    '/api/v1/dashboard.xlsx',
    { schema: { querystring: z.object({ month: month.optional() }) } },
    async (request, reply) => {
      const asked = request.query.month ?? thisMonth();
      const at = parts.clock.now();
      // A figure without what is still to come would leave the house as if it were whole.
      await mustNotRecover(parts);
      const bytes = await figuresWorkbook(parts, asked, at);
      const actor = actorOf(request.caller.identity);
      await parts.storage.access.record({
        audit: { at, actor, action: 'figures.exported', object: `month:${asked}`, reason: null },
      });
      // What left the house lies under a signed state of the log from here on.
      await parts.logSealer.seal();
      return reply
        .type(XLSX)
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="hai-long-${asked}.xlsx"`)
        .send(bytes);
    },
  );

  app.get('/api/v1/recovering', { schema: { response: answers(recoveringAnswer) } }, async () =>
    showRecovering(parts),
  );

  app.get(
    '/api/v1/dashboard/events',
    {
      schema: {
        querystring: eventsQuery,
        response: answers(dashboardEvents),
      },
    },
    async (request) => {
      const { month: asked, by, key } = request.query;
      const under = by === undefined || key === undefined ? null : { by, key };
      const ids = await parts.storage.figures.transactionsUnder({
        month: asked,
        under,
        limit: EVENTS_MAX + 1,
      });
      const found = await Promise.all(ids.slice(0, EVENTS_MAX).map((id) => parts.core.transaction(id)));
      return { transactions: found.filter((each) => each !== null), truncated: ids.length > EVENTS_MAX };
    },
  );

  const live = (socket: WebSocket, request: FastifyRequest) => {
    const { sessionId } = callerOf(request, 'user');
    const lives = async () =>
      (await identify(request, false)).some(
        ({ identity }) => identity.kind === 'user' && identity.sessionId === sessionId,
      );
    const stop = parts.core.onHint((hint) => say(socket, hint));
    sockets.add(socket, [sessionId], lives, stop);
  };
  app.route({ method: 'GET', url: '/api/v1/live', handler: socketsOnly, wsHandler: live });
}
