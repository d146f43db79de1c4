/**
 * Intents become facts here: who is on duty, which transaction is served, and what waits behind an open prompt.
 * Refuses, each with its code: no duty, a paused one, another officer, busy, unknown, finished or reused transactions, a
 * full queue, what has expired. A repeated intent gets the answer it got.
 * Document: kiosk-app/DESIGN.md, "States of the counter".
 */
import type { ErrorCode } from '../errors.ts';
import type { DutyId, IntentId } from '../ids.ts';
import type { OfficerProfile } from '../model/directory.ts';
import type { BodyOf } from '../model/event.ts';
import { type Outcome, type ReasonKey, SILENT_OUTCOMES } from '../model/transaction.ts';
import type { Intent } from '../protocol/edge.ts';
import { isAside, refuseAside, setAside, takeAside } from './counter-aside.ts';
import type { CounterDraft } from './counter-draft.ts';
import { stageAsked } from './counter-forms.ts';
import { closeRating, openRating } from './counter-questions.ts';
import {
  type Duty,
  intentContent,
  isPrompting,
  transactionOf,
  WAITING_MAX,
  type Waiting,
} from './counter-state.ts';

/** An intent, or the same asked by an officer at the device, which has no id. */
type Of<K extends Intent['kind']> = Omit<Extract<Intent, { kind: K }>, 'intentId' | 'counterId'> & {
  readonly intentId: IntentId | null;
};
export type Act = { [K in Intent['kind']]: Of<K> }[Intent['kind']];

export function takeIntent(draft: CounterDraft, intent: Intent, expiresInMs: number): void {
  const known = draft.given.known.intent(intent.intentId);
  if (known) {
    const reused = known.content !== intentContent(intent);
    const answer = reused ? ({ state: 'refused', code: 'intent.reused' } as const) : known;
    if (answer.state === 'waiting') return;
    draft.effects.push({ kind: 'seen', intent: intent.intentId, state: answer.state, code: answer.code });
    return;
  }
  if (intent.counterId !== draft.given.counter) {
    draft.refuse(intent, 'reference.unknown');
  } else if (!mustWait(draft, intent)) {
    carryOut(draft, { intent, deadlineMono: draft.given.mono + expiresInMs });
    advance(draft);
  } else if (draft.state.waiting.length >= WAITING_MAX) {
    draft.refuse(intent, 'intent.queue_full');
  } else {
    draft.mark(intent, 'waiting');
    const deadlineMono = draft.given.mono + expiresInMs;
    draft.change({ waiting: [...draft.state.waiting, { intent, deadlineMono }] });
    advance(draft);
  }
}

/** Who is not named any more is neither shown nor on duty from this step on, and does not come on duty by what waits. */
export function obeyRoster(draft: CounterDraft, officers: readonly OfficerProfile[]): void {
  const named = new Map(officers.map((one) => [one.id, one]));
  const { duty, waiting } = draft.state;
  const stays = ({ intent }: Waiting) => intent.kind !== 'duty.start' || named.has(intent.profile.id);
  if (!waiting.every(stays)) draft.change({ waiting: waiting.filter(stays) });
  for (const one of waiting) if (!stays(one)) draft.refuse(one.intent, 'intent.no_duty');
  const asked = draft.state.aside?.intent;
  if (asked?.kind === 'transaction.open' && !officers.some(({ code }) => code === asked.officerCode))
    refuseAside(draft, 'intent.other_officer');
  const profile = duty && named.get(duty.officer);
  if (duty && !profile) leaveDuty(draft, duty, null);
  else if (duty && profile && profile.revision !== duty.shown?.revision)
    draft.change({ duty: { ...duty, shown: profile } });
  advance(draft);
}

