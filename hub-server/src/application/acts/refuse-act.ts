/** Refused by the other person, or withdrawn by whoever asked. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { AdminParts } from '../web-parts.ts';
import type { ActUser } from './ask-act.ts';

export function refuseAct(
  parts: AdminParts,
  user: ActUser,
  input: { readonly id: string; readonly reason: string },
): Promise<ActAnswer> {
  const { userId, sessionId: via } = user;
  return parts.storage.acts.refuse({ ...input, userId, via, at: parts.clock.now() });
}
