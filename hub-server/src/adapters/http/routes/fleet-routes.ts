/** Kiosks on one page and their alarms, for the administration. */
import {
  acknowledgeRequest,
  fleetAnswer,
  fleetCounts,
  fleetQuestion,
  fleetRule,
  reloadAnswer,
  reloadRequest,
  rolloutAnswer,
  decideRollout as rolloutDecision,
  saveRollout as rolloutForm,
} from '@hailong/shared/protocol/fleet.ts';
import type { FastifyRequest } from 'fastify';
import { decideRollout, saveRollout, showRollout } from '../../../application/fleet/decide-rollout.ts';
import { reloadScreens } from '../../../application/fleet/reload-screens.ts';
import { acknowledgeAlarm, saveFleetRule, showFleet } from '../../../application/fleet/show-fleet.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { byId, noContent } from './answers.ts';

export function fleetRoutes(app: App, { parts }: HttpContext): void {
  const by = (request: FastifyRequest) => actorOf(callerOf(request, 'user'));

  app.get(
    '/api/v1/admin/fleet',
    { schema: { querystring: fleetQuestion, response: answers(fleetAnswer) } },
    async (request) => {
      const { state, code, text, page } = request.query;
      return showFleet(parts, { state, code: code ?? null, text, page });
    },
  );
  app.get('/api/v1/admin/fleet/counts', { schema: { response: answers(fleetCounts) } }, async () => {
    const counts = await parts.storage.fleet.counts();
    return { ...counts, byCode: [...counts.byCode] };
  });
  app.post(
    '/api/v1/admin/fleet/:id/acknowledge',
    { schema: { params: byId, body: acknowledgeRequest, response: answers(noContent, 204) } },
    async (request, reply) => {
      await acknowledgeAlarm(parts, {
        ...{ device: request.params.id, code: request.body.code, actor: by(request) },
      });
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/admin/fleet/reload',
    { schema: { body: reloadRequest, response: answers(reloadAnswer) } },
    async (request) => {
      const kiosks = await reloadScreens(parts, { choice: request.body, actor: by(request) });
      const away = kiosks.filter(({ result }) => result === 'away').map(({ counter }) => counter);
      return { sent: kiosks.length - away.length, away };
    },
  );
  app.get('/api/v1/admin/fleet-rule', { schema: { response: answers(fleetRule) } }, () =>
    parts.storage.fleet.rule(),
  );
  app.get('/api/v1/admin/rollout', { schema: { response: answers(rolloutAnswer) } }, () =>
    showRollout(parts),
  );
  app.put(
    '/api/v1/admin/rollout',
    { schema: { body: rolloutForm, response: answers(rolloutAnswer) } },
    async (request) => {
      await saveRollout(parts, { ...request.body, actor: by(request) });
      return showRollout(parts);
    },
  );
  app.post(
    '/api/v1/admin/rollout/decide',
    { schema: { body: rolloutDecision, response: answers(rolloutAnswer) } },
    async (request) => {
      await decideRollout(parts, { what: request.body.what, actor: by(request) });
      return showRollout(parts);
    },
  );
  app.put(
    '/api/v1/admin/fleet-rule',
    { schema: { body: fleetRule, response: answers(fleetRule) } },
    async (request) => {
      await saveFleetRule(parts, { rule: request.body, actor: by(request) });
      return request.body;
    },
  );
}
