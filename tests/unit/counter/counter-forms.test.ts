/* Which form is asked, with which questions and answers: of the stage that the outcome makes, frozen in the rating. */
import { wantedArm } from '@hailong/shared/counter/counter-machine.ts';
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import { type Instrument, instrument, type LevelKey } from '@hailong/shared/model/instrument.ts';
import type { Outcome, Stage } from '@hailong/shared/model/transaction.ts';
import { describe, expect, it } from 'vitest';
import { FORM, finish, HWID, MemoryCounter, open, start } from '../../support/counter-kit.ts';

const word = (vi: string) => ({ vi, en: vi });
const named = (id: string): Instrument => ({ ...FORM, id, name: word(id) });
/** Three answers of its own for each criterion, worth 2, 1 and 0. */
const TT01: Instrument = instrument.parse({
  ...{ ...FORM, id: 'tt01-2018', kind: 'form' },
  criteria: ['tieu_chi_1', 'tieu_chi_3'].map((key) => ({
    ...{ key, about: 'unit', stages: ['return', 'supplement', 'refusal'], name: word(key) },
    options: [5, 3, 1].map((level, at) => ({ key: level, word: word(`${key} ${level}`), points: 2 - at })),
  })),
});

function served(n: number, outcome: Outcome, at: { stage?: Stage; procedure?: string | null } = {}) {
  return (counter: MemoryCounter) => {
    if (!counter.state.duty) counter.intent(start(1));
    counter.intent(open(n, at));
    counter.intent(finish(n, outcome));
    const opened = counter.of('rating.opened').at(-1)!;
    const questions = counter.state.rating?.questions ?? [];
    counter.close();
    return { opened, questions };
  };
}

describe('the stage that is asked', () => {
  it.each([
    ['refused', 'reception', 'refusal', ['overall', 'attitude', 'quality']],
    ['supplement', 'return', 'supplement', ['overall', 'attitude']],
    ['completed', 'reception', undefined, ['overall', 'attitude']],
    ['refused', 'refusal', undefined, ['overall', 'attitude', 'quality']],
  ] as const)('%s at %s asks about %s', (outcome, stage, stageAsked, questions) => {
    const counter = new MemoryCounter();
    const { opened, questions: asked } = served(1, outcome, { stage })(counter);
    expect([opened.stage, opened.stageAsked]).toEqual([stage, stageAsked]);
    expect(asked).toEqual(questions);
  });

  it('follows the outcome that was said first: an annotation moves nothing', () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1, { stage: 'reception' }));
    counter.feed({ type: 'citizen.open' });
    counter.intent(finish(1, 'refused'));
    expect(counter.state.rating?.questions).toEqual(['overall', 'attitude']);
    expect(counter.of('rating.opened')[0]).not.toHaveProperty('stageAsked');
  });
});

describe('the form in use', () => {
  const use = (procedure: string | null, stage: Stage | null, id: string) => ({
    ...{ procedure, stage, instrument: { id, version: 1 } },
  });
  const counter = new MemoryCounter();
  counter.rules = {
    instrument: FORM,
    instruments: ['both', 'procedure', 'stage', 'all'].map(named),
    uses: [
      use(null, null, 'all'),
      use(null, 'refusal', 'stage'),
      use('1.001', null, 'procedure'),
      use('1.001', 'refusal', 'both'),
      use('1.002', null, 'not-sent'),
    ],
  };

  it.each([
    ['1.001', 'refused', 'both'],
    ['1.001', 'completed', 'procedure'],
    ['1.003', 'refused', 'stage'],
    [null, 'completed', 'all'],
    ['1.002', 'completed', FORM.id],
  ] as const)('for procedure %s, %s, is %s', (procedure, outcome, id) => {
    const { opened } = served(counter.events.length + 10, outcome, { procedure })(counter);
    expect(opened.instrument).toEqual({ id, version: 1 });
  });

  it('is frozen: a configuration that comes in between changes nothing of an open prompt', () => {
    const running = new MemoryCounter();
    running.intent(start(1));
    running.intent(open(1));
    running.intent(finish(1));
    running.rules = { instrument: named('other') };
    running.tap(5);
    running.restart();
    expect(running.state.form?.id).toBe(FORM.id);
  });

  it('is not one that asks nothing at that stage', () => {
    const running = new MemoryCounter();
    running.rules = { instrument: FORM, instruments: [TT01], uses: [use(null, null, TT01.id)] };
    expect(served(1, 'completed', { stage: 'advice' })(running).opened.instrument.id).toBe(FORM.id);
    expect(served(2, 'completed')(running).opened.instrument.id).toBe(TT01.id);
  });
});

