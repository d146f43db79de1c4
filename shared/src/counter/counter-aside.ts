/**
 * An opening that names somebody else than the officer on duty is set aside until that officer is on duty: by a PIN at the
 * device, or by the station. At most one; it never opens a prompt by itself, and whoever is on duty serves on meanwhile.
 * Refuses: a second one, one while somebody is served, one whose officer has no PIN here.
 * Document: kiosk-app/DESIGN.md, "An officer at the device".
 */
import type { ErrorCode } from '../errors.ts';
import type { TransactionId } from '../ids.ts';
import type { CounterDraft } from './counter-draft.ts';
import { isPrompting, transactionOf, type Waiting } from './counter-state.ts';

/** Whether it is set aside instead of being refused with `code`. */
export function setAside(draft: CounterDraft, waiting: Waiting, code: ErrorCode): boolean {
  const { intent } = waiting;
  if (code !== 'intent.other_officer' && code !== 'intent.no_duty') return false;
  if (intent.kind !== 'transaction.open' || intent.officerCode === null) return false;
  if (draft.state.aside || draft.state.serving || !draft.given.knowsPin(intent.officerCode)) return false;
  draft.mark(intent, 'waiting');
  draft.change({ aside: waiting });
  return true;
}

/** What waits for the opening that is set aside waits with it. */
export function isAside({ state: { aside } }: CounterDraft, transaction: TransactionId | null): boolean {
  return aside !== null && transaction !== null && transactionOf(aside.intent) === transaction;
}

/** It, as soon as the officer it names is on duty and nobody is served or asked; it is no longer aside then. */
export function takeAside(draft: CounterDraft): Waiting | null {
  const { aside, duty, serving } = draft.state;
  if (aside?.intent.kind !== 'transaction.open' || serving || isPrompting(draft.state)) return null;
  if (aside.intent.officerCode !== duty?.officerCode) return null;
  draft.change({ aside: null });
  return aside;
}

export function refuseAside(draft: CounterDraft, code: ErrorCode): void {
  const { aside } = draft.state;
  if (!aside) return;
  draft.change({ aside: null });
  draft.refuse(aside.intent, code);
}
