/**
 * A rating by somebody whom nobody serves, from the screen at rest: of the counter, with no transaction, officer or duty by
 * construction. It asks the overall question alone and gives way to the next citizen at once.
 * Refuses: to begin while anybody is served, asked or waited for, while nothing may be opened, and sooner than the office says.
 * Document: shared/PROTOCOL.md, "Walk-ups".
 */
import type { CounterDraft } from './counter-draft.ts';
import { closedCode } from './counter-intents.ts';
import { ask } from './counter-questions.ts';
import type { CounterState, Rules } from './counter-state.ts';

/** Whether the screen at rest may offer it. */
export function canWalkUp(state: CounterState, walkup: Rules['walkup'], mono: number): boolean {
  const { duty, serving, rating, waiting, walkupFromMono } = state;
  if (!walkup || !duty?.shown || duty.paused || serving || rating || waiting.length > 0) return false;
  return walkupFromMono === null || mono >= walkupFromMono;
}

export function openWalkup(draft: CounterDraft): void {
  const { rules, mono, fresh, counter } = draft.given;
  if (!rules?.walkup || closedCode(draft) !== null || !canWalkUp(draft.state, rules.walkup, mono)) return;
  // Chips belong to a service; the counter's own form is always one that has an overall question.
  const { chips: _, ...form } = rules.instrument;
  const rating = fresh.rating();
  draft.events.push({
    type: 'walkup.opened',
    rating,
    counter,
    instrument: { id: form.id, version: form.version },
    closeAfterMs: form.closeAfterMs,
  });
  draft.change({
    form,
    offer: null,
    walkupFromMono: mono + rules.walkup.minIntervalMs,
    rating: {
      ...{ rating, transaction: null, closesAtMono: mono + form.closeAfterMs, questions: ['overall'] },
      ...{ done: [], asks: [], asking: false, votedAtMono: null, corrections: 0, slip: null },
    },
  });
  draft.changeNow({ draining: null, thanksUntilMono: null });
  ask(draft, 'overall');
}
