/** Changes an intent's state by what a device said or the hub judged. A finish falls with its opening. */
import { type Resolution, resolve } from '../../domain/transactions/intent-resolution.ts';
import type { InboxState } from '../ports/inbox-state.ts';

export type IntentRows = Pick<InboxState, 'intent' | 'pendingFinishes' | 'setIntent'>;

/** Answers the counter whose view changed, or null. */
export function resolveIntent(state: IntentRows, said: Resolution, at: number): string | null {
  const held = state.intent(said.intentId);
  if (!held) return null;
  const now = resolve(held.state, said.state);
  if (now === held.state) return null;
  state.setIntent(said.intentId, now, now === 'accepted' ? null : said.code, at);
  if (held.kind === 'transaction.open' && now !== 'accepted' && held.transactionId !== null)
    for (const finish of state.pendingFinishes(held.transactionId))
      state.setIntent(finish, 'refused', 'intent.open_fell', at);
  return held.counterId;
}
