/** The first administrator, by the token that `serve` printed. Refuses: a second one, a wrong token. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Office } from '@hailong/shared/model/directory.ts';
import type { ThrottleKey } from '../../domain/access/throttle.ts';
import type { WebParts } from '../web-parts.ts';
import { type OpenedSession, openUserSession } from './log-in-user.ts';

export async function makeFirstAdministrator(
  parts: WebParts,
  input: {
    token: string;
    /** What `serve` printed; null: nothing is awaited. */
    expected: string | null;
    username: string;
    name: string;
    password: string;
    office: Office;
    address: string;
  },
): Promise<OpenedSession> {
  const { storage, secrets, hasher, clock } = parts;
  const at = clock.now();
  const keys: ThrottleKey[] = [{ scope: 'place', key: `setup:${input.address}` }];
  if (await storage.access.anyUser()) throw new CodedError('setup.done');
  if (!(await storage.access.admitAttempt({ keys, at }))) throw new CodedError('request.too_many');
  if (input.expected === null || secrets.hashCode(input.token) !== secrets.hashCode(input.expected))
    throw new CodedError('access.refused', 'wrong setup token');
  const user = {
    id: secrets.id(),
    username: input.username.trim().toLowerCase(),
    name: input.name,
    roles: ['admin'] as const,
    active: true,
    passwordHash: await hasher.hash(input.password),
    demo: false,
  };
  const actor = `user:${user.username}`;
  const first = await storage.access.firstUser({
    user,
    audit: {
      ...{ at, actor, action: 'setup.first_admin', object: `user:${user.id}`, reason: null },
      body: { username: user.username, name: user.name, roles: user.roles },
    },
  });
  if (!first) throw new CodedError('setup.done');
  await storage.directory.saveOffice({
    office: input.office,
    audit: { at, actor, action: 'office.saved', object: 'office', reason: null, body: input.office },
  });
  await parts.core.directoryChanged();
  return openUserSession(parts, user);
}
