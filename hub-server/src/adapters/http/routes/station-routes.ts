/**
 * The station page: enrolment, login, lock, and the socket that pushes what it shows whenever that is something else
 * than before. Refuses: anything about levels; another counter's transaction; a push that says nothing new, since its mere
 * coming would tell of a touch.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId } from '@hailong/shared/ids.ts';
import {
  ownTotalsAnswer,
  stationAnswer,
  stationEnrolRequest,
  stationLoginRequest,
  stationUnlockRequest,
} from '@hailong/shared/protocol/http.ts';
import type { StationLive } from '@hailong/shared/protocol/live.ts';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { showTotals } from '../../../application/figures/show-totals.ts';
import { enrolStation } from '../../../application/kiosks/enrol.ts';
import { awaitIntent } from '../../../application/station/await-intent.ts';
import { lockStation, unlockStation } from '../../../application/station/lock-station.ts';
import { logInOfficer, logOutOfficer } from '../../../application/station/log-in-officer.ts';
import { showStation } from '../../../application/station/show-station.ts';
import type { Identity } from '../../../domain/access/policy-law.ts';
import { type App, answers, type Caller, callerOf, type HttpContext } from '../context.ts';
import { STATION_COOKIE_SECONDS } from '../cookies.ts';
import type { Identify } from '../identify.ts';
import { say } from '../session-sockets.ts';
import { socketsOnly } from './answers.ts';

const NOT_CACHED = { 'cache-control': 'no-store' };

export function stationRoutes(app: App, context: HttpContext, identify: Identify): void {
  const { parts, cookies, sockets, timers } = context;

  const shown = async (identity: Identity | null, csrfToken: string) =>
    (await showStation(parts, identity, csrfToken)).station;

  app.get('/api/v1/station', { schema: { response: answers(stationAnswer) } }, async (request, reply) => {
    reply.headers(NOT_CACHED);
    return shown(request.caller.identity, request.caller.csrfToken);
  });

  app.post(
    '/api/v1/station/enrol',
    { schema: { body: stationEnrolRequest, response: answers(stationAnswer) } },
    async (request, reply) => {
      const { code } = request.body;
      const { token, stationId, counterId } = await enrolStation(parts, { code, address: request.ip });
      reply.setCookie(cookies.station, token, { ...cookies.options, maxAge: STATION_COOKIE_SECONDS });
      return shown({ kind: 'station', stationId, counterId }, parts.secrets.derived(token, 'csrf'));
    },
  );

  app.post(
    '/api/v1/station/login',
    { schema: { body: stationLoginRequest, response: answers(stationAnswer) } },
    async (request, reply) => {
      const caller = callerOf(request, 'station', 'officer');
      const { stationId } = caller;
      const counterId = caller.counterId as CounterId;
      const over = caller.kind === 'officer' ? caller.officerId : (caller.locked?.officerId ?? null);
      const opened = await logInOfficer(parts, {
        ...{ ...request.body, stationId, counterId, over },
        admitted: (intentId) => awaitIntent({ core: parts.core, timers }, { counterId, intentId }),
      });
      reply.setCookie(cookies.officer, opened.token, cookies.options);
      // The open socket still speaks for a station without an officer: the page comes back with the new cookie.
      sockets.end([`station:${stationId}`]);
      const { sessionId, officerId, dutyId } = opened;
      const identity = { kind: 'officer', stationId, counterId, officerId, dutyId, sessionId } as const;
      return shown(identity, request.caller.csrfToken);
    },
  );

  for (const [path, why] of [
    ['/api/v1/station/lock', 'away'],
    ['/api/v1/station/lunch', 'lunch'],
  ] as const)
    app.post(path, { schema: { response: answers(stationAnswer) } }, async (request) => {
      const { sessionId, officerId, dutyId, stationId, counterId } = callerOf(request, 'officer');
      await lockStation(parts, { ...{ sessionId, officerId, why }, counterId: counterId as CounterId });
      const locked = { sessionId, officerId, dutyId, why };
      return shown({ kind: 'station', stationId, counterId, locked }, request.caller.csrfToken);
    });

  app.post(
    '/api/v1/station/unlock',
    { schema: { body: stationUnlockRequest, response: answers(stationAnswer) } },
    async (request) => {
      const { stationId, counterId, locked } = callerOf(request, 'station');
      if (!locked) throw new CodedError('access.login_required');
      const at = { stationId, counterId: counterId as CounterId, locked, pin: request.body.pin };
      await unlockStation(parts, at);
      const { sessionId, officerId, dutyId } = locked;
      const identity = { kind: 'officer', stationId, counterId, officerId, dutyId, sessionId } as const;
      return shown(identity, request.caller.csrfToken);
    },
  );

  app.delete(
    '/api/v1/station/login',
    { schema: { response: answers(stationAnswer) } },
    async (request, reply) => {
      const officer = callerOf(request, 'officer');
      await logOutOfficer(parts, { ...officer, counterId: officer.counterId as CounterId });
      reply.clearCookie(cookies.officer, cookies.options);
      const { stationId, counterId } = officer;
      return shown({ kind: 'station', stationId, counterId }, request.caller.csrfToken);
    },
  );

  app.get(
    '/api/v1/station/totals',
    { schema: { response: answers(ownTotalsAnswer) } },
    async (request, reply) => {
      reply.headers(NOT_CACHED);
      return showTotals(parts, callerOf(request, 'officer').officerId);
    },
  );

  const live = (socket: WebSocket, request: FastifyRequest) => {
    const { identity, csrfToken }: Caller = request.caller;
    if (identity?.kind !== 'station' && identity?.kind !== 'officer') return socket.close();
    const owners = [
      `station:${identity.stationId}`,
      ...(identity.kind === 'officer' ? [identity.sessionId] : []),
    ];
    const lives = async () => {
      const found = await identify(request, false);
      return found.some(
        ({ identity: now }) =>
          now.kind === identity.kind &&
          (now.kind !== 'officer' || identity.kind !== 'officer' || now.sessionId === identity.sessionId),
      );
    };
    let last = '';
    let cancel = (): void => undefined;
    let stopped = false;
    const push = coalesced(
      async () => {
        const { station, until } = await showStation(parts, identity, csrfToken);
        if (stopped) return;
        const message: StationLive = { type: 'station', station };
        const text = JSON.stringify(message);
        if (text !== last) say(socket, message);
        last = text;
        cancel();
        if (until !== null) cancel = timers.after(Math.max(until - parts.clock.now(), 1), push);
      },
      () => socket.terminate(),
    );
    const unsubscribe = parts.core.onCounter((counterId) => {
      if (counterId === identity.counterId) push();
    });
    const stop = (): void => {
      stopped = true;
      cancel();
      unsubscribe();
    };
    sockets.add(socket, owners, lives, stop);
    push();
  };
  app.route({ method: 'GET', url: '/api/v1/station/live', handler: socketsOnly, wsHandler: live });
}

/** Runs again when asked while running, once however often it was asked. */
function coalesced(work: () => Promise<void>, failed: () => void): () => void {
  let running = false;
  let again = false;
  const run = (): void => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    work()
      .catch(failed)
      .finally(() => {
        running = false;
        if (!again) return;
        again = false;
        run();
      });
  };
  return run;
}