/** Takes what waits, in order, as far as the counter's state lets it. Called after every change. */
export function advance(draft: CounterDraft): void {
  for (;;) {
    acceptHandover(draft);
    const ready = takeAside(draft);
    if (ready) carryOut(draft, ready);
    const { serving, waiting } = draft.state;
    if (isPrompting(draft.state) || waiting.length === 0) return;
    const entry = waiting.find((one) =>
      serving ? endsServing(draft, one.intent) : !isAside(draft, transactionOf(one.intent)),
    );
    if (!entry) return;
    draft.change({ waiting: waiting.filter((one) => one !== entry) });
    carryOut(draft, entry);
  }
}

/** As soon as the counter is free, and before anything is opened. */
function acceptHandover(draft: CounterDraft): void {
  const { handover } = draft.given.service;
  const { rating, serving, accepted, duty } = draft.state;
  if (handover === null || accepted === handover || rating || serving) return;
  draft.events.push({ type: 'handover.accepted', handover });
  // Somebody else may have served meanwhile: whoever serves now logs in again, so that nothing goes to the wrong officer.
  if (duty) draft.events.push({ type: 'duty.ended', duty: duty.duty, intent: null, reason: 'handover' });
  draft.change({ accepted: handover, duty: null });
}

/** Refuses what waited too long; also what waited for a boot that is over. */
export function expire(draft: CounterDraft, all = false): void {
  const over = (one: Waiting) => all || draft.given.mono >= one.deadlineMono;
  if (draft.state.aside && over(draft.state.aside))
    refuseAside(draft, all ? 'intent.expired' : 'intent.other_officer');
  const gone = draft.state.waiting.filter(over);
  if (gone.length === 0) return;
  draft.change({ waiting: draft.state.waiting.filter((one) => !gone.includes(one)) });
  for (const one of gone) draft.refuse(one.intent, 'intent.expired');
}

/** Why nothing new may be opened at this counter now; null: it may. */
export function closedCode(draft: CounterDraft): ErrorCode | null {
  const { closed, handover } = draft.given.service;
  if (closed !== null) return closed;
  if (handover !== null && draft.state.accepted !== handover) return 'kiosk.handed_over';
  return draft.given.settingUp ? 'intent.panel_setup' : null;
}

/**
 * A rating is opened for every finished transaction. Nobody is asked at the counter after a no-show, test or accident,
 * after a restart, or while nothing new may be opened: then only the private route is open.
 */
export function finishServing(
  draft: CounterDraft,
  how: {
    readonly intent: IntentId | null;
    readonly outcome: Outcome;
    readonly by: BodyOf<'transaction.finished'>['by'];
    readonly reason?: ReasonKey;
  },
): void {
  const { serving } = draft.state;
  if (!serving) return;
  draft.events.push({ type: 'transaction.finished', transaction: serving.transaction, ...how });
  draft.change({ serving: null });
  const asks = how.by !== 'restart' && closedCode(draft) === null;
  const openedBy = how.by === 'citizen' ? 'citizen' : 'officer';
  openRating(draft, serving, {
    openedBy,
    prompt: asks && !SILENT_OUTCOMES.has(how.outcome),
    offer: asks,
    stage: stageAsked(serving.stage, how.outcome),
  });
}

function isCurrentDuty(duty: Duty | null, intent: { readonly duty: DutyId | null }): boolean {
  if (!duty) return false;
  return intent.duty === null || intent.duty === duty.duty || duty.aliases.includes(intent.duty);
}

/** Acts on what is served now go past the queue; everything else keeps its order. */
export function mustWait(draft: CounterDraft, intent: Act): boolean {
  const { state } = draft;
  const inLine = state.waiting.some((one) => !isAside(draft, transactionOf(one.intent)));
  const queued = isPrompting(state) || inLine;
  switch (intent.kind) {
    case 'transaction.finish':
      return (
        isAside(draft, intent.transaction) ||
        state.waiting.some(
          ({ intent: other }) =>
            other.kind === 'transaction.open' && other.transaction === intent.transaction,
        )
      );
    case 'duty.pause':
    case 'duty.resume':
    case 'duty.end':
      return (
        !isCurrentDuty(state.duty, intent) &&
        state.waiting.some(({ intent: other }) => other.kind === 'duty.start' && other.duty === intent.duty)
      );
    case 'transaction.open':
      return queued && !isReused(draft, intent);
    case 'duty.start':
      if (state.duty?.officer === intent.profile.id)
        return state.waiting.some((one) => one.intent.kind === 'duty.start');
      return queued || state.serving !== null;
  }
}

