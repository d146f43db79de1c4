/**
 * A counter whose facts the hub's own chain states: it has no kiosk, or its kiosk is broken and it was handed over. Pure:
 * state and intent in, facts or a refusal out. One duty and one transaction at a time; a finished one can be voted on by
 * the private route only, since there is no screen to ask on.
 * Refuses what a kiosk refuses, with the same codes. See hub-server/DESIGN.md, "The hub's own chain".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { CounterId, DutyId, IntentId, RatingId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { BodyOf, EventBody } from '@hailong/shared/model/event.ts';
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import type { Intent } from '@hailong/shared/protocol/edge.ts';

export interface OwnDuty {
  readonly duty: DutyId;
  readonly officer: BodyOf<'duty.started'>['officer'];
  readonly officerCode: string;
  readonly unit: BodyOf<'duty.started'>['unit'];
  /** Absent: at the counter. */
  readonly paused?: true;
}
export type OwnServing = Omit<BodyOf<'transaction.opened'>, 'type' | 'intent'>;
export interface OwnCounter {
  readonly duty: OwnDuty | null;
  readonly serving: OwnServing | null;
}
export const EMPTY_OWN: OwnCounter = { duty: null, serving: null };

export interface OwnGiven {
  readonly counter: CounterId;
  readonly instrument: { readonly id: string; readonly version: number } | null;
  readonly rating: RatingId;
  /** Of the code by which the citizen may vote: there is no screen to ask on. */
  readonly slip: Sha256Hex;
  /** What is known of the transaction an intent names, in any chain. */
  readonly known: 'unknown' | 'open' | 'finished';
}
/** The state is a fold over the facts. */
export function followOwn(state: OwnCounter, body: EventBody): OwnCounter {
  switch (body.type) {
    case 'duty.started':
      return {
        duty: {
          ...{ duty: body.duty, officer: body.officer, officerCode: body.officerCode, unit: body.unit },
        },
        serving: null,
      };
    case 'duty.paused':
      return state.duty?.duty === body.duty ? { ...state, duty: { ...state.duty, paused: true } } : state;
    case 'duty.resumed':
      return state.duty?.duty === body.duty ? { ...state, duty: present(state.duty) } : state;
    case 'duty.ended':
      return state.duty?.duty === body.duty ? EMPTY_OWN : state;
    case 'transaction.opened': {
      const { type: _, intent: __, ...serving } = body;
      return { ...state, serving };
    }
    case 'transaction.finished':
      return state.serving?.transaction === body.transaction ? { ...state, serving: null } : state;
    default:
      return state;
  }
}

function present({ paused: _, ...duty }: OwnDuty): OwnDuty {
  return duty;
}

export type RatingGiven = Pick<OwnGiven, 'instrument' | 'rating' | 'slip'>;

export type OwnStep =
  /** Without a fact: nothing changes by it. */
  | { readonly ok: true; readonly facts: readonly EventBody[] }
  | { readonly ok: false; readonly code: ErrorCode };

const refuse = (code: ErrorCode): OwnStep => ({ ok: false, code });

export function decideOwn(state: OwnCounter, intent: Intent, given: OwnGiven): OwnStep {
  switch (intent.kind) {
    case 'duty.start':
      return startDuty(state, intent, given);
    case 'duty.end':
      if (!state.duty || (intent.duty !== null && intent.duty !== state.duty.duty))
        return refuse('intent.no_duty');
      return { ok: true, facts: release(state, given, 'logout', intent.intentId) };
    case 'transaction.open':
      return open(state, intent, given);
    case 'transaction.finish': {
      if (state.serving?.transaction !== intent.transaction)
        return refuse(given.known === 'finished' ? 'intent.already_finished' : 'intent.unknown_transaction');
      const facts = finish(state.serving, given, {
        ...{ intent: intent.intentId, outcome: intent.outcome, by: 'officer' },
        ...(intent.reason === undefined ? {} : { reason: intent.reason }),
      });
      return { ok: true, facts };
    }
    case 'duty.pause':
      if (state.duty?.duty !== intent.duty) return refuse('intent.no_duty');
      if (state.serving) return refuse('intent.busy');
      if (state.duty.paused) return { ok: true, facts: [] };
      return {
        ok: true,
        facts: [{ type: 'duty.paused', duty: intent.duty, intent: intent.intentId, reason: intent.reason }],
      };
    case 'duty.resume':
      if (state.duty?.duty !== intent.duty) return refuse('intent.no_duty');
      return { ok: true, facts: back(state.duty, intent.intentId) };
  }
}

