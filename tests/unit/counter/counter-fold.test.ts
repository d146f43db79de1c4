/*
 * What the fold of a counter's chain finds wrong about chips, the way to the phone, walk-ups and pauses. That the machine
 * never gives it cause is counter-model.test.ts's.
 */
import { emptyFacts, foldEvent } from '@hailong/shared/counter/counter-fold.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { describe, expect, it } from 'vitest';

type Loose = Record<string, unknown> & { readonly type: EventBody['type'] };

const found = (...events: readonly Loose[]): string[] => {
  const facts = emptyFacts();
  for (const event of events) foldEvent(facts, event as never);
  return facts.violations;
};

const duty = { type: 'duty.started', duty: 'd' } as const;
const paused = { type: 'duty.paused', duty: 'd', reason: 'lunch' } as const;
const resumed = { type: 'duty.resumed', duty: 'd', via: 'station' } as const;
const ended = { type: 'duty.ended', duty: 'd', reason: 'logout' } as const;
const opened = { type: 'transaction.opened', transaction: 't', duty: 'd' } as const;
const finished = { type: 'transaction.finished', transaction: 't' } as const;
const prompt = { type: 'rating.opened', rating: 'r', transaction: 't' } as const;
const asked = {
  type: 'question.asked',
  rating: 'r',
  question: 'overall',
  askTicket: 1,
  hwid: 'panel',
} as const;
const voted = {
  type: 'rating.voted',
  vote: 'v',
  rating: 'r',
  transaction: 't',
  question: 'overall',
  askTicket: 1,
} as const;
const page = { type: 'question.asked', rating: 'r', question: 'chips', askTicket: 2, hwid: null } as const;
const chips = {
  type: 'chips.chosen',
  rating: 'r',
  transaction: 't',
  overallVote: 'v',
  askTicket: 2,
  n: 1,
} as const;
const wentPrivate = { type: 'rating.went_private', rating: 'r', transaction: 't' } as const;
const close = (reason: string) => ({ type: 'rating.closed', rating: 'r', transaction: 't', reason }) as const;
const walkup = { type: 'walkup.opened', rating: 'w' } as const;
const walkupAsked = {
  type: 'question.asked',
  rating: 'w',
  question: 'overall',
  askTicket: 3,
  hwid: null,
} as const;
const walkupVoted = { type: 'walkup.voted', rating: 'w', question: 'overall', askTicket: 3 } as const;
const walkupClosed = { type: 'walkup.closed', rating: 'w', reason: 'served' } as const;
const served = [duty, opened, finished, prompt, asked, voted];

describe('chips', () => {
  it('are chosen under the page’s ticket, each set after the one before', () => {
    const again = { ...page, askTicket: 4 };
    expect(
      found(...served, page, chips, { ...chips, n: 2 }, again, { ...chips, n: 3, askTicket: 4 }),
    ).toEqual([]);
  });
  it.each<[string, Loose[]]>([
    ['its page was not shown', [chips]],
    ['its number does not grow', [page, chips, chips]],
    ['its overall vote is not one of this rating', [page, { ...chips, overallVote: 'another' }]],
    ['the chips were armed on a panel', [{ ...page, hwid: 'panel' }]],
    ['its rating is not open', [page, close('timed'), chips]],
    ['its transaction is another', [page, { ...chips, transaction: 'u' }]],
  ])('%s', (sentence, events) => {
    expect(found(...served, ...events)).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('a vote taken to the phone', () => {
  it('closes at the fixed time as private, or interrupted by a restart', () => {
    expect(found(...served, wentPrivate, close('private'))).toEqual([]);
    expect(found(...served, wentPrivate, close('interrupted'))).toEqual([]);
    // As long as no fact of its own said so, the close did.
    expect(found(...served, close('private'))).toEqual([]);
  });
  it.each<[string, Loose[]]>([
    ['it went to the phone before', [wentPrivate]],
    ['its rating went to the phone', [{ ...asked, askTicket: 5 }]],
    ['it went to the phone', [close('timed')]],
    ['the counter was not free', [{ ...opened, transaction: 'u' }]],
  ])('%s', (sentence, events) => {
    expect(found(...served, wentPrivate, ...events)).toEqual([expect.stringContaining(sentence)]);
  });
  it('takes no vote and no chips any more', () => {
    const late = { ...asked, askTicket: 6 };
    expect(found(...served, late, page, wentPrivate, { ...voted, askTicket: 6 }, chips)).toEqual([
      'rating.voted: its rating went to the phone',
      'chips.chosen: its rating went to the phone',
    ]);
  });
});

describe('a walk-up', () => {
  it('has questions and votes of its own, and ends before somebody is served', () => {
    expect(found(duty, walkup, walkupAsked, walkupVoted, walkupClosed, opened)).toEqual([]);
    expect(found(walkup, walkupClosed)).toEqual([]);
  });
  it.each<[string, Loose[]]>([
    ['the counter was not free', [walkup, opened]],
    ['the counter was not free', [opened, walkup]],
    ['the counter was not free', [walkup, { ...walkup, rating: 'x' }]],
    ['its ticket was not asked', [walkup, walkupVoted]],
    ['its ticket was answered', [walkup, walkupAsked, walkupVoted, walkupVoted]],
    ['it is not open', [walkup, walkupAsked, walkupClosed, walkupVoted]],
    ['its rating is not open', [walkup, walkupClosed, walkupAsked]],
    ['this rating was there before', [walkup, walkupClosed, walkup]],
  ])('%s', (sentence, events) => {
    expect(found(duty, ...events)).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('a pause', () => {
  it('ends by the officer’s return or with the duty', () => {
    expect(found(duty, paused, resumed, opened)).toEqual([]);
    expect(found(duty, paused, ended, duty, opened)).toEqual([]);
    expect(found(...served, paused, close('timed'), resumed)).toEqual([]);
  });
  it.each<[string, Loose[]]>([
    ['its duty is not on', [paused, paused]],
    ['its duty is not on', [ended, paused]],
    ['its duty is not paused', [resumed]],
    ['its duty is paused', [paused, opened]],
    ['somebody was being served', [opened, paused]],
  ])('%s', (sentence, events) => {
    expect(found(duty, ...events)).toEqual([expect.stringContaining(sentence)]);
  });
});
