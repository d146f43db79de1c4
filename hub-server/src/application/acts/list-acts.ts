/** What waits for a person, and what that person asked for lately. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { AdminParts } from '../web-parts.ts';
import type { ActUser } from './ask-act.ts';

export function listActs(
  parts: AdminParts,
  user: Pick<ActUser, 'userId' | 'roles'>,
): Promise<readonly ActAnswer[]> {
  return parts.storage.acts.list({ userId: user.userId, roles: user.roles, at: parts.clock.now() });
}
