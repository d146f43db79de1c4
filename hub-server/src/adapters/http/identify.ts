/**
 * Purpose: which identities a request proves, from its Bearer key or its cookies. A Bearer key stands alone: cookies
 * beside it are not looked at, so a key's request can never borrow a session.
 * Refuses: silently: a wrong, ended or idle secret proves nothing.
 */
import type { FastifyRequest } from 'fastify';
import type { WebParts } from '../../application/web-parts.ts';
import type { Identity } from '../../domain/access/policy-law.ts';
import { sessionAlive, TOUCH_AFTER_MS } from '../../domain/access/session.ts';
import type { CookieNames } from './cookies.ts';

export interface Found {
  readonly identity: Identity;
  /** Empty for API keys: nothing ambient, nothing to forge. */
  readonly csrfToken: string;
}

/** 43 base64url signs of 32 bytes: anything else is not asked about. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const BEARER = /^Bearer (hlk_[A-Za-z0-9_-]{43})$/i;
const STATION_SEEN_MS = 60_000;

export function createIdentify(parts: WebParts, names: CookieNames) {
  const { storage, secrets, clock } = parts;
  const seen = new Map<string, number>();

  async function user(token: string, touch: boolean): Promise<Found | null> {
    const held = await storage.access.userSession({ tokenHash: secrets.hash(token) });
    const at = clock.now();
    if (!held || !sessionAlive('user', held, at)) return null;
    if (touch && at - held.usedAt >= TOUCH_AFTER_MS)
      await storage.access.touchSession({ sessionId: held.sessionId, at });
    const { id, username, name, roles } = held.user;
    return {
      identity: { kind: 'user', userId: id, username, name, roles, sessionId: held.sessionId },
      csrfToken: secrets.derived(token, 'csrf'),
    };
  }

  async function station(token: string, officerToken: string, touch: boolean): Promise<Found | null> {
    const held = await storage.access.station({ tokenHash: secrets.hash(token) });
    if (!held) return null;
    const at = clock.now();
    if (at - (seen.get(held.stationId) ?? 0) >= STATION_SEEN_MS) {
      seen.set(held.stationId, at);
      await storage.access.stationSeen({ stationId: held.stationId, at });
    }
    const csrfToken = secrets.derived(token, 'csrf');
    const { stationId, counterId } = held;
    if (TOKEN.test(officerToken)) {
      const session = await storage.access.officerSession({ tokenHash: secrets.hash(officerToken) });
      if (session && session.stationId === stationId && sessionAlive('officer', session, at)) {
        const { sessionId, officerId, dutyId, lockedFor } = session;
        if (lockedFor !== null) {
          const locked = { sessionId, officerId, dutyId, why: lockedFor };
          return { identity: { kind: 'station', stationId, counterId, locked }, csrfToken };
        }
        if (touch && at - session.usedAt >= TOUCH_AFTER_MS)
          await storage.access.touchSession({ sessionId, at });
        return {
          identity: { kind: 'officer', stationId, counterId, officerId, dutyId, sessionId },
          csrfToken,
        };
      }
    }
    return { identity: { kind: 'station', stationId, counterId }, csrfToken };
  }

  async function apiKey(authorization: string): Promise<Found | null> {
    const key = BEARER.exec(authorization)?.[1];
    const held = key ? await storage.access.apiKey({ keyHash: secrets.hash(key) }) : null;
    if (!held) return null;
    const { id, name, counterIds, readsRatings } = held;
    return { identity: { kind: 'apiKey', keyId: id, name, counterIds, readsRatings }, csrfToken: '' };
  }

  /** `touch` false: looking whether a login still lives does not keep it alive. */
  return async function identify(request: FastifyRequest, touch: boolean): Promise<Found[]> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const found = await apiKey(authorization);
      return found ? [found] : [];
    }
    const cookie = (name: string) => request.cookies[name] ?? '';
    const [userToken, stationToken] = [cookie(names.user), cookie(names.station)];
    const found = await Promise.all([
      TOKEN.test(userToken) ? user(userToken, touch) : null,
      TOKEN.test(stationToken) ? station(stationToken, cookie(names.officer), touch) : null,
    ]);
    return found.filter((each) => each !== null);
  };
}
export type Identify = ReturnType<typeof createIdentify>;
