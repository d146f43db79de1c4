/**
 * One rating from its opening to its fixed close: which question is asked under which ticket, and which press or
 * touch counts. Refuses: a second answer to a ticket, an answer after the close, a level the form does not have.
 * Everything that follows a vote is the same for every level.
 * Document: kiosk-app/DESIGN.md, K4 to K6.
 */
import type { Hwid } from '../ids.ts';
import type { VoteSource } from '../model/event.ts';
import { CHIPS_QUESTION, chipsAt, type LevelKey, type QuestionKey } from '../model/instrument.ts';
import type { Stage } from '../model/transaction.ts';
import type { CounterDraft } from './counter-draft.ts';
import { answersOf, formFor, questionsOf } from './counter-forms.ts';
import {
  type Ask,
  ATTEMPTS_MAX,
  CORRECTIONS_MAX,
  type CounterInput,
  type CounterState,
  OFFER_MS,
  type OpenRating,
  type PressKey,
  type Serving,
} from './counter-state.ts';

type Input<T extends CounterInput['type']> = Extract<CounterInput, { type: T }>;

/** The question on show, if one is and it may still be answered. */
export function currentAsk(state: CounterState): Ask | null {
  const ask = state.rating?.asking ? state.rating.asks.at(-1) : undefined;
  return ask && !ask.answered ? ask : null;
}

/** "Chọn lại" is offered: something was answered not long ago, and there is a question before the one on show. */
export function canCorrect(state: CounterState, mono: number): boolean {
  const { rating, form } = state;
  if (!rating || !form || state.now.draining || rating.handed || rating.votedAtMono === null) return false;
  if (mono >= rating.votedAtMono + form.correctionMs || rating.corrections >= CORRECTIONS_MAX) return false;
  const back = questionBefore(state);
  return back !== null && attemptsOf(rating, back) < ATTEMPTS_MAX;
}

/**
 * The question one step back. Never the page of chips: it shows by its words what was tapped, and whoever comes to the screen
 * after the citizen must not find it again.
 */
function questionBefore(state: CounterState): QuestionKey | null {
  const { rating } = state;
  if (!rating) return null;
  const shown = currentAsk(state)?.question;
  const at = shown === undefined ? -1 : rating.questions.indexOf(shown);
  const before = at < 0 ? rating.questions : rating.questions.slice(0, at);
  return before.findLast((question) => rating.done.includes(question)) ?? null;
}

/**
 * Commits the opening with the frozen snapshot and asks the first question; without a prompt only the private route is
 * open and the counter is free at once. Nothing without an instrument.
 */
export function openRating(
  draft: CounterDraft,
  served: Serving,
  how: {
    readonly openedBy: 'officer' | 'citizen';
    readonly prompt: boolean;
    /** Without a prompt: whether the way by phone is shown for a while. */
    readonly offer: boolean;
    /** Whose criteria are asked. */
    readonly stage: Stage;
  },
): void {
  const { openedBy, prompt, offer, stage } = how;
  const { rules } = draft.given;
  if (!rules) return;
  const form = formFor(rules, { procedure: served.procedure, stage });
  const rating = draft.given.fresh.rating();
  const [slip, ...slips] = draft.state.slips;
  if (slip) draft.change({ slips });
  draft.events.push({
    type: 'rating.opened',
    rating,
    transaction: served.transaction,
    dossierCodes: [...served.dossierCodes],
    procedure: served.procedure,
    stage: served.stage,
    officer: served.officer,
    officerCode: served.officerCode,
    duty: served.duty,
    unit: served.unit,
    counter: draft.given.counter,
    instrument: { id: form.id, version: form.version },
    openedBy,
    closeAfterMs: prompt ? form.closeAfterMs : 0,
    ...(prompt ? {} : { prompt: false }),
    ...(slip ? { slip: slip.hash } : {}),
    ...(stage === served.stage ? {} : { stageAsked: stage }),
  });
  if (!prompt) {
    const { transaction } = served;
    const instrument = { id: form.id, version: form.version };
    const untilMono = draft.given.mono + OFFER_MS;
    if (offer)
      draft.change({
        offer: { rating, transaction, stage, instrument, slip: slip?.code ?? null, untilMono },
      });
    return;
  }
  draft.effects.push({ kind: 'opened', rating, transaction: served.transaction });
  const questions = questionsOf(form, stage);
  draft.change({
    form,
    rating: {
      rating,
      transaction: served.transaction,
      closesAtMono: draft.given.mono + form.closeAfterMs,
      questions,
      done: [],
      asks: [],
      asking: false,
      votedAtMono: null,
      corrections: 0,
      slip: slip?.code ?? null,
      stage,
    },
  });
  draft.changeNow({ draining: null, thanksUntilMono: null });
  ask(draft, questions[0]!);
}

