/** What a fact says about the intent it came from, and what an intent's state is now. Pure. */
import type { EventBody } from '@hailong/shared/model/event.ts';

export type IntentState = 'pending' | 'accepted' | 'refused' | 'expired';

export interface Resolution {
  readonly intentId: string;
  readonly state: 'accepted' | 'refused' | 'expired';
  readonly code: string | null;
}

/** How long after its expiry the hub still waits for the device's own word: a link's silence plus its backlog. */
export const INTENT_GRACE_MS = 30_000;

export function resolutionOf(body: EventBody): Resolution | null {
  if (body.type === 'intent.refused')
    return {
      intentId: body.intent,
      state: body.code === 'intent.expired' ? 'expired' : 'refused',
      code: body.code,
    };
  if ('intent' in body && body.intent !== null)
    return { intentId: body.intent, state: 'accepted', code: null };
  return null;
}

/**
 * A fact is final. The hub's own judgement of expiry is not: a later accepted fact wins, since the counter's agent is
 * the only writer. Nothing takes back an acceptance.
 */
export function resolve(held: IntentState, said: Resolution['state']): IntentState {
  if (held === 'accepted') return 'accepted';
  if (said === 'accepted') return 'accepted';
  return held === 'refused' ? 'refused' : said;
}

export function isOverdue(
  intent: { readonly state: IntentState; readonly expiresAt: number },
  now: number,
): boolean {
  return intent.state === 'pending' && now > intent.expiresAt + INTENT_GRACE_MS;
}
