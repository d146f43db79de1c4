/**
 * The counter as a pure machine: (state, input, given) → state, events, marks, effects. The events are committed in
 * one store transaction before any effect runs. Ids, tickets, time and look-ups come in with `given`.
 * Refuses nothing by exception: what does not count is an event, an answer, or nothing at all.
 * Document: kiosk-app/DESIGN.md, "States of the counter".
 */
import type { AskTicket } from '../ids.ts';
import { CounterDraft } from './counter-draft.ts';
import { advance, expire, finishServing, takeIntent } from './counter-intents.ts';
import {
  canCorrect,
  closeRating,
  correct,
  currentAsk,
  panelChanged,
  skip,
  takePress,
  takeTap,
} from './counter-questions.ts';
import type { CounterInput, CounterState, CounterStep, Given } from './counter-state.ts';

export function stepCounter(state: CounterState, input: CounterInput, given: Given): CounterStep {
  const draft = new CounterDraft(state, given);
  switch (input.type) {
    case 'intent':
      takeIntent(draft, input.intent, input.expiresInMs);
      break;
    case 'tap':
      takeTap(draft, input);
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
      if (!state.rating) finishServing(draft, { intent: null, outcome: 'completed', by: 'citizen' });
      break;
    case 'wake':
      wake(draft);
      break;
    case 'panel':
      panelChanged(draft, input.hwid);
      break;
    case 'drained':
      if (state.rating?.rating === input.rating && state.now.draining) {
        closeRating(draft, state.rating, 'timed', input.drained);
        advance(draft);
      }
      break;
    case 'profile':
      if (state.duty && (state.duty.duty === input.duty || state.duty.aliases.includes(input.duty)))
        draft.change({ duty: { ...state.duty, shown: input.profile } });
      break;
    case 'restart':
      restart(draft, input.bootId);
      break;
  }
  return draft.end();
}

function wake(draft: CounterDraft): void {
  expire(draft);
  const { rating, now } = draft.state;
  if (rating && !now.draining && draft.given.mono >= rating.closesAtMono) {
    draft.changeNow({ draining: true });
    draft.effects.push({ kind: 'drain', rating: rating.rating });
  }
  advance(draft);
}

/** A new process. Within the same boot everything goes on that is still in time; a new boot ends it. */
function restart(draft: CounterDraft, bootId: string): void {
  draft.change({ now: { panel: null, draining: false, thanksUntilMono: null } });
  const { rating, duty } = draft.state;
  const sameBoot = bootId === draft.state.bootId;
  if (rating && !(sameBoot && draft.given.mono < rating.closesAtMono))
    closeRating(draft, rating, 'interrupted', false);
  if (sameBoot) {
    expire(draft);
    advance(draft);
    return;
  }
  finishServing(draft, { intent: null, outcome: 'completed', by: 'restart' });
  expire(draft, true);
  if (duty) draft.events.push({ type: 'duty.ended', duty: duty.duty, intent: null, reason: 'reboot' });
  draft.change({ bootId, duty: null });
}

/** The ticket the panel should hold armed, and how many buttons answer; null = disarmed. */
export function wantedArm(state: CounterState): { askTicket: AskTicket; buttons: number } | null {
  const asked = currentAsk(state);
  if (!asked || !state.form || state.now.draining) return null;
  if (asked.hwid === null || asked.hwid !== state.now.panel) return null;
  return { askTicket: asked.askTicket, buttons: state.form.levels.length };
}

/** Boot time at which the state or its screen changes by time alone; null when nothing is due. */
export function nextWake(state: CounterState, mono: number): number | null {
  const { rating, form, now, waiting } = state;
  const times = waiting.map((one) => one.deadlineMono);
  if (rating && !now.draining) times.push(rating.closesAtMono);
  if (now.thanksUntilMono !== null && now.thanksUntilMono > mono) times.push(now.thanksUntilMono);
  if (rating?.votedAtMono && form && canCorrect(state, mono))
    times.push(rating.votedAtMono + form.correctionMs);
  return times.length === 0 ? null : Math.min(...times);
}