export function takeTap(draft: CounterDraft, input: Input<'tap'>): void {
  const { press } = input;
  if (draft.given.known.touch(press)) {
    draft.effects.push({ kind: 'recorded', press });
    return;
  }
  const { rating, form } = draft.state;
  const asked = rating?.rating === input.rating ? askUnder(rating, input.askTicket) : undefined;
  const level = form && asked && answersOf(form, asked.question).find((one) => one.key === input.level);
  if (!rating || !asked || !stillCounts(rating, asked)) {
    draft.effects.push({ kind: 'refusedTouch', press, code: 'kiosk.not_counted' });
  } else if (!level) {
    draft.effects.push({ kind: 'refusedTouch', press, code: 'kiosk.level_unknown' });
  } else {
    const { wedge } = input;
    vote(draft, rating, asked, level.key, {
      ...{ via: 'touch', press },
      ...(wedge === undefined ? {} : { wedge }),
    });
    draft.effects.push({ kind: 'recorded', press });
  }
}

export function takePress(draft: CounterDraft, input: Input<'press'>): void {
  const { hwid, boot, seq, askTicket, button, uptimeMs, pressedMono } = input;
  const key: PressKey = { hwid, boot, seq, askTicket, button, uptimeMs };
  const seen = draft.given.known.press(key);
  if (seen) {
    draft.effects.push({ kind: 'acknowledge', boot, seq, counted: seen.counted });
    return;
  }
  const { rating, form } = draft.state;
  const asked = rating && askUnder(rating, askTicket);
  const stray = (reason: 'late' | 'second' | 'orphan' | 'chord' | 'unknown-button') => {
    const of = asked ? rating!.rating : draft.given.known.ratingOfTicket(askTicket);
    draft.events.push({
      type: 'press.stray',
      hwid,
      boot,
      seq,
      askTicket,
      button,
      uptimeMs,
      reason,
      rating: of,
    });
    draft.effects.push(
      { kind: 'stray', press: key, reason },
      { kind: 'acknowledge', boot, seq, counted: null },
    );
  };
  if (!rating || !form || !asked) {
    stray(draft.given.known.ratingOfTicket(askTicket) ? 'late' : 'orphan');
    return;
  }
  if (!stillCounts(rating, asked)) {
    stray(rating.handed ? 'late' : 'second');
    return;
  }
  const level = answersOf(form, asked.question)[button - 1];
  if (input.chord || !level) {
    stray(input.chord ? 'chord' : 'unknown-button');
    // The panel's single shot is used up: the question stays, under a new ticket.
    if (currentAsk(draft.state)?.askTicket === askTicket) ask(draft, asked.question);
    return;
  }
  const source: VoteSource = { via: 'panel', hwid, boot, seq, button, uptimeMs, pressedMono };
  vote(draft, rating, asked, level.key, source);
  const { vote: id } = draft.given.fresh;
  const { transaction } = rating;
  const counted = { vote: id, transaction, question: asked.question, level: level.key };
  draft.effects.push({ kind: 'acknowledge', boot, seq, counted });
}

export function skip(draft: CounterDraft, input: Input<'skip'>): void {
  const { rating, now } = draft.state;
  const asked = currentAsk(draft.state);
  if (!rating || !asked || now.draining || rating.rating !== input.rating) return;
  if (asked.askTicket !== input.askTicket) return;
  // Who skips the overall question answers none: criteria without it count for nothing.
  const none = asked.question === 'overall' && !rating.done.includes('overall');
  const done = none ? rating.questions : [...new Set([...rating.done, asked.question])];
  draft.change({ rating: { ...rating, done, asking: false } });
  next(draft);
}

export function correct(draft: CounterDraft, input: Input<'correct'>): void {
  const { rating } = draft.state;
  if (!rating || (input.rating !== null && input.rating !== rating.rating)) return;
  const back = questionBefore(draft.state);
  if (back === null || !canCorrect(draft.state, draft.given.mono)) return;
  draft.change({ rating: { ...rating, corrections: rating.corrections + 1 } });
  draft.changeNow({ thanksUntilMono: null });
  ask(draft, back);
}

/** A panel appeared, changed or went. The ticket is bound to the panel it is armed on, before it is armed. */
export function panelChanged(draft: CounterDraft, panel: Hwid | null): void {
  draft.changeNow({ panel });
  const asked = currentAsk(draft.state);
  if (panel === null || !asked || asked.hwid === panel || draft.state.now.draining) return;
  if (asked.question === CHIPS_QUESTION) return;
  ask(draft, asked.question);
}

/** Empties the panel's queue; what follows comes with the input `drained`. */
export function beginDraining(draft: CounterDraft, { rating }: OpenRating, why: 'close' | 'private'): void {
  if (draft.state.now.draining) return;
  draft.changeNow({ draining: why });
  draft.effects.push({ kind: 'drain', rating });
}

