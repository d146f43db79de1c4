/**
 * Purpose: a person's login on the web. The attempt is counted first, then the same work is done for every name.
 * Refuses: with one answer for an unknown name, a wrong password and a deactivated account.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ThrottleKey } from '../../domain/access/throttle.ts';
import type { WebUser } from '../ports/access.ts';
import type { WebParts } from '../web-parts.ts';

export interface OpenedSession {
  readonly token: string;
  readonly sessionId: string;
  readonly user: WebUser;
}

export async function logInUser(
  parts: WebParts,
  input: { username: string; password: string; address: string },
): Promise<OpenedSession> {
  const { storage, secrets, clock } = parts;
  const username = input.username.trim().toLowerCase();
  const keys: ThrottleKey[] = [
    { scope: 'name', key: `user:${secrets.hash(username)}` },
    { scope: 'place', key: `address:${input.address}` },
    { scope: 'global', key: 'web' },
  ];
  if (!(await storage.access.admitAttempt({ keys, at: clock.now() })))
    throw new CodedError('request.too_many');
  const held = await storage.access.userByName({ username });
  const right = await parts.hasher.verify(input.password, held?.active ? held.passwordHash : null);
  if (!held || !right) throw new CodedError('access.wrong_login');
  await storage.access.takeBackAttempt({ keys });
  return openUserSession(parts, held);
}

export async function openUserSession(parts: WebParts, user: WebUser): Promise<OpenedSession> {
  const { storage, secrets, clock } = parts;
  const [token, sessionId, at] = [secrets.token(), secrets.id(), clock.now()];
  await storage.access.openUserSession({
    sessionId,
    tokenHash: secrets.hash(token),
    userId: user.id,
    at,
    audit: {
      at,
      actor: `user:${user.username}`,
      action: 'session.opened',
      object: `session:${sessionId}`,
      reason: null,
    },
  });
  const { id, username, name, roles, active } = user;
  return { token, sessionId, user: { id, username, name, roles, active } };
}

export async function endSession(parts: WebParts, sessionId: string, actor: string): Promise<void> {
  const at = parts.clock.now();
  await parts.storage.access.endSession({
    sessionId,
    at,
    audit: { at, actor, action: 'session.ended', object: `session:${sessionId}`, reason: null },
  });
  parts.told.sessionsEnded([sessionId]);
}
