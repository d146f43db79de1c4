/**
 * The three questions a phone asks the hub. JSON by POST, without cookies; an answer, or why there is none. Never throws.
 * See shared/PROTOCOL.md, "Private route".
 */
import type { ChipKey, LevelKey, QuestionKey } from '@hailong/shared/model/instrument.ts';
import type { PrivateOpenAnswer, PrivateReceipt } from '@hailong/shared/protocol/private.ts';
import type { Way } from './way.ts';

/** other: what the hub says and this page has no sentence for. */
export type Refusal = 'other_phone' | 'code_unknown' | 'ticket_invalid' | 'too_many' | 'away' | 'other';
export type Said<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: Refusal };

export interface Vote {
  readonly vote: string;
  readonly answers: readonly { readonly question: QuestionKey; readonly level: LevelKey }[];
  readonly chips: readonly ChipKey[];
}

/** A mobile network that has gone answers nothing at all; whoever waits is told after SLOW_MS. */
const TIMEOUT_MS = 20_000;
export const SLOW_MS = 3_000;
/** Before a vote that could not be sent is sent again under the same id. */
export const AGAIN_MS = 5_000;

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'private.other_phone': 'other_phone',
  'private.code_unknown': 'code_unknown',
  'private.ticket_invalid': 'ticket_invalid',
  'request.invalid': 'ticket_invalid',
  'request.too_many': 'too_many',
};

async function post<T>(path: string, body: unknown): Promise<Said<T>> {
  try {
    const response = await fetch(`/api/v1/private/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      ...{ credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const value = (await response.json()) as T & { readonly code?: string };
    if (response.ok) return { ok: true, value };
    // What stands before the hub answers for it while it is away.
    if (response.status >= 500) return { ok: false, why: 'away' };
    return { ok: false, why: REFUSALS[value.code ?? ''] ?? 'other' };
  } catch {
    return { ok: false, why: 'away' };
  }
}

export const openWay = (way: Way, phone: string): Promise<Said<PrivateOpenAnswer>> =>
  post('open', { ...way, phone });
export const sendVote = (
  way: Way,
  phone: string,
  { vote, answers, chips }: Vote,
): Promise<Said<{ readonly thanked: 'full' | 'received' }>> =>
  post('votes', { ...way, phone, vote, answers, ...(chips.length > 0 ? { chips } : {}) });
export const askReceipt = (way: Way, phone: string): Promise<Said<PrivateReceipt>> =>
  post('receipt', { ...way, phone });
