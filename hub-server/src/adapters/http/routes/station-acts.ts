/**
 * What an officer does with a key at the station: the next citizen, an ending (intents, 202: the counter's device makes them
 * true), and asking for the footage of a turn to be kept. Refuses: whatever is not of the caller's own work.
 */
import type { CounterId, OfficerId } from '@hailong/shared/ids.ts';
import { watchedAnswer } from '@hailong/shared/protocol/cases.ts';
import {
  finishTransactionAnswer,
  stationFinishRequest,
  stationHoldAnswer,
  stationHoldRequest,
  stationNextAnswer,
  stationNextRequest,
  stationTurnsAnswer,
} from '@hailong/shared/protocol/http.ts';
import { callNext } from '../../../application/station/call-next.ts';
import { finishServed } from '../../../application/station/finish-served.ts';
import { requestHold } from '../../../application/station/request-hold.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';

export function stationActs(app: App, { parts }: HttpContext): void {
  app.post(
    '/api/v1/station/next',
    { schema: { body: stationNextRequest, response: answers(stationNextAnswer, 202) } },
    async (request, reply) => {
      const { officerId, counterId } = callerOf(request, 'officer');
      const { code, procedureCode, stage, finish } = request.body;
      const receipt = await callNext(parts, {
        officerId: officerId as OfficerId,
        counterId: counterId as CounterId,
        code,
        procedureCode: procedureCode ?? null,
        stage: stage ?? 'reception',
        finish,
      });
      return reply.code(202).send(receipt);
    },
  );

  app.post(
    '/api/v1/station/finish',
    { schema: { body: stationFinishRequest, response: answers(finishTransactionAnswer, 202) } },
    async (request, reply) => {
      const { counterId, officerId } = callerOf(request, 'officer');
      const at = { counterId: counterId as CounterId, officerId };
      return reply.code(202).send(await finishServed(parts, at, request.body));
    },
  );

  app.get(
    '/api/v1/station/turns',
    { schema: { response: answers(stationTurnsAnswer) } },
    async (request, reply) => {
      const { officerId, counterId } = callerOf(request, 'officer');
      reply.header('cache-control', 'no-store');
      const at = parts.clock.now();
      const { turns, ...rule } = await parts.storage.holds.turns({ officerId, counterId, at });
      return { ...rule, turns: [...turns] };
    },
  );

  app.get(
    '/api/v1/station/watched',
    { schema: { response: answers(watchedAnswer) } },
    async (request, reply) => {
      const { officerId } = callerOf(request, 'officer');
      reply.header('cache-control', 'no-store');
      return { views: [...(await parts.storage.cases.watched({ officerId }))] };
    },
  );

  app.post(
    '/api/v1/station/hold',
    { schema: { body: stationHoldRequest, response: answers(stationHoldAnswer) } },
    async (request) => {
      const { officerId } = callerOf(request, 'officer');
      return requestHold(parts, { officerId, transactionId: request.body.transactionId });
    },
  );
}
