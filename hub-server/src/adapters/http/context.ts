/** What handlers share: the caller of a request as the guard found it, and the parts of the web side. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError } from '@hailong/shared/errors.ts';
import { problemAnswer } from '@hailong/shared/protocol/http.ts';
import type { Timers } from '@hailong/shared/time.ts';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { WebParts } from '../../application/web-parts.ts';
import type { Identity } from '../../domain/access/policy-law.ts';
import type { CookieNames } from './cookies.ts';
import type { SessionSockets } from './session-sockets.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface Caller {
  readonly identity: Identity | null;
  /** Of the web session or of the station; empty without either. */
  readonly csrfToken: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
}

export interface HttpContext {
  readonly parts: WebParts;
  readonly cookies: CookieNames;
  readonly sockets: SessionSockets;
  readonly setupToken: () => string | null;
  readonly webDir: string;
  /** The file that every package carries as KIEM-TRA.html. */
  readonly checkPage: string;
  readonly kioskDir: string;
  readonly timers: Timers;
}

export type Of<K extends Identity['kind']> = Extract<Identity, { kind: K }>;

/** The policy row has admitted one of these kinds; anything else is a wrong row, hence refused. */
export function callerOf<K extends Identity['kind']>(request: FastifyRequest, ...kinds: K[]): Of<K> {
  const { identity } = request.caller;
  if (!identity || !(kinds as string[]).includes(identity.kind)) throw new CodedError('access.refused');
  return identity as Of<K>;
}

/** The `response` part of a route's schema: its answer, and a Problem for everything else. */
export function answers<S extends z.ZodType, N extends number = 200>(
  schema: S,
  status?: N,
): { [K in N]: S } & { '4xx': typeof problemAnswer } {
  return { [status ?? 200]: schema, '4xx': problemAnswer } as { [K in N]: S } & {
    '4xx': typeof problemAnswer;
  };
}
