/* The page of chips: asked last and at every level alike, kept at each touch, bound to the overall vote. */
import { wantedArm } from '@hailong/shared/counter/counter-machine.ts';
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import { CHIPS_SETS_MAX } from '@hailong/shared/model/event.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import { describe, expect, it } from 'vitest';
import {
  FORM,
  FORM_WITH_CHIPS,
  finish,
  HWID,
  MemoryCounter,
  open,
  start,
} from '../../support/counter-kit.ts';

const screen = (counter: MemoryCounter) =>
  screenOf(counter.state, {
    ...{ mono: counter.mono, online: true, canStore: true, closed: false, hasBlob: () => true },
    ...{ config: { office: {}, counter: {} } as never, ticketOf: () => null },
  });

function prompted(): MemoryCounter {
  const counter = new MemoryCounter();
  counter.rules = { instrument: FORM_WITH_CHIPS };
  counter.feed({ type: 'panel', hwid: HWID });
  counter.intent(start(1));
  counter.intent(open(1));
  counter.intent(finish(1));
  return counter;
}
/** Answered up to the page of chips. */
function onChips(overall: LevelKey): MemoryCounter {
  const counter = prompted();
  for (const level of [overall, 4, 4] as const) counter.tap(level);
  return counter;
}
const leave = (counter: MemoryCounter) => {
  const { rating, asks } = counter.state.rating!;
  counter.feed({ type: 'skip', rating, askTicket: asks.at(-1)!.askTicket });
};

describe('the page', () => {
  it.each([5, 4, 3, 2, 1] as const)(
    'comes after the criteria at level %i, with eight chips and no panel',
    (level) => {
      const counter = onChips(level);
      const shown = screen(counter);
      expect(shown).toMatchObject({ name: 'chips', chosen: [], canCorrect: true });
      expect(shown.name === 'chips' && shown.chips.map(({ key }) => key.length)).toEqual(Array(8).fill(6));
      expect(counter.of('question.asked').at(-1)).toMatchObject({
        question: 'chips',
        attempt: 1,
        hwid: null,
      });
      expect(wantedArm(counter.state)).toBeNull();
    },
  );

  it('keeps the whole set at each touch, in the order of the form', () => {
    const counter = onChips(1);
    counter.chips([5, 2]);
    counter.chips([5, 2, 0]);
    expect(screen(counter)).toMatchObject({ name: 'chips', chosen: ['ton000', 'ton002', 'ton005'] });
    counter.chips([]);
    expect(counter.of('chips.chosen').map((each) => [each.n, each.chips.length])).toEqual([
      [1, 2],
      [2, 3],
      [3, 0],
    ]);
    const [vote] = counter.of('rating.voted');
    expect(counter.of('chips.chosen').every((each) => each.overallVote === vote!.vote)).toBe(true);
    leave(counter);
    expect(screen(counter).name).toBe('thanks');
    expect(counter.facts().violations).toEqual([]);
  });

  it('is not asked without an overall answer, nor where the form has none', () => {
    const skipped = prompted();
    leave(skipped);
    const without = onChips(5);
    without.rules = { instrument: FORM };
    expect(skipped.of('question.asked').map((each) => each.question)).toEqual(['overall']);
    const plain = new MemoryCounter();
    plain.intent(start(1));
    plain.intent(open(1));
    plain.intent(finish(1));
    for (const level of [5, 4, 4] as const) plain.tap(level);
    expect(screen(plain).name).toBe('thanks');
    // A form is frozen: the page stays on show.
    expect(screen(without).name).toBe('chips');
  });

  it('stays until the fixed time when nobody touches it', () => {
    const counter = onChips(2);
    counter.mono = 1_000 + FORM.closeAfterMs - 1;
    counter.feed({ type: 'wake' });
    expect(screen(counter).name).toBe('chips');
    counter.close();
    expect(screen(counter).name).toBe('rest');
    expect(counter.of('chips.chosen')).toEqual([]);
  });

  it('is no question: a level or a press under its ticket counts for nothing', () => {
    const counter = onChips(5);
    const { askTicket } = counter.of('question.asked').at(-1)!;
    expect(counter.tap(1).effects).toMatchObject([{ kind: 'refusedTouch', code: 'kiosk.not_counted' }]);
    counter.press(1, { askTicket });
    expect(counter.of('press.stray')).toHaveLength(1);
    counter.feed({ type: 'panel', hwid: null });
    counter.feed({ type: 'panel', hwid: HWID });
    expect(counter.of('question.asked').at(-1)!.askTicket).toBe(askTicket);
  });
});

