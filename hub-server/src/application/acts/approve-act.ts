/** The second of two people: with this call it happens, once. What must be told after the commit is told here. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { AdminParts } from '../web-parts.ts';
import type { ActUser } from './ask-act.ts';

export function approveAct(parts: AdminParts, user: ActUser, id: string): Promise<ActAnswer> {
  const { userId, sessionId: via } = user;
  return parts.storage.acts.approve({ id, userId, via, at: parts.clock.now() });
}
