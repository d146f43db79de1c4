/**
 * Purpose: every error leaves as a Problem with its status. What is not a closed code is logged with the request's id
 * (`X-Request-Id`) and told as `internal.unexpected`, without its text.
 * Refuses: to call bad input a server error: sizes, types, depth, malformed JSON are 4xx.
 */
import { CodedError, ERRORS, type ErrorCode, problem } from '@hailong/shared/errors.ts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

const TOO_LARGE = new Set(['FST_ERR_CTP_BODY_TOO_LARGE', 'FST_REQ_FILE_TOO_LARGE', 'FST_FILES_LIMIT']);
const WHERE_MAX = 50;

type Where = { path: string; message: string }[];

function reading(error: FastifyError): { code: ErrorCode; where?: Where } {
  if (error instanceof CodedError)
    return error.code === 'request.invalid' && error.detail !== undefined
      ? { code: error.code, where: [{ path: error.detail, message: 'Giá trị không hợp lệ. · Not valid.' }] }
      : error.code === 'instrument.unequal' && error.detail !== undefined
        ? { code: error.code, where: error.detail.split('; ').map((path) => ({ path, message: '' })) }
        : error.code === 'hub.recovering' && error.detail
          ? { code: error.code, where: [{ path: 'awaited', message: error.detail }] }
          : { code: error.code };
  if (hasZodFastifySchemaValidationErrors(error))
    return {
      code: 'request.invalid',
      where: error.validation.slice(0, WHERE_MAX).map((issue) => ({
        path: (issue.instancePath || `/${error.validationContext ?? ''}`).slice(1).replaceAll('/', '.'),
        message: issue.message ?? 'invalid',
      })),
    };
  if (TOO_LARGE.has(error.code)) return { code: 'request.too_large' };
  const status = error.statusCode ?? 500;
  if (status === 404) return { code: 'request.not_found' };
  if (status === 413) return { code: 'request.too_large' };
  if (status === 429) return { code: 'request.too_many' };
  return { code: status >= 400 && status < 500 ? 'request.invalid' : 'internal.unexpected' };
}

export function sendProblem(reply: FastifyReply, code: ErrorCode, where?: Where): FastifyReply {
  return reply
    .code(ERRORS[code].status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send(problem(code, where));
}

function answer(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, where } = reading(error);
  if (ERRORS[code].status >= 500 || code === 'internal.unexpected')
    request.log.error({ err: error, code }, 'request failed');
  else request.log.info({ code, detail: error.message }, 'request refused');
  return sendProblem(reply, code, where);
}

/** A file refused half-way has its own sentence. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && TOO_LARGE.has(String(error.code));

export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>(answer);
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'request.not_found'));
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // What the interface answers is of one caller at one time; photos say otherwise themselves.
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store');
  });
}

export { answer as frameworkError };