describe('touches', () => {
  it('refuses chips of the other set, of a page that was left, and under another ticket', () => {
    const counter = onChips(5);
    const { rating, asks } = counter.state.rating!;
    const { askTicket } = asks.at(-1)!;
    const touch = { type: 'chips', rating, askTicket, chips: ['cao000'] } as const;
    for (const wrong of [
      { ...touch, press: 'a', chips: ['ton000'] },
      { ...touch, press: 'b', chips: ['cao000', 'ton000'] },
      { ...touch, press: 'c', askTicket: askTicket + 1 },
    ])
      expect(counter.feed(wrong).effects).toMatchObject([
        { kind: 'refusedTouch', code: 'kiosk.not_counted' },
      ]);
    leave(counter);
    expect(counter.feed({ ...touch, press: 'd' }).effects).toMatchObject([{ kind: 'refusedTouch' }]);
    expect(counter.of('chips.chosen')).toEqual([]);
  });

  it('confirms a repeated touch and stores it once', () => {
    const counter = onChips(5);
    counter.chips([1], 'p1');
    expect(counter.chips([1], 'p1')).toMatchObject({
      events: [],
      effects: [{ kind: 'recorded', press: 'p1' }],
    });
    expect(counter.of('chips.chosen')).toHaveLength(1);
  });

  it('keeps so many sets and no more; the last one stands', () => {
    const counter = onChips(3);
    for (let n = 0; n <= CHIPS_SETS_MAX; n += 1) counter.chips([n % 8]);
    expect(counter.of('chips.chosen').at(-1)).toMatchObject({ n: CHIPS_SETS_MAX });
    expect(counter.effects.at(-1)).toMatchObject({ kind: 'refusedTouch' });
    expect(screen(counter)).toMatchObject({ chosen: [`ton00${(CHIPS_SETS_MAX - 1) % 8}`] });
  });
});

describe('correction', () => {
  it.each([
    [5, 1],
    [5, 5],
  ] as const)('of the overall answer from %i to %i empties the page and asks it anew', (before, after) => {
    const counter = onChips(before);
    counter.chips([0, 1]);
    for (let steps = 0; steps < 3; steps += 1) counter.feed({ type: 'correct', rating: null });
    expect(screen(counter)).toMatchObject({ name: 'question', question: { question: 'overall' } });
    counter.tap(after);
    expect(screen(counter)).toMatchObject({ name: 'chips', chosen: [] });
    counter.chips([7]);
    const votes = counter.of('rating.voted').filter((each) => each.question === 'overall');
    expect(counter.of('chips.chosen').map((each) => [each.n, each.overallVote])).toEqual([
      [1, votes[0]!.vote],
      [2, votes[1]!.vote],
    ]);
    expect(counter.of('question.asked').at(-1)).toMatchObject({ question: 'chips', attempt: 2 });
    expect(counter.facts().violations).toEqual([]);
  });

  it('of a criterion, or begun and left, changes nothing of them', () => {
    const counter = onChips(1);
    counter.chips([3]);
    counter.feed({ type: 'correct', rating: null });
    counter.tap(2);
    expect(screen(counter)).toMatchObject({ name: 'chips', chosen: ['ton003'] });
    for (let steps = 0; steps < 3; steps += 1) counter.feed({ type: 'correct', rating: null });
    leave(counter);
    expect(screen(counter)).toMatchObject({ name: 'chips', chosen: ['ton003'] });
  });

  it('never leads back to the page: its words would tell whoever comes next what was tapped', () => {
    const counter = onChips(1);
    leave(counter);
    expect(screen(counter)).toMatchObject({ name: 'thanks', canCorrect: true });
    counter.feed({ type: 'correct', rating: null });
    expect(screen(counter)).toMatchObject({ name: 'question', question: { question: 'quality' } });
    leave(counter);
    expect(screen(counter).name).toBe('thanks');
  });

  it('by a press that the panel sent late takes the page of the new vote', () => {
    const counter = onChips(5);
    for (let steps = 0; steps < 3; steps += 1) counter.feed({ type: 'correct', rating: null });
    const { askTicket } = counter.state.rating!.asks.at(-1)!;
    leave(counter);
    expect(screen(counter).name).toBe('chips');
    counter.press(5, { askTicket });
    const shown = screen(counter);
    expect(shown.name === 'chips' && shown.chips[0]!.key).toBe('ton000');
  });
});

it('goes on with the page after a restart, and to the phone from it', () => {
  const counter = onChips(1);
  counter.chips([6]);
  counter.restart();
  expect(screen(counter)).toMatchObject({ name: 'chips', chosen: ['ton006'] });
  counter.private();
  expect(counter.chips([1]).effects).toMatchObject([{ kind: 'refusedTouch' }]);
  expect(counter.facts().violations).toEqual([]);
});
