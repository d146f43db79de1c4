/** The second of two people: with this call it happens, once. What must be told after the commit is told here. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { AdminParts } from '../web-parts.ts';
import type { ActUser } from './ask-act.ts';

export async function approveAct(parts: AdminParts, user: ActUser, id: string): Promise<ActAnswer> {
  const { userId, sessionId: via } = user;
  const act = await parts.storage.acts.approve({ id, userId, via, at: parts.clock.now() });
  // Whatever it was: a hold or an interval may have come or gone.
  await parts.told?.recorder.holdsKept();
  if (act.kind === 'evidence-export') {
    const made = parts.evidence.makeAll();
    // A command with the hub stopped ends when this answers; a page is told how far it is.
    if (parts.told === null) await made;
  }
  return act;
}