function endsServing(draft: CounterDraft, intent: Intent): boolean {
  const { serving, duty } = draft.state;
  if (intent.kind === 'transaction.finish') return intent.transaction === serving?.transaction;
  return intent.kind === 'duty.end' && isCurrentDuty(duty, intent);
}

function isReused(draft: CounterDraft, intent: Of<'transaction.open'>): boolean {
  return (
    draft.transaction(intent.transaction) !== null ||
    isAside(draft, intent.transaction) ||
    draft.state.waiting.some(
      ({ intent: other }) => other.kind === 'transaction.open' && other.transaction === intent.transaction,
    )
  );
}

function carryOut(draft: CounterDraft, waiting: Waiting): void {
  const { intent } = waiting;
  const code = attempt(draft, intent);
  if (code === null) draft.mark(intent, 'accepted');
  else if (!setAside(draft, waiting, code)) draft.refuse(intent, code);
}

/** Does what is asked; else the code of the refusal, and nothing was done. */
export function attempt(draft: CounterDraft, intent: Act): ErrorCode | null {
  switch (intent.kind) {
    case 'duty.start':
      return startDuty(draft, intent);
    case 'duty.end':
      return endDuty(draft, intent);
    case 'transaction.open':
      return openTransaction(draft, intent);
    case 'transaction.finish':
      return finishTransaction(draft, intent);
    case 'duty.pause':
      return pauseDuty(draft, intent);
    case 'duty.resume':
      return resumeDuty(draft, intent);
  }
}

function startDuty(draft: CounterDraft, intent: Of<'duty.start'>): ErrorCode | null {
  const { duty } = draft.state;
  const { profile } = intent;
  const closed = closedCode(draft);
  if (closed !== null) return closed;
  if (duty?.officer === profile.id) {
    const aliases = [...new Set([...duty.aliases, intent.duty])].slice(-WAITING_MAX);
    draft.change({ duty: { ...duty, shown: profile, aliases } });
    endPause(draft, intent);
    return null;
  }
  if (duty) draft.events.push({ type: 'duty.ended', duty: duty.duty, intent: null, reason: 'handover' });
  draft.events.push({
    type: 'duty.started',
    duty: intent.duty,
    intent: intent.intentId,
    officer: profile.id,
    officerCode: profile.code,
    unit: profile.unitId,
    counter: draft.given.counter,
    ...(intent.intentId === null ? { via: 'pin' as const } : {}),
  });
  draft.change({
    duty: {
      duty: intent.duty,
      officer: profile.id,
      officerCode: profile.code,
      unit: profile.unitId,
      shown: profile,
      aliases: [],
    },
    offer: null,
  });
  return null;
}

function endDuty(draft: CounterDraft, intent: Of<'duty.end'>): ErrorCode | null {
  const { duty } = draft.state;
  if (!duty || !isCurrentDuty(duty, intent)) return 'intent.no_duty';
  leaveDuty(draft, duty, intent.intentId);
  return null;
}

/** Who is served is asked as after any other service; an open prompt goes on to its fixed time. */
function leaveDuty(draft: CounterDraft, { duty }: Duty, intent: IntentId | null): void {
  finishServing(draft, { intent: null, outcome: 'completed', by: 'duty-end' });
  draft.events.push({ type: 'duty.ended', duty, intent, reason: 'logout' });
  draft.change({ duty: null });
}

