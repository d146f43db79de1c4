/**
 * What an officer does at the device itself after a PIN: the acts of the station, without an intent. One act, one answer.
 * Refuses: what an intent would be refused for, and everything that would have to wait: an officer stands here and sees it.
 * Document: kiosk-app/DESIGN.md, "An officer at the device".
 */
import type { ErrorCode } from '../errors.ts';
import type { CounterDraft } from './counter-draft.ts';
import { type Act, advance, attempt, mustWait } from './counter-intents.ts';
import type { OfficerInput } from './counter-state.ts';

export function takeOfficer(draft: CounterDraft, input: OfficerInput): void {
  const act = actOf(draft, input);
  const code = act === null ? 'intent.unknown_transaction' : tried(draft, act);
  draft.effects.push({ kind: 'officer', code });
  advance(draft);
}

function tried(draft: CounterDraft, act: Act): ErrorCode | null {
  return mustWait(draft, act) ? 'intent.busy' : attempt(draft, act);
}

/** The same as an intent of the station would ask; null: nobody is served. */
function actOf({ state }: CounterDraft, input: OfficerInput): Act | null {
  const intentId = null;
  switch (input.act) {
    case 'login': {
      const { duty, profile } = input;
      return { kind: 'duty.start', intentId, duty, profile };
    }
    case 'next': {
      const { transaction, dossierCodes, queueNumber, stage } = input;
      const open = { officerCode: null, procedure: null, stage } as const;
      return {
        kind: 'transaction.open',
        intentId,
        transaction,
        dossierCodes: [...dossierCodes],
        queueNumber,
        ...open,
      };
    }
    case 'finish': {
      const { outcome, reason } = input;
      const transaction = state.serving?.transaction;
      return transaction ? { kind: 'transaction.finish', intentId, transaction, outcome, reason } : null;
    }
    case 'pause':
      return state.duty
        ? { kind: 'duty.pause', intentId, duty: state.duty.duty, reason: input.reason }
        : { kind: 'duty.end', intentId, duty: null };
    case 'logout':
      return { kind: 'duty.end', intentId, duty: null };
  }
}
