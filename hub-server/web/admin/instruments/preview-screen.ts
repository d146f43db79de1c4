/**
 * What the kiosk window is told while a form is looked at: the agent's part, played without an agent. Pure: a form and where
 * one is in it, in; a screen or the next place, out. Nothing is recorded.
 */
import type { AskTicket, RatingId } from '@hailong/shared/ids.ts';
import type { Chip, Instrument, LevelKey } from '@hailong/shared/model/instrument.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { AgentToWindow, Screen, WindowToAgent } from '@hailong/shared/protocol/ui.ts';

export interface Walk {
  readonly stage: Stage;
  /** Of the questions, then the page of chips, then the thanks. */
  readonly at: number;
  readonly overall: LevelKey | null;
  readonly chosen: readonly string[];
}
export const beginWalk = (stage: Stage): Walk => ({ stage, at: 0, overall: null, chosen: [] });

const RATING = '00000000-0000-7000-8000-000000000001' as RatingId;

const criteriaOf = (form: Instrument, { stage }: Walk) =>
  form.criteria.filter((each) => each.stages.includes(stage));

function questionsOf(form: Instrument, walk: Walk) {
  const criteria = criteriaOf(form, walk).map(({ key, name, options }) => ({
    ...{ key, text: name, levels: options ?? form.levels },
  }));
  if (form.kind === 'form') return criteria;
  return [{ key: 'overall', text: form.question, levels: form.levels }, ...criteria];
}

const chipsOf = (form: Instrument, { overall }: Walk): readonly Chip[] | null =>
  (overall !== null && form.chips?.find(({ levels }) => levels.includes(overall))?.chips) || null;

export function screenOf(form: Instrument, walk: Walk, office: { name: string; place: string }): Screen {
  const common = { office, counterNumber: '5', online: true, notice: null };
  const questions = questionsOf(form, walk);
  const { closeAfterMs } = form;
  const times = { closeAfterMs, closesInMs: closeAfterMs, canCorrect: walk.at > 0 };
  const askTicket = (walk.at + 1) as AskTicket;
  const asked = questions[walk.at];
  if (asked)
    return {
      ...{ name: 'question', ...common, ...times },
      question: {
        ...{ rating: RATING, question: asked.key, askTicket, step: walk.at + 1, steps: questions.length },
        text: asked.text,
        levels: asked.levels.map(({ key, word }) => ({ key, word })),
      },
    };
  const chips = chipsOf(form, walk);
  if (chips && walk.at === questions.length)
    return {
      ...{ name: 'chips', ...common, ...times, rating: RATING, askTicket },
      chips: chips.map(({ key, word }) => ({ key, word })),
      chosen: [...walk.chosen],
    };
  return { name: 'thanks', ...common, canCorrect: false };
}

/** What a touch leads to, and what the window is told of it beside the next screen. */
export function touched(
  form: Instrument,
  walk: Walk,
  message: WindowToAgent,
): { readonly walk: Walk; readonly say: AgentToWindow | null } {
  switch (message.type) {
    case 'tap': {
      const overall = walk.at === 0 && form.kind !== 'form' ? message.level : walk.overall;
      return { walk: { ...walk, at: walk.at + 1, overall, chosen: [] }, say: recorded(message.press) };
    }
    case 'chips':
      return { walk: { ...walk, chosen: message.chips }, say: recorded(message.press) };
    case 'skip':
      return { walk: { ...walk, at: walk.at + 1 }, say: null };
    case 'correct':
      return { walk: { ...walk, at: Math.max(0, walk.at - 1) }, say: null };
    default:
      return { walk, say: null };
  }
}

const recorded = (press: string): AgentToWindow => ({ type: 'recorded', press });
