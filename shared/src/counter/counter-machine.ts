/**
 * The counter as a pure machine: (state, input, given) → state, events, marks, effects. The events are committed in
 * one store transaction before any effect runs. Ids, tickets, time and look-ups come in with `given`.
 * Refuses nothing by exception: what does not count is an event, an answer, or nothing at all.
 * Document: kiosk-app/DESIGN.md, "States of the counter".
 */
import type { AskTicket } from '../ids.ts';
import { refuseAside } from './counter-aside.ts';
import { takeChips } from './counter-chips.ts';
import { CounterDraft } from './counter-draft.ts';
import { answersOf } from './counter-forms.ts';
import { advance, closedCode, expire, finishServing, obeyRoster, takeIntent } from './counter-intents.ts';
import { takeOfficer } from './counter-officer.ts';
import { goPrivate, handOver } from './counter-private.ts';
import {
  beginDraining,
  canCorrect,
  closeRating,
  correct,
  currentAsk,
  panelChanged,
  resumeAsking,
  skip,
  takePress,
  takeTap,
} from './counter-questions.ts';
import {
  type CounterInput,
  type CounterState,
  type CounterStep,
  emptyCounter,
  type Given,
  PRIVATE_LEAST_MS,
  SLIPS_MAX,
  type Slip,
} from './counter-state.ts';
import { openWalkup } from './counter-walkup.ts';

export function stepCounter(state: CounterState, input: CounterInput, given: Given): CounterStep {
  const draft = new CounterDraft(state, given);
  if (input.type !== 'restart') obeyService(draft);
  switch (input.type) {
    case 'intent':
      takeIntent(draft, input.intent, input.expiresInMs);
      break;
    case 'tap':
      takeTap(draft, input);
      break;
    case 'chips':
      takeChips(draft, input);
      break;
    case 'press':
      takePress(draft, input);
      break;
    case 'skip':
      skip(draft, input);
      break;
    case 'correct':
      correct(draft, input);
      break;
    case 'citizen.open':
      // A press that was held over a broken line may come when somebody else is being served.
      if (input.transaction !== undefined && input.transaction !== draft.state.serving?.transaction) break;
      if (!draft.state.rating && closedCode(draft) === null)
        finishServing(draft, { intent: null, outcome: 'completed', by: 'citizen' });
      break;
    case 'officer':
      takeOfficer(draft, input.act);
      break;
    case 'officer.decline':
      refuseAside(draft, 'intent.other_officer');
      advance(draft);
      break;
    case 'walkup':
      openWalkup(draft);
      break;
    case 'wake':
      wake(draft);
      break;
    case 'panel':
      panelChanged(draft, input.hwid);
      break;
    case 'drained':
      drained(draft, input.rating, input.drained);
      break;
    case 'private':
      goPrivate(draft, input.rating);
      break;
    case 'slips':
      keepSlips(draft, input.slips);
      break;
    case 'service':
      break;
    case 'profile':
      if (state.duty && (state.duty.duty === input.duty || state.duty.aliases.includes(input.duty)))
        draft.change({ duty: { ...state.duty, shown: input.profile } });
      break;
    case 'roster':
      obeyRoster(draft, input.officers);
      break;
    case 'restart':
      restart(draft, input.bootId);
      break;
  }
  obeyService(draft);
  return draft.end();
}

/** A revoked device closes what is open and thanks nobody any more; a hand-over may wait to be accepted. */
function obeyService(draft: CounterDraft): void {
  const { closed, handover } = draft.given.service;
  if (closed === 'device.revoked' && draft.state.rating)
    closeRating(draft, draft.state.rating, 'interrupted', false);
  else if (handover === null || draft.state.accepted === handover) return;
  advance(draft);
}

function drained(draft: CounterDraft, rating: string, empty: boolean): void {
  const { rating: open, now } = draft.state;
  if (open?.rating !== rating || now.draining === null) return;
  if (now.draining === 'private') {
    handOver(draft, open, empty);
    return;
  }
  closeRating(draft, open, open.handed ? 'private' : 'timed', empty);
  advance(draft);
}

/** The hub may send a code again that it does not know to be used yet. */
function keepSlips(draft: CounterDraft, offered: readonly Slip[]): void {
  const held = new Set(draft.state.slips.map((one) => one.hash));
  const fresh = offered.filter(({ hash }) => !held.has(hash) && !draft.given.known.slipIsUsed(hash));
  if (fresh.length > 0) draft.change({ slips: [...draft.state.slips, ...fresh].slice(0, SLIPS_MAX) });
}

function wake(draft: CounterDraft): void {
  expire(draft);
  dropOffer(draft);
  const { rating } = draft.state;
  if (rating && draft.given.mono >= rating.closesAtMono) beginDraining(draft, rating, 'close');
  advance(draft);
}

function dropOffer(draft: CounterDraft): void {
  const { offer } = draft.state;
  if (offer && draft.given.mono >= offer.untilMono) draft.change({ offer: null });
}

/** A new process. Within the same boot everything goes on that is still in time; a new boot ends it. */
function restart(draft: CounterDraft, bootId: string): void {
  // A disk that was set back or copied may hold codes that stand on papers it does not know.
  draft.change({ slips: [] });
  draft.change({ now: emptyCounter('').now });
  const { rating, duty } = draft.state;
  const sameBoot = bootId === draft.state.bootId;
  if (rating && !(sameBoot && draft.given.mono < rating.closesAtMono))
    closeRating(draft, rating, 'interrupted', false);
  if (sameBoot) {
    expire(draft);
    dropOffer(draft);
    resumeAsking(draft);
    advance(draft);
    return;
  }
  finishServing(draft, { intent: null, outcome: 'completed', by: 'restart' });
  expire(draft, true);
  if (duty) draft.events.push({ type: 'duty.ended', duty: duty.duty, intent: null, reason: 'reboot' });
  draft.change({ bootId, duty: null, offer: null, walkupFromMono: null });
}

/** The ticket the panel should hold armed, and how many buttons answer; null = disarmed. */
export function wantedArm(state: CounterState): { askTicket: AskTicket; buttons: number } | null {
  const asked = currentAsk(state);
  if (!asked || !state.form || state.now.draining) return null;
  if (asked.hwid === null || asked.hwid !== state.now.panel) return null;
  return { askTicket: asked.askTicket, buttons: answersOf(state.form, asked.question).length };
}

/** Boot time at which the state or its screen changes by time alone; null when nothing is due. */
export function nextWake(state: CounterState, mono: number): number | null {
  const { rating, form, now, waiting, aside, offer, walkupFromMono } = state;
  const times = waiting.map((one) => one.deadlineMono);
  if (aside) times.push(aside.deadlineMono);
  if (offer) times.push(offer.untilMono);
  if (walkupFromMono !== null && walkupFromMono > mono) times.push(walkupFromMono);
  if (rating && !now.draining) {
    times.push(rating.closesAtMono);
    // The key to the phone goes a little before.
    if (mono < rating.closesAtMono - PRIVATE_LEAST_MS) times.push(rating.closesAtMono - PRIVATE_LEAST_MS);
  }
  if (now.thanksUntilMono !== null && now.thanksUntilMono > mono) times.push(now.thanksUntilMono);
  if (rating?.votedAtMono && form && canCorrect(state, mono))
    times.push(rating.votedAtMono + form.correctionMs);
  return times.length === 0 ? null : Math.min(...times);
}