describe('a form with answers of its own', () => {
  it('asks its criteria alone, each with its options on screen and panel', () => {
    const counter = new MemoryCounter();
    counter.rules = {
      instrument: FORM,
      instruments: [TT01],
      uses: [{ procedure: null, stage: null, instrument: TT01 }],
    };
    counter.feed({ type: 'panel', hwid: HWID });
    counter.intent(start(1));
    counter.intent(open(1));
    counter.intent(finish(1));
    expect(counter.state.rating?.questions).toEqual(['tieu_chi_1', 'tieu_chi_3']);
    const shown = screenOf(counter.state, {
      ...{ mono: counter.mono, online: true, canStore: true, closed: false, hasBlob: () => false },
      ...{ config: { office: {}, counter: {} } as never, ticketOf: () => null },
    });
    expect(shown).toMatchObject({
      name: 'question',
      question: {
        ...{ text: word('tieu_chi_1'), step: 1, steps: 2 },
        levels: [5, 3, 1].map((key) => ({ key, word: word(`tieu_chi_1 ${key}`) })),
      },
    });
    expect(wantedArm(counter.state)?.buttons).toBe(3);
    const refused = counter.tap(4 as LevelKey);
    expect(refused.effects).toMatchObject([{ kind: 'refusedTouch', code: 'kiosk.level_unknown' }]);
    counter.press(2);
    counter.tap(1);
    expect(counter.of('rating.voted').map((each) => [each.question, each.level])).toEqual([
      ['tieu_chi_1', 3],
      ['tieu_chi_3', 1],
    ]);
    expect(counter.state.now.thanksUntilMono).not.toBeNull();
    expect(counter.facts().violations).toEqual([]);
  });
});

describe('the reason for a silent outcome', () => {
  const reasons = [{ key: 'vang_mat', outcome: 'no_show', name: word('Gọi ba lần') }] as const;
  const because = (n: number, outcome: Outcome, reason?: string) =>
    ({ ...finish(n, outcome), ...(reason ? { reason } : {}) }) as ReturnType<typeof finish>;

  it('is needed where the office has a list for that outcome, and stands in the fact', () => {
    const counter = new MemoryCounter();
    counter.rules = { instrument: FORM, reasons: [...reasons] };
    counter.intent(start(1));
    counter.intent(open(1));
    counter.intent(because(1, 'no_show'));
    expect(counter.of('intent.refused')).toMatchObject([{ code: 'intent.reason_needed' }]);
    expect(counter.state.serving).not.toBeNull();
    counter.intent(because(1, 'no_show', 'vang_mat'));
    counter.intent(open(2));
    counter.intent(because(2, 'test'));
    counter.intent(open(3));
    counter.intent(because(3, 'completed', 'vang_mat'));
    expect(counter.of('transaction.finished').map((each) => each.reason)).toEqual([
      'vang_mat',
      undefined,
      undefined,
    ]);
  });

  it('is needed in an annotation as well', () => {
    const counter = new MemoryCounter();
    counter.rules = { instrument: FORM, reasons: [...reasons] };
    counter.intent(start(1));
    counter.intent(open(1));
    counter.feed({ type: 'citizen.open' });
    counter.intent(because(1, 'no_show'));
    counter.intent(because(1, 'no_show', 'vang_mat'));
    expect(counter.of('intent.refused').map((each) => each.code)).toEqual(['intent.reason_needed']);
    expect(counter.of('transaction.annotated')).toMatchObject([{ outcome: 'no_show', reason: 'vang_mat' }]);
  });
});
