/**
 * Purpose: every request passes here before its handler: the policy row, the caller, Origin and CSRF token.
 * Refuses: at boot a route without a row or a row without a route; at run time whatever its row does not admit.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebParts } from '../../application/web-parts.ts';
import { admit } from '../../domain/access/policy-law.ts';
import type { Identify } from './identify.ts';
import { OPTIONAL, POLICY, type PolicyRow, policyOf } from './policy.ts';

export interface GuardOptions {
  readonly parts: WebParts;
  readonly identify: Identify;
  /** Exact Origins of this hub's own pages. */
  readonly origins: () => readonly string[];
}

const SAFE = new Set(['GET', 'HEAD']);
/** Pages ask these again and again by themselves: it must not keep a login alive. */
const PASSIVE = new Set(['/api/v1/session', '/api/v1/live', '/api/v1/station/live', '/api/v1/station']);

/** As a browser writes it: without the scheme's own port. */
function asOrigin(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

function checkOrigin(request: FastifyRequest, row: PolicyRow, origins: readonly string[]): void {
  const { origin } = request.headers;
  const upgrade = row.csrf === 'origin' && SAFE.has(request.method);
  // Scripts without ambient cookies send none; a browser always does on what changes something.
  if (origin === undefined ? upgrade : !origins.includes(origin)) throw new CodedError('access.origin');
}

export function installGuard(app: FastifyInstance, { parts, identify, origins }: GuardOptions): void {
  const found = new Set<string>();
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      if (!policyOf(method, route.url)) throw new Error(`no policy row for ${method} ${route.url}`);
      found.add(`${method} ${route.url}`);
    }
  });
  app.addHook('onReady', async () => {
    for (const { method, path } of POLICY) {
      const key = `${method} ${path}`;
      if (!found.has(key) && !OPTIONAL.has(key)) throw new Error(`no route for policy row ${key}`);
    }
  });

  app.decorateRequest('caller');
  app.addHook('onRequest', async (request) => {
    request.caller = { identity: null, csrfToken: '' };
    const path = request.routeOptions.url;
    if (path === undefined) return;
    const row = policyOf(request.method, path);
    if (!row) throw new CodedError('access.refused', 'no policy row');
    const alone = row.who.length === 1 && ['public', 'device', 'recorder'].includes(row.who[0]!);
    const callers = alone ? [] : await identify(request, !PASSIVE.has(path));
    const admission = admit(
      row.who,
      callers.map((each) => each.identity),
    );
    if (!admission.admitted) throw new CodedError(unknownStation(row, admission.code));
    const caller = callers.find((each) => each.identity === admission.identity);
    request.caller = { identity: admission.identity, csrfToken: caller?.csrfToken ?? '' };
    if (row.csrf === 'none' || admission.identity?.kind === 'apiKey') return;
    checkOrigin(request, row, origins().map(asOrigin));
    if (row.csrf !== 'token') return;
    const sent = request.headers['x-csrf-token'];
    if (!caller || typeof sent !== 'string' || !parts.secrets.same(sent, caller.csrfToken))
      throw new CodedError('access.csrf');
  });
}

/** A browser without a station's cookie is told to enrol, not to log in. */
function unknownStation(row: PolicyRow, code: 'access.login_required' | 'access.refused') {
  return code === 'access.login_required' &&
    row.who.includes('station') &&
    row.path.startsWith('/api/v1/station/')
    ? ('access.station_unknown' as const)
    : code;
}
