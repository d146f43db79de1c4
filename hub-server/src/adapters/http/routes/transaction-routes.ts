/**
 * Transactions for an e-government system (Bearer key) and for an officer's own counter. Requests become intents and
 * answer 202; the counter's device makes them true. Refuses: counters that the key was not issued for, levels to a key without
 * the right to them.
 */
import { CodedError, isErrorCode, problem } from '@hailong/shared/errors.ts';
import { type IntentId, intentId, type TransactionId, transactionId } from '@hailong/shared/ids.ts';
import { dossierCode } from '@hailong/shared/model/transaction.ts';
import {
  clipSummary,
  finishTransactionAnswer,
  finishTransactionRequest,
  intentAnswer,
  openTransactionAnswer,
  openTransactionRequest,
  ratingsAnswer,
  reasonsAnswer,
  type TransactionAnswer,
  transactionAnswer,
  transactionList,
} from '@hailong/shared/protocol/http.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { mayKnowKept, mayReadRatings, mayUseCounter } from '../../../domain/access/policy-law.ts';
import { type App, answers, type HttpContext } from '../context.ts';

const byTransaction = z.object({ id: transactionId });

export function transactionRoutes(app: App, { parts }: HttpContext): void {
  const { core } = parts;
  function mustUse(request: FastifyRequest, counterId: string): void {
    if (!mayUseCounter(request.caller.identity, counterId))
      throw new CodedError('access.refused', 'other counter');
  }
  async function held(request: FastifyRequest, id: TransactionId): Promise<TransactionAnswer> {
    const transaction = await core.transaction(id);
    if (!transaction) throw new CodedError('request.not_found');
    mustUse(request, transaction.counter.id);
    return transaction;
  }

  app.post(
    '/api/v1/transactions',
    { schema: { body: openTransactionRequest, response: answers(openTransactionAnswer, 202) } },
    async (request, reply) => {
      const { officerCode, procedureCode, queueNumber, ...asked } = request.body;
      mustUse(request, asked.counterId);
      const counter = await parts.storage.directory.counter({ id: asked.counterId });
      if (!counter) throw new CodedError('reference.unknown', 'counterId');
      const opened = await core.openTransaction({
        ...asked,
        officerCode: officerCode ?? null,
        procedureCode: procedureCode ?? null,
        queueNumber: queueNumber ?? null,
      });
      if (!opened.ok) throw new CodedError(opened.code);
      return reply.code(202).send(opened.value);
    },
  );

  app.post(
    '/api/v1/transactions/:id/finish',
    {
      schema: {
        params: byTransaction,
        body: finishTransactionRequest,
        response: answers(finishTransactionAnswer, 202),
      },
    },
    async (request, reply) => {
      const { identity } = request.caller;
      const known = await core.transaction(request.params.id);
      // A finish may come before the device told of its open; a key for every counter need not wait for that.
      if (known) mustUse(request, known.counter.id);
      else if (identity?.kind !== 'apiKey' || identity.counterIds !== null)
        throw new CodedError('intent.unknown_transaction');
      if (known && identity?.kind === 'officer' && known.officer.id !== identity.officerId)
        throw new CodedError('access.refused', 'other officer');
      const asked = await core.finishTransaction({ transactionId: request.params.id, ...request.body });
      if (!asked.ok) throw new CodedError(asked.code);
      return reply.code(202).send(asked.value);
    },
  );

  app.get('/api/v1/reasons', { schema: { response: answers(reasonsAnswer) } }, async () => ({
    reasons: [...(await parts.storage.directory.outcomeReasons())],
  }));

  app.get(
    '/api/v1/intents/:id',
    { schema: { params: z.object({ id: intentId }), response: answers(intentAnswer) } },
    async (request) => {
      const status = await core.intent(request.params.id as IntentId);
      if (!status) throw new CodedError('request.not_found');
      mustUse(request, status.counterId);
      const { code, state } = status;
      const reason = code === null ? null : problem(isErrorCode(code) ? code : 'internal.unexpected');
      return { intentId: status.intentId, state, reason: reason as z.infer<typeof intentAnswer>['reason'] };
    },
  );

  app.get(
    '/api/v1/transactions',
    { schema: { querystring: z.object({ dossier: dossierCode }), response: answers(transactionList) } },
    async (request) => {
      const found = await core.transactionsOfDossier(request.query.dossier);
      const { identity } = request.caller;
      return { transactions: found.filter((each) => mayUseCounter(identity, each.counter.id)) };
    },
  );
  app.get(
    '/api/v1/transactions/:id',
    { schema: { params: byTransaction, response: answers(transactionAnswer) } },
    async (request) => held(request, request.params.id),
  );
  app.get(
    '/api/v1/transactions/:id/ratings',
    { schema: { params: byTransaction, response: answers(ratingsAnswer) } },
    async (request) => {
      if (!mayReadRatings(request.caller.identity)) throw new CodedError('access.refused', 'ratings');
      const { transactionId: id } = await held(request, request.params.id);
      return (await core.ratings(id)) ?? { transactionId: id, instrument: null, effective: null, votes: [] };
    },
  );
  app.get(
    '/api/v1/transactions/:id/clip',
    { schema: { params: byTransaction, response: answers(clipSummary) } },
    async (request) => {
      const { transactionId: id } = await held(request, request.params.id);
      const { identity } = request.caller;
      const of = mayKnowKept(identity) ? { keptFor: identity.userId } : 'recorded';
      const cameras = await parts.footage.summary(id, of);
      return { transactionId: id, cameras: [...cameras] as z.infer<typeof clipSummary>['cameras'] };
    },
  );
}