function pauseDuty(draft: CounterDraft, intent: Of<'duty.pause'>): ErrorCode | null {
  const { duty, serving } = draft.state;
  if (!duty || !isCurrentDuty(duty, intent)) return 'intent.no_duty';
  if (serving) return 'intent.busy';
  const { intentId, reason } = intent;
  if (duty.paused) {
    if (intentId !== null)
      draft.effects.push({ kind: 'seen', intent: intentId, state: 'accepted', code: null });
    return null;
  }
  draft.events.push({ type: 'duty.paused', duty: duty.duty, intent: intentId, reason });
  draft.change({ duty: { ...duty, paused: true } });
  return null;
}

function resumeDuty(draft: CounterDraft, intent: Of<'duty.resume'>): ErrorCode | null {
  if (!isCurrentDuty(draft.state.duty, intent)) return 'intent.no_duty';
  endPause(draft, intent);
  return null;
}

/** Who is back before the pause, or was never away, changes nothing by it. */
function endPause(draft: CounterDraft, { intentId }: Pick<Act, 'intentId'>): void {
  const { duty } = draft.state;
  if (!duty?.paused) {
    if (intentId !== null)
      draft.effects.push({ kind: 'seen', intent: intentId, state: 'accepted', code: null });
    return;
  }
  const { paused: _, ...present } = duty;
  draft.events.push({
    type: 'duty.resumed',
    duty: duty.duty,
    intent: intentId,
    via: intentId === null ? 'pin' : 'station',
  });
  draft.change({ duty: present });
}

function openTransaction(draft: CounterDraft, intent: Of<'transaction.open'>): ErrorCode | null {
  const { duty, serving } = draft.state;
  const closed = closedCode(draft);
  if (closed !== null) return closed;
  if (isReused(draft, intent)) return 'intent.transaction_reused';
  if (!duty) return 'intent.no_duty';
  if (intent.officerCode !== null && intent.officerCode !== duty.officerCode) return 'intent.other_officer';
  if (duty.paused) return 'intent.paused';
  if (serving) return 'intent.busy';
  if (!draft.given.rules) return 'kiosk.no_config';
  const served = {
    transaction: intent.transaction,
    duty: duty.duty,
    officer: duty.officer,
    officerCode: duty.officerCode,
    unit: duty.unit,
    procedure: intent.procedure,
    stage: intent.stage,
    dossierCodes: intent.dossierCodes,
    queueNumber: intent.queueNumber,
  };
  // Whoever rates without being served gives way; what was answered stays.
  if (draft.state.rating) closeRating(draft, draft.state.rating, 'served', false);
  draft.events.push({
    type: 'transaction.opened',
    ...served,
    intent: intent.intentId,
    counter: draft.given.counter,
  });
  draft.change({ serving: served, offer: null });
  return null;
}

function finishTransaction(draft: CounterDraft, intent: Of<'transaction.finish'>): ErrorCode | null {
  const { transaction, outcome, intentId } = intent;
  const why = reasonOf(draft, intent);
  if (draft.state.serving?.transaction === transaction) {
    if (!why) return 'intent.reason_needed';
    finishServing(draft, { intent: intentId, outcome, by: 'officer', ...why });
    return null;
  }
  const known = draft.transaction(transaction);
  if (known?.state === 'fell') return 'intent.open_fell';
  if (known?.state !== 'finished') return 'intent.unknown_transaction';
  if (known.byOfficer || known.annotated) return 'intent.already_finished';
  if (!why) return 'intent.reason_needed';
  draft.events.push({ type: 'transaction.annotated', transaction, intent: intentId, outcome, ...why });
  return null;
}

/** The reason as it stands in the fact, beside a silent outcome only; null: one is needed and none was given. */
function reasonOf(
  draft: CounterDraft,
  { outcome, reason }: Of<'transaction.finish'>,
): { readonly reason?: ReasonKey } | null {
  if (!SILENT_OUTCOMES.has(outcome)) return {};
  if (reason !== undefined) return { reason };
  return draft.given.rules?.reasons?.some((one) => one.outcome === outcome) ? null : {};
}
