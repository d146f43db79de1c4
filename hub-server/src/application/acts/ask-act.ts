/** The first of two people asks; nothing happens yet. See hub-server/DESIGN.md, "Acts of two people". */
import type { ActAnswer, ActRequest } from '@hailong/shared/protocol/acts.ts';
import type { Identity } from '../../domain/access/policy-law.ts';
import type { AdminParts } from '../web-parts.ts';

export type ActUser = Extract<Identity, { kind: 'user' }>;

export function askAct(parts: AdminParts, user: ActUser, request: ActRequest): Promise<ActAnswer> {
  const { secrets, clock, storage } = parts;
  const { userId, sessionId: via } = user;
  return storage.acts.ask({ id: secrets.id(), userId, via, request, at: clock.now() });
}