export function closeRating(
  draft: CounterDraft,
  rating: OpenRating,
  reason: 'timed' | 'interrupted' | 'private' | 'served',
  drained: boolean,
): void {
  const { rating: id, transaction } = rating;
  if (transaction === null && reason !== 'private')
    draft.events.push({ type: 'walkup.closed', rating: id, reason, drained });
  else if (transaction !== null && reason !== 'served')
    draft.events.push({ type: 'rating.closed', rating: id, transaction, reason, drained });
  draft.effects.push({ kind: 'closed', rating: id, transaction });
  draft.change({ rating: null, form: null });
  draft.changeNow({ draining: null, thanksUntilMono: null });
}

/** A question that a level answers; the page of chips is none. */
function askUnder(rating: OpenRating, askTicket: number): Ask | undefined {
  return rating.asks.find((one) => one.askTicket === askTicket && one.question !== CHIPS_QUESTION);
}

function attemptsOf(rating: OpenRating, question: QuestionKey): number {
  return rating.asks.filter((one) => one.question === question).length;
}

/**
 * The first answer of a ticket counts, unless a later attempt of its question was answered already; none does once the
 * vote is the phone's.
 */
function stillCounts(rating: OpenRating, asked: Ask): boolean {
  return !(
    rating.handed ||
    rating.asks.some((one) => one.question === asked.question && one.attempt >= asked.attempt && one.answered)
  );
}

/** Asks under the fresh ticket of this step. Past the attempt limit the ticket on show stays. */
export function ask(draft: CounterDraft, question: QuestionKey): void {
  const rating = draft.state.rating;
  if (!rating) return;
  const attempt = attemptsOf(rating, question) + 1;
  if (attempt > ATTEMPTS_MAX) return;
  const { askTicket } = draft.given.fresh;
  // No button answers chips, and an armed panel would tell that there are any.
  const hwid = question === CHIPS_QUESTION ? null : draft.state.now.panel;
  draft.events.push({ type: 'question.asked', rating: rating.rating, question, attempt, askTicket, hwid });
  draft.change({
    rating: {
      ...rating,
      asking: true,
      asks: [...rating.asks, { askTicket, question, attempt, hwid, answered: false }],
    },
  });
}

function vote(
  draft: CounterDraft,
  rating: OpenRating,
  asked: Ask,
  level: LevelKey,
  source: VoteSource,
): void {
  const { askTicket, question, attempt } = asked;
  const id = draft.given.fresh.vote;
  const { transaction } = rating;
  const said = { vote: id, rating: rating.rating, question, attempt, askTicket, level, source };
  draft.events.push(
    transaction === null ? { type: 'walkup.voted', ...said } : { type: 'rating.voted', transaction, ...said },
  );
  const button = source.via === 'panel' ? source.button : null;
  draft.effects.push({
    kind: 'thanked',
    vote: id,
    rating: rating.rating,
    transaction,
    question,
    level,
    button,
  });
  const overall = question === 'overall';
  const shown = currentAsk(draft.state)?.question;
  // Chips belong to an overall vote: with another one the page is another, also when its level is the same.
  const onShow = shown === question || (overall && shown === CHIPS_QUESTION);
  const done = rating.done.filter((one) => one !== question && !(overall && one === CHIPS_QUESTION));
  draft.change({
    rating: {
      ...rating,
      asks: rating.asks.map((one) => (one === asked ? { ...one, answered: true } : one)),
      done: [...done, question],
      asking: onShow ? false : rating.asking,
      votedAtMono: draft.given.mono,
      ...(overall ? { overall: { vote: id, level }, chips: { n: rating.chips?.n ?? 0, chosen: [] } } : {}),
    },
  });
  if (onShow) next(draft);
}

/** The first question neither answered nor skipped, then the chips; null: all is said. */
function openQuestion({ rating, form }: CounterState): QuestionKey | null {
  if (!rating || !form) return null;
  const { done, overall, questions } = rating;
  const chips = overall && chipsAt(form, overall.level) ? [CHIPS_QUESTION] : [];
  return [...questions, ...chips].find((question) => !done.includes(question)) ?? null;
}

/** A new process forgot that the panel was being emptied for the phone; an answer that came meanwhile asked nothing further. */
export function resumeAsking(draft: CounterDraft): void {
  const { rating } = draft.state;
  const open = openQuestion(draft.state);
  if (rating && !rating.asking && !rating.handed && open !== null) ask(draft, open);
}

/** The next question, then the thanks. While the panel is emptied nothing new is asked. */
function next(draft: CounterDraft): void {
  const { rating, form, now } = draft.state;
  if (!rating || !form || now.draining) return;
  const open = openQuestion(draft.state);
  if (open !== null) {
    ask(draft, open);
    return;
  }
  const voted = rating.asks.some((one) => one.answered);
  draft.changeNow({ thanksUntilMono: voted ? draft.given.mono + form.thanksMs : null });
}