/** Who was never away changes nothing by coming back. */
function back(duty: OwnDuty, intent: IntentId): readonly EventBody[] {
  return duty.paused ? [{ type: 'duty.resumed', duty: duty.duty, intent, via: 'station' }] : [];
}

/** Ends what is open: at a log-out, or because the kiosk takes its counter back. */
export function release(
  state: OwnCounter,
  given: RatingGiven,
  reason: BodyOf<'duty.ended'>['reason'],
  intent: IntentId | null,
): readonly EventBody[] {
  const facts: EventBody[] = [];
  if (state.serving)
    facts.push(...finish(state.serving, given, { intent: null, outcome: 'completed', by: 'duty-end' }));
  if (state.duty) facts.push({ type: 'duty.ended', duty: state.duty.duty, intent, reason });
  return facts;
}

function startDuty(
  state: OwnCounter,
  intent: Extract<Intent, { kind: 'duty.start' }>,
  given: OwnGiven,
): OwnStep {
  const { profile } = intent;
  // Logged in again: the duty goes on.
  if (state.duty?.officer === profile.id) return { ok: true, facts: back(state.duty, intent.intentId) };
  // A transaction ends by an act of its own; cut off from its duty it would belong to nobody.
  if (state.serving) return refuse('intent.busy');
  const before = release(state, given, 'handover', null);
  const started: EventBody = {
    type: 'duty.started',
    duty: intent.duty,
    intent: intent.intentId,
    officer: profile.id,
    officerCode: profile.code,
    unit: profile.unitId,
    counter: given.counter,
  };
  return { ok: true, facts: [...before, started] };
}

function open(
  state: OwnCounter,
  intent: Extract<Intent, { kind: 'transaction.open' }>,
  given: OwnGiven,
): OwnStep {
  const { duty, serving } = state;
  if (given.known !== 'unknown') return refuse('intent.transaction_reused');
  if (!duty) return refuse('intent.no_duty');
  if (duty.paused) return refuse('intent.paused');
  if (intent.officerCode !== null && intent.officerCode !== duty.officerCode)
    return refuse('intent.other_officer');
  if (serving) return refuse('intent.busy');
  const served: OwnServing = {
    ...present(duty),
    transaction: intent.transaction,
    counter: given.counter,
    procedure: intent.procedure,
    stage: intent.stage,
    dossierCodes: [...intent.dossierCodes],
    queueNumber: intent.queueNumber,
  };
  return { ok: true, facts: [{ type: 'transaction.opened', intent: intent.intentId, ...served }] };
}

function finish(
  served: OwnServing,
  given: RatingGiven,
  how: {
    readonly intent: IntentId | null;
    readonly outcome: Outcome;
    readonly by: BodyOf<'transaction.finished'>['by'];
    readonly reason?: BodyOf<'transaction.finished'>['reason'];
  },
): EventBody[] {
  const { transaction, queueNumber: _, ...frozen } = served;
  const facts: EventBody[] = [{ type: 'transaction.finished', transaction, ...how }];
  if (!given.instrument) return facts;
  facts.push({
    type: 'rating.opened',
    ...{ rating: given.rating, transaction, ...frozen },
    instrument: { id: given.instrument.id, version: given.instrument.version },
    openedBy: 'officer',
    closeAfterMs: 0,
    prompt: false,
    slip: given.slip,
  });
  return facts;
}
